#include "analyzer/http/uncoded.h"

#include "parsers/mediatype.h"

enum {
	FIRST_ROOM_BYTES = 4096,
	ROOM_AT_ONCE_BYTES = 256 << 10, /* of what Content-Length announces */
};

static bool
takes_a_coding(const struct exchange *x)
{
	static const enum coding codings[] = {
		CODING_GZIP, CODING_BROTLI, CODING_ZSTD, CODING_DEFLATE};
	struct arena scratch = {0};
	struct slice value = message_values(&x->q, FIELD_ACCEPT_ENCODING, &scratch);
	bool takes = false;

	for (size_t i = 0; i < sizeof codings / sizeof *codings && !takes; i++)
		takes = coding_accepted(value, codings[i]);
	arena_fini(&scratch);
	return takes;
}

static bool
is_coded(const struct message *m)
{
	struct arena scratch = {0};
	enum coding coding;
	size_t count = coding_list(
		message_values(m, FIELD_CONTENT_ENCODING, &scratch), &coding, 1);

	arena_fini(&scratch);
	return count > 0;
}

bool
uncoded_is(const struct exchange *x, uint64_t least_bytes)
{
	const struct message *r = &x->r;

	return x->has_request && x->method == METHOD_GET &&
	       (r->status == 200 || r->status == 203 || r->status / 100 == 4 ||
		       r->status / 100 == 5) &&
	       (r->framing != FRAMING_LENGTH || r->length >= least_bytes) &&
	       message_has(&x->q, FIELD_ACCEPT_ENCODING) &&
	       mediatype_is_compressible(message_value(r, FIELD_CONTENT_TYPE)) &&
	       !is_coded(r) && takes_a_coding(x);
}

/* The arena counts the room, too: as what is under way, and as what is handed over. */
static bool
set_room(struct exchange *x, size_t room, uint64_t max_bytes)
{
	size_t more = room - x->kept_room;

	if (x->arena.account && *x->arena.account + more > max_bytes)
		return false;
	x->kept = mem_grow(x->kept, room);
	x->kept_room = room;
	x->arena.bytes += more;
	if (x->arena.account)
		*x->arena.account += more;
	return true;
}

/* Twice as much each time, but no more than was announced, and little of that at once. */
static size_t
room_for(const struct exchange *x, size_t bytes)
{
	size_t room = x->kept_room ? x->kept_room : FIRST_ROOM_BYTES;
	bool announced = x->r.framing == FRAMING_LENGTH && x->r.length >= bytes;

	if (announced && x->r.length <= ROOM_AT_ONCE_BYTES)
		return (size_t)x->r.length;
	while (room < bytes)
		room *= 2;
	return announced && x->r.length < room ? (size_t)x->r.length : room;
}

void
uncoded_keep(struct exchange *x, struct slice s, uint64_t max_bytes)
{
	size_t bytes = x->kept_bytes + s.n;

	if (x->kept_bytes != x->r.content_bytes) /* given up before */
		return;
	if (x->r.framing == FRAMING_LENGTH && x->r.length > max_bytes)
		return;
	if (bytes > x->kept_room && !set_room(x, room_for(x, bytes), max_bytes)) {
		uncoded_drop(x);
		return;
	}
	memcpy(x->kept + x->kept_bytes, s.at, s.n);
	x->kept_bytes = bytes;
}

void
uncoded_finish(struct exchange *x, uint64_t least_bytes)
{
	if (!x->r.has_digest || x->kept_bytes != x->r.content_bytes ||
		x->kept_bytes < least_bytes)
		uncoded_drop(x);
}

void
uncoded_drop(struct exchange *x)
{
	x->arena.bytes -= x->kept_room;
	if (x->arena.account)
		*x->arena.account -= x->kept_room;
	mem_free(x->kept);
	x->kept = NULL;
	x->kept_bytes = x->kept_room = 0;
}
