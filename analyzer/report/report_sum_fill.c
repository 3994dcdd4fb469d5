#include "analyzer/base/mem.h"
#include "analyzer/report/restore.h"
#include "analyzer/report/report_sum_tables.h"

#include <stdlib.h>

bool
report_sum_tables_tell_waits(const struct report_sum_tables *sum)
{
	for (unsigned i = 0; i < SUM_TABLES; i++)
		for (size_t k = 0; k < sum->tables[i].count; k++)
			if (sum->tables[i].rows[k].lacks_waits)
				return false;
	return true;
}

/* Adds the row. */
static void
fill_sums(struct sums *sums, const struct sum_row *row)
{
	struct sums more = {.exchanges = (uint64_t)row->counts[SUM_EXCHANGES],
		.octets = (uint64_t)row->counts[SUM_OCTETS],
		.conditional = (uint64_t)row->hit[1],
		.validated = (uint64_t)row->hit[0],
		.missed = row->recall[1] > row->recall[0]
				  ? (uint64_t)(row->recall[1] - row->recall[0])
				  : 0,
		.uptake = {(uint64_t)row->uptake[0], (uint64_t)row->uptake[1]},
		.echo = {(uint64_t)row->echo[0], (uint64_t)row->echo[1]},
		.saved = (uint64_t)row->counts[SUM_SAVED],
		.waste = {[TIER_1] = (uint64_t)row->counts[SUM_T1],
			[TIER_2] = (uint64_t)row->counts[SUM_T2],
			[TIER_3] = (uint64_t)row->counts[SUM_T3]},
		.waits = row->waits[SUM_OF_ALL]};

	sums_count(sums, &more);
}

/* ---- tables whose keys come off the wire ---- */

static void
fill_row(struct toplist_row *to, const struct sum_row *row)
{
	fill_sums(&to->sums, row);
	to->error = (uint64_t)row->error;
	to->robot = restore_named(row->robot, robot_name, ROBOT_COUNT);
	to->why = restore_class(row->why);
	to->why_cause = restore_cause(row->why_cause);
	to->why_octets = (uint64_t)row->why_octets;
	histogram_merge(&to->waits[ANSWER_304], &row->waits[SUM_OF_304]);
	histogram_merge(&to->waits[ANSWER_200], &row->waits[SUM_OF_200]);
	histogram_merge(&to->dates[DATE_BEHIND], &row->late);
	histogram_merge(&to->dates[DATE_AHEAD], &row->early);
}

/* As many rows as there are: nothing is given up for a sum. */
static void
fill_list(struct toplist *list, const struct sum_table *table)
{
	toplist_fini(list);
	toplist_init(list, table->count + 1);
	for (size_t i = 0; i < table->count; i++) {
		const struct sum_row *row = &table->rows[i];
		struct key key = row->key.at ? key_add(key_start(0), row->key)
					     : key_start(1);

		if (row->others) {
			fill_sums(&list->others, row);
			list->folded += (uint64_t)row->others;
			list->error = (uint64_t)row->error;
		} else {
			fill_row(toplist_new_row(list, key, row->key), row);
		}
	}
}

/* ---- tables whose keys are known ---- */

static void
fill_time(struct timetable *time, const struct sum_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct sum_row *row = &table->rows[i];

		if (!i)
			time->step = row->step;
		fill_sums(timetable_at(time, row->time_us * 1000), row);
	}
}

/* "class/cause", "class", or no key. */
static void
fill_classes(struct tables *tables, const struct sum_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct sum_row *row = &table->rows[i];
		unsigned class, cause, at;

		restore_class_cause(row->key, &class, &cause);
		at = row->key.at ? class * CAUSE_COUNT + cause : TABLES_CLASSES;

		fill_sums(&tables->classes[at], row);
	}
}

static void
fill_kind(struct tables *tables, enum tables_kind kind, const struct sum_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct sum_row *row = &table->rows[i];
		unsigned at = 0;

		while (at < tables_rows(kind)) {
			const char *name = tables_row_name(kind, at);

			if (name ? slice_eq(row->key, slice_of(name, strlen(name)))
				 : !row->key.at)
				break;
			at++;
		}
		if (at < tables_rows(kind))
			fill_sums(&tables->kinds[kind][at], row);
	}
}

void
report_sum_tables_fill(const struct report_sum_tables *sum, struct tables *tables)
{
	for (unsigned i = 0; i < LIST_COUNT; i++)
		fill_list(&tables->lists[i], &sum->tables[i]);
	fill_time(&tables->time, &sum->tables[SUM_OF_TIME]);
	fill_classes(tables, &sum->tables[SUM_OF_CLASS]);
	for (unsigned i = 0; i < KIND_COUNT; i++)
		fill_kind(tables, i, &sum->tables[SUM_OF_KIND + i]);
}
