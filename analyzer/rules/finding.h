/*
 * analyzer/rules/finding.h - findings as they are kept: counted, with the first as proof
 *
 * Equal findings (rule, kind, and the resource, server or host that they are counted
 * by) are one, with the evidence of the first.
 *
 * Findings are few: what does not fit the budget any more is dropped and counted,
 * so that those that are there keep their true counts.
 */
#ifndef ANALYZER_RULES_FINDING_H
#define ANALYZER_RULES_FINDING_H

#include "analyzer/rules/ruling.h"

struct findings;

/* `options` must have passed the check; its client rule is borrowed. */
struct findings *findings_new(uint64_t memory_bytes, const struct rules_options *options);
void findings_free(struct findings **findings);

/* How a finding is to be kept: from the row of its rule. */
struct finding_terms {
	enum counted_by counted_by;
	struct key subject; /* what it is counted by */
	struct key host;    /* its host, for folding */
};

/* Returns the number of the finding, or 0 if there was no room. */
size_t findings_add(struct findings *findings, const struct view *view,
	const struct hit *hit, const struct ruling *ruling,
	const struct finding_terms *terms);

/* A finding as it was in another run, behind those that are shown; its texts are copied.
 */
void findings_restore(struct findings *findings, const struct finding *finding);

/* One of its exchanges, which was none so far, is tentative. */
void findings_doubt(struct findings *findings, size_t number);

/* What waited is decided by what many exchanges say; the rest is put in order. */
void findings_finish(struct findings *findings, const struct aggregate *aggregate);

size_t findings_count(const struct findings *findings);
const struct finding *findings_at(const struct findings *findings, size_t index);
uint64_t findings_dropped(const struct findings *findings);

#endif
