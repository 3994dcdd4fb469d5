#include "analyzer/http/digest.h"

#include "analyzer/http/decode.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stdlib.h>

enum {
	STATE_ALIGNMENT = 64
}; /* of XXH3_state_t */

struct body {
	XXH3_state_t sent, decoded;
	struct decoder *decoder;
	bool coded;
	uint64_t *account;
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

static void
body_decoded(void *context, struct slice s)
{
	XXH3_128bits_update(&((struct body *)context)->decoded, s.at, s.n);
}

static size_t
body_bytes(const struct body *body)
{
	return sizeof *body + (body->decoder ? decoder_bytes(body->decoder) : 0);
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
	if (account)
		*account += body_bytes(body);
	return body;
}

void
body_feed(struct body *body, struct slice s)
{
	XXH3_128bits_update(&body->sent, s.at, s.n);
	if (body->decoder)
		decoder_feed(body->decoder, s);
}

void
body_finish(struct body *body, struct message *m)
{
	if (!m->complete || m->gap_bytes || m->snapped_bytes)
		return;
	m->has_digest = true;
	m->digest = digest_from(XXH3_128bits_digest(&body->sent));
	if (!body->coded) {
		m->has_digest_decoded = true;
		m->digest_decoded = m->digest;
	} else if (body->decoder && decoder_finish(body->decoder)) {
		m->has_digest_decoded = true;
		m->digest_decoded = digest_from(XXH3_128bits_digest(&body->decoded));
	} else if (body->decoder) {
		m->decode_limited = true;
	}
}

void
body_free(struct body **body)
{
	if (!*body)
		return;
	if ((*body)->account)
		*(*body)->account -= body_bytes(*body);
	decoder_free(&(*body)->decoder);
	mem_free(*body);
	*body = NULL;
}
