#include "analyzer/export/diff.h"

#include "analyzer/base/text.h"
#include "analyzer/report/page.h"

#include <stdio.h>

enum {
	RATE_COLUMNS = 26,
	NUMBERS_COLUMNS = 19,
	SHARE_COLUMNS = 9,
	CHANGE_COLUMNS = 11,
	FINDINGS_SHOWN = 10,
	COUNT_COLUMNS = 10,
};

static const enum style styles[] = {[DIFF_UNKNOWN] = STYLE_DIM,
	[DIFF_EQUAL] = STYLE_PLAIN,
	[DIFF_CHANCE] = STYLE_PLAIN,
	[DIFF_BETTER] = STYLE_GREEN,
	[DIFF_WORSE] = STYLE_RED,
	[DIFF_OTHER] = STYLE_PLAIN};

static const struct diff_line *
find_rate(const struct diff *diff, const char *name)
{
	for (size_t i = 0; i < diff->rate_count; i++)
		if (strcmp(diff->rates[i].measure->name, name) == 0)
			return &diff->rates[i];
	return NULL;
}

/* ---- the headline ---- */

static void
put_words(struct out *out, const struct diff_line *line)
{
	static const char *const words[] = {[DIFF_UNKNOWN] = "cannot be compared",
		[DIFF_EQUAL] = "did not change",
		[DIFF_CHANCE] = "differs no more than by chance",
		[DIFF_BETTER] = "is better",
		[DIFF_WORSE] = "is worse",
		[DIFF_OTHER] = "differs"};

	out_text(out, words[line->verdict]);
	for (unsigned side = 0; side < DIFF_SIDES; side++) {
		const struct measured *m = &line->sides[side];

		out_format(out, "%s %s (%s of %s)", side ? ", then" : ":",
			m->known ? text_share(m->num, m->den).s : "n/a",
			text_count(m->num).s, text_count(m->den).s);
	}
	out_text(out, ". ");
}

static void
put_headline(struct out *out, const struct diff *diff)
{
	const struct diff_line *recall = find_rate(diff, "recall");
	const struct diff_line *wasted = find_rate(diff, "wasted_share");

	if (recall) {
		out_text(out, "304 recall ");
		put_words(out, recall);
	}
	if (wasted) {
		out_text(out, "The wasted share of octets ");
		put_words(out, wasted);
	}
	if (!recall && !wasted)
		out_text(out, "There is nothing to compare. ");
}

static size_t
count_only_in(const struct diff *diff, unsigned side)
{
	size_t count = 0;

	for (size_t i = 0; i < diff->findings[side].count; i++)
		count += diff_is_only_in(diff, side, &diff->findings[side].items[i]);
	return count;
}

static void
show_headline(struct page *page, const struct diff *diff)
{
	static const char *const words[] = {[DIFF_UNKNOWN] = "Nothing can be said.",
		[DIFF_EQUAL] = "No difference.",
		[DIFF_CHANCE] = "No difference beyond chance.",
		[DIFF_BETTER] = "Better.",
		[DIFF_WORSE] = "Worse.",
		[DIFF_OTHER] = "Better in one way, worse in another."};
	struct out words_out;

	page_spaces(page, PAGE_INDENT);
	page_styled(page,
		diff->verdict == DIFF_BETTER || diff->verdict == DIFF_WORSE
			? styles[diff->verdict]
			: STYLE_BOLD,
		words[diff->verdict]);
	out_octet(page->out, '\n');
	out_init_memory(&words_out);
	put_headline(&words_out, diff);
	out_format(&words_out, "Findings: %s new, %s gone.",
		text_count(count_only_in(diff, DIFF_AFTER)).s,
		text_count(count_only_in(diff, DIFF_BEFORE)).s);
	page_spaces(page, PAGE_INDENT);
	page_paragraph(page, out_contents(&words_out), PAGE_INDENT, PAGE_INDENT);
	out_fini(&words_out);
}

static void
show_reasons(struct page *page, const struct diff *diff)
{
	if (!diff->reason_count)
		return;
	page_heading(page, "Not comparable", "read the rest with this in mind");
	for (size_t i = 0; i < diff->reason_count; i++) {
		const char *reason = diff->reasons[i];
		struct out safe;

		out_init_memory(&safe);
		text_safe(&safe, slice_of(reason, strlen(reason)));
		page_spaces(page, PAGE_INDENT);
		page_styled(page, STYLE_YELLOW, "!");
		out_octet(page->out, ' ');
		page_paragraph(
			page, out_contents(&safe), PAGE_INDENT + 2, PAGE_INDENT + 2);
		out_fini(&safe);
	}
}

/* ---- lines ---- */

/* "20 of 34"; octets shorter. */
static void
show_numbers(struct page *page, const struct measured *m, bool octets)
{
	char text[2 * TEXT_BYTES + 8];

	if (octets)
		snprintf(text, sizeof text, "%s of %s", text_bytes(m->num).s,
			text_bytes(m->den).s);
	else
		snprintf(text, sizeof text, "%s of %s", text_count(m->num).s,
			text_count(m->den).s);
	page_right(page, m->known ? text : "no cases", NUMBERS_COLUMNS);
	page_right(page, m->known ? text_share(m->num, m->den).s : "n/a", SHARE_COLUMNS);
}

static const char *
verdict_words(const struct diff_line *line)
{
	static const char *const words[] = {[DIFF_UNKNOWN] = "",
		[DIFF_EQUAL] = "equal",
		[DIFF_CHANCE] = "chance",
		[DIFF_BETTER] = "better",
		[DIFF_WORSE] = "worse",
		[DIFF_OTHER] = "differs"};

	return words[line->verdict];
}

static void
show_line(struct page *page, const struct diff_line *line)
{
	bool octets = !line->measure || line->measure->kind == MEASURE_OCTET_SHARE;
	const char *words = verdict_words(line);

	page_spaces(page, PAGE_INDENT);
	page_left(page, line->name, RATE_COLUMNS);
	for (unsigned side = 0; side < DIFF_SIDES; side++)
		show_numbers(page, &line->sides[side], octets);
	page_spaces(page, CHANGE_COLUMNS > strlen(words)
				  ? CHANGE_COLUMNS - (unsigned)strlen(words)
				  : 0);
	page_styled(page, styles[line->verdict], words);
	out_octet(page->out, '\n');
}

/* What tells good from bad, and with -v all. */
static bool
is_shown(const struct diff_line *line, const struct diff_page *settings)
{
	return settings->verbose ||
	       (line->measure->better != MEASURE_NEITHER && line->verdict != DIFF_EQUAL);
}

static void
show_rates(struct page *page, const struct diff *diff, const struct diff_page *settings)
{
	size_t left = 0;

	page_heading(page, "Rates", "before                       after                ");
	for (size_t i = 0; i < diff->rate_count; i++) {
		if (is_shown(&diff->rates[i], settings))
			show_line(page, &diff->rates[i]);
		else
			left++;
	}
	if (left)
		out_format(page->out,
			"  … %s more, equal or neither good nor bad: add -v\n",
			text_count(left).s);
}

static void
show_classes(struct page *page, const struct diff *diff)
{
	if (!diff->class_count)
		return;
	page_heading(page, "Waste by class, of all octets",
		"before                       after                ");
	for (size_t i = 0; i < diff->class_count; i++)
		show_line(page, &diff->classes[i]);
}

/* ---- findings ---- */

static void
show_found(struct page *page, const struct found *found)
{
	static const char *const marks[] = {"✗", "!", "·"};
	static const enum style mark_styles[] = {STYLE_RED, STYLE_YELLOW, STYLE_GREEN};
	char count[TEXT_BYTES + 4];

	page_spaces(page, PAGE_INDENT);
	page_styled(page, mark_styles[found->severity], marks[found->severity]);
	out_octet(page->out, ' ');
	page_left(page, found->rule, RATE_COLUMNS + 8);
	out_octet(page->out, ' ');
	page_left(page, found->subject,
		page_stretch(page, PAGE_COLUMNS) - PAGE_INDENT - 2 - RATE_COLUMNS - 9 -
			COUNT_COLUMNS);
	snprintf(count, sizeof count, "%s×", text_count(found->count).s);
	page_right(page, count, COUNT_COLUMNS);
	out_octet(page->out, '\n');
}

static void
show_findings(struct page *page, const struct diff *diff, unsigned side,
	const char *title, const struct diff_page *settings)
{
	const struct found_list *list = &diff->findings[side];
	size_t count = count_only_in(diff, side), shown = 0;
	size_t max = settings->verbose ? count
		     : settings->top   ? settings->top
				       : FINDINGS_SHOWN;

	if (!count)
		return;
	page_heading(page, title, "exchanges");
	for (size_t i = 0; i < list->count && shown < max; i++) {
		if (!diff_is_only_in(diff, side, &list->items[i]))
			continue;
		show_found(page, &list->items[i]);
		shown++;
	}
	if (shown < count)
		out_format(
			page->out, "  … %s more: add -v\n", text_count(count - shown).s);
}

void
diff_text(struct out *out, const struct diff *diff, const struct diff_page *settings)
{
	struct page page = {
		.out = out, .colour = settings->colour, .columns = settings->columns};

	show_headline(&page, diff);
	show_reasons(&page, diff);
	if (settings->headline_only)
		return;
	show_rates(&page, diff, settings);
	show_classes(&page, diff);
	show_findings(&page, diff, DIFF_AFTER, "New findings", settings);
	show_findings(&page, diff, DIFF_BEFORE, "Findings that are gone", settings);
}
