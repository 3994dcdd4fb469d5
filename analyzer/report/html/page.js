'use strict';
// Comfort only: the page says the same without it.

// ---- sorting ----

function valueOf(cell) {
	return cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
}

function compare(a, b) {
	return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

// The order that the page was written in, as captions name it.
const WRITTEN = ', those with the most waste first';

function nameOrder(table, words) {
	const caption = table.caption;

	caption.dataset.name ??= caption.textContent.replace(WRITTEN, '');
	caption.textContent = caption.dataset.name + '; ' + words;
	table.closest('.scroll').setAttribute('aria-label', caption.textContent);
}

// Numbers fall, words rise at first; a second time turns it round.
function sort(table, column) {
	const header = table.tHead.rows[0].cells[column], body = table.tBodies[0];
	const was = header.getAttribute('aria-sort');
	const falls = was ? was === 'ascending' : header.classList.contains('n');

	for (const cell of table.tHead.rows[0].cells)
		cell.removeAttribute('aria-sort');
	header.setAttribute('aria-sort', falls ? 'descending' : 'ascending');
	body.append(...Array.from(body.rows).sort((a, b) =>
		(falls ? -1 : 1) * compare(valueOf(a.cells[column]), valueOf(b.cells[column]))));
	nameOrder(table, 'sorted by ' + header.textContent + (falls ? ', falling' : ', rising'));
}

for (const table of document.querySelectorAll('table.sorted'))
	Array.from(table.tHead.rows[0].cells).forEach((cell, column) => {
		const button = document.createElement('button');

		button.type = 'button';
		button.className = 'sort';
		button.append(...cell.childNodes);
		button.addEventListener('click', () => sort(table, column));
		cell.append(button);
	});

// ---- stopping at tables only where there is something to scroll ----

const stops = new ResizeObserver((entries) => {
	for (const { target } of entries)
		target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
});

for (const scroll of document.querySelectorAll('.scroll'))
	stops.observe(scroll);

// ---- where in the page one is ----

const places = new IntersectionObserver((entries) => {
	for (const { target, isIntersecting } of entries) {
		const link = document.querySelector('nav a[href="#' + target.id + '"]');

		if (link && isIntersecting)
			link.setAttribute('aria-current', 'true');
		else if (link)
			link.removeAttribute('aria-current');
	}
}, { rootMargin: '-20% 0px -79% 0px' });

for (const section of document.querySelectorAll('section'))
	places.observe(section);

// ---- filtering ----

// `parts`: selects what of an item is looked at.
function addFilter(before, what, items, parts) {
	const label = document.createElement('label'), input = document.createElement('input');
	const shown = document.createElement('output'), line = document.createElement('div');

	input.type = 'search';
	label.append('Filter ' + what + ' ', input);
	line.className = 'filter';
	line.append(label, shown);
	input.addEventListener('input', () => {
		const words = input.value.toLowerCase().split(/\s+/);
		let count = 0;

		for (const item of items) {
			const text = Array.from(item.querySelectorAll(parts), (part) => part.textContent)
				.join(' ').toLowerCase();

			item.hidden = !words.every((word) => text.includes(word));
			count += !item.hidden;
		}
		shown.textContent = !input.value ? '' : count ? count + ' of ' + items.length : 'no match';
	});
	before.before(line);
}

const resources = document.querySelector('#resources .scroll');
const findings = document.querySelectorAll('.finding');

if (resources && resources.querySelectorAll('tbody tr').length > 5)
	addFilter(resources, 'resources by URL or waste', Array.from(resources.querySelectorAll('tbody tr')),
		'th, td:nth-child(2)');
if (findings.length > 3)
	addFilter(findings[0], 'findings by rule or URL', Array.from(findings), 'h3 code, dd li');

// ---- copying ----

function copied(button) {
	button.textContent = 'copied';
	setTimeout(() => { button.textContent = 'copy'; }, 1500);
}

// Pages from a disk may have no clipboard: then the lines are selected.
function copy(pre, button) {
	const select = () => getSelection().selectAllChildren(pre);

	if (navigator.clipboard)
		navigator.clipboard.writeText(pre.textContent).then(() => copied(button), select);
	else
		select();
}

for (const pre of document.querySelectorAll('.snippet pre')) {
	const button = document.createElement('button');

	button.type = 'button';
	button.className = 'copy';
	button.textContent = 'copy';
	button.addEventListener('click', () => copy(pre, button));
	pre.after(button);
}

// ---- what a bar of a chart says, at once instead of after a while ----

const tip = document.createElement('div');

function hideTip() {
	tip.remove();
}

function showTip(event) {
	const bar = event.target.closest('.plot g');
	const title = bar && bar.querySelector('title');

	if (!title && !(bar && bar.dataset.tip))
		return hideTip();
	if (title) { // else the browser would show it, too
		bar.dataset.tip = title.textContent;
		title.remove();
	}
	tip.textContent = bar.dataset.tip;
	document.body.append(tip);
	tip.style.left = Math.max(0, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)) + 'px';
	tip.style.top = Math.max(0, event.clientY - tip.offsetHeight - 8) + 'px';
}

tip.className = 'tip';
tip.setAttribute('aria-hidden', 'true');
for (const plot of document.querySelectorAll('.plot')) {
	plot.addEventListener('pointermove', showTip);
	plot.addEventListener('pointerleave', hideTip);
}

// ---- printing ----

addEventListener('beforeprint', () => {
	for (const details of document.querySelectorAll('details'))
		details.open = true;
});
