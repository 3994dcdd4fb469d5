/*
 * analyzer/report/report_patterns.h - URL patterns, and what lifetimes would avoid there
 *
 * All that ladder_advise() rests on, so that advice can be given for several reports as
 * one: what one of them has against a lifetime holds for all.
 */
#ifndef ANALYZER_REPORT_REPORT_PATTERNS_H
#define ANALYZER_REPORT_REPORT_PATTERNS_H

#include "analyzer/base/jsonread.h"
#include "analyzer/ledger/whatif.h"

/* A member "patterns" of the open object, those with the most to avoid first. */
void report_patterns_json(
	struct json *json, const struct ladder *ladder, size_t rows_max);

/* How many there are beyond those. */
uint64_t report_patterns_left_out(const struct ladder *ladder);

/* Whether an array is one of patterns, so that adding it cannot fail. */
bool report_patterns_valid(const struct jsonvalue *array);

/* Patterns of several reports; equal names are one. */
struct report_patterns {
	struct ladder_pattern *rows;
	size_t count, room;
};

void report_patterns_fini(struct report_patterns *patterns);

/* Borrows the names of a valid array. */
void report_patterns_add(struct report_patterns *patterns, const struct jsonvalue *array);

/* Unites them and puts them where a report looks for them. */
void report_patterns_fill(struct report_patterns *patterns, struct whatif *whatif);

#endif
