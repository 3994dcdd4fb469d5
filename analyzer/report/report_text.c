#include "analyzer/report/report.h"

#include "analyzer/report/page.h"
#include "analyzer/report/report_findings.h"
#include "analyzer/report/report_fixes.h"
#include "analyzer/report/report_lifetimes.h"
#include "analyzer/report/report_rates.h"
#include "analyzer/report/report_sentence.h"
#include "analyzer/report/report_tables.h"
#include "analyzer/report/report_tags.h"
#include "analyzer/report/report_whatif.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	LABEL_COLUMNS = 14,
	BAR_COLUMNS = 30,
	SHARE_COLUMNS = 9,
	NAMED_COLUMNS = 64, /* of a path within a sentence */
	EXCHANGES_COLUMNS = 10,
	OCTETS_COLUMNS = 9,
	GRADE_COLUMNS = 10,
	FAULT_COLUMNS = 8,
};

static const char *
plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static const char *const waste_summaries[WASTE_COUNT] = {
#define WASTE(id, name, tier, fault, summary) [WASTE_##id] = summary,
#include "analyzer/ledger/waste.def"
#undef WASTE
};

static const char *const cause_summaries[CAUSE_COUNT] = {
#define CAUSE(id, name, summary) [CAUSE_##id] = summary,
#include "analyzer/ledger/cause.def"
#undef CAUSE
};

static bool
has_http(const struct report *report)
{
	return report->tally->http.requests || report->tally->http.responses;
}

/* What is at the right of the title: how long, how much. */
static void
put_extent(struct out *out, const struct counters *c)
{
	if (!c->packets) {
		out_text(out, "   no packets");
		return;
	}
	out_format(out, "   %s   %s   %s packets",
		text_duration(c->last_ns - c->first_ns).s, text_bytes(c->frame_octets).s,
		text_count(c->packets).s);
}

static void
put_files(struct out *out, const struct report *report)
{
	size_t failed = 0;

	for (size_t i = 0; i < report->source_count; i++)
		failed += report->sources[i].failed;
	out_format(out, "%zu files", report->source_count);
	if (failed)
		out_format(out, ", %zu unreadable", failed);
}

static void
show_title(struct page *page, const struct report *report)
{
	struct out *out = page->out, extent;
	unsigned used = text_columns(SLICE("cachetap  — ")) +
			(unsigned)strlen(report->version);

	out_init_memory(&extent);
	put_extent(&extent, report->counters);
	used += text_columns(out_contents(&extent));
	page_styled(page, STYLE_BOLD, "cachetap");
	out_format(out, " %s — ", report->version);
	if (report->source_count == 1)
		text_clip(out,
			slice_of(
				report->sources[0].path, strlen(report->sources[0].path)),
			used < PAGE_COLUMNS ? PAGE_COLUMNS - used : 0);
	else
		put_files(out, report);
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
	show_label(page, label);
	page_bar(page, rate.num, rate.den, BAR_COLUMNS);
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
put_saved(struct out *out, const struct tally *tally)
{
	uint64_t unknown = tally->saved.count[SAVING_UNKNOWN];

	if (unknown && !tally_saved_known(tally))
		out_text(out, "unknown savings by 304s");
	else
		out_format(out, "%s%s saved by 304s", unknown ? "at least " : "",
			text_bytes(tally_saved_octets(tally)).s);
}

static void
show_octets(struct page *page, const struct report *report)
{
	const struct tally *tally = report->tally;
	uint64_t total = tally_octets_total(tally), wasted = report_sent_in_vain(report);
	char words[TEXT_BYTES * 2 + 16];

	show_label(page, "Octets");
	out_format(page->out, "%s of HTTP · ", text_bytes(total).s);
	put_saved(page->out, tally);
	out_text(page->out, " · ");
	snprintf(words, sizeof words, "%s WASTED (%s)", text_bytes(wasted).s,
		text_share(wasted, total).s);
	page_styled(page, wasted ? STYLE_RED : STYLE_GREEN, words);
	out_octet(page->out, '\n');
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

/* A row of the table of waste: a class, or a cause below it. */
struct waste_row {
	enum waste_class class;
	uint64_t exchanges, octets[TIER_3 + 1], all;
	unsigned faults;
	bool via_cache;
};

static void
row_add(struct waste_row *row, const struct tally_waste *waste)
{
	row->exchanges += waste->exchanges;
	row->faults |= waste->faults;
	row->via_cache |= waste->via_cache;
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++) {
		row->octets[tier] += waste->octets[tier];
		row->all += waste->octets[tier];
	}
}

static int
by_octets(const void *a, const void *b)
{
	const struct waste_row *x = a, *y = b;

	if (x->all != y->all)
		return x->all > y->all ? -1 : 1;
	return (int)x->class - (int)y->class;
}

static const char *
job_of(unsigned faults)
{
	for (enum fault fault = FAULT_UNKNOWN; fault <= FAULT_USER; fault++)
		if (faults == 1u << fault)
			return fault_name(fault);
	return "both";
}

static const char *
grade_of(const struct waste_row *row)
{
	if (row->octets[TIER_1] && row->octets[TIER_2])
		return "proven+";
	if (row->octets[TIER_1])
		return "proven";
	return row->octets[TIER_2] ? "likely" : "avoidable";
}

/* What a server is charged with may be the work of a cache before it. */
static bool
is_perhaps_of_cache(const struct waste_row *row)
{
	return row->faults == 1u << FAULT_SERVER && row->via_cache;
}

static void
show_waste_cells(struct page *page, const struct waste_row *row)
{
	page_right(page, text_count(row->exchanges).s, EXCHANGES_COLUMNS);
	page_right(page, text_bytes(row->all).s, OCTETS_COLUMNS);
	page_right(page, grade_of(row), GRADE_COLUMNS);
	page_right(page, job_of(row->faults), FAULT_COLUMNS);
	out_octet(page->out, '\n');
}

enum {
	WASTE_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - EXCHANGES_COLUMNS - OCTETS_COLUMNS -
			GRADE_COLUMNS - FAULT_COLUMNS
};

static void
show_causes(struct page *page, const struct tally *tally, enum waste_class class)
{
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++) {
		struct waste_row row = {.class = class};

		row_add(&row, &tally->waste[class][cause]);
		if (cause == CAUSE_NONE || !row.all)
			continue;
		page_spaces(page, PAGE_INDENT);
		out_text(page->out, "  └ ");
		page_left_text(page, cause_summaries[cause], WASTE_COLUMNS - 4);
		show_waste_cells(page, &row);
	}
}

static void
show_waste(struct page *page, const struct tally *tally)
{
	struct waste_row rows[WASTE_COUNT] = {{0}};

	if (!tally_headline(tally) && !tally_wasted(tally, TIER_3))
		return;
	for (unsigned class = 0; class < WASTE_COUNT; class ++) {
		rows[class].class = class;
		for (unsigned cause = 0; cause < CAUSE_COUNT; cause++)
			row_add(&rows[class], &tally->waste[class][cause]);
	}
	qsort(rows, WASTE_COUNT, sizeof *rows, by_octets);
	page_heading(page, "Where the waste comes from",
		"exchanges   octets  evidence  job of");
	for (unsigned i = 0; i < WASTE_COUNT && rows[i].all; i++) {
		page_spaces(page, PAGE_INDENT);
		page_left_text(page, waste_name(rows[i].class), WASTE_COLUMNS);
		show_waste_cells(page, &rows[i]);
		page_spaces(page, 2 * PAGE_INDENT);
		page_styled(page, STYLE_DIM, waste_summaries[rows[i].class]);
		if (is_perhaps_of_cache(&rows[i]))
			page_styled(page, STYLE_DIM, " (server or cache)");
		out_octet(page->out, '\n');
		show_causes(page, tally, rows[i].class);
	}
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
show_troubles(struct page *page, const struct report *report)
{
	for (size_t i = 0; i < report->source_count; i++) {
		const struct report_source *source = &report->sources[i];
		struct out words;

		if (!source->trouble || !*source->trouble)
			continue;
		out_init_memory(&words);
		text_clip(&words, slice_of(source->path, strlen(source->path)),
			NAMED_COLUMNS);
		out_text(&words, ": ");
		text_safe(&words, slice_of(source->trouble, strlen(source->trouble)));
		out_octet(&words, '\0');
		show_warning(page, (const char *)words.buffer);
		out_fini(&words);
	}
}

static void
show_quality(struct page *page, const struct report *report)
{
	const struct tally_http *http = &report->tally->http;
	const struct counters *c = report->counters;
	uint64_t whole = http->requests - http->unanswered - http->incomplete;
	struct out *out = page->out;

	page_heading(page, "Capture quality",
		report_is_exact(report) ? "figures are exact for what was captured"
					: "figures are lower bounds");
	page_spaces(page, PAGE_INDENT);
	out_format(out,
		"%s of %s exchanges complete (%s) · %s connection%s, %s without HTTP",
		text_count(whole).s, text_count(http->requests).s,
		text_share(whole, http->requests).s, text_count(c->flows).s,
		plural(c->flows), text_count(c->flows_not_http).s);
	if (report->kernel_dropped >= 0)
		out_format(out, " · %s packets dropped by the kernel",
			text_count((uint64_t)report->kernel_dropped).s);
	out_octet(out, '\n');
	show_troubles(page, report);
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
	const struct counters *c = report->counters;
	struct out *out = page->out;

	out_text(out, "\n  No HTTP/1.x was found");
	if (!c->flows)
		out_text(out, ": there is no TCP connection with data in it.\n");
	else if (c->flows_not_http)
		out_format(out,
			" in %s connection%s. What is encrypted (HTTPS) stays unreadable "
			"here:\n"
			"  capture behind the TLS end point, or on the server's "
			"loop-back side.\n",
			text_count(c->flows).s, plural(c->flows));
	else
		out_format(out, " in %s connection%s.\n", text_count(c->flows).s,
			plural(c->flows));
}

void
report_text(struct out *out, const struct report *report)
{
	struct page page = {out, report->colour};

	show_title(&page, report);
	if (has_http(report))
		show_answer(&page, report);
	else
		show_no_http(&page, report);
	if (report->headline_only)
		return;
	show_waste(&page, report->tally);
	report_tables_text(&page, report);
	report_tags_text(&page, report);
	report_fixes_text(&page, report);
	report_lifetimes_text(&page, report);
	report_findings_text(&page, report);
	if (report->verbose) {
		report_rates_text(&page, report->tally);
		report_whatif_text(&page, report);
	}
	show_quality(&page, report);
	if (has_http(report))
		show_next(&page, report);
}
