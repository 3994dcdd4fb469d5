/*
 * analyzer/reports.h - the report of a run, in each of the formats asked for
 */
#ifndef ANALYZER_REPORTS_H
#define ANALYZER_REPORTS_H

#include "analyzer/options.h"
#include "analyzer/pipeline.h"

/* `outs`: as many as the options have. */
void reports_print(const struct options *options, struct source *source,
	const struct pipeline *pipeline, struct out *outs);

#endif
