// room: ct_ledger
/* Which lifetimes may be advised, and for what: patterns, obstacles, bounds. */
#include "analyzer/ledger/ladder.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

enum {
	PLENTY = 1 << 24,
	STEPS_MAX = 3,
	TEXT_BYTES = 512,
	DAY_S = 86400,
};

#define S_NS INT64_C(1000000000)

/* A pattern as it is after a capture, and what may be advised for it. */
struct advised {
	const char *name;
	int64_t span_s, lifetime_s;
	unsigned obstacles;
	uint64_t avoided[LADDER_RUNGS], stale[LADDER_RUNGS], unknown[LADDER_RUNGS];
	int64_t ttl_s; /* 0: nothing */
	bool is_capture_bound;
};

static const struct advised advices[] = {
	{"none of 300 is one in a hundred at most", 7200, -1, 0,
		{300, 300, 300, 300, 300, 300}, {0}, {0}, 7200, true},
	{"none of 299 is not", 7200, -1, 0, {299, 299, 299, 299, 299, 299}, {0}, {0}, 0,
		false},
	{"one of 475", 7200, -1, 0, {475, 475, 475, 475, 475, 475}, {1, 1, 1, 1, 1, 1},
		{0}, 7200, true},
	{"one of 474", 7200, -1, 0, {474, 474, 474, 474, 474, 474}, {1, 1, 1, 1, 1, 1},
		{0}, 0, false},
	{"a hundred of many", 7200, -1, 0, {12200, 12200, 12200, 12200, 12200, 12200},
		{100, 100, 100, 100, 100, 100}, {0}, 7200, true},
	{"a hundred of too few", 7200, -1, 0, {11700, 11700, 11700, 11700, 11700, 11700},
		{100, 100, 100, 100, 100, 100}, {0}, 0, false},
	{"what nobody can tell counts as stale", 7200, -1, 0,
		{300, 300, 300, 300, 300, 300}, {0}, {1, 1, 1, 1, 1, 1}, 0, false},
	{"the longest that does not go stale", 30 * DAY_S, -1, 0,
		{400, 400, 400, 500, 600, 600}, {0, 0, 0, 0, 9, 20}, {0}, DAY_S, false},
	{"longer than the capture nobody can tell", 4000, -1, 0,
		{400, 400, 400, 400, 400, 400}, {0}, {0}, 4000, true},
	{"a lifetime within the capture is whole", 4000, -1, 0,
		{400, 400, 400, 400, 400, 400}, {0, 0, 0, 9, 9, 9}, {0}, 3600, false},
	{"too few repeats", DAY_S, -1, 0, {19, 19, 19, 19, 19, 19}, {0}, {0}, 0, false},
	{"what is given already is no advice", 30 * DAY_S, DAY_S, 0,
		{400, 400, 400, 400, 400, 400}, {0, 0, 0, 0, 9, 9}, {0}, 0, false},
	{"more than is given", 30 * DAY_S, DAY_S - 1, 0, {400, 400, 400, 400, 400, 400},
		{0, 0, 0, 0, 9, 9}, {0}, DAY_S, false},
	{"a lifetime of 0 is given", 30 * DAY_S, 0, 0, {400, 400, 400, 400, 400, 400},
		{0, 0, 0, 0, 9, 9}, {0}, DAY_S, false},
	{"an obstacle", 30 * DAY_S, -1, OBSTACLE_SET_COOKIE,
		{400, 400, 400, 400, 400, 400}, {0}, {0}, 0, false},
	{"all in one second", 0, -1, 0, {400, 400, 400, 400, 400, 400}, {0}, {0}, 0,
		false},
};

static void
advise(void **state)
{
	const struct advised *row = *state;
	struct ladder_pattern pattern = {.first_ns = 5 * S_NS,
		.last_ns = (5 + row->span_s) * S_NS,
		.lifetime_s = row->lifetime_s,
		.obstacles = row->obstacles};
	struct ladder_advice advice = {0};

	for (unsigned i = 0; i < LADDER_RUNGS; i++)
		pattern.rungs[i] = (struct ladder_rung){.avoided = row->avoided[i],
			.stale = row->stale[i],
			.unknown = row->unknown[i]};
	assert_int_equal(ladder_advise(&pattern, 1, &advice), row->ttl_s != 0);
	if (!row->ttl_s)
		return;
	assert_int_equal(advice.ttl_s, row->ttl_s);
	assert_int_equal(advice.is_capture_bound, row->is_capture_bound);
	assert_true(advice.rung.avoided > 0);
}

/* Two steps of one client at least, so that the pattern has something to avoid. */
struct noted {
	const char *name;
	struct making steps[STEPS_MAX];
	const char *expected; /* host, pattern, exchanges, lifetime, obstacles in hex */
};

#define ASK(second, ask, answer)                                                         \
	{                                                                                \
		.at_s = second, .request = ask, .response = answer, .body = "octets"     \
	}

static const struct noted notes[] = {
	{"numbers in URLs are one pattern",
		{ASK(0, "GET /item/17", "200"), ASK(9, "GET /item/18", "200"),
			ASK(10, "GET /item/17", "200")},
		"example.test /item/* 3 -1 0"},
	{"hosts compare without case",
		{ASK(0, "GET /a\nHost: Example.TEST", "200"), ASK(9, "GET /a", "200")},
		"example.test /a 2 -1 0"},
	{"the longest lifetime counts",
		{ASK(0, "GET /a", "200\nCache-Control: max-age=60"),
			ASK(9, "GET /a", "200\nCache-Control: max-age=30")},
		"example.test /a 2 60 0"},
	{"an answer that must not be stored",
		{ASK(0, "GET /1", "200\nCache-Control: no-store"),
			ASK(9, "GET /2", "200"), ASK(10, "GET /2", "200")},
		"example.test /* 3 -1 1"},
	{"Set-Cookie",
		{ASK(0, "GET /a", "200\nSet-Cookie: a=1"), ASK(9, "GET /a", "200")},
		"example.test /a 2 -1 2"},
	{"Authorization",
		{ASK(0, "GET /a\nAuthorization: x", "401"), ASK(8, "GET /a", "200"),
			ASK(9, "GET /a", "200")},
		"example.test /a 3 -1 4"},
	{"Vary: Cookie",
		{ASK(0, "GET /a", "200\nVary: Accept, Cookie"), ASK(9, "GET /a", "200")},
		"example.test /a 2 -1 8"},
	{"Vary: *", {ASK(0, "GET /a", "200\nVary: *"), ASK(9, "GET /a", "200")},
		"example.test /a 2 -1 8"},
	{"a page for who has a cookie",
		{ASK(0, "GET /a\nCookie: a=1", "200\nContent-Type: text/html"),
			ASK(9, "GET /a", "200")},
		"example.test /a 2 -1 8"},
	{"a picture for who happens to have one",
		{ASK(0, "GET /a\nCookie: a=1", "200\nContent-Type: image/png"),
			ASK(9, "GET /a", "200")},
		"example.test /a 2 -1 0"},
	{"a 304 has no type",
		{ASK(0, "GET /a", "200\nContent-Type: image/png\nETag: \"1\""),
			ASK(9, "GET /a\nCookie: a=1\nIf-None-Match: \"1\"", "304")},
		"example.test /a 2 -1 0"},
	{"clients change it",
		{ASK(0, "PUT /a", "204"), ASK(8, "GET /a", "200"),
			ASK(9, "GET /a", "200")},
		"example.test /a 2 -1 10"},
	{"clients fail to change it",
		{ASK(0, "PUT /a", "403"), ASK(8, "GET /a", "200"),
			ASK(9, "GET /a", "200")},
		"example.test /a 2 -1 0"},
};

static void
add(struct ladder *ladder, struct history *history, const struct making *making,
	bool depends)
{
	struct exchange *x = make_exchange(making);
	struct before before;
	struct sighting seen;

	history_open(history, x, &before);
	seen = sighting_of(history, &before, x);
	ladder_add(ladder, &before, x, &seen,
		x->method == METHOD_GET && (x->r.status == 200 || x->r.status == 304),
		depends);
	history_close(history, x, &before);
	exchange_free(&x);
}

static void
note(void **state)
{
	const struct noted *row = *state;
	struct history_options options = {.memory_bytes = PLENTY, .seed = 7};
	struct history *history = history_new(&options);
	struct ladder *ladder = ladder_new(PLENTY, 7);
	const struct ladder_pattern *pattern;
	char text[TEXT_BYTES];

	for (unsigned i = 0; i < STEPS_MAX && row->steps[i].request; i++)
		add(ladder, history, &row->steps[i], false);
	assert_int_equal(ladder_patterns(ladder, &pattern, 1), 1);
	snprintf(text, sizeof text, "%.*s %.*s %d %d %x", (int)pattern->host.n,
		(const char *)pattern->host.at, (int)pattern->pattern.n,
		(const char *)pattern->pattern.at, (int)pattern->exchanges,
		(int)pattern->lifetime_s, pattern->obstacles);
	assert_string_equal(text, row->expected);
	ladder_free(&ladder);
	history_free(&history);
}

/* The patterns with most to avoid, in that order, ties by name. */
static void
ranked(void **state)
{
	static const char *const expected[] = {"/d", "/e", "/b"};
	const struct making steps[] = {ASK(0, "GET /a", "200"), ASK(0, "GET /c", "200"),
		ASK(1, "GET /c", "200"), ASK(2, "GET /b", "200"), ASK(3, "GET /b", "200"),
		ASK(4, "GET /d", "200"), ASK(5, "GET /d", "200"), ASK(6, "GET /d", "200"),
		ASK(7, "GET /e\nX: 1", "200"), ASK(8, "GET /e\nX:", "200")};
	struct history_options options = {.memory_bytes = PLENTY, .seed = 7};
	struct history *history = history_new(&options);
	struct ladder *ladder = ladder_new(PLENTY, 7);
	const struct ladder_pattern *rows[STEPS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		add(ladder, history, &steps[i], false);
	assert_int_equal(ladder_patterns(ladder, rows, 0), 0);
	assert_int_equal(ladder_patterns(ladder, rows, STEPS_MAX), STEPS_MAX);
	for (unsigned i = 0; i < STEPS_MAX; i++)
		rows_assert_slice(rows[i]->pattern, expected[i]);
	assert_ptr_equal(ladder_find(ladder, SLICE("example.test/e")), rows[1]);
	assert_non_null(ladder_find(ladder, SLICE("example.test/a")));
	assert_null(ladder_find(ladder, SLICE("example.test/f")));
	assert_null(ladder_find(ladder, SLICE("example.test")));
	ladder_free(&ladder);
	history_free(&history);
}

/* A cookie is an obstacle where another client got something else. */
static void
cookies(void **state)
{
	const struct making picture = ASK(
		0, "GET /a\nCookie: a=1", "200\nContent-Type: image/png");
	struct history_options options = {.memory_bytes = PLENTY, .seed = 7};
	struct history *history = history_new(&options);
	struct ladder *ladder = ladder_new(PLENTY, 7);
	const struct ladder_pattern *row;

	(void)state;
	add(ladder, history, &picture, false);
	add(ladder, history, &picture, false);
	assert_int_equal(ladder_patterns(ladder, &row, 1), 1);
	assert_int_equal(row->obstacles, 0);
	add(ladder, history, &picture, true);
	assert_int_equal(row->obstacles, OBSTACLE_COOKIE);
	ladder_free(&ladder);
	history_free(&history);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
	} order[] = {{"patterns come by what they could avoid, and by name all"}},
	  others[] = {{"another client got something else"}};

	rows_filter(argc, argv);
	return ROWS_RUN(advices, advise) + ROWS_RUN(notes, note) +
	       ROWS_RUN(order, ranked) + ROWS_RUN(others, cookies);
}
