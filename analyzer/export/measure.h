/*
 * analyzer/export/measure.h - the numbers of a report, by name
 *
 * measure.def is the list.  A number is read from the report JSON, so it is the same
 * whether the report was just made, was read from a file, or is a sum of several.
 */
#ifndef ANALYZER_EXPORT_MEASURE_H
#define ANALYZER_EXPORT_MEASURE_H

#include "analyzer/base/jsonread.h"

enum measure_kind {
	MEASURE_SHARE,
	MEASURE_OCTET_SHARE,
	MEASURE_OCTETS,
	MEASURE_COUNT,
	MEASURE_TIME,	  /* in microseconds, a sum */
	MEASURE_QUANTILE, /* in microseconds */
};

enum measure_better {
	MEASURE_NEITHER,
	MEASURE_HIGHER,
	MEASURE_LOWER,
};

struct measure {
	const char *name;
	enum measure_kind kind;
	enum measure_better better;
	const char *place, *what;
};

/* A rate of two integers, or a number of which `den` is 1. */
struct measured {
	bool known; /* the report has it, and a rate has cases */
	uint64_t num, den;
};

/* NULL behind the last one. */
const struct measure *measure_at(size_t index);

/* By any of its names; NULL if it is none. */
const struct measure *measure_named(struct slice name);

bool measure_is_rate(const struct measure *measure);
struct measured measure_of(const struct measure *measure, const struct jsonvalue *report);

/* The value at a path of keys with a slash between two, or NULL. */
const struct jsonvalue *measure_place(const struct jsonvalue *report, const char *place);

/* An integer there, or 0. */
uint64_t measure_integer(const struct jsonvalue *report, const char *place);

/* -1, 0 or 1; the denominators are not 0.  Exact. */
int measure_compare(uint64_t num, uint64_t den, uint64_t other_num, uint64_t other_den);

#endif
