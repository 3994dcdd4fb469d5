// room: ct_history
/* Signs that a client key is several caches, and what is known of tags and hops. */
#include "analyzer/history/history.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

enum {
	STEPS_MAX = 8,
	MEMORY_BYTES = 1 << 20
};

#define HOUR 3600

struct step {
	int64_t at_s;
	const char *request, *response; /* no request: no more */
	const char *agent;
};

struct sign_row {
	const char *name;
	struct step steps[STEPS_MAX];
	unsigned shown; /* bits by enum client_sign */
};

#define A "0123456789abcdef"
#define B "fedcba9876543210"
#define XFF "\nX-Forwarded-For: "
#define INM "\nIf-None-Match: "

static const struct sign_row signs[] = {
	{"one ordinary client", {{0, "GET /a", "200", NULL}, {1, "GET /b", "200", NULL}},
		0},
	{"Via", {{0, "GET /a\nVia: 1.1 p", "200", NULL}}, 1 << SIGN_VIA},
	{"two senders",
		{{0, "GET /a" XFF "192.0.2.1", "200", NULL},
			{1, "GET /a" XFF "192.0.2.2", "200", NULL}},
		1 << SIGN_FORWARDED},
	{"one sender twice",
		{{0, "GET /a" XFF "192.0.2.1", "200", NULL},
			{1, "GET /a" XFF "192.0.2.1", "200", NULL}},
		0},
	{"a sender, then none",
		{{0, "GET /a" XFF "192.0.2.1", "200", NULL}, {1, "GET /a", "200", NULL}},
		0},
	{"two sessions by turns",
		{{0, "GET /a\nCookie: s=" A, "200", NULL},
			{1, "GET /a\nCookie: s=" B, "200", NULL},
			{2, "GET /a\nCookie: s=" A, "200", NULL},
			{3, "GET /a\nCookie: s=" B, "200", NULL}},
		1 << SIGN_CREDENTIALS},
	{"a session that comes back once",
		{{0, "GET /a\nCookie: s=" A, "200", NULL},
			{1, "GET /a\nCookie: s=" B, "200", NULL},
			{2, "GET /a\nCookie: s=" A, "200", NULL}},
		0},
	{"a session that is replaced",
		{{0, "GET /a\nCookie: s=" A, "200", NULL},
			{1, "GET /a\nCookie: s=" B, "200", NULL},
			{2, "GET /a\nCookie: s=" B, "200", NULL}},
		0},
	{"turns of a short value are a setting",
		{{0, "GET /a\nCookie: s=x", "200", NULL},
			{1, "GET /a\nCookie: s=y", "200", NULL},
			{2, "GET /a\nCookie: s=x", "200", NULL},
			{3, "GET /a\nCookie: s=y", "200", NULL}},
		0},
	{"turns in the course of days",
		{{0, "GET /a\nCookie: s=" A, "200", NULL},
			{9 * HOUR, "GET /a\nCookie: s=" B, "200", NULL},
			{18 * HOUR, "GET /a\nCookie: s=" A, "200", NULL},
			{27 * HOUR, "GET /a\nCookie: s=" B, "200", NULL}},
		0},
	{"every host has its own cookie",
		{{0, "GET /a\nHost: a.test\nCookie: s=" A, "200", NULL},
			{1, "GET /a\nHost: b.test\nCookie: s=" B, "200", NULL},
			{2, "GET /a\nHost: a.test\nCookie: s=" A, "200", NULL},
			{3, "GET /a\nHost: b.test\nCookie: s=" B, "200", NULL}},
		0},
	{"two users by turns",
		{{0, "GET /a\nAuthorization: Basic YTpi", "200", NULL},
			{1, "GET /a\nAuthorization: Basic YTpj", "200", NULL},
			{2, "GET /a\nAuthorization: Basic YTpi", "200", NULL},
			{3, "GET /a\nAuthorization: Basic YTpj", "200", NULL}},
		1 << SIGN_CREDENTIALS},
	{"two tags by turns",
		{{0, "GET /a" INM "\"1\"", "304", NULL},
			{1, "GET /a" INM "\"2\"", "304", NULL},
			{2, "GET /a" INM "\"1\"", "304", NULL}},
		1 << SIGN_TAGS},
	{"it was given the tag it goes back to",
		{{0, "GET /a" INM "\"1\"", "200\nETag: \"2\"", NULL},
			{1, "GET /a" INM "\"2\"", "200\nETag: \"1\"", NULL},
			{2, "GET /a" INM "\"1\"", "304", NULL}},
		0},
	{"two tags of two resources",
		{{0, "GET /a" INM "\"1\"", "304", NULL},
			{1, "GET /b" INM "\"2\"", "304", NULL},
			{2, "GET /a" INM "\"1\"", "304", NULL}},
		0},
};

static void
play(struct history *history, const struct step *step)
{
	struct exchange *x = make_exchange(&(struct making){.at_s = step->at_s,
		.request = step->request,
		.response = step->response,
		.body = strncmp(step->response, "200", 3) == 0 ? "octets" : NULL,
		.agent = step->agent});
	struct before before;

	history_open(history, x, &before);
	history_close(history, x, &before);
	exchange_free(&x);
}

static struct history *
new_history(void)
{
	return history_new(
		&(struct history_options){.memory_bytes = MEMORY_BYTES, .seed = 7});
}

static void
shows(void **state)
{
	const struct sign_row *row = *state;
	struct history *history = new_history();
	const struct clients_summary *clients = history_clients(history);

	for (size_t i = 0; i < STEPS_MAX && row->steps[i].request; i++)
		play(history, &row->steps[i]);
	assert_int_equal(clients->keys, 1);
	assert_int_equal(clients->shared, row->shown != 0);
	for (enum client_sign sign = 0; sign < SIGN_COUNT; sign++)
		assert_int_equal(clients->by_sign[sign], row->shown >> sign & 1);
	history_free(&history);
}

/* As many User-Agents behind one address, so far apart. */
static struct clients_summary
crowd(unsigned agents, int64_t apart_s)
{
	struct history *history = new_history();
	struct clients_summary clients;
	char agent[16];

	for (unsigned i = 0; i < agents; i++) {
		snprintf(agent, sizeof agent, "t/%u", i);
		play(history, &(struct step){i * apart_s, "GET /a", "200", agent});
	}
	clients = *history_clients(history);
	history_free(&history);
	return clients;
}

static void
more_than_twenty_agents_in_an_hour(void **state)
{
	(void)state;
	assert_int_equal(crowd(20, 1).shared, 0);
	assert_int_equal(crowd(21, 1).shared, 1);
	assert_int_equal(crowd(22, 1).by_sign[SIGN_AGENTS], 2);
	assert_int_equal(crowd(21, HOUR / 20 + 1).shared, 0);
}

static void
agents_of_an_address_are_counted(void **state)
{
	(void)state;
	assert_int_equal(crowd(3, 1).addresses_by_agents[3], 1);
	assert_int_equal(crowd(64, 1).addresses_by_agents[64], 1);
	assert_int_equal(crowd(200, 1).addresses_by_agents[64], 1);
	assert_int_equal(crowd(200, 1).addresses_by_agents[63], 0);
}

static void
what_was_booked_before_the_sign_is_shared(void **state)
{
	struct clients *clients = clients_new(MEMORY_BYTES, 7);
	const struct client_rule rule = {0};
	struct exchange *x = make_exchange(&(struct making){.request = "GET /a"});
	struct client client = client_of(&rule, 7, x);

	(void)state;
	clients_see(clients, &client, x);
	clients_book(clients, client.key, 100, HABIT_NONE);
	assert_int_equal(clients_summary(clients)->t2_shared_octets, 0);
	client.via = true;
	assert_int_equal(clients_see(clients, &client, x), 1);
	assert_int_equal(clients_summary(clients)->t2_shared_octets, 100);
	clients_book(clients, client.key, 11, HABIT_NONE);
	assert_int_equal(clients_summary(clients)->t2_shared_octets, 111);
	clients_free(&clients);
	exchange_free(&x);
}

static void
a_key_that_asks_has_a_cache(void **state)
{
	struct clients *clients = clients_new(MEMORY_BYTES, 7);
	const struct client_rule rule = {0};
	struct exchange *x = make_exchange(&(struct making){.request = "GET /a"});
	struct client client = client_of(&rule, 7, x);

	(void)state;
	clients_see(clients, &client, x);
	clients_book(clients, client.key, 0, HABIT_NONE);
	assert_int_equal(clients_summary(clients)->cacheless, 0);
	clients_book(clients, client.key, 0, HABIT_REFETCHES);
	clients_book(clients, client.key, 0, HABIT_REFETCHES);
	assert_int_equal(clients_summary(clients)->cacheless, 1);
	clients_book(clients, client.key, 0, HABIT_ASKS);
	clients_book(clients, client.key, 0, HABIT_REFETCHES);
	assert_int_equal(clients_summary(clients)->cacheless, 0);
	clients_free(&clients);
	exchange_free(&x);
}

struct tag_row {
	const char *name;
	struct step steps[STEPS_MAX]; /* the last one is looked at before its answer */
	bool known, own;
};

#define OTHER "u/2"

static const struct tag_row tags[] = {
	{"nobody was given it", {{0, "GET /a" INM "\"1\"", "304", NULL}}, false, false},
	{"it was given",
		{{0, "GET /a", "200\nETag: \"1\"", NULL},
			{1, "GET /a" INM "\"1\"", "304", NULL}},
		true, true},
	{"somebody else was given it",
		{{0, "GET /a", "200\nETag: \"1\"", OTHER},
			{1, "GET /a" INM "\"1\"", "304", NULL}},
		true, false},
	{"it was given and replaced",
		{{0, "GET /a", "200\nETag: \"1\"", NULL},
			{1, "GET /a", "200\nETag: \"2\"", NULL},
			{2, "GET /a" INM "\"1\"", "304", NULL}},
		true, true},
	{"a 304 gave it, another the body",
		{{0, "GET /a" INM "\"1\"", "304\nETag: \"1\"", NULL},
			{1, "GET /a", "200\nETag: \"1\"", OTHER},
			{2, "GET /a" INM "\"1\"", "304", NULL}},
		true, true},
	{"the tag of another resource",
		{{0, "GET /b", "200\nETag: \"1\"", NULL},
			{1, "GET /a" INM "\"1\"", "304", NULL}},
		false, false},
	{"one of several",
		{{0, "GET /a", "200\nETag: \"2\"", NULL},
			{1, "GET /a" INM "\"1\", \"2\"", "304", NULL}},
		true, true},
	{"a weak tag is the same",
		{{0, "GET /a", "200\nETag: \"1\"", NULL},
			{1, "GET /a" INM "W/\"1\"", "304", NULL}},
		true, true},
};

static void
knows(void **state)
{
	const struct tag_row *row = *state;
	struct history *history = new_history();
	struct exchange *x = NULL;
	struct before before;
	size_t last = 0;

	while (last + 1 < STEPS_MAX && row->steps[last + 1].request)
		play(history, &row->steps[last++]);
	x = make_exchange(&(struct making){
		.at_s = row->steps[last].at_s, .request = row->steps[last].request});
	history_open(history, x, &before);
	exchange_free(&x);
	history_free(&history);
	assert_int_equal(before.asks_known, row->known);
	assert_int_equal(before.asks_own, row->own);
}

struct hop_row {
	const char *name;
	unsigned inner_client; /* last octet; the outer server is 10.0.0.80 */
	unsigned inner_port;
	int64_t late_ns; /* how long after the outer one the inner begins */
	const char *inner_body;
	unsigned pairs;
};

static const struct hop_row hops[] = {
	{"through a proxy", 80, 8080, 1000000, "octets", 1},
	{"from somewhere else", 7, 8080, 1000000, "octets", 0},
	{"to the same server", 80, 80, 1000000, "octets", 0},
	{"too late", 80, 8080, 30000000, "octets", 0},
	{"before it", 80, 8080, -1000000, "octets", 0},
	{"other octets", 80, 8080, 1000000, "Octets", 0},
};

static struct exchange *
hop(unsigned client, unsigned port, int64_t late_ns, int64_t lasts_ns, const char *body)
{
	struct exchange *x = make_exchange(&(struct making){.request = "GET /a",
		.response = "200",
		.body = body,
		.client = client,
		.server_port = port});

	x->connection = port;
	x->q.first.ts_ns += late_ns;
	x->r.last.ts_ns = x->q.first.ts_ns + lasts_ns;
	x->server.address = x->client.address;
	x->server.address.octets[15] = 80;
	return x;
}

static void
passes_on(void **state)
{
	const struct hop_row *row = *state;
	struct history *history = new_history();
	struct exchange *outer = hop(1, 80, 0, 50000000, "octets");
	struct exchange *inner = hop(row->inner_client, row->inner_port, row->late_ns,
		40000000, row->inner_body);
	struct before before[2];

	history_open(history, outer, &before[0]);
	history_open(history, inner, &before[1]);
	history_close(history, inner, &before[1]);
	history_close(history, outer, &before[0]);
	assert_int_equal(history_hops(history)->pairs, row->pairs);
	if (row->pairs)
		assert_int_equal(history_hops(history)->outer.port, 80);
	history_free(&history);
	exchange_free(&outer);
	exchange_free(&inner);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_than_twenty_agents_in_an_hour),
		cmocka_unit_test(agents_of_an_address_are_counted),
		cmocka_unit_test(what_was_booked_before_the_sign_is_shared),
		cmocka_unit_test(a_key_that_asks_has_a_cache),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(signs, shows);
	failed += ROWS_RUN(tags, knows);
	failed += ROWS_RUN(hops, passes_on);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed != 0;
}
