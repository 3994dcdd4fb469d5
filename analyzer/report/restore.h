/*
 * analyzer/report/restore.h - a report's JSON put back where its numbers were
 *
 * The inverse of report_json(): with it a report that was read is printed like one of a
 * run.  What the JSON does not tell stays empty: single exchanges, and so the waterfall.
 * Values of another type than expected count as absent; numbers are never negative.
 *
 * Lifetime: borrows the texts of the values.
 */
#ifndef ANALYZER_REPORT_RESTORE_H
#define ANALYZER_REPORT_RESTORE_H

#include "analyzer/base/counters.h"
#include "analyzer/base/jsonread.h"
#include "analyzer/report/report.h"

/* Microseconds that fit as nanoseconds, and differences of two of them, too. */
#define RESTORE_US_MAX (INT64_MAX / 4000)

/* What a value tells; false: it is absent, or no number, or below 0, or a time that is
 * centuries away.  Times are told in microseconds. */
bool restore_is_count(const struct jsonvalue *value, uint64_t *count);
bool restore_is_time(const struct jsonvalue *value, int64_t *ns);

/* A member of an object, by its name; 0, nothing. */
uint64_t restore_count(const struct jsonvalue *object, const char *key);
struct rate restore_rate(const struct jsonvalue *object, const char *key);
struct slice restore_text(const struct jsonvalue *object, const char *key);

/* A part is no more than the whole, whatever a file says. */
static inline uint64_t
restore_at_most(uint64_t part, uint64_t whole)
{
	return part < whole ? part : whole;
}

/* In nanoseconds; 0 if it is none. */
int64_t restore_time_ns(const struct jsonvalue *object, const char *key);

/* The number of a name among those that `name_of` knows, or 0. */
unsigned restore_named(
	struct slice name, const char *(*name_of)(unsigned number), unsigned count);
unsigned restore_class(struct slice name); /* of waste */
unsigned restore_cause(struct slice name);
unsigned restore_fault(struct slice name);

/* "class/cause" and the like; the other half is then {NULL, 0}. */
void restore_class_cause(struct slice key, unsigned *class, unsigned *cause);

/* Sections of the JSON. */
void restore_counters(struct counters *counters, const struct jsonvalue *capture,
	const struct jsonvalue *ledger, const struct jsonvalue *quality);
void restore_evictions(
	struct report_evictions *evictions, const struct jsonvalue *quality);
void restore_tally(struct tally *tally, const struct jsonvalue *http,
	const struct jsonvalue *metrics, const struct jsonvalue *more,
	const struct jsonvalue *quality);
void restore_whatif(struct whatif *whatif, const struct jsonvalue *metrics,
	const struct jsonvalue *more);

/* Where an exchange was; `sources` tells which file is which. */
struct restored_evidence {
	int64_t first_ns;
	struct endpoint client, server;
	struct place request_first, request_last, response_first, response_last;
};

struct restored_evidence restore_evidence(
	const struct jsonvalue *first, const struct jsonvalue *sources);
void restore_finding(struct rules *rules, const struct jsonvalue *finding,
	const struct jsonvalue *sources, struct arena *arena);
void restore_fix(struct fixes *fixes, const struct jsonvalue *fix,
	const struct jsonvalue *sources);

#endif
