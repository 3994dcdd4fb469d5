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
	unsigned resources; /* at most ALIAS_RESOURCES */
	struct key of[ALIAS_RESOURCES];
};

struct aliases;

struct aliases *aliases_new(uint64_t memory_bytes, uint64_t seed);
void aliases_free(struct aliases **aliases);

/* What is known of the URL's parameter, this exchange included; NULL: it has none. */
const struct alias_busted *aliases_add(
	struct aliases *aliases, const struct view *view, bool paired);

/* NULL if the URL has no such parameter; else *name is that of it. */
const struct alias_busted *aliases_busted(
	const struct aliases *aliases, const struct view *view, struct slice *name);

/* NULL if nothing is known of the response's content. */
const struct alias_named *aliases_named(
	const struct aliases *aliases, const struct view *view);

uint64_t aliases_evictions(const struct aliases *aliases);

#endif
