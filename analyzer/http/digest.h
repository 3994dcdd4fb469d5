/*
 * analyzer/http/digest.h - XXH3-128 of a body, as sent and decoded
 *
 * Seed 0, so that digests compare across runs and machines.  A body that lies in
 * one piece is hashed where it lies; the streaming state (576 octets) exists only
 * while a body in pieces is under way.
 */
#ifndef ANALYZER_HTTP_DIGEST_H
#define ANALYZER_HTTP_DIGEST_H

#include "analyzer/http/exchange.h"

struct body;
struct cutoff;

/*
 * Begins the content of a message; its codings were read before.  `account` counts
 * what it takes, decoders included, until body_free(); or NULL.
 */
struct body *body_new(
	const enum coding *codings, unsigned coding_count, uint64_t *account);

/* Asks for the digests of its first octets at these lengths, too; before any is fed. */
void body_sample(struct body *body, const struct cutoff *cutoff);

void body_feed(struct body *body, struct slice s);

/* When the account has more than this, the decoder of a large window gives way: true. */
bool body_yield(struct body *body, uint64_t most_bytes);

/* A content that begins so may be gzip, so it is worth a look. */
bool body_may_be_gzip(struct slice begin);

/*
 * Sets the message's digests if the body is complete and without a hole, those of its
 * first octets, and what came of its codings.
 */
void body_finish(struct body *body, struct message *m, struct arena *arena);

void body_free(struct body **body);

/* The digest of content that lies in one piece and is not coded. */
struct digest digest_of(struct slice s);

#endif
