// tests/html/browser.mjs FOLDER: every FOLDER/*.html in Chromium
//
// No message on the console, nothing fetched, no violation that axe-core finds in light,
// dark and on a narrow screen, valid for html-validate; usable without script; sorting,
// filtering, copying and printing work; the policy stops scripts that are not the page's.
import { createRequire } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import puppeteer from 'puppeteer-core';

const folder = process.argv[2];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const names = readdirSync(folder).filter((name) => name.endsWith('.html')).sort();
let passed = 0, failed = 0;

function expect(truth, sentence) {
	if (truth)
		return passed++;
	failed++;
	console.log(sentence);
}

function equal(got, want, sentence) {
	expect(JSON.stringify(got) === JSON.stringify(want),
		`${sentence}: want ${JSON.stringify(want)}, got ${JSON.stringify(got)}`);
}

// ---- every page ----

async function violations(page) {
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run());

	return found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
}

async function check(browser, name) {
	const page = await browser.newPage(), said = [], asked = [];

	page.on('console', (message) => said.push(message.text()));
	page.on('pageerror', (error) => said.push(error.message));
	page.on('dialog', (dialog) => { said.push(dialog.message()); dialog.dismiss(); });
	page.on('request', (request) => asked.push(request.url()));
	await page.setViewport({ width: 1280, height: 900 });
	for (const scheme of ['light', 'dark']) {
		await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
		await page.goto(pathToFileURL(join(folder, name)).href);
		equal(await violations(page), [], `${name}, ${scheme}`);
		await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
		equal(await violations(page), [], `${name}, ${scheme}, unfolded`);
	}
	await page.setViewport({ width: 360, height: 700 });
	equal(await violations(page), [], `${name}, narrow`);
	equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, `${name}: width where 360 are there`);
	equal(await page.evaluate(uneven), [], `${name}, narrow: rows that are not under their columns`);
	equal(await page.evaluate(clipped), [], `${name}, narrow: captions that do not end on the screen`);
	await page.setViewport({ width: 700, height: 900 });
	await page.emulateMediaType('print');
	equal(await page.evaluate(faded), [], `${name}, printed: colours that a printer leaves out`);
	equal(await page.evaluate(() => document.documentElement.scrollWidth), 700, `${name}: width on paper`);
	equal(await page.evaluate(uneven), [], `${name}, printed: rows that are not under their columns`);
	equal(said, [], `${name}: console`);
	equal([...new Set(asked)], [pathToFileURL(join(folder, name)).href], `${name}: fetched`);
	await page.close();
}

// Of each row that has not as many cells to see as its table has columns.
function uneven() {
	const seen = (row) => Array.from(row.cells).filter((cell) => cell.offsetWidth).length;

	return Array.from(document.querySelectorAll('tbody tr'))
		.filter((row) => row.offsetParent && seen(row) !== row.closest('table').tHead.rows[0].cells.length)
		.map((row) => row.textContent);
}

// Of what is wider than the screen, what it is called is not.
function clipped() {
	return Array.from(document.querySelectorAll('caption'))
		.filter((caption) => caption.offsetParent && caption.getBoundingClientRect().right > innerWidth)
		.map((caption) => caption.textContent);
}

// Colours that mean something are printed without "background graphics", too.
function faded() {
	return Array.from(document.querySelectorAll('svg, .swatch, .gave'))
		.filter((part) => getComputedStyle(part).printColorAdjust !== 'exact')
		.map((part) => part.getAttribute('class'));
}

async function validate(name) {
	const checker = new HtmlValidate(new StaticConfigLoader({ extends: ['html-validate:recommended'] }));
	const report = await checker.validateFile(join(folder, name));
	const messages = report.results.flatMap((result) => result.messages);

	equal(messages.slice(0, 5).map((m) => `${m.line}: ${m.ruleId}: ${m.message}`), [], `${name}: html-validate`);
}

// ---- without script ----

async function checkPlain(browser) {
	const page = await browser.newPage();

	await page.setJavaScriptEnabled(false);
	await page.goto(pathToFileURL(join(folder, 'demo.html')).href);
	const text = await page.$eval('main', (main) => main.innerText);

	for (const words of ['57.1 %', '284 kB', 'DeflateAlterETag NoChange', 'api.example/v*/catalogue'])
		expect(text.includes(words), `without script: no ${words}`);
	equal(await page.$$eval('button, input', (all) => all.length), 0, 'without script: dead controls');
	await page.click('summary');
	equal(await page.$eval('details', (details) => details.open), true, 'without script: unfolding');
	await page.emulateMediaType('print');
	equal(await page.$$eval('details li article', (all) => all.every((a) => a.getBoundingClientRect().height > 20)),
		true, 'printed without script: what is folded away');
	await page.close();
}

// ---- with script ----

const column = (page, n) => page.$$eval(`#resources tbody tr:not([hidden]) > :nth-child(${n})`,
	(cells) => cells.map((cell) => Number(cell.dataset.v)));

function isSorted(numbers, sign) {
	return numbers.length > 5 && numbers.every((n, i) => !i || sign * (n - numbers[i - 1]) >= 0);
}

async function checkSorting(page) {
	const requests = '#resources thead th:nth-child(3)';
	const caption = () => page.$eval('#resources caption', (c) => c.textContent);

	equal(await page.$eval(`${requests} button`, (b) => getComputedStyle(b, '::after').content), '" ↕"',
		'headers show that they sort');
	equal(await caption(), 'URLs, those with the most waste first', 'the order of the page');
	expect(!isSorted(await column(page, 3), -1), 'requests are in order before they are sorted');
	await page.click(`${requests} button`);
	expect(isSorted(await column(page, 3), -1), 'a click sorts numbers, the largest first');
	equal(await page.$eval(requests, (th) => th.getAttribute('aria-sort')), 'descending', 'aria-sort');
	equal(await caption(), 'URLs; sorted by requests, falling', 'the order after a click');
	await page.focus(`${requests} button`);
	await page.keyboard.press('Enter');
	expect(isSorted(await column(page, 3), 1), 'the key Enter sorts the other way');
	equal(await page.$eval(requests, (th) => th.getAttribute('aria-sort')), 'ascending', 'aria-sort');
	await page.click('#resources thead th:first-child button');
	const urls = await page.$$eval('#resources tbody th', (cells) => cells.map((cell) => cell.textContent));
	expect(urls.every((url, i) => !i || url.localeCompare(urls[i - 1]) >= 0), 'words are sorted as words');
}

async function checkFilter(page) {
	await page.type('#resources input', 'assets.example js');
	equal(await page.$$eval('#resources tbody tr:not([hidden]) th', (all) => all.map((th) => th.textContent).sort()),
		['assets.example/shop.js', 'assets.example/vendor.js'], 'the filter takes all words');
	expect((await page.$eval('#resources output', (output) => output.textContent)).startsWith('2 of '),
		'the filter says how many it left');
	await page.type('#findings input', 'coding-suffix-mismatch');
	equal(await page.$$eval('.finding:not([hidden])', (all) => all.length), 1, 'findings can be filtered');
	await page.type('#resources input', ' nosuch');
	equal(await page.$eval('#resources output', (output) => output.textContent), 'no match', 'a filter without hits');
	await page.$eval('#findings input', (input) => {
		input.value = 'vendor.js';
		input.dispatchEvent(new Event('input'));
	});
	equal(await page.$$eval('.finding:not([hidden]) h3 code', (all) => all.map((code) => code.textContent)),
		['etag-coding-suffix-mismatch'], 'findings are filtered by URL, too');
}

async function checkFixes(page) {
	const where = await page.$$eval('.fixes > li', (all) => all.map((li) =>
		Array.from(li.querySelectorAll('dl a'), (a) => `${a.textContent} ${a.getAttribute('href')}`)));

	equal(where.filter((links) => !links.some((link) => link.endsWith(' #hosts'))), [], 'fixes without a server');
	equal(where[1], ['api.example/v*/catalogue #resources', '10.77.1.32:80 #hosts', '10.77.1.31:80 #hosts',
		'which server gave which tag #tags'], 'where the second fix is for');
	equal(await page.$$eval('.fixes .weight strong.wasted', (all) => all.filter((s) =>
		!s.nextSibling.textContent.startsWith(' proven')).length), 0, 'red that is not proven');
}

async function checkPlace(page) {
	await page.evaluate(() => document.querySelector('#waste').scrollIntoView({ behavior: 'instant' }));
	await page.waitForFunction(() => Array.from(document.querySelectorAll('nav [aria-current]'),
		(a) => a.textContent).join() === 'Waste', { timeout: 5000 });
}

async function checkCopy(page) {
	const counts = await page.$$eval('.snippet', (all) => all.filter((s) => !s.querySelector('.copy')).length);

	equal(counts, 0, 'snippets without a button');
	await page.evaluate(() => {
		navigator.clipboard.writeText = async (text) => { globalThis.clipboard = text; };
	});
	await page.click('.snippet .copy');
	equal((await page.evaluate(() => globalThis.clipboard)).split('\n'),
		['DeflateAlterETag NoChange', 'Header edit ETag "^\\"" "W/\\""'], 'what is copied');
	await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); });
	await page.click('.snippet .copy');
	await page.waitForFunction(() => String(getSelection()).startsWith('DeflateAlterETag'), { timeout: 5000 });
}

async function checkTips(page) {
	const bar = await page.$('#timeline .plot g');

	await bar.scrollIntoView();
	await bar.hover();
	expect(/^\+0\.00 ms: \d+ requests$/.test(await page.$eval('.tip', (tip) => tip.textContent)),
		'a bar says what it stands for');
}

async function checkPolicy(page) {
	const ran = await page.evaluate(() => {
		const script = document.createElement('script'), image = document.createElement('p');

		script.textContent = 'globalThis.ran = true';
		document.body.append(script);
		image.innerHTML = '<img src=x onerror="globalThis.ran = true">';
		document.body.append(image);
		return new Promise((resolve) => { setTimeout(() => resolve(globalThis.ran === true), 300); });
	});

	equal(ran, false, 'a script that was put into the page runs');
}

async function checkComfort(browser) {
	const page = await browser.newPage();

	await page.setViewport({ width: 1280, height: 900 });
	await page.goto(pathToFileURL(join(folder, 'demo.html')).href);
	await checkFixes(page);
	await checkTips(page);
	await checkPlace(page);
	await checkSorting(page);
	await checkFilter(page);
	await checkCopy(page);
	await checkPolicy(page);
	await page.close();
}

// ---- the document of hostile strings is that of harmless ones, for the browser, too ----

async function outline(browser, name) {
	const page = await browser.newPage();

	await page.goto(pathToFileURL(join(folder, name)).href);
	const tags = await page.$$eval('*', (all) => all.map((e) => `${e.tagName} ${e.getAttributeNames().join(' ')}`));

	await page.close();
	return tags;
}

async function checkHostile(browser) {
	const hostile = await outline(browser, 'hostile.html'), harmless = await outline(browser, 'harmless.html');

	equal(hostile.find((tag, i) => tag !== harmless[i]) ?? null, null, 'the first element that differs');
	equal(hostile.length, harmless.length, 'elements');
	equal(hostile.filter((tag) => / on|^IMG|^BASE|^IFRAME|^FORM/i.test(tag)), [], 'elements of others');
}

const browser = await puppeteer.launch({
	executablePath: '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu'],
	userDataDir: join(folder, 'profile'),
});

try {
	for (const name of names) {
		await check(browser, name);
		if (name !== 'hostile.html')
			await validate(name);
	}
	await checkPlain(browser);
	await checkComfort(browser);
	await checkHostile(browser);
} finally {
	await browser.close();
}
console.log(`${names.length} pages: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
