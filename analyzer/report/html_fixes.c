#include "analyzer/report/html_evidence.h"
#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_findings.h"
#include "analyzer/report/report_fixes.h"
#include "analyzer/report/report_waste.h"
#include "analyzer/report/report_words.h"

#include <stdio.h>

enum {
	SHOWN = 3, /* the others are folded away */
	TOLD = 40,
	URL_COLUMNS = 120,
};

bool
html_has_fixes(const struct report *report)
{
	return fixes_count(report->tally->fixes) > 0;
}

/* What goes wrong, as the first thing to read. */
static void
put_what(struct html *html, const struct waste_row *row)
{
	const char *summary = waste_row_summary(row);
	char first[2] = {
		(char)(*summary - ('a' <= *summary && *summary <= 'z' ? 32 : 0)), '\0'};

	html_open(html, "h3", NULL);
	html_text(html, first);
	html_text(html, summary + 1);
	html_close(html);
}

/* Red is what is proven. */
static const char *
class_of(const struct fixes_row *row)
{
	if (row->octets[TIER_1])
		return "wasted";
	return row->octets[TIER_2] ? "likely" : "avoidable";
}

static const char *
grade_of(const struct fixes_row *row)
{
	if (row->octets[TIER_1])
		return row->octets[TIER_2] ? "proven and likely" : "proven";
	return row->octets[TIER_2] ? "likely" : "avoidable";
}

/* "133 kB proven · 24.5 % of all octets · 9 exchanges · job of: server". */
static void
put_weight(struct html *html, const struct fixes_row *row, const struct waste_row *waste,
	const struct report *report)
{
	uint64_t octets = report_fix_octets(row);

	html_open(html, "p", "weight");
	html_element(html, "strong", class_of(row), text_bytes(octets).s);
	html_format(html,
		" %s · %s of all octets · %s exchange%s · job of: ", grade_of(row),
		text_share(octets, tally_octets_total(report->tally)).s,
		text_count(row->exchanges).s, report_plural(row->exchanges));
	html_element(html, "strong", NULL, waste_row_job(waste));
	if (waste_row_is_perhaps_of_cache(waste))
		html_text(html, " or cache");
	html_close(html);
}

static void
put_name(struct html *html, const struct fixes_row *row)
{
	struct out words;

	out_init_memory(&words);
	report_fix_name(&words, row);
	html_open(html, "p", "name");
	html_open(html, "code", NULL);
	html_octets(html, out_contents(&words));
	html_close(html);
	html_close(html);
	out_fini(&words);
}

static void
put_labelled(struct html *html, const char *label, const char *sentence)
{
	html_open(html, "p", "unknown");
	html_format(html, "%s: %s", label, sentence);
	html_close(html);
}

/* What is not known, what is known instead, and what else to mind. */
static void
put_doubts(struct html *html, const struct fixes_row *row, const struct report *report)
{
	const char *unknown, *mind = fixes_fix(row)->mind;
	struct out words;

	out_init_memory(&words);
	unknown = report_fix_unknown(&words, row, report);
	if (unknown) {
		put_labelled(html, "Not known", unknown);
	} else if (words.used) {
		html_open(html, "p", "unknown");
		html_octets(html, out_contents(&words));
		html_close(html);
	}
	if (*mind)
		put_labelled(html, "Mind", mind);
	out_fini(&words);
}

static void
put_remedy(struct html *html, const struct fixes_row *row, const struct report *report)
{
	const struct fix *fix = fixes_fix(row);

	if (!fix) {
		html_paragraph(html, "todo", "No fix is known.");
		return;
	}
	html_paragraph(html, "todo", fix->what);
	if (*fix->lines)
		html_snippet(html, slice_of(fix->lines, strlen(fix->lines)));
	put_doubts(html, row, report);
}

/* The software is not known: what others who can be helped would paste. */
static void
put_elsewhere(struct html *html, const struct fixes_row *row)
{
	for (enum fix_party party = FIX_OTHER; party < FIX_PARTIES; party++) {
		const struct fix *fix = report_fix_elsewhere(row, party);

		if (!fix)
			continue;
		html_open(html, "p", "todo");
		html_format(html, "If it is %s: ", fix_party_name(party));
		html_text(html, fix->what);
		html_close(html);
		html_snippet(html, slice_of(fix->lines, strlen(fix->lines)));
	}
}

/* Names of a list, each a link to the table that has it. */
static void
put_places(struct html *html, const struct fixes_row *row, enum fixes_list list,
	const char *table)
{
	struct slice places[REPORT_FIX_PLACES];
	bool more;
	unsigned count = report_fix_places(row, list, places, &more);

	for (unsigned i = 0; i < count; i++) {
		html_text(html, i ? ", " : "");
		html_open(html, "a", NULL);
		html_attribute(html, "href", table);
		html_clipped(html, places[i], URL_COLUMNS);
		html_close(html);
	}
	if (more)
		html_text(html, " and others");
}

static void
put_where(struct html *html, const struct fixes_row *row, const struct report *report)
{
	if (!row->lists[FIXES_SERVERS].count)
		return;
	html_term(html, "Where");
	html_open(html, "dd", NULL);
	put_places(html, row, FIXES_URLS, "#resources");
	html_text(html, row->lists[FIXES_URLS].count ? " on " : "");
	put_places(html, row, FIXES_SERVERS, "#hosts");
	if (row->class == WASTE_VALIDATOR_CHURN && html_has_tags(report)) {
		html_text(html, "; ");
		html_open(html, "a", NULL);
		html_attribute(html, "href", "#tags");
		html_text(html, "which server gave which tag");
		html_close(html);
	}
	html_close(html);
}

static void
put_facts(struct html *html, const struct fixes_row *row, const struct report *report)
{
	struct finding evidence = report_fix_evidence(row);
	struct out words;

	out_init_memory(&words);
	html_open(html, "dl", "facts");
	put_where(html, row, report);
	report_fix_facts(&words, row, report);
	html_fact(html, "Extent", out_contents(&words));
	html_evidence(html, &evidence, report);
	html_close(html);
	out_fini(&words);
}

static void
put_fix(struct html *html, const struct fixes_row *row, size_t rank,
	const struct report *report)
{
	struct waste_row waste = report_waste_row(report->tally, row->class, row->cause);
	struct waste_row class = report_waste_row(report->tally, row->class, CAUSE_NONE);

	html_open(html, "li", NULL);
	html_attribute_format(html, "id", "fix-%zu", rank);
	html_open(html, "span", "rank");
	html_format(html, "%zu", rank);
	html_close(html);
	html_open(html, "article", NULL);
	put_what(html, &waste);
	put_weight(html, row, &waste, report);
	if (row->cause != CAUSE_NONE) {
		html_open(html, "p", "means");
		html_text(html, "Booked as ");
		html_element(html, "code", NULL, waste_name(row->class));
		html_format(html, ": %s.", waste_row_summary(&class));
		html_close(html);
	}
	put_remedy(html, row, report);
	put_elsewhere(html, row);
	put_facts(html, row, report);
	put_name(html, row);
	html_close(html);
	html_close(html);
}

static void
put_list(struct html *html, const struct fixes_row **rows, size_t begin, size_t end,
	const struct report *report)
{
	html_open(html, "ol", "fixes");
	for (size_t i = begin; i < end; i++)
		put_fix(html, rows[i], i + 1, report);
	html_close(html);
}

void
html_fixes(struct html *html, const struct report *report)
{
	const struct fixes_row **rows = report_fixes_ranked(report);
	size_t count = fixes_count(report->tally->fixes);
	size_t shown = count < SHOWN ? count : SHOWN, told = count < TOLD ? count : TOLD;

	html_section(html, "fixes", "What to mend first");
	put_list(html, rows, 0, shown, report);
	if (shown < told) {
		html_open(html, "details", NULL);
		html_open(html, "summary", NULL);
		html_format(html,
			"%zu more: proven and likely waste first, then what is avoidable",
			told - shown);
		html_close(html);
		put_list(html, rows, shown, told, report);
		html_close(html);
	}
	if (told < count) {
		html_open(html, "p", "more");
		html_format(
			html, "%zu more are in the text report: add -v", count - told);
		html_close(html);
	}
	html_close(html);
	mem_free(rows);
}
