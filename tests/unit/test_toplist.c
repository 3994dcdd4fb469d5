// room: ct_report
/* Sums by key in bounded room; buckets of time; histograms of rows. */
#include "analyzer/report/toplist.h"

#include "analyzer/report/timetable.h"
#include "tests/lib/rows.h"

#define S_NS INT64_C(1000000000)

enum {
	KEEP = 100
};

static void
add(struct toplist *list, unsigned number, uint64_t octets)
{
	struct key key = key_add_number(key_start(5), number);
	struct toplist_row *row = toplist_find(list, key);
	char label[16];
	int n = snprintf(label, sizeof label, "k%u", number);

	if (!row)
		row = toplist_new_row(list, key, slice_of(label, (size_t)n));
	row->sums.exchanges++;
	row->sums.octets += octets;
}

static void
rows_are_exact_up_to_twice_what_is_kept(void **state)
{
	const struct toplist_row *rows[2 * KEEP];
	struct toplist list;

	(void)state;
	toplist_init(&list, KEEP);
	for (unsigned i = 0; i < 6 * KEEP; i++)
		add(&list, i % (2 * KEEP), 10 + i % 2);
	assert_int_equal(list.count, 2 * KEEP);
	assert_int_equal(list.folded, 0);
	toplist_ranked(&list, rows);
	rows_assert_slice(rows[0]->label, "k1");
	rows_assert_slice(rows[2 * KEEP - 1]->label, "k98");
	assert_int_equal(rows[0]->sums.octets, 33);
	assert_int_equal(rows[0]->error, 0);
	toplist_fini(&list);
}

/* A few heavy keys among very many light ones, and the true sums beside them. */
static void
a_flood_keeps_the_heavy_within_the_error(void **state)
{
	enum {
		HEAVY = 10,
		FLOOD = 200000
	};
	uint64_t total = 0, sum = 0, truth[HEAVY] = {0}, count = 0;
	struct toplist list;

	(void)state;
	toplist_init(&list, KEEP);
	for (unsigned i = 0; i < FLOOD; i++) {
		uint64_t octets = 1 + i % 7;

		add(&list, HEAVY + i, octets);
		total += octets;
		if (i % 20 == 0) {
			truth[i / 20 % HEAVY] += 50;
			add(&list, i / 20 % HEAVY, 50);
			total += 50;
		}
	}
	assert_true(list.count <= 2 * KEEP);
	assert_true(list.error <= total / KEEP);
	for (unsigned i = 0; i < HEAVY; i++) {
		const struct toplist_row *row = toplist_find(
			&list, key_add_number(key_start(5), i));

		assert_non_null(row);
		assert_true(row->sums.octets <= truth[i]);
		assert_true(truth[i] <= row->sums.octets + row->error);
	}
	for (size_t i = 0; i < list.count; i++) {
		sum += list.rows[i].sums.octets;
		count += list.rows[i].sums.exchanges;
	}
	assert_int_equal(sum + list.others.octets, total);
	assert_int_equal(count + list.others.exchanges, FLOOD + FLOOD / 20);
	toplist_fini(&list);
}

static void
a_key_may_have_no_label(void **state)
{
	struct toplist list;

	(void)state;
	toplist_init(&list, 4);
	assert_null(toplist_worst(&list));
	assert_null(
		toplist_new_row(&list, key_start(1), (struct slice){NULL, 0})->label.at);
	assert_non_null(toplist_new_row(&list, key_start(2), slice_of("", 0))->label.at);
	toplist_fini(&list);
}

/* ---- time ---- */

struct time_row {
	const char *name;
	int64_t times_ns[4];
	int64_t width_ns;
	unsigned count;
};

static const struct time_row time_rows[] = {
	{"one moment", {5, 5, 5, 5}, 1000000, 1},
	{"sixty milliseconds", {0, 59999999, 1, 2}, 1000000, 60},
	{"one more", {0, 60000000, 1, 2}, 5000000, 13},
	{"buckets begin at the epoch", {4999999, 64999999, 64999999, 64999999}, 5000000,
		13},
	{"an hour", {0, 3600 * S_NS, 7, 9}, 300 * S_NS, 13},
	{"before the epoch", {-3600 * S_NS, 3600 * S_NS, -1, 1}, 300 * S_NS, 25},
	{"a century", {0, 36500 * (86400 * S_NS), 1, 2}, 32 * 28 * (86400 * S_NS), 41},
	{"all of time", {INT64_MIN, INT64_MAX, 0, 1}, 128 * 28 * (86400 * S_NS), 60},
};

static void
fits(void **state)
{
	const struct time_row *row = *state;

	for (unsigned first = 0; first < 4; first++) {
		struct timetable time = {0};
		uint64_t sum = 0;

		for (unsigned i = 0; i < 4; i++)
			timetable_at(&time, row->times_ns[(first + i) % 4])->exchanges++;
		assert_int_equal(timetable_width_ns(time.step), row->width_ns);
		assert_int_equal(time.count, row->count);
		for (unsigned i = 0; i < time.count; i++)
			sum += time.rows[i].exchanges;
		assert_int_equal(sum, 4);
		assert_ptr_equal(timetable_at(&time, row->times_ns[0]),
			timetable_at(&time, row->times_ns[0]));
		timetable_fini(&time);
	}
}

/* ---- histograms ---- */

static void
percentiles_are_near(void **state)
{
	struct histogram h = {0}, sum = {0};

	(void)state;
	assert_int_equal(histogram_at(&h, 0.5), 0);
	for (uint64_t i = 1; i <= 1000; i++)
		histogram_add(&h, i * 1000);
	for (unsigned percent = 1; percent < 100; percent++) {
		double want = 10000.0 * percent + 1000;
		double got = (double)histogram_at(&h, percent / 100.0);

		assert_true(got > want * 0.965 && got < want * 1.035);
	}
	histogram_merge(&sum, &h);
	histogram_merge(&sum, &h);
	assert_int_equal(sum.count, 2000);
	assert_int_equal(histogram_at(&sum, 0.5), histogram_at(&h, 0.5));
	histogram_remove(&h, 7);
	assert_int_equal(h.count, 1000);
	histogram_remove(&h, 1000);
	assert_int_equal(h.count, 999);
	histogram_fini(&h);
	histogram_fini(&sum);
}

static void
small_and_large_values_have_buckets(void **state)
{
	static const uint64_t values[] = {0, 1, 15, 31};
	struct histogram h = {0};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		histogram_add(&h, values[i]);
		assert_int_equal(histogram_at(&h, 1), values[i]);
	}
	histogram_add(&h, UINT64_MAX);
	assert_true(histogram_at(&h, 0.99) > UINT64_MAX / 32 * 31);
	assert_true(histogram_at(&h, 0) == 0);
	histogram_fini(&h);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_exact_up_to_twice_what_is_kept),
		cmocka_unit_test(a_flood_keeps_the_heavy_within_the_error),
		cmocka_unit_test(a_key_may_have_no_label),
		cmocka_unit_test(percentiles_are_near),
		cmocka_unit_test(small_and_large_values_have_buckets),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(time_rows, fits) + cmocka_run_group_tests(tests, NULL, NULL);
}
