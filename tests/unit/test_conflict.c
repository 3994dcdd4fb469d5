// room: ct_http ct_flow
/*
 * Octets of which copies contradict each other, and the exchanges that they touch.
 *
 * A row is a conversation with conflicts: `!` before the octets come, as for copies
 * that waited, `?` after, as for a copy of what was delivered.  The log has for each
 * exchange its target, `tentative` or, if the octets are its own, `contradicted`, and
 * which heads are dirty.
 */
#include "analyzer/http/conn.h"
#include "tests/lib/rows.h"

enum {
	STEPS = 10,
	EXCHANGES = 4,
	LOG_BYTES = 256
};

struct step {
	char what; /* c, s: octets; ! and ?: a conflict; x: the first one is let go */
	const char *octets;
	unsigned direction;
	uint64_t begin, end;
};

struct row {
	const char *name;
	struct step steps[STEPS];
	const char *log;
};

struct world {
	struct streams streams;
	struct exchange *done[EXCHANGES];
	unsigned count;
	int64_t now_ns;
	char log[LOG_BYTES];
};

static void
on_open(void *context, struct exchange *x)
{
	(void)context;
	(void)x;
}

static void
on_close(void *context, struct exchange *x)
{
	struct world *w = context;

	assert_true(w->count < EXCHANGES);
	w->done[w->count++] = x;
}

static void
feed(struct world *w, struct conn *conn, unsigned side, const char *octets)
{
	struct stream *stream = &w->streams.side[side];
	struct chunk chunk = {.offset = stream->offset,
		.data = slice_of(octets, strlen(octets)),
		.peer_acked = w->streams.side[!side].offset,
		.place = {.ts_ns = ++w->now_ns},
		.segment_start = true};

	stream->offset += chunk.data.n;
	conn_chunk(conn, side, &chunk);
}

static void
take(struct world *w, struct conn *conn, const struct step *step)
{
	if (step->what == 'x')
		exchange_let_go(w->done[0]);
	else if (step->what == '!' || step->what == '?')
		conn_conflict(conn, step->direction, step->begin, step->end);
	else
		feed(w, conn, step->what == 's', step->octets);
}

static void
tell(struct world *w, const struct exchange *x)
{
	size_t n = strlen(w->log);

	snprintf(w->log + n, sizeof w->log - n, "%s%.*s%s%s%s", n ? ", " : "",
		(int)x->q.target.n, (const char *)x->q.target.at,
		x->contradicted ? " contradicted"
		: x->tentative	? " tentative"
				: "",
		x->q.head_state == HEAD_DIRTY ? " q-dirty" : "",
		x->r.head_state == HEAD_DIRTY ? " r-dirty" : "");
}

static void
play(void **state)
{
	const struct row *row = *state;
	struct world w = {.now_ns = 1000};
	struct counters counters = {0};
	uint64_t held_bytes = 0;
	struct http_sink sink = {on_open, on_close, &w, &held_bytes, 0, 0, NULL};
	struct conn_start start = {.handshake_rtt_ns = -1, .streams = &w.streams};
	struct conn *conn = conn_new(&start, &sink, &counters);

	w.streams.side[0].flags = w.streams.side[1].flags = STREAM_SEEN;
	for (unsigned i = 0; i < STEPS && row->steps[i].what; i++)
		take(&w, conn, &row->steps[i]);
	conn_end(conn, 0, STREAM_FIN);
	conn_end(conn, 1, STREAM_FIN);
	conn_close(&conn);
	for (unsigned i = 0; i < w.count; i++) {
		tell(&w, w.done[i]);
		exchange_free(&w.done[i]);
	}
	assert_string_equal(w.log, row->log);
}

#define C(octets)                                                                        \
	{                                                                                \
		'c', octets, 0, 0, 0                                                     \
	}
#define S(octets)                                                                        \
	{                                                                                \
		's', octets, 0, 0, 0                                                     \
	}
#define BEFORE(direction, begin, end)                                                    \
	{                                                                                \
		'!', NULL, direction, begin, end                                         \
	}
#define AFTER(direction, begin, end)                                                     \
	{                                                                                \
		'?', NULL, direction, begin, end                                         \
	}
#define LET_GO                                                                           \
	{                                                                                \
		'x', NULL, 0, 0, 0                                                       \
	}
/* A question has 19 octets, the answer 40, two of them content. */
#define ASK_A C("GET /a HTTP/1.1\r\n\r\n")
#define ASK_B C("GET /b HTTP/1.1\r\n\r\n")
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

static const struct row rows[] = {
	{"none", {ASK_A, S(OK)}, "/a"},
	{"a copy of the answer that was delivered", {ASK_A, S(OK), AFTER(1, 0, 40)},
		"/a contradicted"},
	{"a copy of the question that waits for its answer",
		{ASK_A, AFTER(0, 5, 6), S(OK)}, "/a contradicted"},
	{"a copy of the question that was answered", {ASK_A, S(OK), AFTER(0, 0, 19)},
		"/a contradicted"},
	{"copies of the answer that waited, in its head",
		{ASK_A, BEFORE(1, 9, 12), S(OK)}, "/a contradicted r-dirty"},
	{"copies of the answer that waited, in its content",
		{ASK_A, BEFORE(1, 38, 40), S(OK)}, "/a contradicted"},
	{"copies of the question that waited", {BEFORE(0, 4, 6), ASK_A, S(OK)},
		"/a contradicted q-dirty"},
	{"a copy of the first part of a head that is under way",
		{ASK_A, S("HTTP/1.1 200 "), AFTER(1, 9, 12),
			S("OK\r\nContent-Length: 2\r\n\r\nok")},
		"/a contradicted r-dirty"},
	{"a copy of content that is under way",
		{ASK_A, S("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"),
			AFTER(1, 38, 40), S("cd")},
		"/a contradicted"},
	{"two answers in a chunk", {ASK_A, ASK_B, BEFORE(1, 45, 46), S(OK OK)},
		"/a tentative, /b contradicted r-dirty"},
	{"two answers that were delivered", {ASK_A, ASK_B, S(OK OK), AFTER(1, 0, 40)},
		"/a contradicted, /b tentative"},
	{"octets of both", {ASK_A, ASK_B, S(OK OK), AFTER(1, 39, 41)},
		"/a contradicted, /b contradicted"},
	{"the next question and its answer are in doubt",
		{ASK_A, S(OK), AFTER(1, 0, 40), ASK_B, S(OK)},
		"/a contradicted, /b tentative"},
	{"too late: the exchange was judged", {ASK_A, S(OK), LET_GO, AFTER(1, 0, 40)},
		"/a"},
	{"too late for the first of two",
		{ASK_A, S(OK), ASK_B, S(OK), LET_GO, AFTER(1, 0, 80)},
		"/a, /b contradicted"},
	{"a question that waits when another one is contradicted",
		{ASK_A, ASK_B, AFTER(0, 0, 19), S(OK OK)},
		"/a contradicted, /b tentative"},
	{"content under way when the question after it is contradicted",
		{ASK_A, S("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"), ASK_B,
			AFTER(0, 19, 38), S("cd" OK)},
		"/a tentative, /b contradicted"},
	{"octets that are stray",
		{ASK_A, S("HTTP/1.1 304 Not\r\n\r\n"), S("stray"), AFTER(1, 22, 25)},
		"/a contradicted"},
	{"what is not HTTP", {C("\1\2\3"), AFTER(0, 0, 3)}, ""},
};

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, play);
}
