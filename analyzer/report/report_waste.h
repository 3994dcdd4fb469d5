/*
 * analyzer/report/report_waste.h - where the waste comes from: classes, causes in them
 *
 * Rows for every form of report, so that all say the same in the same words.
 */
#ifndef ANALYZER_REPORT_REPORT_WASTE_H
#define ANALYZER_REPORT_REPORT_WASTE_H

#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

/* A class, or a cause within it. */
struct waste_row {
	enum waste_class class;
	enum waste_cause cause; /* CAUSE_NONE: the whole class */
	uint64_t exchanges, octets[TIER_3 + 1], all;
	unsigned faults; /* bits of enum fault */
	bool via_cache;
};

/* The classes with waste, the most octets first; how many. */
size_t report_waste_classes(
	const struct tally *tally, struct waste_row rows[WASTE_COUNT]);

/* The causes that are known within a class; how many. */
size_t report_waste_causes(const struct tally *tally, enum waste_class class,
	struct waste_row rows[CAUSE_COUNT]);

/* Either; CAUSE_NONE: the whole class. */
struct waste_row report_waste_row(
	const struct tally *tally, enum waste_class class, enum waste_cause cause);

/* What it is, in a clause. */
const char *waste_row_summary(const struct waste_row *row);

/* Whose job it is: "server" and the like, or "both". */
const char *waste_row_job(const struct waste_row *row);

/* What a server is charged with may be the work of a cache before it. */
bool waste_row_is_perhaps_of_cache(const struct waste_row *row);

/* How sure it is: "proven", "likely" and the like. */
const char *waste_row_grade(const struct waste_row *row);

/* The section "Where the waste comes from"; nothing if there is none. */
void report_waste_text(struct page *page, const struct tally *tally);

#endif
