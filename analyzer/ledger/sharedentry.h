/*
 * analyzer/ledger/sharedentry.h - an entry of a simulated shared cache
 *
 * What such a cache may store, how long it may use it, what a 304 changes about it
 * [RFC9111 3, 3.5, 4.2, 4.3.4, 5.2.2].  A value; nothing of an exchange is kept in it.
 *
 * Partial answers are not stored: a cache may put them together, and few do.
 */
#ifndef ANALYZER_LEDGER_SHAREDENTRY_H
#define ANALYZER_LEDGER_SHAREDENTRY_H

#include "analyzer/ledger/sighting.h"

struct sharedentry {
	uint64_t size_octets, content_octets; /* the size is that and the head's */
	int64_t received_ns, initial_age_ns, lifetime_s;
	int64_t expires_s; /* by Expires, if by_expires */
	enum freshness_kind kind;
	bool by_expires, no_cache;
	bool is_for_all; /* requests with Authorization may use it */
	uint16_t status;
	struct sighting seen;
};

/* Whether a shared cache may store the response. */
bool sharedentry_is_storable(const struct exchange *x);

/* Whether the response forbids what was stored before it. */
bool sharedentry_is_forbidden(const struct exchange *x);

struct sharedentry sharedentry_of(const struct exchange *x, const struct sighting *seen);

/* Whether it may answer the request without asking. */
bool sharedentry_is_usable(
	const struct sharedentry *entry, const struct exchange *x, bool heuristic);

/* Whether the response confirms it: a 304 to its validator, or itself once more. */
bool sharedentry_is_confirmed(const struct sharedentry *entry, const struct exchange *x,
	const struct sighting *seen);

/* Whether a response to HEAD contradicts nothing that it says. */
bool sharedentry_agrees(const struct sharedentry *entry, const struct exchange *x,
	const struct sighting *seen);

/* Whether the origin gave something else meanwhile; false if that is not known. */
bool sharedentry_is_outdated(const struct sharedentry *entry, const struct exchange *x,
	const struct sighting *seen);

/* Takes over the metadata of a response that confirms it. */
void sharedentry_freshen(
	struct sharedentry *entry, const struct exchange *x, const struct sighting *seen);

#endif
