// room: ct_history
/* Who is one client: what a rule makes of requests, and how the key is printed. */
#include "analyzer/history/client.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

static struct slice
text(const char *s)
{
	return slice_of(s, strlen(s));
}

/* Peers of make_exchange() are 10.0.0.N. */
struct walk_row {
	const char *name, *trusted, *lines; /* of the request */
	const char *client;		    /* as printed */
};

static const struct walk_row walks[] = {
	{"no field", "10.0.0.1", "", "10.0.0.1 t/1"},
	{"one hop", "10.0.0.1", "\nX-Forwarded-For: 198.51.100.7", "198.51.100.7 t/1"},
	{"the peer is not trusted", "10.0.0.2", "\nX-Forwarded-For: 198.51.100.7",
		"10.0.0.1 t/1"},
	{"what the client claims is not believed", "10.0.0.1",
		"\nX-Forwarded-For: 192.0.2.1, 198.51.100.7", "198.51.100.7 t/1"},
	{"trusted hops are skipped", "10.0.0.0/8",
		"\nX-Forwarded-For: 192.0.2.1, 198.51.100.7, 10.1.1.1, 10.2.2.2",
		"198.51.100.7 t/1"},
	{"all are trusted: the first", "10.0.0.0/8",
		"\nX-Forwarded-For: 10.1.1.1, 10.2.2.2", "10.1.1.1 t/1"},
	{"an element that is no address ends the walk", "10.0.0.0/8",
		"\nX-Forwarded-For: 198.51.100.7, unknown, 10.2.2.2", "10.2.2.2 t/1"},
	{"the last element is no address", "10.0.0.0/8",
		"\nX-Forwarded-For: 198.51.100.7, evil", "10.0.0.1 t/1"},
	{"several lines are one", "10.0.0.0/8",
		"\nX-Forwarded-For: 198.51.100.7\nX-Forwarded-For: 10.2.2.2",
		"198.51.100.7 t/1"},
	{"IPv6 with a port", "10.0.0.1", "\nX-Forwarded-For: [2001:db8::7]:4711",
		"2001:db8::7 t/1"},
	{"Forwarded", "10.0.0.1",
		"\nForwarded: for=192.0.2.1, proto=http;for=\"[2001:db8::7]\"",
		"2001:db8::7 t/1"},
	{"a hidden name in Forwarded", "10.0.0.1", "\nForwarded: for=_mdn",
		"10.0.0.1 t/1"},
	{"X-Forwarded-For goes before Forwarded", "10.0.0.1",
		"\nForwarded: for=192.0.2.1\nX-Forwarded-For: 198.51.100.7",
		"198.51.100.7 t/1"},
};

static void
walks_to(void **state)
{
	const struct walk_row *row = *state;
	struct network network;
	struct client_rule rule = {CLIENT_BY_XFF, {NULL, 0}, &network, 1};
	char request[512];
	struct exchange *x;
	struct out name;

	assert_true(network_parse(text(row->trusted), &network));
	snprintf(request, sizeof request, "GET /a%s", row->lines);
	x = make_exchange(&(struct making){.request = request});
	out_init_memory(&name);
	client_write(&name, &rule, x, 1);
	rows_assert_slice(out_contents(&name), row->client);
	out_fini(&name);
	exchange_free(&x);
}

struct key_row {
	const char *name, *rule;
	struct making a, b;
	bool same;
	const char *printed; /* b, number 2 */
};

static const struct key_row keys[] = {
	{"another address", "ip-ua", {.request = "GET /a"},
		{.request = "GET /a", .client = 2}, false, "10.0.0.2 t/1"},
	{"another User-Agent", "ip-ua", {.request = "GET /a"},
		{.request = "GET /a", .agent = "t/2"}, false, "10.0.0.1 t/2"},
	{"another cookie is no other client", "ip-ua", {.request = "GET /a\nCookie: s=1"},
		{.request = "GET /a\nCookie: s=2"}, true, "10.0.0.1 t/1"},
	{"X-Forwarded-For is not asked", "ip-ua",
		{.request = "GET /a\nX-Forwarded-For: 192.0.2.1"},
		{.request = "GET /a\nX-Forwarded-For: 192.0.2.2"}, true, "10.0.0.1 t/1"},
	{"the address alone", "ip", {.request = "GET /a"},
		{.request = "GET /a", .agent = "t/2"}, true, "10.0.0.1"},
	{"another cookie of the name", "cookie:s", {.request = "GET /a\nCookie: s=1"},
		{.request = "GET /a\nCookie: s=2"}, false, "10.0.0.1 t/1 #2"},
	{"cookies of other names do not count", "cookie:s",
		{.request = "GET /a\nCookie: a=1; s=1"},
		{.request = "GET /a\nCookie: s=1; a=2"}, true, "10.0.0.1 t/1 #2"},
	{"the first of equal names", "cookie:s", {.request = "GET /a\nCookie: s=1; s=2"},
		{.request = "GET /a\nCookie: s=1; s=3"}, true, "10.0.0.1 t/1 #2"},
	{"a second line of Cookie", "cookie:s",
		{.request = "GET /a\nCookie: a=1\nCookie: s=1"},
		{.request = "GET /a\nCookie: a=1; s=1"}, true, "10.0.0.1 t/1 #2"},
	{"names of cookies have a case", "cookie:s", {.request = "GET /a\nCookie: s=1"},
		{.request = "GET /a\nCookie: S=1"}, false, "10.0.0.1 t/1"},
	{"no cookie is a client of its own", "cookie:s",
		{.request = "GET /a\nCookie: s="}, {.request = "GET /a"}, false,
		"10.0.0.1 t/1"},
	{"another cookie and another address", "cookie:s",
		{.request = "GET /a\nCookie: s=1"},
		{.request = "GET /a\nCookie: s=1", .client = 2}, false,
		"10.0.0.2 t/1 #2"},
	{"another Authorization", "authorization",
		{.request = "GET /a\nAuthorization: Basic YTpi"},
		{.request = "GET /a\nAuthorization: Basic YTpj"}, false,
		"10.0.0.1 t/1 #2"},
	{"the same Authorization", "authorization",
		{.request = "GET /a\nAuthorization: Basic YTpi"},
		{.request = "GET /b\nAuthorization: Basic YTpi"}, true,
		"10.0.0.1 t/1 #2"},
};

static void
keeps_apart(void **state)
{
	const struct key_row *row = *state;
	struct client_rule rule = {0};
	struct exchange *a = make_exchange(&row->a), *b = make_exchange(&row->b);
	struct out name;

	assert_true(client_rule_parse(text(row->rule), &rule));
	assert_int_equal(key_eq(client_of(&rule, 7, a).key, client_of(&rule, 7, b).key),
		row->same);
	out_init_memory(&name);
	client_write(&name, &rule, b, 2);
	rows_assert_slice(out_contents(&name), row->printed);
	out_fini(&name);
	exchange_free(&a);
	exchange_free(&b);
}

static void
connections_are_clients(void **state)
{
	const struct client_rule rule = {.by = CLIENT_BY_CONN};
	struct exchange *a = make_exchange(&(struct making){.request = "GET /a"});
	struct exchange *b = make_exchange(
		&(struct making){.request = "GET /a", .agent = "t/2"});

	(void)state;
	assert_true(key_eq(client_of(&rule, 7, a).key, client_of(&rule, 7, b).key));
	b->connection = a->connection + 1;
	assert_false(key_eq(client_of(&rule, 7, a).key, client_of(&rule, 7, b).key));
	exchange_free(&a);
	exchange_free(&b);
}

struct sign_row {
	const char *name, *lines;
	bool forwarded, credentials, via;
};

static const struct sign_row signs[] = {
	{"nothing", "", false, false, false},
	{"all of it was written by trusted machines",
		"\nX-Forwarded-For: 198.51.100.7, 10.0.0.3", false, false, false},
	{"the client named another",
		"\nX-Forwarded-For: 192.0.2.1, 198.51.100.7, 10.0.0.3", true, false,
		false},
	{"a cookie", "\nCookie: a=1", false, true, false},
	{"Authorization", "\nAuthorization: Bearer x", false, true, false},
	{"Via", "\nVia: 1.1 p", false, false, true},
};

static void
shows(void **state)
{
	const struct sign_row *row = *state;
	struct network network;
	struct client_rule rule = {CLIENT_BY_XFF, {NULL, 0}, &network, 1};
	char request[512];
	struct exchange *x;
	struct client client;

	assert_true(network_parse(SLICE("10.0.0.0/8"), &network));
	snprintf(request, sizeof request, "GET /a%s", row->lines);
	x = make_exchange(&(struct making){.request = request});
	client = client_of(&rule, 7, x);
	exchange_free(&x);
	assert_int_equal(client.forwarded != 0, row->forwarded);
	assert_int_equal(client.credentials != 0, row->credentials);
	assert_int_equal(client.via, row->via);
}

static void
rules_that_are_none(void **state)
{
	static const char *const bad[] = {"", "ip-", "IP", "cookie", "cookie:", "xff:1"};
	struct client_rule rule = {0};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(client_rule_parse(text(bad[i]), &rule));
	assert_true(client_rule_parse(SLICE("cookie:a"), &rule));
	rows_assert_slice(rule.cookie, "a");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_are_clients),
		cmocka_unit_test(rules_that_are_none),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(walks, walks_to);
	failed += ROWS_RUN(keys, keeps_apart);
	failed += ROWS_RUN(signs, shows);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed != 0;
}
