/*
 * analyzer/report/report_read.h - report JSON that was written earlier, as values
 *
 * Whoever reads a report of schema cachetap-report/1 may rely on its sections being
 * there, and on findings, fixes and tables being what they are called.
 */
#ifndef ANALYZER_REPORT_REPORT_READ_H
#define ANALYZER_REPORT_REPORT_READ_H

#include "analyzer/base/err.h"
#include "analyzer/base/jsonread.h"

/* In the arena.  NULL with EXIT_INPUT if the octets are no report. */
struct jsonvalue *report_read(
	struct slice octets, struct arena *arena, const char *path, struct err *err);

#endif
