// room: ct_history
/* The order in which events come out, whatever the order in which they went in. */
#include "analyzer/history/timeline.h"

#include "analyzer/config.h"
#include "tests/lib/rows.h"

enum {
	LOG_BYTES = 256
};

struct log {
	char text[LOG_BYTES];
};

static void
log_event(struct log *log, const char *what, const struct exchange *x)
{
	size_t used = strlen(log->text);

	snprintf(log->text + used, LOG_BYTES - used, "%s%u ", what, x->trans);
}

static void
on_open(void *context, struct exchange *x, struct before *before)
{
	(void)before;
	log_event(context, "+", x);
}

static void
on_close(void *context, struct exchange *x, const struct before *before)
{
	(void)before;
	log_event(context, "-", x);
	exchange_free(&x);
}

static struct exchange *
make(uint32_t name, int64_t open_ms, int64_t close_ms)
{
	struct exchange *x = exchange_new(NULL);

	x->trans = name;
	x->has_request = x->has_response = x->settled = true;
	x->q.head_end.ts_ns = open_ms * CONFIG_MS_NS;
	x->r.last.ts_ns = close_ms * CONFIG_MS_NS;
	return x;
}

static void
begin(struct timeline **timeline, struct log *log)
{
	struct timeline_sink sink = {on_open, on_close, log};

	log->text[0] = '\0';
	*timeline = timeline_new(&sink);
}

static void
test_sorted(void **state)
{
	struct exchange *one = make(1, 10, 40), *two = make(2, 5, 20);
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	timeline_open(timeline, one);
	timeline_open(timeline, two);
	timeline_close(timeline, two);
	timeline_close(timeline, one);
	timeline_finish(timeline);
	assert_string_equal(log.text, "+2 +1 -2 -1 ");
	timeline_free(&timeline);
}

static void
test_shed(void **state)
{
	struct exchange *one = make(1, 10, 40), *two = make(2, 5, 20);
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	timeline_open(timeline, one);
	timeline_open(timeline, two);
	timeline_close(timeline, two);
	assert_true(timeline_shed(timeline));
	assert_string_equal(log.text, "+2 ");
	while (timeline_shed(timeline))
		;
	assert_string_equal(log.text, "+2 +1 -2 ");
	timeline_close(timeline, one); /* late, and taken all the same */
	timeline_finish(timeline);
	assert_string_equal(log.text, "+2 +1 -2 -1 ");
	timeline_free(&timeline);
}

static void
test_an_end_comes_before_a_beginning(void **state)
{
	struct exchange *one = make(1, 10, 40), *two = make(2, 40, 50);
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	timeline_open(timeline, one);
	timeline_open(timeline, two);
	timeline_close(timeline, one);
	timeline_close(timeline, two);
	timeline_finish(timeline);
	assert_string_equal(log.text, "+1 -1 +2 -2 ");
	timeline_free(&timeline);
}

static void
test_an_exchange_in_one_moment_begins_first(void **state)
{
	struct exchange *one = make(1, 10, 10);
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	timeline_open(timeline, one);
	timeline_close(timeline, one);
	timeline_finish(timeline);
	assert_string_equal(log.text, "+1 -1 ");
	timeline_free(&timeline);
}

static void
test_events_wait_for_their_span(void **state)
{
	struct exchange *one = make(1, 10, 20);
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	timeline_open(timeline, one);
	timeline_close(timeline, one);
	timeline_advance(timeline, 10 * CONFIG_MS_NS + CONFIG_SETTLE_NS - 1);
	assert_string_equal(log.text, "");
	timeline_advance(timeline, 10 * CONFIG_MS_NS + CONFIG_SETTLE_NS);
	assert_string_equal(log.text, "+1 ");
	timeline_advance(timeline, 20 * CONFIG_MS_NS + CONFIG_SETTLE_NS);
	assert_string_equal(log.text, "+1 -1 ");
	timeline_free(&timeline);
}

static void
test_stray_octets_are_waited_for(void **state)
{
	struct exchange *one = make(1, 10, 20), *two = make(2, 25, 30), *watch = one;
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	one->settled = false;
	one->watch = &watch;
	timeline_open(timeline, one);
	timeline_close(timeline, one);
	timeline_open(timeline, two);
	timeline_close(timeline, two);
	timeline_advance(timeline, 20 * CONFIG_MS_NS + CONFIG_STRAY_NS - 1);
	assert_string_equal(log.text, "+1 ");
	timeline_advance(timeline, 20 * CONFIG_MS_NS + CONFIG_STRAY_NS);
	assert_string_equal(log.text, "+1 -1 +2 -2 ");
	assert_null(watch); /* the connection must not touch it any more */
	timeline_free(&timeline);
}

static void
test_orphans_have_no_beginning(void **state)
{
	struct exchange *one = make(1, 0, 20);
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	one->has_request = false;
	timeline_close(timeline, one);
	timeline_finish(timeline);
	assert_string_equal(log.text, "-1 ");
	timeline_free(&timeline);
}

/* What is still to come began then, or later. */
static void
test_who_is_under_way(void **state)
{
	struct exchange *one = make(1, 10, 40), *two = make(2, 15, 20),
			*three = make(3, 30, 50);
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	one->q.first.ts_ns = 1;
	two->q.first.ts_ns = 2;
	three->q.first.ts_ns = 3;
	assert_true(timeline_begun_ns(timeline) == INT64_MAX);
	timeline_open(timeline, one);
	timeline_open(timeline, two);
	timeline_open(timeline, three);
	timeline_close(timeline, two);
	timeline_close(timeline, one);
	assert_true(timeline_begun_ns(timeline) == 1);
	timeline_advance(timeline, 20 * CONFIG_MS_NS + CONFIG_SETTLE_NS);
	assert_true(timeline_begun_ns(timeline) == 1);
	timeline_advance(timeline, 40 * CONFIG_MS_NS + CONFIG_SETTLE_NS);
	assert_true(timeline_begun_ns(timeline) == 3);
	timeline_close(timeline, three);
	timeline_finish(timeline);
	assert_true(timeline_begun_ns(timeline) == INT64_MAX);
	timeline_free(&timeline);
}

static void
test_many_in_reverse(void **state)
{
	enum {
		MANY = 1000
	};
	struct exchange *x[MANY];
	struct timeline *timeline;
	struct log log;

	(void)state;
	begin(&timeline, &log);
	for (int i = MANY - 1; i >= 0; i--)
		timeline_open(timeline, x[i] = make((uint32_t)i, i, i + 5000));
	for (int i = 0; i < MANY; i++)
		timeline_close(timeline, x[(i * 7919) % MANY]);
	timeline_advance(timeline, 3 * CONFIG_MS_NS + CONFIG_SETTLE_NS);
	assert_string_equal(log.text, "+0 +1 +2 +3 ");
	log.text[0] = '\0';
	timeline_advance(timeline, 4000 * CONFIG_MS_NS);
	log.text[0] = '\0';
	timeline_advance(timeline, 5002 * CONFIG_MS_NS + CONFIG_SETTLE_NS);
	assert_string_equal(log.text, "-0 -1 -2 ");
	timeline_finish(timeline);
	timeline_free(&timeline);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_shed),
		cmocka_unit_test(test_an_end_comes_before_a_beginning),
		cmocka_unit_test(test_an_exchange_in_one_moment_begins_first),
		cmocka_unit_test(test_events_wait_for_their_span),
		cmocka_unit_test(test_stray_octets_are_waited_for),
		cmocka_unit_test(test_orphans_have_no_beginning),
		cmocka_unit_test(test_who_is_under_way),
		cmocka_unit_test(test_many_in_reverse),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
