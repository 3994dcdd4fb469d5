/*
 * analyzer/rules/support.h - the answers to one validator, now 304, now in full
 *
 * Of each variant the validator that was asked about last is kept with the variant, in
 * its owner's slot; others wait in a table.  So as long as a variant does not change
 * nothing is looked for.
 *
 * Bounded: what was forgotten begins anew.
 */
#ifndef ANALYZER_RULES_SUPPORT_H
#define ANALYZER_RULES_SUPPORT_H

#include "analyzer/rules/rule.h"

/* The answers to one validator; times newest first. */
struct support {
	uint64_t answers, octets;
	uint64_t validated, full; /* 304, and in full */
	int64_t validated_ns[2], full_ns[2];
	bool was_304[3]; /* the last answers of either kind */
	int64_t answer_ns[3];
	/* Seen for requests without, and with, no-cache. */
	bool plain_200, plain_304, forced_304;
	bool inconsistent;  /* now and then */
	bool just_revealed; /* by the newest answer */
};

/* All zero at first. */
struct support_slot {
	uint64_t validator; /* which it is: a hash; 0: none */
	struct support support;
};

struct supports;

struct supports *supports_new(uint64_t memory_bytes);
void supports_free(struct supports **supports);

/*
 * Adds a 304, or a full answer although a condition matched, to what is known of the
 * validator that it was about: the response's own tag, the only tag that was sent, or
 * the date.  NULL if there is none.  `slot` is that of the request's variant, or NULL if
 * the variant has none.
 */
const struct support *supports_add(
	struct supports *supports, struct support_slot *slot, const struct view *view);

uint64_t supports_evictions(const struct supports *supports);

#endif
