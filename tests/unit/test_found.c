// room: ct_export
/* What of a report was in an earlier one. */
#include "analyzer/export/found.h"

#include "tests/lib/rows.h"

#define FINDING(rule, kind, severity, confidence, tentative, by, subject)                \
	"{\"rule\":\"" rule "\",\"kind\":" kind ",\"severity\":\"" severity              \
	"\",\"confidence\":\"" confidence "\",\"tentative\":" tentative ",\"" by         \
	"\":\"" subject "\",\"count\":1,\"octets\":0}"

static const char before[] = "{\"findings\":[" FINDING("a", "null", "warning", "likely",
	"false", "resource", "http://h.test/p/17.js?v=1") "," FINDING("b", "\"x\"",
	"warning", "certain", "true", "resource", "http://h.test") "," FINDING("c",
	"null", "violation", "likely", "false", "resource",
	"http://h.test/c") "," FINDING("c", "null", "advice", "certain", "false",
	"resource", "http://h.test/c") "," FINDING("d", "null", "advice", "certain",
	"false", "server", "192.0.2.1:80") "]}";

struct row {
	const char *name, *finding;
	enum found_state state;
};

#define OF(...) "{\"findings\":[" FINDING(__VA_ARGS__) "]}"

static const struct row rows[] = {
	{"the same",
		OF("a", "null", "warning", "likely", "false", "resource",
			"http://h.test/p/17.js?v=1"),
		FOUND_KNOWN},
	{"of another query and number",
		OF("a", "null", "warning", "likely", "false", "resource",
			"http://h.test/p/18.js?v=2"),
		FOUND_KNOWN},
	{"of another host",
		OF("a", "null", "warning", "likely", "false", "resource",
			"http://g.test/p/17.js?v=1"),
		FOUND_NEW},
	{"of another path",
		OF("a", "null", "warning", "likely", "false", "resource",
			"http://h.test/q/17.js?v=1"),
		FOUND_NEW},
	{"another rule",
		OF("e", "null", "warning", "likely", "false", "resource",
			"http://h.test/p/17.js?v=1"),
		FOUND_NEW},
	{"another kind",
		OF("a", "\"x\"", "warning", "likely", "false", "resource",
			"http://h.test/p/17.js?v=1"),
		FOUND_NEW},
	{"now certain",
		OF("a", "null", "warning", "certain", "false", "resource",
			"http://h.test/p/17.js?v=1"),
		FOUND_RISEN},
	{"now worse",
		OF("a", "null", "violation", "likely", "false", "resource",
			"http://h.test/p/17.js?v=1"),
		FOUND_RISEN},
	{"now less",
		OF("a", "null", "advice", "hint", "true", "resource",
			"http://h.test/p/17.js?v=1"),
		FOUND_KNOWN},
	{"no longer tentative",
		OF("b", "\"x\"", "warning", "certain", "false", "resource",
			"http://h.test"),
		FOUND_RISEN},
	{"worse than one, more certain than the other",
		OF("c", "null", "violation", "certain", "false", "resource",
			"http://h.test/c"),
		FOUND_RISEN},
	{"as certain as the second",
		OF("c", "null", "advice", "certain", "false", "resource",
			"http://h.test/c"),
		FOUND_KNOWN},
	{"of the same server",
		OF("d", "null", "advice", "certain", "false", "server", "192.0.2.1:80"),
		FOUND_KNOWN},
	{"addresses are no patterns",
		OF("d", "null", "advice", "certain", "false", "server", "192.0.2.2:80"),
		FOUND_NEW},
	{"nor is a server a client",
		OF("d", "null", "advice", "certain", "false", "client", "192.0.2.1:80"),
		FOUND_NEW},
};

static void
is_known(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct found_list known, now;
	size_t at;

	found_list_read(
		&known, jsonread(slice_of(before, sizeof before - 1), &arena, &at));
	found_list_read(&now,
		jsonread(slice_of(row->finding, strlen(row->finding)), &arena, &at));
	assert_int_equal(now.count, 1);
	assert_int_equal(found_list_state(&known, &now.items[0]), row->state);
	found_list_fini(&known);
	found_list_fini(&now);
	arena_fini(&arena);
}

/* What counts each finding sees all of them. */
static void
none_is_left_out(void **state)
{
	static const char twice[] = "{\"findings\":[" FINDING("a", "null", "warning",
		"certain", "false", "resource", "http://h.test/1") "," FINDING("a",
		"null", "warning", "certain", "false", "resource",
		"http://h.test/2") "]}";
	struct arena arena = {0};
	struct found_list list;
	size_t at;

	(void)state;
	found_list_read(&list, jsonread(slice_of(twice, sizeof twice - 1), &arena, &at));
	assert_int_equal(list.count, 2);
	assert_ptr_not_equal(list.sorted[0], list.sorted[1]);
	assert_int_equal(list.distinct_count, 1);
	found_list_fini(&list);
	arena_fini(&arena);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(none_is_left_out)};

	rows_filter(argc, argv);
	return ROWS_RUN(rows, is_known) + cmocka_run_group_tests(tests, NULL, NULL);
}
