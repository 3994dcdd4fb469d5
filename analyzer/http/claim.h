/*
 * analyzer/http/claim.h - what the cache next to the client says it did
 *
 * By Cache-Status [RFC9211]; where there is none or it is broken, by the words that
 * servers and delivery networks use: X-Cache (Squid, Varnish, Fastly, CloudFront,
 * Akamai), X-Cache-Status (nginx), CF-Cache-Status, two ids in X-Varnish; at last by an
 * Age above 0, which only stored answers have [RFC9111 5.1].  Of several caches the last
 * one counts.
 *
 * It is a claim: what the wire shows is the outcome.
 */
#ifndef ANALYZER_HTTP_CLAIM_H
#define ANALYZER_HTTP_CLAIM_H

#include "parsers/cachestatus.h"

enum claim {
	CLAIM_NONE,	   /* no cache speaks */
	CLAIM_HIT,	   /* out of the store, nobody was asked */
	CLAIM_STALE,	   /* the same, though stale */
	CLAIM_REVALIDATED, /* out of the store, the origin said 304 */
	CLAIM_MISS,	   /* the origin sent it */
	CLAIM_BYPASS,	   /* not looked up: by method, request or rule */
	CLAIM_UNCLEAR,	   /* a cache speaks in words unknown here */
	CLAIM_COUNT
};

struct exchange;
struct message;

/* Cache-Status: all lines are one list, and one that is broken breaks it.  [RFC9110 5.3,
 * RFC8941 4.2] */
struct cachestatus claim_status(const struct message *r);

/* The answer was read; its Age, too. */
enum claim claim_of(const struct exchange *x);
const char *claim_name(enum claim claim); /* NULL for CLAIM_NONE */

#endif
