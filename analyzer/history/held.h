/*
 * analyzer/history/held.h - what each client holds of each resource, by variant
 *
 * An entry models what a private cache at the client would have kept, seen from the
 * wire [RFC9111 3, 4.1, 4.3.4, 4.3.5, 4.4]:
 *
 *	200, 203	replace the variant
 *	other statuses	that the model knows replace it too if they may be stored; if
 *			not, they are remembered as such where nothing better is
 *	304		freshens the entry that it selects; without one, makes an entry
 *			that has no body but what its validator is known to name
 *	HEAD 200	freshens an entry that it agrees with, else invalidates it
 *	unsafe, 2xx/3xx	invalidates the client's entries of the resource, and of
 *			Location and Content-Location of the same origin
 *
 * What may not be stored is held as `not storable`: that it was delivered is a fact.
 * Variants of a resource are few (HELD_VARIANTS), newest first.  A response that no
 * request matches (Vary: *) leaves no entry.
 */
#ifndef ANALYZER_HISTORY_HELD_H
#define ANALYZER_HISTORY_HELD_H

#include "analyzer/history/history.h"

enum {
	HELD_VARIANTS = 8
};

struct shelves;

struct shelves *shelves_new(uint64_t budget_bytes, uint64_t seed);
void shelves_free(struct shelves **shelves);
uint64_t shelves_evictions(const struct shelves *shelves);

/* As table_expire(). */
void shelves_expire(struct shelves *shelves, uint32_t now_s, uint32_t idle_s);

/* Whether entries of the client and resource may have been evicted. */
bool shelves_may_have_had(const struct shelves *shelves, uint64_t plain);

/*
 * Copies the entry that the request selects and that can have reached the client;
 * false if there is none.  *any: there is some entry of the resource.
 */
bool held_select(struct shelves *shelves, const struct before *before,
	const struct exchange *x, struct held *held, bool *any);

/* The same entry as it is now, whether it can have arrived or not; it stays as old. */
bool held_look(const struct shelves *shelves, const struct before *before,
	const struct exchange *x, struct held *held);

/* Whether some variant of what the client holds has the tag. */
bool held_has_etag(
	const struct shelves *shelves, const struct before *before, struct key tag);

/* A response to GET that is no 304. */
void held_replace(struct shelves *shelves, const struct before *before,
	const struct exchange *x, struct slice vary);

/* A 304 that validates; `known` is what its validator names, or NULL. */
void held_validate(struct shelves *shelves, const struct before *before,
	const struct exchange *x, struct slice vary, const struct represented *known);

/* A 200 to HEAD. */
void held_check(
	struct shelves *shelves, const struct before *before, const struct exchange *x);

/* A successful unsafe request for the resource. */
void held_invalidate(struct shelves *shelves, struct key client, struct key resource);

#endif
