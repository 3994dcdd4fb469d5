// room: ct_report
/* The tables of several reports: rows of one key are one, and nothing is lost. */
#include "analyzer/report/report_sum_tables.h"

#include "tests/lib/rows.h"

enum {
	TEXT_BYTES = 8192
};

#define ROW(key, octets, rest)                                                           \
	"{\"key\":" key ",\"exchanges\":1,\"octets\":" octets                            \
	",\"R1\":{\"num\":1,\"den\":2,\"value\":0.5},"                                   \
	"\"R3\":{\"num\":1,\"den\":1,\"value\":1},"                                      \
	"\"R6\":{\"num\":0,\"den\":1,\"value\":0},"                                      \
	"\"echo\":{\"num\":0,\"den\":1,\"value\":0},"                                    \
	"\"saved\":1,\"T1\":2,\"T2\":3,\"T3\":4,\"wait_p50_us\":5" rest "}"

/* The host table and the one over time; the others are empty, one is not there. */
static void
fill(char text[TEXT_BYTES], const char *host, const char *time)
{
	snprintf(text, TEXT_BYTES,
		"{\"host\":[%s],\"url\":[],\"type\":[],\"client\":[],\"server\":[],"
		"\"agent\":[],\"time\":[%s],\"class\":[],\"outcome\":[],\"form\":[]}",
		host ? host : "", time ? time : "");
}

static const struct jsonvalue *
read(struct arena *arena, const char *host, const char *time)
{
	char text[TEXT_BYTES];
	size_t at;

	fill(text, host, time);
	return jsonread(slice_of(text, strlen(text)), arena, &at);
}

/* Key, octets, and what else is in a row, of all rows. */
static void
summary(const struct jsonvalue *rows, char *text, size_t room)
{
	size_t n = 0;

	*text = '\0';
	for (const struct jsonvalue *row = rows->first; row; row = row->next) {
		const struct jsonvalue *key = jsonvalue_get(row, "key");
		const struct jsonvalue *error = jsonvalue_get(row, "error");
		const struct jsonvalue *others = jsonvalue_get(row, "others");
		const struct jsonvalue *width = jsonvalue_get(row, "width_us");
		const struct jsonvalue *why = jsonvalue_get(row, "why");

		n += (size_t)snprintf(text + n, room - n, "%s", n ? "; " : "");
		if (key->type == JSONVALUE_INTEGER)
			n += (size_t)snprintf(
				text + n, room - n, "%lld", (long long)key->integer);
		else
			n += (size_t)snprintf(text + n, room - n, "%.*s",
				(int)key->text.n,
				key->text.n ? (const char *)key->text.at : "");
		n += (size_t)snprintf(text + n, room - n, " %lld",
			(long long)jsonvalue_get(row, "octets")->integer);
		if (width)
			n += (size_t)snprintf(text + n, room - n, " wide %lld",
				(long long)width->integer);
		if (error)
			n += (size_t)snprintf(
				text + n, room - n, " +%lld", (long long)error->integer);
		if (others)
			n += (size_t)snprintf(text + n, room - n, " of %lld",
				(long long)others->integer);
		if (why && why->type == JSONVALUE_STRING)
			n += (size_t)snprintf(text + n, room - n, " for %.*s %lld",
				(int)why->text.n, (const char *)why->text.at,
				(long long)jsonvalue_get(row, "why_octets")->integer);
		assert_null(jsonvalue_get(row, "wait_p50_us"));
	}
}

#define WHY_ROW(key, why, octets)                                                        \
	ROW(key, "5", ",\"why\":\"" why "\",\"why_octets\":" octets)

/* As of a version that had no R6. */
#define OLD_ROW(key, octets)                                                             \
	"{\"key\":" key ",\"exchanges\":1,\"octets\":" octets                            \
	",\"R1\":{\"num\":1,\"den\":2,\"value\":0.5},"                                   \
	"\"R3\":{\"num\":1,\"den\":1,\"value\":1},"                                      \
	"\"saved\":1,\"T1\":2,\"T2\":3,\"T3\":4,\"wait_p50_us\":5}"

struct row {
	const char *name;
	const char *table;
	const char *a, *b;
	const char *sum;
};

static const struct row rows[] = {
	{"one key, two reports", "host", ROW("\"a\"", "5", ""), ROW("\"a\"", "7", ""),
		"a 12"},
	{"one of an older version", "host", ROW("\"a\"", "5", ""), OLD_ROW("\"a\"", "7"),
		"a 12"},
	{"the most octets first", "host", ROW("\"a\"", "5", "") "," ROW("\"c\"", "1", ""),
		ROW("\"b\"", "7", ""), "b 7; a 5; c 1"},
	{"no key is no empty key", "host", ROW("null", "5", ""), ROW("\"\"", "5", ""),
		" 5;  5"},
	{"others come last, whatever they have", "host",
		ROW("\"a\"", "5", "") "," ROW("null", "90", ",\"error\":3,\"others\":30"),
		ROW("\"a\"", "1", "") "," ROW("null", "9", ",\"error\":2,\"others\":4"),
		"a 6;  99 +5 of 34"},
	{"what a report folded may be of any row that it lacks", "host",
		ROW("\"a\"", "5", ",\"error\":1") "," ROW(
			"null", "90", ",\"error\":3,\"others\":30"),
		ROW("\"b\"", "4", "") "," ROW("\"a\"", "2", ""),
		"a 7 +1; b 4 +3;  90 +3 of 30"},
	{"the reason with more octets holds", "host",
		WHY_ROW("\"a\"", "forced-reload", "7"),
		WHY_ROW("\"a\"", "fresh-refetch", "9"), "a 10 for fresh-refetch 9"},
	{"of all its rows, in whatever order they come", "host",
		WHY_ROW("\"a\"", "forced-reload", "7") "," WHY_ROW(
			"\"a\"", "fresh-refetch", "4"),
		WHY_ROW("\"a\"", "fresh-refetch", "4"), "a 15 for fresh-refetch 8"},
	{"buckets of one width", "time", ROW("1000", "5", ",\"width_us\":1000"),
		ROW("1000", "7", ",\"width_us\":1000"), "1000 12 wide 1000"},
	{"the wider one counts", "time",
		ROW("9000", "5", ",\"width_us\":1000") "," ROW(
			"11000", "6", ",\"width_us\":1000"),
		ROW("5000", "7", ",\"width_us\":5000"),
		"5000 12 wide 5000; 10000 6 wide 5000"},
	{"sixty are enough", "time", ROW("0", "5", ",\"width_us\":1000"),
		ROW("60000", "7", ",\"width_us\":1000"),
		"0 5 wide 5000; 60000 7 wide 5000"},
	{"before the epoch", "time", ROW("-1000", "5", ",\"width_us\":1000"),
		ROW("-5000", "7", ",\"width_us\":5000"), "-5000 12 wide 5000"},
};

static void
adds(const struct row *row, const char *first, const char *second)
{
	bool time = strcmp(row->table, "time") == 0;
	struct report_sum_tables sum = {0};
	const struct jsonvalue *whole;
	struct arena arena = {0};
	struct json json;
	struct out out;
	char text[TEXT_BYTES];
	size_t at;

	report_sum_tables_add(
		&sum, read(&arena, time ? NULL : first, time ? first : NULL));
	report_sum_tables_add(
		&sum, read(&arena, time ? NULL : second, time ? second : NULL));
	report_sum_tables_add(&sum, NULL);
	out_init_memory(&out);
	json_init(&json, &out, false);
	json_object(&json);
	report_sum_tables_unite(&sum);
	report_sum_tables_write(&sum, &json);
	json_end(&json);
	whole = jsonvalue_get(jsonread(out_contents(&out), &arena, &at), "tables");
	assert_true(report_sum_tables_valid(whole));
	summary(jsonvalue_get(whole, row->table), text, sizeof text);
	assert_string_equal(text, row->sum);
	out_fini(&out);
	arena_fini(&arena);
	report_sum_tables_fini(&sum);
}

static void
adds_up(void **state)
{
	const struct row *row = *state;

	adds(row, row->a, row->b);
	adds(row, row->b, row->a);
}

struct refused_row {
	const char *name;
	const char *host, *time;
};

static const struct refused_row refused_rows[] = {
	{"a row without a key", "{\"octets\":1}", NULL},
	{"a key that is a number", ROW("5", "5", ""), NULL},
	{"octets that are text", ROW("\"a\"", "\"5\"", ""), NULL},
	{"octets below zero", ROW("\"a\"", "-5", ""), NULL},
	{"an error that is no number", ROW("\"a\"", "5", ",\"error\":\"x\""), NULL},
	{"a row that is no object", "7", NULL},
	{"a time that is text", NULL, ROW("\"a\"", "5", ",\"width_us\":1000")},
	{"a time whose bucket would be out of range", NULL,
		ROW("-9223372036854775", "5", ",\"width_us\":86400000000")},
	{"a time out of range", NULL,
		ROW("9223372036854775807", "5", ",\"width_us\":1000")},
	{"a width that is none", NULL, ROW("0", "5", ",\"width_us\":1001")},
	{"no width", NULL, ROW("0", "5", "")},
};

static void
is_refused(void **state)
{
	const struct refused_row *row = *state;
	struct arena arena = {0};

	assert_true(report_sum_tables_valid(read(&arena, NULL, NULL)));
	assert_false(report_sum_tables_valid(read(&arena, row->host, row->time)));
	arena_fini(&arena);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, adds_up) + ROWS_RUN(refused_rows, is_refused);
}
