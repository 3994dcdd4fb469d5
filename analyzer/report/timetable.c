#include "analyzer/report/timetable.h"

#define MS_NS INT64_C(1000000)
#define S_NS (1000 * MS_NS)
#define HOUR_NS (3600 * S_NS)
#define DAY_NS (24 * HOUR_NS)

static const int64_t widths_ns[] = {MS_NS, 5 * MS_NS, 10 * MS_NS, 50 * MS_NS, 100 * MS_NS,
	500 * MS_NS, S_NS, 5 * S_NS, 10 * S_NS, 30 * S_NS, 60 * S_NS, 300 * S_NS,
	600 * S_NS, 1800 * S_NS, HOUR_NS, 3 * HOUR_NS, 6 * HOUR_NS, 12 * HOUR_NS, DAY_NS,
	7 * DAY_NS, 28 * DAY_NS};

enum {
	WIDTHS = sizeof widths_ns / sizeof *widths_ns
};

int64_t
timetable_width_ns(unsigned step)
{
	return step < WIDTHS ? widths_ns[step]
			     : widths_ns[WIDTHS - 1] << (step - WIDTHS + 1);
}

void
timetable_fini(struct timetable *timetable)
{
	for (unsigned i = 0; i < timetable->count; i++)
		sums_fini(&timetable->rows[i]);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Buckets from the first to the last that would be in use with this one too. */
static int64_t
span(const struct timetable *t, int64_t bucket)
{
	int64_t first = t->first < bucket ? t->first : bucket;
	int64_t last = t->first + t->count - 1;

	return (last > bucket ? last : bucket) - first + 1;
}

/* The next width.  A row moves to one before it, or stays. */
static void
widen(struct timetable *t)
{
	int64_t ratio = timetable_width_ns(t->step + 1) / timetable_width_ns(t->step);
	int64_t first = floor_div(t->first, ratio);
	unsigned count = 0;

	for (unsigned i = 0; i < t->count; i++) {
		unsigned to = (unsigned)(floor_div(t->first + i, ratio) - first);

		if (to != i)
			sums_merge(&t->rows[to], &t->rows[i]);
		count = to + 1;
	}
	t->first = first;
	t->count = count;
	t->step++;
}

/* Makes the bucket the first: the others move up. */
static void
begin_at(struct timetable *t, int64_t bucket)
{
	unsigned by = (unsigned)(t->first - bucket);

	for (unsigned i = t->count; i--;) {
		t->rows[i + by] = t->rows[i];
		t->rows[i] = (struct sums){0};
	}
	t->first = bucket;
	t->count += by;
}

struct sums *
timetable_at(struct timetable *t, int64_t ts_ns)
{
	int64_t bucket = floor_div(ts_ns, timetable_width_ns(t->step));

	if (!t->count) {
		t->first = bucket;
		t->count = 1;
	}
	while (span(t, bucket) > TIMETABLE_ROWS) {
		widen(t);
		bucket = floor_div(ts_ns, timetable_width_ns(t->step));
	}
	if (bucket < t->first)
		begin_at(t, bucket);
	if (bucket >= t->first + t->count)
		t->count = (unsigned)(bucket - t->first) + 1;
	return &t->rows[bucket - t->first];
}
