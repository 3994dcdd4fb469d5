/*
 * analyzer/export/diff.h - two reports compared: better, worse, new findings
 *
 * A rate of cases is better or worse only if chance does not explain it: if the interval
 * of 95 % for the difference of two proportions (Newcombe's, of two Wilson intervals)
 * leaves zero out.  It takes cases for independent; those of one client are not quite,
 * so a difference near its end is weak evidence.  Octets are no cases - one large body
 * may be half of them - and are compared without a test.
 *
 * Amounts of octets say nothing when the traffic differs; they are compared by their
 * share of all octets.
 *
 * Lifetime: borrows both reports.
 */
#ifndef ANALYZER_EXPORT_DIFF_H
#define ANALYZER_EXPORT_DIFF_H

#include "analyzer/export/found.h"
#include "analyzer/export/measure.h"

enum diff_verdict {
	DIFF_UNKNOWN, /* one of them has no cases */
	DIFF_EQUAL,
	DIFF_CHANCE, /* differs no more than by chance */
	DIFF_BETTER,
	DIFF_WORSE,
	DIFF_OTHER, /* differs, and neither is better */
	DIFF_VERDICTS
};

enum {
	DIFF_BEFORE,
	DIFF_AFTER,
	DIFF_SIDES
};

/* A line of the comparison. */
struct diff_line {
	const struct measure *measure; /* NULL: a class of waste */
	struct slice name;
	struct measured sides[DIFF_SIDES];
	bool is_tested; /* against chance */
	enum diff_verdict verdict;
};

enum {
	DIFF_REASON_BYTES = 256
};

struct diff {
	const char *names[DIFF_SIDES]; /* as given */
	const struct jsonvalue *reports[DIFF_SIDES];
	struct diff_line *rates; /* those that one of them has */
	size_t rate_count;
	struct diff_line *classes; /* octets, by their share of all */
	size_t class_count;
	struct found_list findings[DIFF_SIDES];
	char (*reasons)[DIFF_REASON_BYTES]; /* why they are not comparable */
	size_t reason_count;
	enum diff_verdict verdict; /* of recall and of the wasted share together */
};

void diff_make(struct diff *diff, const char *const names[DIFF_SIDES],
	const struct jsonvalue *const reports[DIFF_SIDES]);
void diff_fini(struct diff *diff);

const char *diff_verdict_name(enum diff_verdict verdict); /* "better" */

/* Findings of one side that the other does not have. */
bool diff_is_only_in(const struct diff *diff, unsigned side, const struct found *found);

/* 95 %: whether chance explains that two proportions differ.  No den is 0. */
bool diff_is_chance(struct measured before, struct measured after);

/* Schema cachetap-diff/1. */
void diff_json(struct out *out, const struct diff *diff);

struct diff_page {
	bool colour, verbose, headline_only;
	unsigned columns; /* 0: the default */
	unsigned top;	  /* findings of each list; 0: the default */
};

void diff_text(
	struct out *out, const struct diff *diff, const struct diff_page *settings);

#endif
