/*
 * analyzer/base/table.h - a hash table with a byte budget; the stalest entry goes first
 *
 * Everything that is remembered between exchanges lives in one of these: entries
 * of a fixed size by struct key, in the order of their last use, exact or rough.  An
 * entry may own memory beside itself; its user says how much, and that counts too.  When
 * the budget is exceeded the least recently used entries are evicted (of a rough table
 * entries that were not used since others were), the callback
 * frees what they own, and they are counted.
 *
 * Keys are hashes already (see key.h).  The lower half of one stands for it: entries
 * are so many that eight octets count, and that another key of a million has the same
 * 64 bits happens once in ten million million lookups.
 *
 * The index is of buckets of one cache line, whose slots have bits of the hash beside
 * the number of the entry: what is not there costs one cache line, and what is there
 * two.  A bucket that is full passes entries on to the next and counts them, so
 * removal moves nothing, and a table that lives long stays as fast as a new one.
 *
 * Lifetime: the address of an entry does not change until it is removed or
 * evicted.  Only table_put() and table_own() evict, and never the entry that they
 * are about.
 * Cost: O(1) amortised; 32 octets an entry beside the entry itself.
 */
#ifndef ANALYZER_BASE_TABLE_H
#define ANALYZER_BASE_TABLE_H

#include "analyzer/base/key.h"

struct table;

/* Frees what the entry owns, not the entry. */
typedef void table_drop(void *entry);

/*
 * `drop` may be NULL.  A rough table is not put in order by each use: what was used again
 * is spared once when its turn to go comes, and is then the newest (second chance).  So
 * what is used stays, by and large, and a use writes to nothing but the entry: for what
 * is used with every exchange.  One eviction may have to spare many.  Only where
 * table_expire() tells the time, the first use in a second puts an entry in order, for
 * what is idle goes by that.
 */
struct table *table_new(size_t entry_bytes, uint64_t budget_bytes, table_drop *drop);
struct table *table_new_rough(
	size_t entry_bytes, uint64_t budget_bytes, table_drop *drop);
void table_free(struct table **table);

/* Is told of each entry that is evicted for lack of room, before it goes. */
void table_on_eviction(struct table *table,
	void (*evicted)(void *context, const void *entry), void *context);

/*
 * Says what time it is, in seconds modulo 2^32, and removes what was not used for more
 * than `idle_s`; not counted as evictions.  A table that is never told keeps all.
 */
void table_expire(struct table *table, uint32_t now_s, uint32_t idle_s);

/*
 * Have what a lookup of the key reads fetched while something else is done: first where
 * its entry is, then, somewhat later, the entry.  Of the key that was used or expected
 * last its place is kept, or that it has none, so that it is not looked for once more.
 */
typedef void table_fetch(struct table *table, struct key key);

void table_expect(struct table *table, struct key key);
void table_expect_entry(struct table *table, struct key key);

/* The entry of a key, or NULL.  table_use() makes it the most recently used one. */
const void *table_find(const struct table *table, struct key key);
void *table_use(struct table *table, struct key key);

/* The entry of a key, new and all-zero if there was none; most recently used. */
void *table_put(struct table *table, struct key key);

/* Says that the entry now owns so many octets beside itself, 0 at first. */
void table_own(struct table *table, void *entry, size_t owned_bytes);

/* Removes the entry of a key, if there is one; not counted as an eviction. */
void table_remove(struct table *table, struct key key);

/* Entries from the least to the most recently used one; NULL: there are no more. */
const void *table_oldest(const struct table *table);
const void *table_newer(const struct table *table, const void *entry);
struct key table_key(const void *entry); /* what is left of it: key_of_short() */

size_t table_count(const struct table *table);
uint64_t table_bytes(
	const struct table *table); /* of its entries, indexes and what they own */
uint64_t table_budget(const struct table *table);
uint64_t table_evictions(const struct table *table);

#endif
