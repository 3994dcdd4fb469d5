/*
 * analyzer/history/represent.h - what the octets were that a validator named
 *
 * Filled by complete 200 and 203 answers to anybody, asked by savings and by
 * "has it changed?".  A name is a tag of a resource or a date of a variant.  It may
 * have named several bodies (weak tags, recompressed files): the newest few are
 * kept.  Another table has the length that a HEAD answer declared.
 *
 * Cost: 80 octets a name with the table's own; 48 for each further body.
 */
#ifndef ANALYZER_HISTORY_REPRESENT_H
#define ANALYZER_HISTORY_REPRESENT_H

#include "analyzer/base/bloom.h"
#include "analyzer/base/table.h"
#include "analyzer/history/history.h"

enum {
	REPRESENTED_PER_NAME = 4
};

/* Bodies that are evicted leave a mark in `forgotten`, by their digests, in which no
 * seed is. */
struct table *represent_new(uint64_t budget_bytes, struct bloom *forgotten);
struct table *represent_new_lengths(uint64_t budget_bytes);

/* The body of an answer, under its tag and its date. */
void represent_learn(struct table *table, const struct before *before,
	const struct exchange *x, struct slice vary);

/* The length of an answer to HEAD, likewise. */
void represent_learn_length(struct table *lengths, const struct before *before,
	const struct exchange *x, struct slice vary);

/* Whether the body may have been kept under a name that was evicted. */
bool represent_may_have_had(
	const struct bloom *forgotten, const struct represented *body);

const struct sight *represent_find(const struct table *table, struct key name);
uint64_t represent_head_length(const struct table *lengths, struct key name);

#endif
