/*
 * analyzer/ledger/squeeze.h - how small a content would have been under gzip
 *
 * Measured, not guessed: zlib at level 6 with the gzip wrapper, what servers use
 * unless told otherwise.  Better codings save more, so it is a floor.
 *
 * Compressing costs more than all the rest of a run, so each distinct content is
 * measured once, and only the first CONFIG_SQUEEZE_BYTES of them in the order of the
 * verdicts; beyond that, and in live mode from the start, those of one resource in
 * CONFIG_SQUEEZE_SAMPLE.  Which ones is told by a hash without seed, so that it is
 * the same in every run.
 *
 * The only user of the compressor.  Bounded: a table of sizes with a byte budget.
 */
#ifndef ANALYZER_LEDGER_SQUEEZE_H
#define ANALYZER_LEDGER_SQUEEZE_H

#include "analyzer/http/exchange.h"

struct squeeze;

struct squeeze *squeeze_new(uint64_t memory_bytes, bool sampled);
void squeeze_free(struct squeeze **squeeze);

/*
 * The size of the answer's content under gzip, which has a digest; false if it is
 * not known: not its turn, or its octets were not kept.
 */
bool squeeze_measure(struct squeeze *squeeze, const struct exchange *x, uint64_t *bytes);

/* The same without measuring: false if nobody has. */
bool squeeze_known(
	const struct squeeze *squeeze, const struct exchange *x, uint64_t *bytes);

#endif
