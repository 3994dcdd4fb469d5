/*
 * analyzer/report/tally_keys.h - how good client keys are, as numbers
 *
 *	foreign		conditional requests whose known tag was given to other keys
 *			and never to this one: the key is a part of a cache
 *	unknown		conditional requests none of whose tags was given to anybody:
 *			how much went before the capture
 *
 * Both of answered GET and HEAD requests with tags.
 */
#ifndef ANALYZER_REPORT_TALLY_KEYS_H
#define ANALYZER_REPORT_TALLY_KEYS_H

#include "analyzer/ledger/evidence.h"
#include "analyzer/report/interval.h"

struct tally_keys {
	struct rate foreign, unknown;
	uint64_t t2_octets[EVIDENCE_COUNT];
	uint64_t hasty_refetches;
	/* Bodies of 200s to clients whose copies may have been evicted, as far as they
	 * are not in T1 or T2: what more may be wasted. */
	uint64_t forgotten_octets;
};

void tally_keys_add(struct tally_keys *keys, const struct exchange *x,
	const struct before *before, const struct verdict *verdict);

#endif
