/*
 * analyzer/history/shelf.h - where held entries lie: by client and resource
 *
 * A shelf has a client's entries of a resource, newest first, HELD_VARIANTS at most.
 * Nearly always it is one, which lies in the shelf itself.  The values of Vary that
 * name variants are few, too: they are kept once, and entries point to them; an entry
 * whose value was forgotten for lack of memory selects nothing.
 *
 * What was evicted leaves a mark in a Bloom filter, so that it can be told from what
 * was never there.  The mark is a hash without the seed of the run, because the false
 * alarms of the filter are seen in the report.
 *
 * Cost: an entry takes 160 octets with its share of the index.
 */
#ifndef ANALYZER_HISTORY_SHELF_H
#define ANALYZER_HISTORY_SHELF_H

#include "analyzer/history/held.h"
#include "analyzer/history/kept.h"

struct shelf;

/* `pair`: history_pair_key(). */
struct shelf *shelf_use(struct shelves *shelves, struct key pair);
struct shelf *shelf_put(struct shelves *shelves, const struct before *before);
const struct shelf *shelf_find(const struct shelves *shelves, struct key pair);

unsigned shelf_count(const struct shelf *shelf);
struct kept *shelf_at(struct shelf *shelf, unsigned number);
const struct kept *shelf_look(const struct shelf *shelf, unsigned number);

/* The newest entry that a request selects, or NULL; *variant is its variant then. */
const struct kept *shelf_choose(const struct shelves *shelves, const struct shelf *shelf,
	struct key resource, const struct exchange *x, struct key *variant);
struct kept *shelf_select(const struct shelves *shelves, struct shelf *shelf,
	struct key resource, const struct exchange *x, struct key *variant);

/* Moves an entry to the front; it lies elsewhere then. */
struct kept *shelf_raise(struct shelf *shelf, struct kept *entry);

/* The entry of a variant at the front, emptied; a new one if there was none. */
struct kept *shelf_renew(struct shelves *shelves, struct shelf *shelf, struct key variant,
	struct slice vary);

#endif
