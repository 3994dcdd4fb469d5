// room: ct_http
/*
 * Two directions of a connection, read as HTTP.
 *
 * The first octet says how the connection begins and ends.  Then come turns of three
 * octets - whose, of which kind, how long - and the octets of those that were captured.
 * It asserts that
 *
 * - every octet fed is HTTP's, another protocol's, or pending;
 * - every octet of HTTP is in an exchange with a request, or unparsed;
 * - where all of it is HTTP, it does not matter how a segment is cut into pieces.
 *   (Where message starts have to be looked for, segments count as a whole.)
 */
#include "analyzer/http/conn.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	BEGINS_MIDSTREAM = 1 << 0,
	ONE_SIDED = 1 << 1,
	FREES_EARLY = 1 << 2, /* exchanges do not wait for stray octets */
	END_SHIFT = 6,	      /* enum stream_end */

	TURN_BYTES = 3,
	TURN_SIDE = 1 << 0,
	TURN_LOST = 1 << 1,
	TURN_STALE = 1 << 2,   /* has read nothing of what the other side sent */
	TURN_SNAPPED = 1 << 3, /* as many octets again were cut */
	TURN_END = 1 << 4,

	LOG_BYTES = 1 << 18,
	CUTS = 4,
};

struct log {
	char text[LOG_BYTES];
	size_t bytes;
};

struct talk {
	struct streams streams;
	struct counters counters;
	struct conn *conn;
	struct exchange *done; /* linked through their tickets */
	struct log *log;
	uint64_t fed, in_exchanges;
	int64_t now_ns;
	uint8_t mode;
	bool ended[2];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Not assert(): the properties are the point of the program, in every build. */
static void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "property broken: %s\n", what);
	abort();
}
#define REQUIRE(expression) require(expression, #expression)

static void
note(struct log *log, const char *format, ...)
{
	size_t room = sizeof log->text - log->bytes;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(log->text + log->bytes, room, format, args);
	va_end(args);
	log->bytes += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static void
note_message(struct log *log, const struct message *m)
{
	note(log, " %u %u.%u head %" PRIu64 "@%" PRIu64 " fields %zu %x content %" PRIu64,
		m->status, m->major, m->minor, m->head_bytes, m->stream_begin,
		m->field_count, m->flaws, m->content_bytes);
	note(log, "+%" PRIu64 " end %d%s frames %" PRIu64 "-%" PRIu64, m->framing_bytes,
		(int)m->end, m->complete ? "" : "?", m->first.frame, m->last.frame);
	if (m->has_digest)
		note(log, " %" PRIx64, m->digest.low);
	if (m->has_digest_decoded)
		note(log, " %" PRIx64, m->digest_decoded.low);
}

static void
finish(struct talk *talk, struct exchange *x)
{
	if (talk->log) {
		if (x->has_request)
			note_message(talk->log, &x->q);
		if (x->has_response)
			note_message(talk->log, &x->r);
		note(talk->log, " %d stray %" PRIu64 " of %d, %u\n", (int)x->pairing,
			x->stray_bytes, (int)x->stray_kind, x->interim_count);
	}
	if (x->has_request)
		talk->in_exchanges += x->q.head_bytes + x->q.content_bytes +
				      x->q.framing_bytes + exchange_r_head(x) +
				      exchange_r_wire(x) + x->stray_bytes -
				      x->q.gap_bytes - x->r.gap_bytes;
	exchange_free(&x);
}

static void
on_open(void *context, struct exchange *x)
{
	(void)context;
	REQUIRE(x->has_request && !x->has_response);
}

static void
on_close(void *context, struct exchange *x)
{
	struct talk *talk = context;

	REQUIRE(x->has_request || x->has_response);
	REQUIRE(x->has_request || x->pairing == PAIRING_UNKNOWN);
	if (talk->mode & FREES_EARLY) {
		finish(talk, x);
		return;
	}
	x->ticket = talk->done;
	talk->done = x;
}

static void
feed(struct talk *talk, unsigned side, struct slice octets, uint64_t snapped,
	bool segment_start, bool stale)
{
	struct stream *stream = &talk->streams.side[side];
	struct chunk chunk = {.offset = stream->offset,
		.data = octets,
		.snapped = snapped,
		.peer_acked = stale ? 0 : talk->streams.side[!side].offset,
		.place = {.ts_ns = talk->now_ns, .frame = (uint64_t)talk->now_ns},
		.segment_start = segment_start};

	talk->fed += octets.n + snapped;
	stream->offset += octets.n + snapped;
	conn_chunk(talk->conn, side, &chunk);
}

static void
lose(struct talk *talk, unsigned side, uint64_t octets)
{
	struct stream *stream = &talk->streams.side[side];
	struct chunk chunk = {.offset = stream->offset,
		.lost = octets,
		.place = {.ts_ns = talk->now_ns, .frame = (uint64_t)talk->now_ns}};

	stream->offset += octets;
	conn_chunk(talk->conn, side, &chunk);
}

/* One turn; the octets after it are left.  `cut` is the length of pieces, 0: whole. */
static struct slice
take_turn(struct talk *talk, struct slice rest, size_t cut, bool *has_holes)
{
	uint8_t kind = rest.at[0];
	size_t length = rest.at[1] | (size_t)rest.at[2] << 8;
	unsigned side = kind & TURN_SIDE;
	bool gone = kind & (TURN_LOST | TURN_END), start = true;
	struct slice octets;

	rest = slice_from(rest, TURN_BYTES);
	octets = slice_part(rest, 0, gone ? 0 : length);
	rest = slice_from(rest, octets.n);
	talk->now_ns++;
	if (talk->ended[side])
		return rest;
	if (kind & TURN_END) {
		talk->ended[side] = true;
		conn_end(talk->conn, side, (enum stream_end)(length % 4));
	} else if (kind & TURN_LOST && length) {
		*has_holes = true;
		lose(talk, side, length);
	}
	while (octets.n) {
		size_t n = cut && cut < octets.n ? cut : octets.n;
		uint64_t snapped = n == octets.n && kind & TURN_SNAPPED ? length : 0;

		*has_holes |= snapped != 0;
		feed(talk, side, slice_part(octets, 0, n), snapped, start,
			kind & TURN_STALE);
		octets = slice_from(octets, n);
		start = false;
	}
	return rest;
}

/* Reads the conversation; true if it was HTTP from the first octet to the last. */
static bool
run(struct slice rest, uint8_t mode, size_t cut, struct log *log)
{
	struct talk talk = {.log = log, .now_ns = 1000, .mode = mode};
	struct http_sink sink = {on_open, on_close, &talk, NULL, 0, 0, NULL};
	struct conn_start start = {.midstream = mode & BEGINS_MIDSTREAM,
		.handshake_rtt_ns = -1,
		.streams = &talk.streams};
	const struct counters *c = &talk.counters;
	bool has_holes = false, http;

	talk.streams.side[0].flags = STREAM_SEEN;
	talk.streams.side[1].flags = mode & ONE_SIDED ? 0 : STREAM_SEEN;
	talk.conn = conn_new(&start, &sink, &talk.counters);
	while (rest.n >= TURN_BYTES)
		rest = take_turn(&talk, rest, cut, &has_holes);
	for (unsigned side = 0; side < 2; side++)
		if (!talk.ended[side])
			conn_end(talk.conn, side, (enum stream_end)(mode >> END_SHIFT));
	http = conn_close(&talk.conn);
	while (talk.done) {
		struct exchange *x = talk.done;

		talk.done = x->ticket;
		finish(&talk, x);
	}
	REQUIRE(talk.fed == c->http_octets + c->not_http_octets + c->pending_octets);
	REQUIRE(c->http_octets == talk.in_exchanges + c->unparsed_octets);
	REQUIRE(http || !c->http_octets);
	note(log, "%d\n", http);
	return !has_holes && !c->unparsed_octets && !c->not_http_octets;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const size_t cuts[CUTS] = {1, 2, 7, 61};
	static struct log whole, cut;
	struct slice turns = slice_from(slice_of(data, n), 1);

	if (!n)
		return 0;
	whole.bytes = 0;
	if (!run(turns, data[0], 0, &whole))
		return 0;
	for (size_t i = 0; i < CUTS; i++) {
		cut.bytes = 0;
		run(turns, data[0], cuts[i], &cut);
		if (whole.bytes != cut.bytes || memcmp(whole.text, cut.text, cut.bytes)) {
			fprintf(stderr, "whole:\n%.*s\nin pieces of %zu:\n%.*s\n",
				(int)whole.bytes, whole.text, cuts[i], (int)cut.bytes,
				cut.text);
			REQUIRE(!"the same at every cut");
		}
	}
	return 0;
}
