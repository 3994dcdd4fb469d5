/*
 * analyzer/comparison.h - the two operands of `cachetap diff`
 *
 * A report of an earlier run or a capture: which it is says its first octet, and that is
 * read only after root was given up.  So a file is opened as both.  What is no file, as a
 * pipe, can be read only once and is a report.
 */
#ifndef ANALYZER_COMPARISON_H
#define ANALYZER_COMPARISON_H

#include "analyzer/capture/source.h"
#include "analyzer/reportfile.h"

struct comparison {
	const char *path;
	struct reportfile file; /* path NULL: a folder */
	struct source *source;	/* NULL: not a file or folder */
	bool is_report;
};

/* -1 with EXIT_INPUT; comparison_close() in any case. */
int comparison_open(struct comparison *operand, const char *path, const char *filter,
	struct err *err);

/* Looks at the first octets. */
void comparison_recognise(struct comparison *operand);
void comparison_close(struct comparison *operand);

#endif
