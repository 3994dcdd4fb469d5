#include "analyzer/report/report.h"

#include "analyzer/report/page.h"
#include "analyzer/report/report_claims.h"
#include "analyzer/report/report_findings.h"
#include "analyzer/report/report_fixes.h"
#include "analyzer/report/report_lifetimes.h"
#include "analyzer/report/report_rates.h"
#include "analyzer/report/report_robots.h"
#include "analyzer/report/report_sentence.h"
#include "analyzer/report/report_slow.h"
#include "analyzer/report/report_tables.h"
#include "analyzer/report/report_tags.h"
#include "analyzer/report/report_waste.h"
#include "analyzer/report/report_whatif.h"
#include "analyzer/report/report_words.h"

#include <stdio.h>

enum {
	LABEL_COLUMNS = 14,
	BAR_COLUMNS = 30,
	SHARE_COLUMNS = 9,
};

static void
show_title(struct page *page, const struct report *report)
{
	struct out *out = page->out, extent;
	unsigned edge = page_stretch(page, PAGE_COLUMNS);
	unsigned used = text_columns(SLICE("cachetap  — ")) +
			(unsigned)strlen(report->version);

	out_init_memory(&extent);
	report_extent(&extent, report, "   ");
	used += 3 + text_columns(out_contents(&extent));
	page_styled(page, STYLE_BOLD, "cachetap");
	out_format(out, " %s — ", report->version);
	report_subject(out, report, used < edge ? edge - used : 0);
	out_text(out, "   ");
	out_slice(out, out_contents(&extent));
	out_octet(out, '\n');
	out_fini(&extent);
}

static void
show_label(struct page *page, const char *label)
{
	page_spaces(page, PAGE_INDENT);
	page_left_text(page, label, LABEL_COLUMNS);
}

/* A bar, the share, and the two integers behind it. */
static void
show_rate(struct page *page, const char *label, struct rate rate, const char *of)
{
	unsigned bar = page_stretch(page, BAR_COLUMNS);

	show_label(page, label);
	page_bar(page, rate.num, rate.den, bar < BAR_COLUMNS ? bar : BAR_COLUMNS);
	page_right(page, text_share(rate.num, rate.den).s, SHARE_COLUMNS);
	out_format(page->out, "   %s of %s %s\n", text_count(rate.num).s,
		text_count(rate.den).s, of);
}

static void
show_revalidation(struct page *page, const struct tally *tally)
{
	struct tally_conditional all = tally_conditional_all(tally);

	if (!all.asked) {
		show_label(page, "Revalidation");
		out_format(page->out, "no %s asked conditionally (0 of %s)\n",
			tally->http.cut_heads ? "head that is whole" : "client",
			text_count(tally->conditional_share.den).s);
		return;
	}
	show_rate(page, "Revalidation", tally_hit(&all),
		all.asked < REPORT_FEW_CASES ? "answered 304 (few cases)"
					     : "answered 304");
}

static void
show_octets(struct page *page, const struct report *report)
{
	const struct tally *tally = report->tally;
	uint64_t total = tally_octets_total(tally), wasted = report_sent_in_vain(report);
	char words[TEXT_BYTES * 2 + 16];
	struct out left;
	unsigned used;

	out_init_memory(&left);
	out_format(&left, "%s of HTTP · ", text_bytes(total).s);
	report_saved(&left, tally);
	snprintf(words, sizeof words, "%s WASTED (%s)", text_bytes(wasted).s,
		text_share(wasted, total).s);
	used = PAGE_INDENT + LABEL_COLUMNS + text_columns(out_contents(&left)) + 3 +
	       text_columns(slice_of(words, strlen(words)));
	show_label(page, "Octets");
	out_slice(page->out, out_contents(&left));
	if (used > page_stretch(page, PAGE_COLUMNS)) {
		out_octet(page->out, '\n');
		show_label(page, "");
	} else {
		out_text(page->out, " · ");
	}
	page_styled(page, wasted ? STYLE_RED : STYLE_GREEN, words);
	out_octet(page->out, '\n');
	out_fini(&left);
}

static void
show_answer(struct page *page, const struct report *report)
{
	const struct tally *tally = report->tally;

	out_octet(page->out, '\n');
	show_rate(page, "Conditional", tally->conditional_share, "GET and HEAD requests");
	show_revalidation(page, tally);
	show_octets(page, report);
	report_sentence(page, report);
}

static void
show_warning(void *context, const char *sentence)
{
	struct page *page = context;

	page_spaces(page, PAGE_INDENT);
	page_styled(page, STYLE_YELLOW, "!");
	page_paragraph(page, slice_of(sentence, strlen(sentence)), PAGE_INDENT + 1,
		PAGE_INDENT + 2);
}

static void
show_note(void *context, const char *sentence)
{
	struct page *page = context;

	page_spaces(page, PAGE_INDENT);
	out_text(page->out, "·");
	page_paragraph(page, slice_of(sentence, strlen(sentence)), PAGE_INDENT + 1,
		PAGE_INDENT + 2);
}

static void
show_quality(struct page *page, const struct report *report)
{
	page_heading(page, "Capture quality", report_exactness(report));
	page_spaces(page, PAGE_INDENT);
	report_completeness(page->out, report);
	out_octet(page->out, '\n');
	report_troubles(report, show_warning, page);
	report_warnings(report, show_warning, page);
	report_notes(report, show_note, page);
}

static void
show_next(struct page *page, const struct report *report)
{
	const struct finding *first = report_findings_first(report);
	struct out *out = page->out;

	out_text(out, "\n  Next  ");
	if (first)
		out_format(out, "cachetap explain %s\n        ", rule_name(first->rule));
	out_text(out, "cachetap report -T ndjson ");
	if (report->source_count == 1)
		report_path(out, report->sources[0].path);
	else
		out_text(out, "FILE...");
	out_text(out, " | jq\n");
}

static void
show_no_http(struct page *page, const struct report *report)
{
	struct out words;

	out_init_memory(&words);
	report_no_http(&words, report);
	out_octet(page->out, '\n');
	page_paragraph(page, out_contents(&words), 0, PAGE_INDENT);
	out_fini(&words);
}

void
report_text(struct out *out, const struct report *report)
{
	struct page page = {
		.out = out, .colour = report->colour, .columns = report->columns};

	show_title(&page, report);
	if (report_has_http(report))
		show_answer(&page, report);
	else
		show_no_http(&page, report);
	if (report->headline_only)
		return;
	report_waste_text(&page, report->tally);
	report_tables_text(&page, report);
	if (report->verbose)
		report_robots_text(&page, &report->tally->tables);
	report_tags_text(&page, report);
	report_fixes_text(&page, report);
	report_lifetimes_text(&page, report);
	report_slow_text(&page, report);
	report_claims_text(&page, &report->tally->tables);
	report_findings_text(&page, report);
	if (report->verbose) {
		report_rates_text(&page, report->tally);
		report_whatif_text(&page, report);
	}
	show_quality(&page, report);
	if (report_has_http(report))
		show_next(&page, report);
}
