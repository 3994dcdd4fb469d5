// room: ct_report
/* Tags of several reports: rows of one variant are one, and what has no room is told. */
#include "analyzer/report/report_sum_tags.h"

#include "tests/lib/rows.h"

enum {
	PLENTY = 1 << 24
};

#define ROW(url, causes, lost, tags, contents, lives, servers, givers)                   \
	"{\"resource\":\"" url "\",\"alive_at_once\":1,\"go_with\":null,\"cause\":null," \
	"\"causes\":{" causes "},\"lost_304s\":" lost ",\"lost_octets\":10,"             \
	"\"complete\":true,\"tags\":[" tags "],\"contents\":[" contents "],"             \
	"\"time\":{\"seen_us\":[" lives "]},\"servers\":[" servers "],"                  \
	"\"givers\":[" givers "]}"
#define SERVER(address) "{\"server\":\"" address ":80\",\"answers\":[]}"
#define ONE "\"000000000000000a\""

/* Two servers that each have a tag of their own for one content. */
#define FIRST                                                                            \
	ROW("http://h/a", "\"inode\":2", "2", "\"x\"", ONE, "[1000000,9000000]",         \
		SERVER("192.0.2.1"), "[0,0,0,0,3]")
#define BOTH                                                                             \
	ROW("http://h/a", "\"mtime\":1", "1", "\"x\",\"y\"", ONE "," ONE,                \
		"[5000000,6000000],[2000000,8000000]",                                   \
		SERVER("192.0.2.2") "," SERVER("192.0.2.1"), "[1,0,0,0,1],[0,1,0,0,4]")
#define MANY(from)                                                                       \
	ROW("http://h/a", "", "1",                                                       \
		"\"x\",\"" from "1\",\"" from "2\",\"" from "3\",\"" from "4\",\"" from  \
		"5\"",                                                                   \
		"null,null,null,null,null,null", "[1,2],[1,2],[1,2],[1,2],[1,2],[1,2]",  \
		"", "")

struct row {
	const char *name, *a, *b;
	const char *sum; /* of each row: lost, tags, alive at once, mark, cause, whole */
};

static const struct row rows[] = {
	{"rows that share a tag are one", FIRST, BOTH,
		"3 304s, 2 tags, 2 alive, by server address, inode, whole\n"},
	{"rows that share none are two variants", FIRST,
		ROW("http://h/a", "", "1", "\"z\"", ONE, "[1,2]", "", ""),
		"2 304s, 1 tags, 1 alive, by -, inode, whole\n"
		"1 304s, 1 tags, 1 alive, by -, -, whole\n"},
	{"another resource has tags of its own", FIRST,
		ROW("http://h/b", "", "1", "\"x\"", ONE, "[1,2]", "", ""),
		"2 304s, 1 tags, 1 alive, by -, inode, whole\n"
		"1 304s, 1 tags, 1 alive, by -, -, whole\n"},
	{"W/ makes no other tag", FIRST,
		ROW("http://h/a", "", "1", "\"W/x\"", ONE, "[1,2]", "", ""),
		"3 304s, 1 tags, 1 alive, by -, inode, whole\n"},
	{"more tags than have room", MANY("a"), MANY("b"),
		"2 304s, 8 tags, 1 alive, by -, -, cut\n"},
};

static const struct jsonvalue *
read(const char *text, struct arena *arena)
{
	const struct jsonvalue *value;
	struct out out;
	size_t at;

	out_init_memory(&out);
	out_format(&out, "[%s]", text);
	value = jsonread(out_contents(&out), arena, &at);
	out_fini(&out);
	return value;
}

static void
tell(struct out *out, const struct tags_row *row)
{
	const char *mark = tags_mark_name(tags_go_with(row));
	const char *cause = cause_name(tags_cause(row));

	out_format(out, "%u 304s, %u tags, %u alive, by %s, %s, %s\n",
		(unsigned)row->lost, row->tag_count, tags_alive(row), mark ? mark : "-",
		cause ? cause : "-", row->forgotten ? "cut" : "whole");
}

static void
adds(const char *first, const char *second, const char *sum)
{
	const struct tags_row *found[4];
	struct tags *tags = tags_new(PLENTY, NULL);
	struct report_sum_tags both = {0};
	struct arena arena = {0};
	struct out out;
	size_t count;

	assert_true(report_sum_tags_valid(read(first, &arena)));
	assert_true(report_sum_tags_valid(read(second, &arena)));
	report_sum_tags_add(&both, read(first, &arena));
	report_sum_tags_add(&both, read(second, &arena));
	report_sum_tags_fill(&both, tags);
	out_init_memory(&out);
	count = tags_rows(tags, found, 4);
	for (size_t i = 0; i < count; i++)
		tell(&out, found[i]);
	out_octet(&out, '\0');
	assert_string_equal((const char *)out.buffer, sum);
	out_fini(&out);
	arena_fini(&arena);
	report_sum_tags_fini(&both);
	tags_free(&tags);
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
	{"of an older version", "{\"resource\":\"http://h/a\",\"complete\":true}"},
	{"a giver of a tag that is not there",
		ROW("u", "", "1", "\"x\"", ONE, "[1,2]", SERVER("192.0.2.1"),
			"[0,1,0,0,1]")},
	{"a giver that is no server",
		ROW("u", "", "1", "\"x\"", ONE, "[1,2]", "", "[0,0,0,0,1]")},
	{"a server without an address",
		ROW("u", "", "1", "\"x\"", ONE, "[1,2]", SERVER("nobody"), "")},
	{"fewer contents than tags", ROW("u", "", "1", "\"x\"", "", "[1,2]", "", "")},
	{"a life without an end", ROW("u", "", "1", "\"x\"", ONE, "[1]", "", "")},
	{"a content that is no number",
		ROW("u", "", "1", "\"x\"", "\"content\"", "[1,2]", "", "")},
	{"losses below zero", ROW("u", "", "-1", "\"x\"", ONE, "[1,2]", "", "")},
};

static void
is_refused(void **state)
{
	const struct refused_row *row = *state;
	struct arena arena = {0};

	assert_false(report_sum_tags_valid(read(row->text, &arena)));
	arena_fini(&arena);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, adds_up) + ROWS_RUN(refused_rows, is_refused);
}
