#include "analyzer/report/report_sum_tables.h"

#include "analyzer/report/report_histogram.h"
#include "analyzer/report/report_metrics.h"
#include "analyzer/report/restore.h"
#include "analyzer/report/tables.h"

#include <stdlib.h>

enum {
	TIME_STEPS_MAX = 32
};

static const char *const names[SUM_TABLES] = {"host", "url", "type", "client", "server",
	"agent", "time", "class", "outcome", "form", "claim", "robot"};

static const char *const counts[SUM_COUNTS] = {
	"exchanges", "octets", "saved", "T1", "T2", "T3"};

static const char *const waits[SUM_WAITS] = {"waits", "waits_304", "waits_200"};

static void
fini_row(struct sum_row *row)
{
	for (unsigned i = 0; i < SUM_WAITS; i++)
		histogram_fini(&row->waits[i]);
	histogram_fini(&row->late);
	histogram_fini(&row->early);
}

void
report_sum_tables_fini(struct report_sum_tables *sum)
{
	for (unsigned i = 0; i < SUM_TABLES; i++) {
		for (size_t k = 0; k < sum->tables[i].count; k++)
			fini_row(&sum->tables[i].rows[k]);
		mem_free(sum->tables[i].rows);
	}
	*sum = (struct report_sum_tables){0};
}

/* ---- reading ---- */

/* A number, not negative; `missing` if it may be absent. */
static bool
read_count(const struct jsonvalue *object, const char *key, bool missing, int64_t *number)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	if (!value)
		return missing;
	*number = value->integer;
	return value->type == JSONVALUE_INTEGER && value->integer >= 0;
}

static bool
read_rate(const struct jsonvalue *row, const char *key, bool missing, int64_t numbers[2])
{
	const struct jsonvalue *rate = jsonvalue_get(row, key);

	if (!rate)
		return missing;
	return read_count(rate, "num", false, &numbers[0]) &&
	       read_count(rate, "den", false, &numbers[1]);
}

static bool
read_key(const struct jsonvalue *value, unsigned table, struct sum_row *row)
{
	const struct jsonvalue *key = jsonvalue_get(value, "key");
	int64_t width_us = 0, time_ns;

	if (!key)
		return false;
	if (table != SUM_OF_TIME) {
		if (key->type == JSONVALUE_STRING)
			row->key = key->text;
		return key->type == JSONVALUE_STRING || key->type == JSONVALUE_NULL;
	}
	if (!restore_is_time(key, &time_ns) ||
		!read_count(value, "width_us", false, &width_us))
		return false;
	row->time_us = time_ns / 1000;
	while (row->step < TIME_STEPS_MAX &&
		timetable_width_ns(row->step) / 1000 != width_us)
		row->step++;
	return row->step < TIME_STEPS_MAX;
}

static bool
are_histograms(const struct jsonvalue *value)
{
	const struct jsonvalue *time = jsonvalue_get(value, "time");

	for (unsigned i = 0; i < SUM_WAITS; i++)
		if (!report_histogram_is(jsonvalue_get(time, waits[i]), false))
			return false;
	return report_histogram_is(jsonvalue_get(time, "dates"), true);
}

static struct slice
text_of(const struct jsonvalue *value, const char *key)
{
	const struct jsonvalue *text = jsonvalue_get(value, key);

	return text && text->type == JSONVALUE_STRING ? text->text
						      : (struct slice){NULL, 0};
}

static void
read_texts(const struct jsonvalue *value, struct sum_row *row)
{
	row->robot = text_of(value, "robot");
	row->why = text_of(value, "why");
	row->why_cause = text_of(value, "why_cause");
	row->lacks_waits = !jsonvalue_get(value, "time");
}

/* Without its histograms.  What older versions did not have may be missing. */
static bool
read_row(const struct jsonvalue *value, unsigned table, struct sum_row *row)
{
	*row = (struct sum_row){.key = {NULL, 0}};
	if (!read_key(value, table, row) ||
		!read_count(value, "others", true, &row->others) ||
		!read_count(value, "error", true, &row->error) ||
		!read_rate(value, "R1", false, row->hit) ||
		!read_rate(value, "R3", false, row->recall) ||
		!read_rate(value, "R6", true, row->uptake) ||
		!read_rate(value, "echo", true, row->echo) ||
		!read_count(value, "why_octets", true, &row->why_octets) ||
		!are_histograms(value))
		return false;
	read_texts(value, row);
	for (unsigned i = 0; i < SUM_COUNTS; i++)
		if (!read_count(value, counts[i], false, &row->counts[i]))
			return false;
	return true;
}

bool
report_sum_tables_valid(const struct jsonvalue *tables)
{
	struct sum_row row;

	if (!tables)
		return true;
	for (unsigned i = 0; i < SUM_TABLES; i++) {
		const struct jsonvalue *table = jsonvalue_get(tables, names[i]);

		if (!table)
			continue;
		if (table->type != JSONVALUE_ARRAY)
			return false;
		for (const struct jsonvalue *v = table->first; v; v = v->next)
			if (!read_row(v, i, &row))
				return false;
	}
	return true;
}

/* ---- adding ---- */

static struct sum_row *
new_row(struct sum_table *table)
{
	if (table->count == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->rows = mem_grow(table->rows, table->room * sizeof *table->rows);
	}
	return &table->rows[table->count++];
}

static void
read_histograms(const struct jsonvalue *time, struct sum_row *row)
{
	for (unsigned i = 0; i < SUM_WAITS; i++)
		report_histogram_add(jsonvalue_get(time, waits[i]), &row->waits[i], NULL);
	report_histogram_add(jsonvalue_get(time, "dates"), &row->late, &row->early);
}

static void
add_table(struct sum_table *table, const struct jsonvalue *rows, unsigned which)
{
	size_t begin = table->count;
	int64_t bound = 0;

	for (const struct jsonvalue *v = rows ? rows->first : NULL; v; v = v->next) {
		struct sum_row *row = new_row(table);

		read_row(v, which, row);
		read_histograms(jsonvalue_get(v, "time"), row);
		if (row->others)
			bound = jsonvalue_sum(bound, row->error);
	}
	for (size_t i = begin; i < table->count; i++)
		table->rows[i].bound = bound;
	table->bound = jsonvalue_sum(table->bound, bound);
}

void
report_sum_tables_add(struct report_sum_tables *sum, const struct jsonvalue *tables)
{
	for (unsigned i = 0; tables && i < SUM_TABLES; i++)
		add_table(&sum->tables[i], jsonvalue_get(tables, names[i]), i);
}

static void
add_number(int64_t *into, int64_t number)
{
	*into = jsonvalue_sum(*into, number);
}

static int
compare_reasons(const struct sum_row *x, const struct sum_row *y)
{
	int order = slice_order(x->why, y->why);

	return order ? order : slice_order(x->why_cause, y->why_cause);
}

/* One reason gets more; of two the one with more octets holds. */
static void
unite_reasons(struct sum_row *into, const struct sum_row *from)
{
	int order = compare_reasons(from, into);

	if (!order) {
		add_number(&into->why_octets, from->why_octets);
	} else if (from->why_octets > into->why_octets ||
		   (from->why_octets == into->why_octets && order < 0)) {
		into->why = from->why;
		into->why_cause = from->why_cause;
		into->why_octets = from->why_octets;
	}
}

/* `from` is used up. */
static void
unite_histograms(struct sum_row *into, struct sum_row *from)
{
	for (unsigned i = 0; i < SUM_WAITS; i++)
		histogram_merge(&into->waits[i], &from->waits[i]);
	histogram_merge(&into->late, &from->late);
	histogram_merge(&into->early, &from->early);
	into->lacks_waits |= from->lacks_waits;
	fini_row(from);
}

static void
unite(struct sum_row *into, struct sum_row *from)
{
	unite_reasons(into, from);
	unite_histograms(into, from);
	for (unsigned i = 0; i < SUM_COUNTS; i++)
		add_number(&into->counts[i], from->counts[i]);
	for (unsigned i = 0; i < 2; i++) {
		add_number(&into->hit[i], from->hit[i]);
		add_number(&into->recall[i], from->recall[i]);
		add_number(&into->uptake[i], from->uptake[i]);
		add_number(&into->echo[i], from->echo[i]);
	}
	if (!slice_eq(into->robot, from->robot))
		into->robot = (struct slice){NULL, 0};
	add_number(&into->others, from->others);
	add_number(&into->error, from->error);
	add_number(&into->bound, from->bound);
}

/* ---- order ---- */

/* No key comes before an empty one. */
static int
compare_keys(const struct sum_row *x, const struct sum_row *y)
{
	int order = slice_order(x->key, y->key);

	if (!order)
		order = (x->key.at != NULL) - (y->key.at != NULL);
	if (!order)
		order = (x->time_us > y->time_us) - (x->time_us < y->time_us);
	return order ? order : (x->others != 0) - (y->others != 0);
}

static int
by_key(const void *a, const void *b)
{
	int order = compare_keys(a, b);

	return order ? order : compare_reasons(a, b);
}

/* The rows of others last. */
static int
by_octets(const void *a, const void *b)
{
	const struct sum_row *x = a, *y = b;

	if ((x->others != 0) != (y->others != 0))
		return x->others ? 1 : -1;
	if (x->counts[SUM_OCTETS] != y->counts[SUM_OCTETS])
		return x->counts[SUM_OCTETS] > y->counts[SUM_OCTETS] ? -1 : 1;
	return compare_keys(x, y);
}

/* The first row of each reason gets the octets of all, before one of them holds. */
static void
gather_reasons(struct sum_table *table)
{
	struct sum_row *first = table->rows;

	for (size_t i = 1; i < table->count; i++) {
		struct sum_row *row = &table->rows[i];

		if (by_key(first, row) != 0) {
			first = row;
			continue;
		}
		add_number(&first->why_octets, row->why_octets);
		row->why_octets = 0;
	}
}

static void
unite_keys(struct sum_table *table)
{
	size_t n = 0;

	if (table->count)
		qsort(table->rows, table->count, sizeof *table->rows, by_key);
	gather_reasons(table);
	for (size_t i = 0; i < table->count; i++) {
		if (n && compare_keys(&table->rows[n - 1], &table->rows[i]) == 0)
			unite(&table->rows[n - 1], &table->rows[i]);
		else
			table->rows[n++] = table->rows[i];
	}
	table->count = n;
}

/* What a report without the row may have folded of it. */
static void
set_errors(struct sum_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		struct sum_row *row = &table->rows[i];

		if (!row->others)
			add_number(&row->error, table->bound - row->bound);
	}
}

/* ---- time ---- */

static int64_t
bucket_us(int64_t time_us, unsigned step)
{
	int64_t width_us = timetable_width_ns(step) / 1000;
	int64_t rest = time_us % width_us;

	return time_us - rest - (rest < 0 ? width_us : 0);
}

/* The width that is enough for all of them. */
static unsigned
common_step(const struct sum_table *table)
{
	int64_t first_us = INT64_MAX, last_us = INT64_MIN;
	unsigned step = 0;

	for (size_t i = 0; i < table->count; i++) {
		const struct sum_row *row = &table->rows[i];

		first_us = row->time_us < first_us ? row->time_us : first_us;
		last_us = row->time_us > last_us ? row->time_us : last_us;
		step = row->step > step ? row->step : step;
	}
	while (table->count && step + 1 < TIME_STEPS_MAX &&
		(bucket_us(last_us, step) - bucket_us(first_us, step)) /
				(timetable_width_ns(step) / 1000) >=
			TIMETABLE_ROWS)
		step++;
	return step;
}

static void
join_buckets(struct sum_table *table)
{
	unsigned step = common_step(table);

	for (size_t i = 0; i < table->count; i++) {
		table->rows[i].time_us = bucket_us(table->rows[i].time_us, step);
		table->rows[i].step = step;
	}
}

void
report_sum_tables_unite(struct report_sum_tables *sum)
{
	for (unsigned i = 0; i < SUM_TABLES; i++) {
		struct sum_table *table = &sum->tables[i];

		if (i == SUM_OF_TIME)
			join_buckets(table);
		unite_keys(table);
		if (i == SUM_OF_TIME)
			continue;
		set_errors(table);
		if (table->count)
			qsort(table->rows, table->count, sizeof *table->rows, by_octets);
	}
}

/* ---- writing ---- */

static void
put_rate(struct json *json, const char *key, const int64_t numbers[2])
{
	report_rate(json, key, (struct rate){(uint64_t)numbers[0], (uint64_t)numbers[1]});
}

/* Left out where one of the reports did not tell. */
static void
put_median(struct json *json, const struct sum_row *row)
{
	const struct histogram *all = &row->waits[SUM_OF_ALL];

	if (row->lacks_waits)
		return;
	json_key(json, "wait_p50_us");
	if (all->count)
		json_uint(json, histogram_at(all, 0.5));
	else
		json_null(json);
}

static void
put_details(struct json *json, const struct sum_row *row)
{
	if (row->why.at) {
		json_put_octets(json, "why", row->why);
		json_key(json, "why_cause");
		if (row->why_cause.at)
			json_octets(json, row->why_cause);
		else
			json_null(json);
		json_put_int(json, "why_octets", row->why_octets);
	}
	if (row->robot.at)
		json_put_octets(json, "robot", row->robot);
	if (row->lacks_waits)
		return;
	json_key(json, "time");
	json_object_inline(json);
	for (unsigned i = 0; i < SUM_WAITS; i++)
		report_histogram_json(json, waits[i], &row->waits[i], NULL);
	report_histogram_json(json, "dates", &row->late, &row->early);
	json_end(json);
}

static void
put_row(struct json *json, const struct sum_row *row, unsigned table)
{
	json_object_inline(json);
	json_key(json, "key");
	if (table == SUM_OF_TIME) {
		json_int(json, row->time_us);
		json_put_int(json, "width_us", timetable_width_ns(row->step) / 1000);
	} else if (row->key.at) {
		json_octets(json, row->key);
	} else {
		json_null(json);
	}
	json_put_int(json, counts[SUM_EXCHANGES], row->counts[SUM_EXCHANGES]);
	json_put_int(json, counts[SUM_OCTETS], row->counts[SUM_OCTETS]);
	put_rate(json, "R1", row->hit);
	put_rate(json, "R3", row->recall);
	put_rate(json, "R6", row->uptake);
	put_rate(json, "echo", row->echo);
	for (unsigned i = SUM_SAVED; i < SUM_COUNTS; i++)
		json_put_int(json, counts[i], row->counts[i]);
	put_median(json, row);
	if (row->error || row->others)
		json_put_int(json, "error", row->error);
	if (row->others)
		json_put_int(json, "others", row->others);
	put_details(json, row);
	json_end(json);
}

static void
put_table(struct json *json, const struct sum_table *table, unsigned which)
{
	json_key(json, names[which]);
	json_array(json);
	for (size_t i = 0; i < table->count; i++)
		put_row(json, &table->rows[i], which);
	json_end(json);
}

void
report_sum_tables_write(const struct report_sum_tables *sum, struct json *json)
{
	json_key(json, "tables");
	json_object(json);
	for (unsigned i = 0; i < SUM_TABLES; i++)
		put_table(json, &sum->tables[i], i);
	json_end(json);
}
