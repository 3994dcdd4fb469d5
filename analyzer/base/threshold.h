/*
 * analyzer/base/threshold.h - the limits that are a matter of taste
 *
 * One table, threshold.def, from which the option, the report and the help come.
 * Measures of memory and time that no number depends on are in analyzer/config.h.
 */
#ifndef ANALYZER_BASE_THRESHOLD_H
#define ANALYZER_BASE_THRESHOLD_H

#include "parsers/slice.h"

enum threshold {
#define THRESHOLD(id, name, usual, most, meaning) THRESHOLD_##id,
#include "analyzer/base/threshold.def"
#undef THRESHOLD
	THRESHOLD_COUNT
};

struct thresholds {
	uint64_t of[THRESHOLD_COUNT];
};

extern const struct thresholds thresholds_usual;

const char *threshold_name(enum threshold which);
const char *threshold_meaning(enum threshold which);

/* "NAME=NUMBER"; false if there is no such name, or the number is too large. */
bool threshold_set(struct thresholds *thresholds, struct slice text);

#endif
