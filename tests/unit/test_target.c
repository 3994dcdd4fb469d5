// room: ct_parsers
/* Request targets in their four forms, and authorities without default ports. */
#include "parsers/target.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *method, *value;
	enum target_form form;
	const char *scheme, *authority, *path_query;
};

static const struct row valid[] = {
	{"origin-form", "GET", "/a?b", TARGET_ORIGIN, NULL, NULL, "/a?b"},
	{"fragment is cut off", "GET", "/a?b#c", TARGET_ORIGIN, NULL, NULL, "/a?b"},
	{"two slashes begin a path", "GET", "//h/a", TARGET_ORIGIN, NULL, NULL, "//h/a"},
	{"octets stay as sent", "GET", "/%7e/../\xc3\xa9", TARGET_ORIGIN, NULL, NULL,
		"/%7e/../\xc3\xa9"},
	{"URI in a query is no absolute-form", "GET", "/?u=http://h/", TARGET_ORIGIN,
		NULL, NULL, "/?u=http://h/"},
	{"absolute-form", "GET", "http://h:81/a?b", TARGET_ABSOLUTE, "http", "h:81",
		"/a?b"},
	{"https", "GET", "HTTPS://H/", TARGET_ABSOLUTE, "HTTPS", "H", "/"},
	{"no path is /", "GET", "http://h", TARGET_ABSOLUTE, "http", "h", "/"},
	{"fragment instead of a path", "GET", "http://h#x", TARGET_ABSOLUTE, "http", "h",
		"/"},
	{"query without a path", "GET", "http://h?q=/", TARGET_ABSOLUTE, "http", "h",
		"?q=/"},
	{"userinfo is dropped", "GET", "http://u:p@h/a@b", TARGET_ABSOLUTE, "http", "h",
		"/a@b"},
	{"last @ ends the userinfo", "GET", "http://u@v@h/", TARGET_ABSOLUTE, "http", "h",
		"/"},
	{"IPv6 literal", "GET", "http://[::1]:8080/", TARGET_ABSOLUTE, "http",
		"[::1]:8080", "/"},
	{"scheme with plus, dash and dot", "GET", "a+b-c.d1://h/", TARGET_ABSOLUTE,
		"a+b-c.d1", "h", "/"},
	{"empty authority", "GET", "file:///a", TARGET_ABSOLUTE, "file", "", "/a"},
	{"authority-form", "CONNECT", "h:443", TARGET_AUTHORITY, NULL, "h:443", NULL},
	{"asterisk-form", "OPTIONS", "*", TARGET_ASTERISK, NULL, NULL, "*"},
};

static const struct row invalid[] = {
	{"nothing", "GET", "", TARGET_OTHER, NULL, NULL, ""},
	{"no slash", "GET", "a/b", TARGET_OTHER, NULL, NULL, "a/b"},
	{"authority without CONNECT", "GET", "h:443", TARGET_OTHER, NULL, NULL, "h:443"},
	{"query alone", "GET", "?q", TARGET_OTHER, NULL, NULL, "?q"},
	{"scheme that begins with a digit", "GET", "1http://h/", TARGET_OTHER, NULL, NULL,
		"1http://h/"},
	{"no scheme", "GET", "://h/", TARGET_OTHER, NULL, NULL, "://h/"},
	{"scheme with one slash", "GET", "http:/h", TARGET_OTHER, NULL, NULL, "http:/h"},
	{"scheme that breaks off", "GET", "http:/", TARGET_OTHER, NULL, NULL, "http:/"},
	{"star and more", "OPTIONS", "*a", TARGET_OTHER, NULL, NULL, "*a"},
	{"connect in lower case is another method", "connect", "h:443", TARGET_OTHER,
		NULL, NULL, "h:443"},
};

static void
parses(void **state)
{
	const struct row *row = *state;
	struct guard guard = {0};
	struct target target = target_parse(
		guard_slice(&guard, row->value, strlen(row->value)),
		slice_of(row->method, strlen(row->method)));

	assert_int_equal(target.form, row->form);
	rows_assert_slice(target.scheme, row->scheme);
	rows_assert_slice(target.authority, row->authority);
	rows_assert_slice(target.path_query, row->path_query);
	guard_fini(&guard);
}

struct host {
	const char *name, *authority, *scheme, *host;
};

static const struct host hosts[] = {
	{"no port", "h.test", "http", "h.test"},
	{"port of http", "h.test:80", "http", "h.test"},
	{"port of http without a scheme", "h.test:80", "", "h.test"},
	{"port of https without a scheme stays", "h.test:443", "", "h.test:443"},
	{"port of https", "h.test:443", "HTTPS", "h.test"},
	{"port of http with https stays", "h.test:80", "https", "h.test:80"},
	{"other port stays", "h.test:8080", "http", "h.test:8080"},
	{"leading zero is the same port", "h.test:080", "http", "h.test"},
	{"empty port goes", "h.test:", "http", "h.test"},
	{"empty port of another scheme goes", "h.test:", "ftp", "h.test"},
	{"other schemes have no default here", "h.test:80", "ws", "h.test:80"},
	{"text for a port stays", "h.test:http", "http", "h.test:http"},
	{"IPv6 literal with the port", "[::80]:80", "http", "[::80]"},
	{"IPv6 literal without a port", "[::80]", "http", "[::80]"},
	{"bare IPv6 address has no port", "::80", "http", "::80"},
	{"bracket that never closes", "[::1:80", "http", "[::1:80"},
	{"port alone", ":80", "http", ""},
	{"userinfo is dropped", "u:p@h.test:80", "http", "h.test"},
	{"nothing", "", "http", ""},
};

static void
drops_port(void **state)
{
	const struct host *row = *state;
	struct guard guards[2] = {{0}};
	struct slice authority = guard_slice(
		&guards[0], row->authority, strlen(row->authority));
	struct slice scheme = guard_slice(&guards[1], row->scheme, strlen(row->scheme));

	rows_assert_slice(target_host_without_default_port(authority, scheme), row->host);
	guard_fini(&guards[0]);
	guard_fini(&guards[1]);
}

struct plain {
	const char *name, *host, *target;
	bool host_is_plain, target_is_plain;
};

static const struct plain plains[] = {
	{"as usual", "www.h-1.test", "/a/B_9.js?v=1&w=2", true, true},
	{"four octets at a time, and one", "h.tes", "/1234", true, true},
	{"nothing", "", "", false, false},
	{"port, escape at the end", "h.test:80", "/a%20", false, false},
	{"literal, no path", "[::1]", "a/b", false, false},
	{"underscore, comma", "a_b", "/a,b", false, false},
	{"first octet", ":h.te", "*/bcd", false, false},
	{"obs-text, blank", "h\xff.t", "/a b", false, false},
	{"userinfo, absolute form", "u@h", "http://h/", false, false},
	{"slash is of a target only", "h/t", "//h/t", false, true},
};

static void
tells_plain(void **state)
{
	const struct plain *row = *state;
	struct guard guards[2] = {{0}};

	assert_int_equal(target_host_is_plain(
				 guard_slice(&guards[0], row->host, strlen(row->host))),
		row->host_is_plain);
	assert_int_equal(target_is_plain(guard_slice(
				 &guards[1], row->target, strlen(row->target))),
		row->target_is_plain);
	guard_fini(&guards[0]);
	guard_fini(&guards[1]);
}

static void
long_target_is_not_plain(void **state)
{
	uint8_t target[TARGET_PLAIN_BYTES + 1];

	(void)state;
	memset(target, 'a', sizeof target);
	target[0] = '/';
	assert_true(target_is_plain(slice_of(target, sizeof target - 1)));
	assert_false(target_is_plain(slice_of(target, sizeof target)));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(long_target_is_not_plain)};

	rows_filter(argc, argv);
	return ROWS_RUN(valid, parses) + ROWS_RUN(invalid, parses) +
	       ROWS_RUN(hosts, drops_port) + ROWS_RUN(plains, tells_plain) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
