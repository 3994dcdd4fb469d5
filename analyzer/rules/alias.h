/*
 * analyzer/rules/alias.h - the same thing under many names
 *
 * Pages that put a time or a random number into the query, so that no cache finds
 * anything again; and the same octets under several URLs.
 *
 * Only answers 200 to GET that were wholly captured are looked at.  Bounded: what was
 * forgotten is undecided.
 */
#ifndef ANALYZER_RULES_ALIAS_H
#define ANALYZER_RULES_ALIAS_H

#include "analyzer/base/table.h"
#include "analyzer/rules/rule.h"

enum {
	ALIAS_VALUES = 8, /* that are told apart, the newest */
	ALIAS_RESOURCES = 4,
	ALIAS_BYTES = 4096, /* less is not worth a word under several names */
};

/* URLs that differ in the value of one parameter alone. */
struct alias_busted {
	uint64_t values; /* distinct, as far as the newest are told apart */
	uint64_t equal;	 /* bodies that were those of the one before */
	uint64_t seen[ALIAS_VALUES];
	struct digest digest; /* of the newest */
};

/* One content. */
struct alias_named {
	unsigned resources;	      /* at most ALIAS_RESOURCES */
	uint64_t of[ALIAS_RESOURCES]; /* the lower halves of their keys */
};

struct aliases;

struct aliases *aliases_new(uint64_t memory_bytes, uint64_t seed);
void aliases_free(struct aliases **aliases);

/* aliases_add() of it will come. */
void aliases_expect(
	const struct aliases *aliases, const struct exchange *x, table_fetch *fetch);

/* Sets what is known of the URL's parameter and of the content, this exchange included;
 * leaves them where it has no such parameter, and no content of ALIAS_BYTES. */
void aliases_add(struct aliases *aliases, const struct view *view, bool paired,
	struct aggregated *known);

/* NULL if the URL has no such parameter; else *name is that of it. */
const struct alias_busted *aliases_busted(
	const struct aliases *aliases, const struct view *view, struct slice *name);

uint64_t aliases_evictions(const struct aliases *aliases);

#endif
