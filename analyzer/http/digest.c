#include "analyzer/http/digest.h"

#include "analyzer/http/cutoff.h"
#include "analyzer/http/decode.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stdlib.h>

enum {
	STATE_ALIGNMENT = 64,	   /* of XXH3_state_t */
	DECODER_SMALL = 64u << 10, /* is let be when memory is short */
	WITHIN_BYTES = 1024,	   /* that are decoded, and it is gzip */
};

struct body {
	XXH3_state_t sent, decoded;
	struct decoder *decoder;
	bool coded;
	uint64_t *account;
	size_t counted_bytes; /* there */
	uint64_t fed_bytes;
	/* Looks for gzip under the codings that are named, or under none. */
	struct decoder *within;
	uint64_t within_bytes;
	bool plain_begun;
	/* One place more than lengths: for a content that is cut off itself. */
	struct prefix prefixes[CUTOFF_LENGTHS + 1];
	unsigned prefixes_asked, prefixes_taken; /* in the order of their lengths */
};

static struct digest
digest_from(XXH128_hash_t hash)
{
	return (struct digest){hash.high64, hash.low64};
}

struct digest
digest_of(struct slice s)
{
	return digest_from(XXH3_128bits(s.at, s.n));
}

bool
body_may_be_gzip(struct slice begin)
{
	return begin.n && begin.at[0] == 0x1f;
}

static void
within_decoded(void *context, struct slice s)
{
	((struct body *)context)->within_bytes += s.n;
}

/* Octets without the codings that are named. */
static void
within_feed(struct body *body, struct slice s)
{
	const enum coding gzip = CODING_GZIP;

	if (!body->plain_begun && s.n) {
		body->plain_begun = true;
		if (body_may_be_gzip(s))
			body->within = decoder_new(&gzip, 1, within_decoded, body);
	}
	if (!body->within || body->within_bytes >= WITHIN_BYTES)
		return;
	if (!decoder_feed(body->within, s) && body->within_bytes < WITHIN_BYTES)
		decoder_free(&body->within);
}

static void
body_decoded(void *context, struct slice s)
{
	struct body *body = context;

	XXH3_128bits_update(&body->decoded, s.at, s.n);
	within_feed(body, s);
}

/* What it takes now is what the account has of it. */
static void
body_count(struct body *body)
{
	size_t bytes = sizeof *body + (body->decoder ? decoder_bytes(body->decoder) : 0) +
		       (body->within ? decoder_bytes(body->within) : 0);

	if (body->account)
		*body->account += bytes - body->counted_bytes;
	body->counted_bytes = bytes;
}

struct body *
body_new(const enum coding *codings, unsigned coding_count, uint64_t *account)
{
	struct body *body = mem_alloc_aligned(STATE_ALIGNMENT, sizeof *body);

	XXH3_128bits_reset(&body->sent);
	body->coded = coding_count > 0;
	body->decoder = decoder_new(codings, coding_count, body_decoded, body);
	if (body->decoder)
		XXH3_128bits_reset(&body->decoded);
	body->account = account;
	body_count(body);
	return body;
}

void
body_sample(struct body *body, const struct cutoff *cutoff)
{
	for (unsigned i = 0; i < cutoff->count; i++) {
		unsigned at = body->prefixes_asked++;

		for (; at && body->prefixes[at - 1].octets > cutoff->octets[i]; at--)
			body->prefixes[at] = body->prefixes[at - 1];
		body->prefixes[at].octets = cutoff->octets[i];
	}
}

static void
body_hash(struct body *body, struct slice s)
{
	XXH3_128bits_update(&body->sent, s.at, s.n);
	body->fed_bytes += s.n;
}

void
body_feed(struct body *body, struct slice s)
{
	struct slice rest = s;

	while (body->prefixes_taken < body->prefixes_asked) {
		struct prefix *prefix = &body->prefixes[body->prefixes_taken];
		size_t n;

		if (prefix->octets - body->fed_bytes > rest.n)
			break;
		n = (size_t)(prefix->octets - body->fed_bytes);
		body_hash(body, slice_part(rest, 0, n));
		rest = slice_from(rest, n);
		prefix->digest = digest_from(XXH3_128bits_digest(&body->sent));
		body->prefixes_taken++;
	}
	body_hash(body, rest);
	if (body->decoder) {
		decoder_feed(body->decoder, s);
	} else if (!body->coded) {
		within_feed(body, s);
	}
	if (body->decoder || body->within)
		body_count(body);
}

bool
body_yield(struct body *body, uint64_t most_bytes)
{
	if (!body->account || *body->account <= most_bytes || !body->decoder ||
		decoder_bytes(body->decoder) <= DECODER_SMALL)
		return false;
	decoder_stop(body->decoder);
	body_count(body);
	return true;
}

static void
body_finish_prefixes(struct body *body, struct message *m, struct arena *arena)
{
	struct prefix *copy;

	if (message_is_cut_off(m) && body->fed_bytes == m->content_bytes)
		body->prefixes[body->prefixes_taken++] = (struct prefix){
			body->fed_bytes, digest_from(XXH3_128bits_digest(&body->sent))};
	if (!body->prefixes_taken)
		return;
	copy = arena_alloc(arena, body->prefixes_taken * sizeof *copy);
	memcpy(copy, body->prefixes, body->prefixes_taken * sizeof *copy);
	m->prefixes = copy;
	m->prefix_count = body->prefixes_taken;
}

static void
body_finish_coded(
	const struct body *body, bool whole, struct message *m, struct arena *arena)
{
	bool within = body->within && whole &&
		      (body->within_bytes >= WITHIN_BYTES ||
			      decoder_finish(body->within));
	struct coded coded = {0};
	struct coded *copy;

	if (body->decoder)
		coded = decoder_result(body->decoder, whole);
	/* Of what was cut off the coding may be whole all the same. */
	if (!within &&
		(!body->decoder || (!whole && coded.fault == CODED_FINE &&
					   !(message_is_cut_off(m) &&
						   decoder_finish(body->decoder)))))
		return;
	coded.gzip_within = within;
	copy = arena_alloc(arena, sizeof *copy);
	*copy = coded;
	m->coded = copy;
}

void
body_finish(struct body *body, struct message *m, struct arena *arena)
{
	bool whole = m->complete && !m->gap_bytes && !m->snapped_bytes;

	body_finish_prefixes(body, m, arena);
	body_finish_coded(body, whole, m, arena);
	if (!whole)
		return;
	m->has_digest = true;
	m->digest = digest_from(XXH3_128bits_digest(&body->sent));
	if (!body->coded) {
		m->has_digest_decoded = true;
		m->digest_decoded = m->digest;
	} else if (body->decoder && decoder_finish(body->decoder)) {
		m->has_digest_decoded = true;
		m->digest_decoded = digest_from(XXH3_128bits_digest(&body->decoded));
	}
}

void
body_free(struct body **body)
{
	if (!*body)
		return;
	if ((*body)->account)
		*(*body)->account -= (*body)->counted_bytes;
	decoder_free(&(*body)->within);
	decoder_free(&(*body)->decoder);
	mem_free(*body);
	*body = NULL;
}
