/*
 * analyzer/reportfile.h - a file with a report of an earlier run
 *
 * Opening and reading are apart, so that root is given up between them: such a file is
 * as little trusted as a capture.
 */
#ifndef ANALYZER_REPORTFILE_H
#define ANALYZER_REPORTFILE_H

#include "analyzer/base/err.h"
#include "analyzer/base/out.h"

struct reportfile {
	const char *path; /* NULL: closed */
	int fd;
};

/* "-" is stdin.  -1 with EXIT_INPUT. */
int reportfile_open(struct reportfile *file, const char *path, struct err *err);

/* All of it, into a writer to memory; -1 with EXIT_INPUT, also if it is too long. */
int reportfile_read(struct reportfile *file, struct out *octets, struct err *err);
void reportfile_close(struct reportfile *file);

#endif
