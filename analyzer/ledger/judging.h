/*
 * analyzer/ledger/judging.h - one exchange on its way to a verdict
 *
 * The stages fill it in this order: outcome, waste, saving.  Private to the ledger.
 */
#ifndef ANALYZER_LEDGER_JUDGING_H
#define ANALYZER_LEDGER_JUDGING_H

#include "analyzer/ledger/verdict.h"

struct judging {
	const struct history *history;
	const struct before *before;
	const struct exchange *x;
	struct verdict *verdict;

	bool is_get, is_full; /* full: 200 or 203 */
	bool is_provable;     /* both heads clean, and surely one exchange */
	bool is_forced;	      /* the client insists on an answer from the origin */
	struct represented body;
	enum truth same_as_held; /* complete, status and octets of the held entry */

	/* The tag of the request that names the same octets; raw.at NULL if none. */
	struct etag named_by;

	/* What no class has taken yet. */
	uint64_t body_left;
	bool head_taken;
};

void judging_outcome(struct judging *j);
void judging_waste(struct judging *j);

/* The saving without `later`; true if a later 200 may tell it, and its name then. */
bool judging_saving(struct judging *j, struct key *name);

#endif
