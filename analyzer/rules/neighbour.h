/*
 * analyzer/rules/neighbour.h - the exchange before on a connection, for comparing pairs
 *
 * If a server gives its answers to the wrong requests, an answer fits the request of its
 * neighbour better than its own.  Of each connection the last exchange is remembered in
 * short, and which findings rest on its pair: these become tentative when the pair
 * turns out to be suspect.
 *
 * Only pairs that are certain are compared.  Bounded: what was forgotten is undecided.
 */
#ifndef ANALYZER_RULES_NEIGHBOUR_H
#define ANALYZER_RULES_NEIGHBOUR_H

#include "analyzer/base/table.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/finding.h"
#include "parsers/range.h"

enum {
	NEIGHBOUR_TAGS = 4, /* of more than so many, or ranges, none is compared */
	NEIGHBOUR_RANGES = 4,
	NEIGHBOUR_FINDINGS = 8,
	NEIGHBOUR_SIGNS_MIN = 2, /* one alone may be chance */
};

/* An exchange as far as its answer can be told from another's.  What most have comes
 * first, and what it has not is not touched. */
struct neighbour {
	uint32_t trans;
	uint16_t status;
	bool conditional, ranged, has_digest;
	bool odd; /* the answer does not quite fit: only then it may be another's */
	uint8_t tag_count, range_count, finding_count;
	uint64_t resource; /* the lower half of its key, see key_of_short() */
	uint64_t location; /* of the answer, likewise; 0: none */
	uint64_t tag;	   /* of the answer: a hash; 0: none */
	struct key server_key;
	struct digest digest;
	int64_t response_ns;

	/* As many as are counted. */
	uint64_t tags[NEIGHBOUR_TAGS];	       /* of If-None-Match: hashes */
	uint32_t findings[NEIGHBOUR_FINDINGS]; /* numbers of findings_add() */

	struct content_range range; /* if `ranged` */
	struct range_spec ranges[NEIGHBOUR_RANGES];
};

struct neighbours;

struct neighbours *neighbours_new(uint64_t memory_bytes);
void neighbours_free(struct neighbours **neighbours);

/* neighbours_last() for it will come. */
void neighbours_expect(const struct neighbours *neighbours, const struct exchange *x,
	table_fetch *fetch);

/* The last one on the connection; NULL if it is not known. */
struct neighbour *neighbours_last(
	struct neighbours *neighbours, const struct exchange *x);

/* `findings` and `finding_count` are for neighbours_add(). */
void neighbour_fill(struct neighbour *n, const struct view *view);

/* In how many ways the answer of `own` does not fit its request, but that of `other`;
 * may be 0 if it is one only. */
unsigned neighbour_signs(const struct view *view, const struct neighbour *own,
	const struct neighbour *other);

/*
 * Remembers the exchange, view->now, in the place of the last one, or that it is in
 * doubt; `findings` rest on its pair.  Behind the last of a connection comes no pair.
 */
void neighbours_add(struct neighbours *neighbours, struct neighbour *last,
	const struct view *view, const size_t *findings, unsigned finding_count);

uint64_t neighbours_evictions(const struct neighbours *neighbours);

#endif
