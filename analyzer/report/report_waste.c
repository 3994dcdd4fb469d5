#include "analyzer/report/report_waste.h"

#include <stdlib.h>

static const char *const class_summaries[WASTE_COUNT] = {
#define WASTE(id, name, tier, fault, summary) [WASTE_##id] = summary,
#include "analyzer/ledger/waste.def"
#undef WASTE
};

static const char *const cause_summaries[CAUSE_COUNT] = {
#define CAUSE(id, name, summary) [CAUSE_##id] = summary,
#include "analyzer/ledger/cause.def"
#undef CAUSE
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

struct waste_row
report_waste_row(
	const struct tally *tally, enum waste_class class, enum waste_cause cause)
{
	struct waste_row row = {.class = class, .cause = cause};
	unsigned begin = cause == CAUSE_NONE ? 0 : cause;
	unsigned end = cause == CAUSE_NONE ? CAUSE_COUNT : cause + 1;

	for (unsigned i = begin; i < end; i++)
		row_add(&row, &tally->waste[class][i]);
	return row;
}

static int
by_octets(const void *a, const void *b)
{
	const struct waste_row *x = a, *y = b;

	if (x->all != y->all)
		return x->all > y->all ? -1 : 1;
	return (int)x->class - (int)y->class;
}

size_t
report_waste_classes(const struct tally *tally, struct waste_row rows[WASTE_COUNT])
{
	size_t count = 0;

	for (unsigned class = 0; class < WASTE_COUNT; class ++) {
		struct waste_row row = report_waste_row(tally, class, CAUSE_NONE);

		if (row.all)
			rows[count++] = row;
	}
	qsort(rows, count, sizeof *rows, by_octets);
	return count;
}

size_t
report_waste_causes(const struct tally *tally, enum waste_class class,
	struct waste_row rows[CAUSE_COUNT])
{
	size_t count = 0;

	for (unsigned cause = CAUSE_NONE + 1; cause < CAUSE_COUNT; cause++) {
		struct waste_row row = report_waste_row(tally, class, cause);

		if (row.all)
			rows[count++] = row;
	}
	return count;
}

const char *
waste_row_summary(const struct waste_row *row)
{
	return row->cause == CAUSE_NONE ? class_summaries[row->class]
					: cause_summaries[row->cause];
}

const char *
waste_row_job(const struct waste_row *row)
{
	for (enum fault fault = FAULT_UNKNOWN; fault <= FAULT_USER; fault++)
		if (row->faults == 1u << fault)
			return fault_name(fault);
	return "both";
}

bool
waste_row_is_perhaps_of_cache(const struct waste_row *row)
{
	return row->faults == 1u << FAULT_SERVER && row->via_cache;
}

const char *
waste_row_grade(const struct waste_row *row)
{
	if (row->octets[TIER_1] && row->octets[TIER_2])
		return "proven+";
	if (row->octets[TIER_1])
		return "proven";
	return row->octets[TIER_2] ? "likely" : "avoidable";
}

/* ---- the page ---- */

enum {
	EXCHANGES_COLUMNS = 10,
	OCTETS_COLUMNS = 9,
	GRADE_COLUMNS = 10,
	FAULT_COLUMNS = 8,
	WASTE_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - EXCHANGES_COLUMNS - OCTETS_COLUMNS -
			GRADE_COLUMNS - FAULT_COLUMNS
};

static void
show_cells(struct page *page, const struct waste_row *row)
{
	page_right(page, text_count(row->exchanges).s, EXCHANGES_COLUMNS);
	page_right(page, text_bytes(row->all).s, OCTETS_COLUMNS);
	page_right(page, waste_row_grade(row), GRADE_COLUMNS);
	page_right(page, waste_row_job(row), FAULT_COLUMNS);
	out_octet(page->out, '\n');
}

static void
show_causes(struct page *page, const struct tally *tally, enum waste_class class)
{
	struct waste_row rows[CAUSE_COUNT];
	size_t count = report_waste_causes(tally, class, rows);

	for (size_t i = 0; i < count; i++) {
		page_spaces(page, PAGE_INDENT);
		out_text(page->out, "  └ ");
		page_left_text(page, waste_row_summary(&rows[i]),
			page_stretch(page, WASTE_COLUMNS - 4));
		show_cells(page, &rows[i]);
	}
}

static void
show_class(struct page *page, const struct tally *tally, const struct waste_row *row)
{
	page_spaces(page, PAGE_INDENT);
	page_left_text(page, waste_name(row->class), page_stretch(page, WASTE_COLUMNS));
	show_cells(page, row);
	page_spaces(page, 2 * PAGE_INDENT);
	page_styled(page, STYLE_DIM, waste_row_summary(row));
	if (waste_row_is_perhaps_of_cache(row))
		page_styled(page, STYLE_DIM, " (server or cache)");
	out_octet(page->out, '\n');
	show_causes(page, tally, row->class);
}

void
report_waste_text(struct page *page, const struct tally *tally)
{
	struct waste_row rows[WASTE_COUNT];
	size_t count = report_waste_classes(tally, rows);

	if (count)
		page_heading(page, "Where the waste comes from",
			"exchanges   octets  evidence  job of");
	for (size_t i = 0; i < count; i++)
		show_class(page, tally, &rows[i]);
}
