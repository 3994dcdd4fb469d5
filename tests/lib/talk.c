#include "tests/lib/talk.h"

#include <stdarg.h>
#include <stdio.h>

struct speaker {
	struct talk *talk;
	struct streams streams;
	struct conn *conn;
	struct exchange *done[64];
	unsigned count;
	int64_t now_ns;
};

static void
say(struct talk *talk, const char *format, ...)
{
	size_t room = sizeof talk->log - talk->log_bytes;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(talk->log + talk->log_bytes, room, format, args);
	va_end(args);
	if (n > 0)
		talk->log_bytes += (size_t)n < room ? (size_t)n : room - 1;
}

static void
say_number(struct talk *talk, const char *name, uint64_t number)
{
	if (number)
		say(talk, " %s=%llu", name, (unsigned long long)number);
}

static void
say_exchange(struct talk *talk, const struct exchange *x)
{
	if (x->has_request)
		say(talk, "%.*s %.*s", (int)x->q.method.n, (const char *)x->q.method.at,
			(int)x->q.target.n, (const char *)x->q.target.at);
	else
		say(talk, "- -");
	if (!x->has_response) {
		say(talk, " -\n");
		return;
	}
	say(talk, " %u", x->r.status);
	say_number(talk, "content", x->r.content_bytes);
	say_number(talk, "q", x->q.content_bytes);
	say_number(talk, "framing", x->r.framing_bytes);
	say_number(talk, "stray", x->stray_bytes);
	say_number(talk, "gap", x->q.gap_bytes + x->r.gap_bytes);
	say_number(talk, "interim", x->interim_count);
	if (!x->r.complete || (x->has_request && !x->q.complete))
		say(talk, " incomplete");
	if (x->q.head_state == HEAD_CUT || x->r.head_state == HEAD_CUT)
		say(talk, " cut");
	if (x->has_request && x->pairing == PAIRING_INFERRED)
		say(talk, " inferred");
	if (x->is_last)
		say(talk, " last");
	say(talk, "\n");
}

static void
on_open(void *context, struct exchange *x)
{
	(void)context;
	(void)x;
}

static void
tell(struct talk *talk, struct exchange *x)
{
	say_exchange(talk, x);
	if (x->has_request)
		talk->exchange_octets += x->q.head_bytes + x->q.content_bytes +
					 x->q.framing_bytes + exchange_r_head(x) +
					 exchange_r_wire(x) + x->stray_bytes -
					 x->q.gap_bytes - x->r.gap_bytes;
	exchange_free(&x);
}

/* Stray octets may still come, so the line waits, of a few exchanges until the end. */
static void
on_close(void *context, struct exchange *x)
{
	struct speaker *s = context;
	enum {
		DONE = sizeof s->done / sizeof *s->done
	};

	if (s->count >= DONE) {
		tell(s->talk, s->done[0]);
		memmove(s->done, s->done + 1, (DONE - 1) * sizeof *s->done);
		s->count--;
	}
	s->done[s->count++] = x;
}

static void
feed(struct speaker *s, unsigned side, struct slice octets, char kind)
{
	struct stream *stream = &s->streams.side[side];
	struct chunk chunk = {.offset = stream->offset,
		.data = octets,
		.peer_acked = kind == 'p' ? 0 : s->streams.side[!side].offset,
		.place = {.ts_ns = ++s->now_ns, .frame = (uint64_t)s->now_ns},
		.segment_start = true};

	if (strchr("CSdt", kind)) {
		*(strchr("CS", kind) ? &chunk.lost : &chunk.snapped) = octets.n;
		chunk.data = (struct slice){0};
		chunk.segment_start = false;
	}
	if (!chunk.lost)
		s->talk->fed_octets += octets.n;
	stream->offset += octets.n;
	conn_chunk(s->conn, side, &chunk);
}

static void
finish(struct speaker *s)
{
	for (unsigned i = 0; i < s->count; i++)
		tell(s->talk, s->done[i]);
}

void
talk_run(struct talk *talk, const struct turn *turns, size_t first, size_t cut,
	bool midstream)
{
	struct speaker s = {.talk = talk, .now_ns = 1000};
	struct http_sink sink = {on_open, on_close, &s, &talk->held_bytes, 0, 0, NULL};
	struct conn_start start = {
		.midstream = midstream, .handshake_rtt_ns = -1, .streams = &s.streams};
	enum stream_end end = STREAM_CAPTURE_END;

	memset(talk, 0, sizeof *talk);
	s.streams.side[0].flags = s.streams.side[1].flags = STREAM_SEEN;
	s.conn = conn_new(&start, &sink, &talk->counters);
	for (; turns->side; turns++) {
		size_t length = turns->octets ? strlen(turns->octets) : 0;
		struct slice rest = slice_of(turns->octets, length);
		unsigned side = strchr("sSt", turns->side) != NULL;
		bool whole = strchr("CSdt", turns->side) != NULL;
		size_t piece = first ? first : cut;

		if (turns->side == '.') {
			end = STREAM_FIN;
			continue;
		}
		while (rest.n) {
			size_t n = whole || !piece || piece > rest.n ? rest.n : piece;

			feed(&s, side, slice_part(rest, 0, n), turns->side);
			rest = slice_from(rest, n);
			piece = cut;
		}
	}
	conn_end(s.conn, 0, end);
	conn_end(s.conn, 1, end);
	talk->http = conn_close(&s.conn);
	finish(&s);
}
