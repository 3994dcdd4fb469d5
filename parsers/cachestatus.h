/*
 * parsers/cachestatus.h - what caches say of themselves in Cache-Status
 *
 *	Cache-Status = sf-list of caches with parameters, the one nearest to the origin
 *	first: hit, fwd, fwd-status, ttl, stored, collapsed, key, detail  [RFC9211 2]
 *
 * Only the last member is remembered: the cache that is nearest to the client.
 */
#ifndef PARSERS_CACHESTATUS_H
#define PARSERS_CACHESTATUS_H

#include "parsers/slice.h"

enum cachestatus_fwd { /* why the request went on  [RFC9211 2.2] */
	FWD_NONE,
	FWD_BYPASS,
	FWD_METHOD,
	FWD_URI_MISS,
	FWD_VARY_MISS,
	FWD_MISS,
	FWD_REQUEST,
	FWD_STALE,
	FWD_PARTIAL,
	FWD_COUNT
};

struct cachestatus {
	bool is_valid, hit;
	enum cachestatus_fwd fwd;
	int64_t fwd_status; /* 0: none */
	struct slice flaw;  /* the offending part, if not valid */
};

/* Of a field line, or of several joined by commas; it is not valid if it is empty. */
struct cachestatus cachestatus_parse(struct slice value);

#endif
