/*
 * analyzer/report/report.h - all that a report is made of, and its forms
 *
 * A report reads and never counts: every number is in the tally, the counters or
 * the findings.  All pointers are borrowed for the call.
 */
#ifndef ANALYZER_REPORT_REPORT_H
#define ANALYZER_REPORT_REPORT_H

#include "analyzer/base/counters.h"
#include "analyzer/base/out.h"
#include "analyzer/ledger/tags.h"
#include "analyzer/ledger/whatif.h"
#include "analyzer/report/tally.h"
#include "analyzer/rules/rule.h"

/* One file or interface, as capture/ tells it. */
struct report_source {
	const char *path, *format, *compression;
	const uint16_t *link_types;
	unsigned link_type_count;
	uint64_t packets, octets;
	bool truncated_tail, is_rewritten, is_late;
	uint64_t damaged_records, skipped_octets, tail_octets, bad_options;
	const char *trouble; /* one line, or "" */
	bool failed;	     /* not readable at all; trouble says why */
};

/* An option that changes a number; `text` NULL: it is a number. */
struct report_option {
	const char *key, *text;
	uint64_t number;
};

/* What was given up to stay within the memory budget. */
struct report_evictions {
	uint64_t held, represented, delivered, resources, servers, clients; /* history */
	uint64_t savings;	/* validators whose open savings no answer can fill now */
	uint64_t records;	/* lines that went out too early */
	uint64_t written_flows; /* of -w */
	struct whatif_evictions whatif; /* of the simulations */
};

struct report {
	const char *version; /* of the program */
	const struct report_option *options;
	size_t option_count;
	struct thresholds thresholds;
	const struct report_source *sources;
	size_t source_count;
	int64_t kernel_dropped, interface_dropped; /* -1: not a live capture */
	int64_t gap_ns; /* between first and last, captured by nobody: of a sum */

	const struct counters *counters;
	const struct hiding *hiding; /* NULL: addresses are shown */
	const struct tally *tally;
	const struct rules *rules;
	const struct whatif *whatif;
	const struct tags *tags;
	const struct clients_summary *clients;
	const struct hops_summary *hops;
	struct history_distinct distinct;
	struct report_evictions evictions;

	/* Of a sum of reports, see report_sum.h; NULL: of a run. */
	struct report_sum *sum;
	const char *const *sentences; /* its warnings, instead of what numbers give */
	size_t sentence_count;

	/* The page only. */
	bool colour, verbose, headline_only;
	unsigned columns; /* of the text; 0: the default */
	bool proven_only; /* what is only likely is not called wasted */
	unsigned top;	  /* rows of a list; 0: the default */
};

void report_json(struct out *out, const struct report *report);

/* Without line breaks, and with so many rows of each table and findings at most. */
void report_json_compact(struct out *out, const struct report *report, size_t rows_max);

void report_html(struct out *out, const struct report *report);
void report_text(struct out *out, const struct report *report);

/* No number is a lower bound: nothing was evicted that a number rests on. */
bool report_is_exact(const struct report *report);

/*
 * What the capture cannot tell and what that means for the numbers, one sentence a
 * call.  No file names, no counts of packets: the same traffic gives the same
 * sentences in whatever file it comes.
 */
typedef void report_warning(void *context, const char *sentence);
void report_warnings(const struct report *report, report_warning *warning, void *context);

/* What concerns packets and changes no number but those of time; for the page. */
void report_notes(const struct report *report, report_warning *note, void *context);

#endif
