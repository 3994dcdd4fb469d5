/*
 * analyzer/reports.h - what a run prints, in each of the formats asked for
 *
 * Records of exchanges go out while the run lasts, a report at its end.
 */
#ifndef ANALYZER_REPORTS_H
#define ANALYZER_REPORTS_H

#include "analyzer/options.h"
#include "analyzer/pipeline.h"
#include "analyzer/views.h"

/* The outputs that get records, at most as many as the options have; how many. */
size_t reports_records(
	const struct options *options, struct out *outs, struct judge_records *records);
/* Valid as long as the options and the source. */
struct record_options reports_record_options(const struct options *options,
	const struct source *source, const struct out *outs);

/* `outs`: as many as the options have.  EXIT_CONDITION if a --fail-on holds. */
enum exit_code reports_print(const struct options *options, struct source *source,
	const struct pipeline *pipeline, const struct views *views, struct out *outs);

/* The same of a report that is there. */
enum exit_code reports_write(const struct options *options, struct report *report,
	const struct views *views, struct out *outs);

/* It gets records while the run lasts. */
bool reports_is_streamed(const struct options *options, enum format format);

/* Columns of a page there: a terminal's, within limits. */
unsigned reports_columns(const struct out *out);

bool reports_colour(const struct options *options, const struct out *out);

/* An output tells of the worst visit. */
bool reports_want_visits(const struct options *options);

#endif
