#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_lifetimes.h"
#include "analyzer/report/report_robots.h"
#include "analyzer/report/report_words.h"

#include <stdio.h>

enum {
	URLS_TOLD = 100,
	PLACES_TOLD = 50,
	KEY_COLUMNS = 160,
};

static const struct toplist *
list_of(const struct report *report, enum tables_list which)
{
	return &report->tally->tables.lists[which];
}

static size_t
told(const struct report *report, size_t usual, size_t count)
{
	size_t want = report->top ? report->top : usual;

	return want < count ? want : count;
}

/* What was left out. */
static void
put_more(struct html *html, const struct toplist *list, size_t shown)
{
	uint64_t left = list->count - shown;

	if (left) {
		html_open(html, "p", "more");
		html_format(html, "%s more rows with less waste: --top %s",
			text_count(left).s, text_count(list->count).s);
		html_close(html);
	}
	if (list->folded) {
		html_open(html, "p", "more");
		html_format(html, "%s rows with few octets were summed up as one: %s",
			text_count(list->folded).s, text_bytes(list->others.octets).s);
		html_close(html);
	}
}

static void
put_key(struct html *html, const struct toplist_row *row, const char *robot)
{
	html_open(html, "th", "key");
	html_attribute(html, "scope", "row");
	if (row->label.at)
		html_clipped(html, row->label, KEY_COLUMNS);
	else
		html_text(html, "(none)");
	if (robot)
		html_format(html, " (robot: %s)", robot);
	html_close(html);
}

/* ---- resources ---- */

/* What the server promises, and how often a client that came back found another body. */
static void
put_freshness(struct html *html, const struct ladder_pattern *pattern)
{
	const struct ladder_rung *whole;

	if (!pattern) {
		html_cell_share(html, (struct rate){0, 0});
		html_cell_share(html, (struct rate){0, 0});
		return;
	}
	whole = &pattern->rungs[LADDER_RUNGS - 1];
	html_open(html, "td", "n");
	html_attribute_format(html, "data-v", "%lld", (long long)pattern->lifetime_s);
	html_text(html,
		pattern->lifetime_s < 0 ? "none" : text_lifetime(pattern->lifetime_s).s);
	html_close(html);
	html_cell_rate(html, "changed", (struct rate){whole->stale, whole->avoided}, "-");
}

static void
put_url(struct html *html, const struct toplist_row *row, const struct ladder *ladder)
{
	uint64_t wasted = sums_wasted(&row->sums);
	bool wasteful = wasted || row->sums.waste[TIER_3];

	html_open(html, "tr", NULL);
	put_key(html, row, NULL);
	html_cell(html, wasteful ? waste_name(row->why) : "-");
	html_cell_count(html, row->sums.exchanges);
	html_cell_rate(html, "saved", sums_hit(&row->sums), "not asked");
	put_freshness(html, ladder_find(ladder, row->label));
	html_cell_bytes(html, row->sums.octets);
	html_cell_bytes(html, row->sums.saved);
	html_cell_bytes(html, wasted);
	html_cell_bytes(html, row->sums.waste[TIER_3]);
	html_close(html);
}

bool
html_has_resources(const struct report *report)
{
	return list_of(report, LIST_URL)->count > 0;
}

void
html_resources(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"URL pattern", false},
		{"mostly by", false}, {"requests", true}, {"answered 304", true},
		{"lifetime given", true}, {"had changed", true}, {"octets", true},
		{"saved", true}, {"wasted", true}, {"avoidable", true}};
	const struct toplist *list = list_of(report, LIST_URL);
	const struct toplist_row **rows = mem_alloc((list->count + 1) * sizeof *rows);
	const struct ladder *ladder = whatif_ladder(report->whatif);
	size_t shown = told(report, URLS_TOLD, list->count);

	toplist_by_waste(list, rows);
	html_section(html, "resources", "Resources");
	html_table(html, "URLs, those with the most waste first", columns,
		sizeof columns / sizeof *columns, true);
	for (size_t i = 0; i < shown; i++)
		put_url(html, rows[i], ladder);
	html_table_end(html);
	put_more(html, list, shown);
	html_paragraph(html, "below",
		"Lifetime given: the longest that an answer declared. Had changed: of "
		"the "
		"requests by which a client came back, those whose answer was something "
		"else than the first that it was given here, by its octets or by "
		"validators.");
	html_close(html);
	mem_free(rows);
}

/* ---- hosts, servers, clients ---- */

/* Of servers: whether they know what has not changed; of clients: whether they ask. */
static void
put_place(struct html *html, const struct toplist_row *row, bool client)
{
	const struct sums *sums = &row->sums;

	html_open(html, "tr", NULL);
	put_key(html, row, client ? robot_name(row->robot) : NULL);
	html_cell_count(html, sums->exchanges);
	if (client)
		html_cell_rate(html, "requests", sums->uptake, "could not");
	html_cell_rate(html, "saved", sums_hit(sums), "not asked");
	if (!client)
		html_cell_share(html, sums_recall(sums));
	html_cell_bytes(html, sums->octets);
	html_cell_bytes(html, sums->saved);
	html_cell_bytes(html, sums_wasted(sums));
	if (client)
		html_cell_rate(html, "requests", sums->echo, "no tags");
	else if (sums->waits.count)
		html_cell_duration(html, (int64_t)histogram_at(&sums->waits, 0.5) * 1000);
	else
		html_cell_share(html, (struct rate){0, 0});
	html_close(html);
}

static void
put_places(struct html *html, const struct report *report, enum tables_list which,
	const char *title, const char *caption)
{
	bool client = which == LIST_CLIENT || which == LIST_AGENT;
	const struct html_column columns[] = {{title, false}, {"requests", true},
		{client ? "asked when they could" : "answered 304", true},
		{client ? "answered 304" : "recall", true}, {"octets", true},
		{"saved", true}, {"wasted", true},
		{client ? "tags known" : "median wait", true}};
	const struct toplist *list = list_of(report, which);
	const struct toplist_row **rows = mem_alloc((list->count + 1) * sizeof *rows);
	size_t shown = told(report, PLACES_TOLD, list->count);

	toplist_by_waste(list, rows);
	html_table(html, caption, columns, sizeof columns / sizeof *columns, true);
	for (size_t i = 0; i < shown; i++)
		put_place(html, rows[i], client);
	html_table_end(html);
	put_more(html, list, shown);
	mem_free(rows);
}

bool
html_has_places(const struct report *report)
{
	return list_of(report, LIST_HOST)->count > 0;
}

void
html_places(struct html *html, const struct report *report)
{
	html_section(html, "hosts", "Hosts and servers");
	put_places(html, report, LIST_HOST, "host", "Hosts, as requests name them");
	put_places(html, report, LIST_SERVER, "server", "Servers, as packets name them");
	html_paragraph(html, "below",
		"Recall: of the conditional requests that met what had not changed, "
		"those "
		"that were answered 304.");
	html_close(html);
}

static void
put_robot(struct html *html, const struct robot_row *row)
{
	const struct sums *sums = row->sums;

	html_open(html, "tr", NULL);
	html_open(html, "th", "key");
	html_attribute(html, "scope", "row");
	html_text(html, row->name);
	html_close(html);
	html_cell_count(html, sums->exchanges);
	html_cell_rate(
		html, "requests", (struct rate){sums->conditional, sums->exchanges}, "-");
	html_cell_rate(html, "saved", sums_hit(sums), "not asked");
	html_cell_bytes(html, sums->octets);
	html_cell_bytes(html, sums->saved);
	html_cell_bytes(html, sums_wasted(sums));
	html_close(html);
}

/* For those who ask what a search engine costs. */
static void
put_robots(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"robot", false}, {"requests", true},
		{"conditional", true}, {"answered 304", true}, {"octets", true},
		{"saved", true}, {"wasted", true}};
	struct robot_row rows[TABLES_KIND_ROWS];
	unsigned count = report_robots(&report->tally->tables, rows);

	if (!count)
		return;
	html_table(html, "Robots: search engines and others, by what User-Agent says",
		columns, sizeof columns / sizeof *columns, true);
	for (unsigned i = 0; i < count; i++)
		put_robot(html, &rows[i]);
	html_table_end(html);
	html_paragraph(html, "below",
		"A robot comes back to every page. One that asks with a condition and is "
		"told 304 costs little; what it was sent although a 304 would have done "
		"is under wasted.");
}

bool
html_has_clients(const struct report *report)
{
	return list_of(report, LIST_CLIENT)->count > 0;
}

void
html_clients(struct html *html, const struct report *report)
{
	html_section(html, "clients", "Clients");
	put_places(
		html, report, LIST_AGENT, "software", "Client software, by User-Agent");
	put_places(html, report, LIST_CLIENT, "client", "Clients, by client key");
	put_robots(html, report);
	html_paragraph(html, "below",
		"Asked when they could: of the GETs for what a client held with a "
		"validator, "
		"those that were conditional.");
	html_close(html);
}
