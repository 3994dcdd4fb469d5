// room: ct_report
/* Patterns of several reports: names that are equal are one, and obstacles stay. */
#include "analyzer/report/report_patterns.h"

#include "tests/lib/rows.h"

enum {
	PLENTY = 1 << 24
};

#define PATTERN(name, times, given, obstacles, rungs)                                    \
	"{\"host\":\"h\",\"pattern\":\"" name "\",\"exchanges\":2," times                \
	",\"given_s\":" given ",\"obstacles\":[" obstacles "],\"rungs\":[" rungs "]}"
#define EARLY "\"first_us\":1000000,\"last_us\":2000000"
#define LATE "\"first_us\":5000000,\"last_us\":9000000"
#define RUNGS "[1,10,0,0],[2,20,0,0],[3,30,0,0],[4,40,1,0],[5,50,1,0],[6,60,1,1]"
#define TWICE "[2,20,0,0],[4,40,0,0],[6,60,0,0],[8,80,2,0],[10,100,2,0],[12,120,2,2]"

struct row {
	const char *name;
	const char *a, *b, *sum;
};

static const struct row rows[] = {
	{"one name", PATTERN("/a", EARLY, "null", "", RUNGS),
		PATTERN("/a", LATE, "60", "", RUNGS),
		"{\"host\":\"h\",\"pattern\":\"/a\",\"exchanges\":4,\"first_us\":1000000,"
		"\"last_us\":9000000,\"given_s\":60,\"obstacles\":[],\"rungs\":[" TWICE
		"]}"},
	{"what one of them has against it", PATTERN("/a", EARLY, "null", "", ""),
		PATTERN("/a", EARLY, "null", "\"set-cookie\",\"unsafe\"", ""),
		"{\"host\":\"h\",\"pattern\":\"/a\",\"exchanges\":4,\"first_us\":1000000,"
		"\"last_us\":2000000,\"given_s\":null,\"obstacles\":[\"set-cookie\","
		"\"unsafe\"],\"rungs\":[]}"},
	{"an obstacle of a later version is one", PATTERN("/a", EARLY, "null", "", ""),
		PATTERN("/a", EARLY, "null", "\"moon\"", ""),
		"{\"host\":\"h\",\"pattern\":\"/a\",\"exchanges\":4,\"first_us\":1000000,"
		"\"last_us\":2000000,\"given_s\":null,\"obstacles\":[\"no-store\"],"
		"\"rungs\":[]}"},
	{"two names, the one with more to avoid first",
		PATTERN("/a", EARLY, "null", "", ""),
		PATTERN("/b", EARLY, "null", "", RUNGS),
		PATTERN("/b", EARLY, "null", "", RUNGS) "," PATTERN(
			"/a", EARLY, "null", "", "")},
};

static const struct jsonvalue *
read(const char *text, struct arena *arena)
{
	struct out out;
	size_t at;
	const struct jsonvalue *value;

	out_init_memory(&out);
	out_format(&out, "[%s]", text);
	value = jsonread(out_contents(&out), arena, &at);
	out_fini(&out);
	return value;
}

static void
adds(const char *first, const char *second, const char *sum)
{
	struct whatif *whatif = whatif_new(&(struct whatif_options){0}, PLENTY, 1);
	struct report_patterns patterns = {0};
	struct arena arena = {0};
	struct json json;
	struct out out, want;

	assert_true(report_patterns_valid(read(first, &arena)));
	report_patterns_add(&patterns, read(first, &arena));
	report_patterns_add(&patterns, read(second, &arena));
	report_patterns_fill(&patterns, whatif);
	out_init_memory(&out);
	out_init_memory(&want);
	json_init(&json, &out, false);
	json_object(&json);
	report_patterns_json(&json, whatif_ladder(whatif), SIZE_MAX);
	json_end(&json);
	out_format(&want, "{\"patterns\":[%s]}", sum);
	out_octet(&out, '\0');
	out_octet(&want, '\0');
	assert_string_equal((const char *)out.buffer, (const char *)want.buffer);
	out_fini(&out);
	out_fini(&want);
	arena_fini(&arena);
	report_patterns_fini(&patterns);
	whatif_free(&whatif);
}

static void
adds_up(void **state)
{
	const struct row *row = *state;

	adds(row->a, row->b, row->sum);
	adds(row->b, row->a, row->sum);
}

struct refused_row {
	const char *name, *text;
};

static const struct refused_row refused_rows[] = {
	{"no object", "7"},
	{"no name", "{\"host\":\"h\"}"},
	{"a time that is text",
		PATTERN("/a", "\"first_us\":\"x\",\"last_us\":1", "null", "", "")},
	{"a time out of range",
		PATTERN("/a", "\"first_us\":9223372036854775807,\"last_us\":1", "null",
			"", "")},
	{"too few rungs", PATTERN("/a", EARLY, "null", "", "[1,2,3,4]")},
	{"a rung too short", PATTERN("/a", EARLY, "null", "", "[1],[1],[1],[1],[1],[1]")},
	{"a rung below zero", PATTERN("/a", EARLY, "null", "",
				      "[1,1,1,-1],[1,1,1,1],[1,1,1,1],[1,1,1,1],[1,1,"
				      "1,1],[1,1,1,1]")},
};

static void
is_refused(void **state)
{
	const struct refused_row *row = *state;
	struct arena arena = {0};

	assert_false(report_patterns_valid(read(row->text, &arena)));
	arena_fini(&arena);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, adds_up) + ROWS_RUN(refused_rows, is_refused);
}
