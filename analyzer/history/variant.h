/*
 * analyzer/history/variant.h - what a request asks for: resource and variant
 *
 * A resource is the effective request URI: scheme, host in lower case, path and
 * query as sent.  A request without a host names its server.  The answers of
 * methods other than GET and HEAD are no business of those two, but an unsafe
 * method invalidates what GET brought; so only QUERY has resources of its own.
 *
 * A variant is a resource with the request's values of the fields that Vary names
 * [RFC9111 4.1]: white space around and in runs does not count, several lines are
 * one, and an absent field differs from an empty one.  The order of the names in
 * Vary does not matter.
 */
#ifndef ANALYZER_HISTORY_VARIANT_H
#define ANALYZER_HISTORY_VARIANT_H

#include "analyzer/base/key.h"
#include "analyzer/http/exchange.h"

enum {
	/* More names than any server has reason to send; so many never match. */
	VARY_NAMES_MAX = 16,
	VARY_BYTES_MAX = 4096
};

/* Scheme and host; without a host the address of the server. */
struct key resource_origin(uint64_t seed, const struct exchange *x);

struct key resource_key(struct key origin, const struct exchange *x);

enum {
	RESOURCES_CHANGED_MAX = 3
};

/*
 * The resources that an exchange has made invalid: that of an unsafe request with an
 * answer 2xx or 3xx, and those that the answer points to.  How many; 0 for any other
 * exchange.  [RFC9111 4.4]
 */
unsigned resource_keys_changed(struct key origin, struct key resource,
	const struct exchange *x, struct key keys[RESOURCES_CHANGED_MAX]);

/* False for a Vary that no request matches: `*`, or beyond the limits above. */
bool variant_key(struct key resource, const struct exchange *x, struct slice vary,
	struct key *variant);

#endif
