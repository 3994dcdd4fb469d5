// room: ct_history
/*
 * What a client had been given of a body: when, under which names, in which coding.
 */
#include "analyzer/history/history.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

#include <stdio.h>

static const char page[] = "a page of which every octet counts";
static const char other[] = "another page";

static struct history *
make_history(uint64_t memory_bytes)
{
	return history_new(
		&(struct history_options){.memory_bytes = memory_bytes, .seed = 42});
}

/* Delivers a body and says what had been delivered of it before. */
static struct delivered
deliver(struct history *history, const struct making *making, bool decoded)
{
	struct exchange *x = make_exchange(making);
	struct delivered d;
	struct before before;

	if (decoded) { /* as if the page were what it decodes to */
		struct making plain = *making;
		struct exchange *y;

		plain.body = page;
		y = make_exchange(&plain);
		x->r.has_digest_decoded = true;
		x->r.digest_decoded = y->r.digest;
		x->coding_count = 1;
		exchange_free(&y);
	}
	history_open(history, x, &before);
	d = history_delivered(history, &before, x);
	history_close(history, x, &before);
	exchange_free(&x);
	return d;
}

#define ANSWER(path, at, content)                                                        \
	(&(struct making){                                                               \
		.at_s = at, .request = "GET " path, .response = "200", .body = content})

static void
names_of_a_body(void **state)
{
	struct history *history = make_history(1 << 20);
	struct delivered d = deliver(history, ANSWER("/a", 0, page), false);

	(void)state;
	assert_false(d.as_sent || d.here || d.meanwhile);
	assert_int_equal(d.elsewhere, ELSEWHERE_NONE);
	d = deliver(history, ANSWER("/a", 9, page), false);
	assert_true(d.as_sent && d.here && !d.meanwhile);
	assert_int_equal(d.elsewhere, ELSEWHERE_NONE);
	d = deliver(history, ANSWER("/b", 19, page), false);
	assert_true(d.as_sent && !d.here);
	assert_int_equal(d.elsewhere, ELSEWHERE_PATH);
	d = deliver(history, ANSWER("http://h/b", 29, page), false);
	assert_int_equal(d.elsewhere, ELSEWHERE_HOST);
	assert_int_equal(d.paths, 3);
	d = deliver(history, ANSWER("/b?x", 39, page), false);
	assert_int_equal(d.elsewhere, ELSEWHERE_QUERY);
	assert_int_equal(d.paths, 3);
	d = deliver(history, ANSWER("/b", 49, other), false);
	assert_false(d.as_sent || d.here);
	history_free(&history);
}

static void
what_is_sent_coded_is_the_same_body_and_other_octets(void **state)
{
	struct history *history = make_history(1 << 20);
	struct delivered d;

	(void)state;
	deliver(history, ANSWER("/a", 0, "coded"), true);
	d = deliver(history, ANSWER("/a", 9, "CODED"), true);
	assert_true(d.here && !d.as_sent);
	d = deliver(history, ANSWER("/a", 19, page), false);
	assert_true(d.here && !d.as_sent);
	d = deliver(history, ANSWER("/a", 29, page), false);
	assert_true(d.here && d.as_sent);
	d = deliver(history, ANSWER("/a", 39, "Coded"), true);
	assert_true(d.here && !d.as_sent);
	history_free(&history);
}

/* The times decide, not the order in which answers end. */
static void
what_was_under_way_is_not_before(void **state)
{
	struct making slow = *ANSWER("/a", 0, page);
	struct history *history = make_history(1 << 20);
	struct delivered d;

	(void)state;
	slow.lasts_ns = 5000000000;
	deliver(history, &slow, false);
	d = deliver(history, ANSWER("/a", 5, page), false);
	assert_true(!d.here && d.meanwhile && !d.as_sent);
	d = deliver(history, ANSWER("/a", 6, page), false);
	assert_true(d.here && d.as_sent && !d.meanwhile);
	history_free(&history);
}

/* An answer that was sent, but had not arrived when the client asked. */
static void
what_is_on_its_way_is_not_before(void **state)
{
	struct making far = *ANSWER("/a", 1, page);
	struct history *history = make_history(1 << 20);
	struct delivered d;

	(void)state;
	deliver(history, ANSWER("/a", 0, page), false);
	far.rtt_ns = 980000000;
	d = deliver(history, &far, false);
	assert_true(!d.here && d.meanwhile && d.as_sent);
	history_free(&history);
}

/* A hundred names of one body: the first is kept, and the newest. */
static void
names_are_few(void **state)
{
	struct history *history = make_history(1 << 20);
	char request[32];

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		struct making making = *ANSWER("", i, page);

		snprintf(request, sizeof request, "GET /%u", i);
		making.request = request;
		deliver(history, &making, false);
	}
	assert_true(deliver(history, ANSWER("/0", 200, page), false).here);
	assert_true(deliver(history, ANSWER("/99", 200, page), false).here);
	assert_false(deliver(history, ANSWER("/50", 200, page), false).here);
	assert_int_equal(history_evictions(history).delivered, 0);
	history_free(&history);
}

static void
what_is_forgotten_is_counted(void **state)
{
	struct history *history = make_history(4096);
	char body[32];

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		struct making making = *ANSWER("/a", i, body);

		snprintf(body, sizeof body, "body %u", i);
		deliver(history, &making, false);
	}
	assert_true(history_evictions(history).delivered > 0);
	history_free(&history);
}

static void
empty_bodies_are_no_news(void **state)
{
	struct history *history = make_history(1 << 20);
	struct delivered d;

	(void)state;
	deliver(history, ANSWER("/a", 0, ""), false);
	d = deliver(history, ANSWER("/a", 9, ""), false);
	assert_false(d.here || d.as_sent);
	history_free(&history);
}

int
main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(names_of_a_body),
		cmocka_unit_test(what_is_sent_coded_is_the_same_body_and_other_octets),
		cmocka_unit_test(what_was_under_way_is_not_before),
		cmocka_unit_test(what_is_on_its_way_is_not_before),
		cmocka_unit_test(names_are_few),
		cmocka_unit_test(what_is_forgotten_is_counted),
		cmocka_unit_test(empty_bodies_are_no_news),
	};

	return cmocka_run_group_tests(stories, NULL, NULL);
}
