/*
 * analyzer/merge.h - the files of `cachetap merge`, read and added up
 *
 * Opening and reading are apart, so that root is given up between them.
 */
#ifndef ANALYZER_MERGE_H
#define ANALYZER_MERGE_H

#include "analyzer/report/report_sum.h"

struct merge;

/* "-" is stdin.  -1 with EXIT_INPUT for the first file that cannot be opened. */
int merge_open(
	struct merge **merge, const char *const *paths, size_t count, struct err *err);
void merge_close(struct merge **merge);

/* Adds all of them; -1 with EXIT_INPUT for the first that is no report. */
int merge_read(struct merge *merge, struct report_sum *sum, struct err *err);

#endif
