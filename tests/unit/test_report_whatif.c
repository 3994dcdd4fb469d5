// room: ct_report
/* How simulations are told, on the page and in JSON. */
#include "analyzer/report/report_whatif.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

enum {
	PLENTY = 1 << 24
};

struct row {
	const char *name;
	uint64_t capacities[2]; /* up to a 0 */
	int64_t repeat_s;	/* when the page is asked for again; 0: never */
	int64_t duration_s;
	const char *there[4], *not_there[3];
};

static const struct row pages[] = {
	{"nothing asked, nothing told", {0}, -1, 9, {NULL}, {"What if"}},
	{"a hit", {0}, 5, 9,
		{"room for everything", "50.0 %",
			"1 minute or any time longer than the capture"},
		{"LRU", "5 minutes"}},
	{"a cache of some size", {1000}, 5, 9, {"LRU of 1.00 kB", "1 minute or any"},
		{0}},
	{"lifetimes within a capture", {0}, 5, 4000,
		{"1 minute  ", "5 minutes  ", "1 hour  ",
			"1 day or any time longer than the capture"},
		{"7 days"}},
	{"nothing to avoid", {0}, 0, 9, {"room for everything"}, {"kept for"}},
};

static const struct row objects[] = {
	{"rates of nothing are null", {0}, -1, 9,
		{"\"request_hit_strict\":null", "\"byte_hit\":null",
			"\"31536000\":{\"avoided\":0,\"avoided_octets\":0,\"stale\":0}"},
		{"\"lru\""}},
	{"the first capacity is the cache of its own", {1000, 60}, 5, 9,
		{"\"lru\":{\"requests\":2,\"fresh_hits\":1",
			"\"60\":{\"avoided\":1,\"avoided_octets\":",
			"\"lighthouse_wasted_octets\":0"},
		{0}},
	{"the curve has them all", {1000, 60}, 5, 9,
		{"\"infinite\":{\"request_hit_strict\":{\"num\":1,\"den\":2",
			"\"1000\":{\"request_hit_strict\":{\"num\":1,\"den\":2",
			"\"60\":{\"request_hit_strict\":{\"num\":0,\"den\":2"},
		{0}},
};

static void
ask(struct whatif *whatif, struct history *history, int64_t at_s)
{
	struct making making = {.request = "GET /a",
		.response = "200\nCache-Control: max-age=600",
		.body = "octets",
		.at_s = at_s};
	struct exchange *x = make_exchange(&making);
	struct verdict verdict = {.outcome = OUTCOME_FULL};
	struct before before;

	history_open(history, x, &before);
	whatif_open(whatif, x, &before);
	whatif_close(whatif, history, &before, x, &verdict);
	history_close(history, x, &before);
	exchange_free(&x);
}

static struct whatif *
simulate(const struct row *row)
{
	struct history_options history_options = {.memory_bytes = PLENTY, .seed = 7};
	struct history *history = history_new(&history_options);
	struct whatif_options options = {0};
	struct whatif *whatif;

	while (options.shared_lru_count < 2 &&
		row->capacities[options.shared_lru_count]) {
		options.shared_lru_octets[options.shared_lru_count] =
			row->capacities[options.shared_lru_count];
		options.shared_lru_count++;
	}
	whatif = whatif_new(&options, PLENTY, 7);
	if (row->repeat_s >= 0)
		ask(whatif, history, 0);
	if (row->repeat_s > 0)
		ask(whatif, history, row->repeat_s);
	history_free(&history);
	return whatif;
}

static void
assert_told(const struct row *row, struct out *out)
{
	const char *text;

	out_octet(out, '\0');
	text = (const char *)out_contents(out).at;
	for (size_t i = 0; i < 4 && row->there[i]; i++)
		if (!strstr(text, row->there[i]))
			fail_msg("no \"%s\" in %s", row->there[i], text);
	for (size_t i = 0; i < 3 && row->not_there[i]; i++)
		if (strstr(text, row->not_there[i]))
			fail_msg("\"%s\" is in %s", row->not_there[i], text);
}

static void
told_on_the_page(void **state)
{
	const struct row *row = *state;
	struct whatif *whatif = simulate(row);
	struct counters counters = {.last_ns = row->duration_s * INT64_C(1000000000)};
	struct report report = {.whatif = whatif, .counters = &counters};
	struct out out;
	struct page page = {.out = &out};

	out_init_memory(&out);
	report_whatif_text(&page, &report);
	assert_told(row, &out);
	out_fini(&out);
	whatif_free(&whatif);
}

static void
told_in_json(void **state)
{
	const struct row *row = *state;
	struct whatif *whatif = simulate(row);
	struct report report = {.whatif = whatif};
	struct out out;
	struct json json;

	out_init_memory(&out);
	json_init(&json, &out, false);
	json_object(&json);
	report_whatif_metrics(&json, &report);
	report_whatif_more(&json, &report);
	json_end(&json);
	assert_told(row, &out);
	out_fini(&out);
	whatif_free(&whatif);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(pages, told_on_the_page) + ROWS_RUN(objects, told_in_json);
}
