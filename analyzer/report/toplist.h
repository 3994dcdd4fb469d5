/*
 * analyzer/report/toplist.h - sums by key, for the keys that have the most octets
 *
 * Up to twice as many rows as asked for are exact.  When they are full, the lighter half
 * is folded into one row, `others`, and what a key can have had by then is known: the
 * error of rows that begin later.  In other words the counters of Misra and Gries, set
 * back in batches; the error is never more than the octets of all divided by the rows
 * asked for, as with Space-Saving, and a row never has what is another's.  So
 *
 *	octets of a row <= octets of its key <= octets of the row + its `error`
 *
 * and the rows with `others` are the total, always.
 *
 * Cost: O(1) an exchange, amortised; nothing is allocated for a key that has its row.
 */
#ifndef ANALYZER_REPORT_TOPLIST_H
#define ANALYZER_REPORT_TOPLIST_H

#include "analyzer/base/key.h"
#include "analyzer/report/sums.h"

enum toplist_answer {
	ANSWER_304, /* validated */
	ANSWER_200,
	ANSWER_COUNT
};

enum toplist_date {  /* against the capture's clock */
	DATE_BEHIND, /* or right */
	DATE_AHEAD,
	DATE_COUNT
};

struct toplist_row {
	struct key key;
	uint64_t order;	    /* first seen, for ties */
	uint64_t error;	    /* octets that it may lack */
	struct slice label; /* owned; at NULL: there is none */
	struct sums sums;
	struct key last_type; /* of URLs: of the newest answer that has one */
	enum waste_class why; /* with the most octets */
	enum waste_cause why_cause;
	uint64_t why_octets;
	struct histogram waits[ANSWER_COUNT]; /* of URLs: of GETs, microseconds */
	struct histogram dates[DATE_COUNT];   /* of servers: how far off, seconds */
	unsigned robot; /* that all of its requests are of; see robot.h */
};

struct toplist {
	struct toplist_row *rows;
	uint32_t *index; /* open addressing: 1 + row, or 0 */
	size_t count, room, keep;
	size_t index_size; /* a power of two, at least four times `keep` */
	uint64_t seen;
	uint64_t error;	 /* of a row that begins now */
	uint64_t folded; /* rows that were given up; `others` has their sums */
	struct sums others;
};

void toplist_init(struct toplist *list, size_t keep);
void toplist_fini(struct toplist *list);

/* The row of a key, or NULL; valid until the next toplist_new_row(). */
struct toplist_row *toplist_find(const struct toplist *list, struct key key);

/* Of a key that has none.  The label is copied. */
struct toplist_row *toplist_new_row(
	struct toplist *list, struct key key, struct slice label);

/*
 * All rows, the most octets first; `rows` holds as many as there are.  The second form is
 * by waste, T1 and T2 first.
 */
void toplist_ranked(const struct toplist *list, const struct toplist_row **rows);
void toplist_by_waste(const struct toplist *list, const struct toplist_row **rows);

/* The first by waste, or NULL. */
const struct toplist_row *toplist_worst(const struct toplist *list);

#endif
