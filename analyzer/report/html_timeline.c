#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"

#include <stdio.h>

enum {
	PANEL_HEIGHT = 100, /* of a panel's own units */
	INSET = 8,	    /* of a bar's hundred, on either side */
};

static const struct timetable *
table_of(const struct report *report)
{
	return &report->tally->tables.time;
}

bool
html_has_timeline(const struct report *report)
{
	return table_of(report)->count > 1;
}

/* What a panel shows of a bucket: a height, with what is within it, of the most. */
struct panel {
	const char *name, *class, *rest; /* rest: of what is left to `most` */
	uint64_t (*part)(const struct sums *sums);
	uint64_t (*whole)(const struct sums *sums); /* NULL: the most of all buckets */
	struct text (*text)(uint64_t value);
};

static uint64_t
requests(const struct sums *sums)
{
	return sums->exchanges;
}

static uint64_t
validated(const struct sums *sums)
{
	return sums->validated;
}

static uint64_t
conditional(const struct sums *sums)
{
	return sums->conditional;
}

static const struct panel panels[] = {
	{"requests", "requests", NULL, requests, NULL, text_count},
	{"answered 304", "saved", "refused", validated, conditional, text_count},
	{"wasted", "proven", NULL, sums_wasted, NULL, text_bytes},
};

static uint64_t
most_of(const struct timetable *table, uint64_t (*part)(const struct sums *sums))
{
	uint64_t most = 0;

	for (unsigned i = 0; i < table->count; i++)
		if (part(&table->rows[i]) > most)
			most = part(&table->rows[i]);
	return most;
}

static void
put_rect(struct html *html, const char *class, unsigned i, double from, double to)
{
	html_open(html, "rect", class);
	html_attribute_format(html, "x", "%u", 100 * i + INSET);
	html_attribute_format(html, "y", "%.2f", PANEL_HEIGHT - to);
	html_attribute_format(html, "width", "%u", 100 - 2 * INSET);
	html_attribute_format(html, "height", "%.2f", to - from);
	html_close(html);
}

/* A bucket of a panel, with what the mouse says of it. */
static void
put_bucket(struct html *html, const struct panel *panel, const struct timetable *table,
	unsigned i, uint64_t most)
{
	const struct sums *sums = &table->rows[i];
	uint64_t part = panel->part(sums), whole = panel->whole ? panel->whole(sums) : 0;
	double height = PANEL_HEIGHT * (double)part /
			(double)(panel->whole ? whole : most);

	html_open(html, "g", NULL);
	html_open(html, "title", NULL);
	html_format(html, "+%s: %s", text_duration(i * timetable_width_ns(table->step)).s,
		panel->text(part).s);
	if (panel->whole)
		html_format(html, " of %s", panel->text(whole).s);
	html_format(html, " %s", panel->name);
	html_close(html);
	put_rect(html, panel->class, i, 0, height);
	if (panel->rest)
		put_rect(html, panel->rest, i, height, PANEL_HEIGHT);
	html_close(html);
}

/* The name, the scale, and what the colours of a share mean. */
static void
put_scale(struct html *html, const struct panel *panel, uint64_t most)
{
	html_open(html, "p", NULL);
	html_element(html, "b", NULL, panel->name);
	if (!most) {
		html_text(html, panel->whole ? ": nobody asked" : ": nothing");
	} else if (panel->whole) {
		html_text(html, " 0 to 100 % of the conditional requests ");
		html_legend(html, panel->class, "304");
		html_legend(html, panel->rest, "asked, no 304");
		html_text(html, "blank: not asked");
	} else {
		html_format(html, " 0 to %s", panel->text(most).s);
	}
	html_close(html);
}

static void
put_plot(struct html *html, const struct panel *panel, const struct timetable *table,
	uint64_t most)
{
	html_open(html, "svg", "plot");
	html_attribute_format(
		html, "viewBox", "0 0 %u %d", 100 * table->count, PANEL_HEIGHT);
	html_attribute(html, "preserveAspectRatio", "none");
	html_attribute(html, "aria-hidden", "true");
	for (unsigned i = 0; i < table->count; i++) {
		const struct sums *sums = &table->rows[i];

		if (panel->whole ? panel->whole(sums) : panel->part(sums))
			put_bucket(html, panel, table, i, most);
	}
	html_close(html);
}

/* A chart of nothing is not drawn. */
static void
put_panel(struct html *html, const struct panel *panel, const struct timetable *table)
{
	uint64_t most = most_of(table, panel->whole ? panel->whole : panel->part);

	html_open(html, "div", "panel");
	put_scale(html, panel, most);
	if (most)
		put_plot(html, panel, table, most);
	html_close(html);
}

/* The same as a table, for those who want numbers or cannot see the chart. */
static void
put_table(struct html *html, const struct timetable *table)
{
	static const struct html_column columns[] = {{"from the first", true},
		{"requests", true}, {"answered 304", true}, {"octets", true},
		{"saved", true}, {"wasted", true}};
	int64_t width = timetable_width_ns(table->step);

	html_open(html, "details", "numbers");
	html_element(html, "summary", NULL, "The same in numbers");
	html_table(html, "Requests, 304s and waste over time", columns,
		sizeof columns / sizeof *columns, false);
	for (unsigned i = 0; i < table->count; i++) {
		const struct sums *sums = &table->rows[i];

		if (!sums->exchanges)
			continue;
		html_open(html, "tr", NULL);
		html_open(html, "th", "n");
		html_attribute(html, "scope", "row");
		html_format(html, "+%s", text_duration(i * width).s);
		html_close(html);
		html_cell_count(html, sums->exchanges);
		html_cell_rate(html, "saved", sums_hit(sums), "not asked");
		html_cell_bytes(html, sums->octets);
		html_cell_bytes(html, sums->saved);
		html_cell_bytes(html, sums_wasted(sums));
		html_close(html);
	}
	html_table_end(html);
	html_close(html);
}

void
html_timeline(struct html *html, const struct report *report)
{
	const struct timetable *table = table_of(report);
	int64_t width = timetable_width_ns(table->step);

	html_section(html, "timeline", "Over time");
	html_open(html, "div", "panels");
	for (unsigned i = 0; i < sizeof panels / sizeof *panels; i++)
		put_panel(html, &panels[i], table);
	html_open(html, "p", "axis");
	html_element(html, "span", NULL, html_moment(table->first * width).s);
	html_open(html, "span", NULL);
	html_format(html, "each bar: %s", text_duration(width).s);
	html_close(html);
	html_element(
		html, "span", NULL, html_moment((table->first + table->count) * width).s);
	html_close(html);
	html_close(html);
	put_table(html, table);
	html_close(html);
}
