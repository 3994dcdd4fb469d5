/*
 * analyzer/http/uncoded.h - content that might have been sent compressed, and was not
 *
 * A 200, 203, 4xx or 5xx answer to GET without Content-Encoding, of a type that
 * compresses well, to a client that takes a coding [RFC9110 12.5.3], and not a tiny
 * one.  Its octets are kept until its verdict, for only the history tells whether
 * they need measuring.
 *
 * Bounded: what is kept counts as what is under way, and gives way to everything
 * else.  A content for which there is no room is not kept, and then not measured.
 * Ownership: the exchange's, until exchange_free().
 */
#ifndef ANALYZER_HTTP_UNCODED_H
#define ANALYZER_HTTP_UNCODED_H

#include "analyzer/http/exchange.h"

/* By the heads; the response's may be all that there is of it yet.  Less than `least`
 * octets are not worth while. */
bool uncoded_is(const struct exchange *x, uint64_t least_bytes);

/* Keeps more of the content while its account stays below `max_bytes`. */
void uncoded_keep(struct exchange *x, struct slice s, uint64_t max_bytes);

/* The content has ended; lets go of octets that no digest names. */
void uncoded_finish(struct exchange *x, uint64_t least_bytes);

void uncoded_drop(struct exchange *x);

#endif
