#include "analyzer/report/report_robots.h"

#include "analyzer/base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	COUNT_COLUMNS = 10,
	RATE_COLUMNS = 15,
	OCTETS_COLUMNS = 9,
	NAME_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - COUNT_COLUMNS - 2 * RATE_COLUMNS -
		       3 * OCTETS_COLUMNS,
};

static int
by_octets(const void *a, const void *b)
{
	const struct robot_row *x = a, *y = b;

	if (x->sums->octets != y->sums->octets)
		return x->sums->octets > y->sums->octets ? -1 : 1;
	return strcmp(x->name, y->name);
}

unsigned
report_robots(const struct tables *tables, struct robot_row rows[TABLES_KIND_ROWS])
{
	unsigned count = 0;

	for (unsigned i = ROBOT_NONE + 1; i < ROBOT_COUNT; i++)
		if (tables->kinds[KIND_ROBOT][i].exchanges)
			rows[count++] = (struct robot_row){
				robot_name(i), &tables->kinds[KIND_ROBOT][i]};
	qsort(rows, count, sizeof *rows, by_octets);
	return count;
}

static void
show_rate(struct page *page, struct rate rate, const char *none)
{
	char words[2 * TEXT_BYTES + 8];

	snprintf(words, sizeof words, "%s of %s", text_count(rate.num).s,
		text_count(rate.den).s);
	page_right(page, rate.den ? words : none, RATE_COLUMNS);
}

static void
show_robot(struct page *page, const struct robot_row *row)
{
	const struct sums *sums = row->sums;

	page_spaces(page, PAGE_INDENT);
	page_left_text(page, row->name, page_stretch(page, NAME_COLUMNS));
	page_right(page, text_count(sums->exchanges).s, COUNT_COLUMNS);
	show_rate(page, (struct rate){sums->conditional, sums->exchanges}, "-");
	show_rate(page, sums_hit(sums), "not asked");
	page_right(page, text_bytes(sums->octets).s, OCTETS_COLUMNS);
	page_right(page, text_bytes(sums->saved).s, OCTETS_COLUMNS);
	page_right(page, text_bytes(sums_wasted(sums)).s, OCTETS_COLUMNS);
	out_octet(page->out, '\n');
}

void
report_robots_text(struct page *page, const struct tables *tables)
{
	struct robot_row rows[TABLES_KIND_ROWS];
	unsigned count = report_robots(tables, rows);

	if (count)
		page_heading(page, "Robots, by User-Agent",
			"requests    conditional   answered 304   octets    saved   "
			"wasted");
	for (unsigned i = 0; i < count; i++)
		show_robot(page, &rows[i]);
}
