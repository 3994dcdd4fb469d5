#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_rates.h"
#include "analyzer/report/report_slow.h"

enum {
	SLOW_TOLD = 30
};

bool
html_has_rates(const struct report *report)
{
	return report->tally->http.requests > 0;
}

/* Two blanks before a name say that it is a part of the one above. */
static void
put_name(struct html *html, const char *name)
{
	bool part = *name == ' ';

	html_open(html, "th", part ? "part" : NULL);
	html_attribute(html, "scope", "row");
	html_text(html, part ? name + 2 : name);
	html_close(html);
}

static void
put_rate(void *context, const char *name, struct rate rate)
{
	struct html *html = context;

	html_open(html, "tr", NULL);
	put_name(html, name);
	html_open(html, "td", "bars");
	html_bar(html, rate.num, rate.den, "requests");
	html_close(html);
	html_cell_count(html, rate.num);
	html_cell_count(html, rate.den);
	html_cell_share(html, rate);
	html_close(html);
}

static void
put_wait(void *context, const char *name, const struct distribution *waits)
{
	static const double shares[] = {0.5, 0.9, 0.99};
	struct html *html = context;

	if (!waits->count)
		return;
	html_open(html, "tr", NULL);
	put_name(html, name);
	for (unsigned i = 0; i < sizeof shares / sizeof *shares; i++)
		html_cell_duration(
			html, (int64_t)distribution_at(waits, shares[i]) * 1000);
	html_cell_count(html, waits->count);
	html_close(html);
}

static bool
has_waits(const struct tally *tally)
{
	return tally->waits[WAIT_VALIDATED].count || tally->waits[WAIT_MISSED].count ||
	       tally->waits[WAIT_CHANGED].count;
}

/* A 304 that takes as long as a body was made for nothing. */
static void
put_waits(struct html *html, const struct tally *tally)
{
	static const struct html_column columns[] = {{"from request to answer", false},
		{"p50", true}, {"p90", true}, {"p99", true}, {"of", true}};

	if (!has_waits(tally))
		return;
	html_table(html, "Waiting: is a 304 faster than a body?", columns,
		sizeof columns / sizeof *columns, false);
	report_waits_each(tally, put_wait, html);
	html_table_end(html);
}

/* Octets are saved there, but neither time nor work. */
static void
put_slow(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"URL pattern", false},
		{"304s", true}, {"median", true}, {"200s", true}, {"median", true}};
	size_t count;
	const struct toplist_row **rows = report_slow_rows(report, &count);

	if (count)
		html_table(html, "304s that take as long as the answer", columns,
			sizeof columns / sizeof *columns, true);
	for (size_t i = 0; i < count && i < SLOW_TOLD; i++) {
		html_open(html, "tr", NULL);
		html_open(html, "th", "key");
		html_attribute(html, "scope", "row");
		html_octets(html, rows[i]->label);
		html_close(html);
		for (enum toplist_answer j = 0; j < ANSWER_COUNT; j++) {
			html_cell_count(html, rows[i]->waits[j].count);
			html_cell_duration(
				html, (int64_t)report_slow_median_us(rows[i], j) * 1000);
		}
		html_close(html);
	}
	if (count)
		html_table_end(html);
	mem_free(rows);
}

void
html_rates(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"rate", false}, {"share", false},
		{"count", true}, {"of", true}, {"in percent", true}};
	static const struct html_column outcomes[] = {{"outcome", false},
		{"share", false}, {"exchanges", true}, {"of", true},
		{"in percent", true}};

	html_section(html, "rates", "Rates and outcomes");
	put_waits(html, report->tally);
	put_slow(html, report);
	html_open(html, "details", NULL);
	html_element(html, "summary", NULL, "Every rate with its two integers");
	html_table(html, "Rates", columns, sizeof columns / sizeof *columns, false);
	report_rates_each(report->tally, put_rate, html);
	html_table_end(html);
	html_table(html, "What every exchange came to", outcomes,
		sizeof outcomes / sizeof *outcomes, false);
	report_outcomes_each(report->tally, put_rate, html);
	html_table_end(html);
	html_paragraph(html, "below",
		"The outcome changed: not what the request's validator names, which may "
		"be from before the capture. Clients that came back are counted under "
		"Resources and Freshness.");
	html_close(html);
	html_close(html);
}
