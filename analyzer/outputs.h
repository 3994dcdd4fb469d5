/*
 * analyzer/outputs.h - the files that a run writes
 *
 * They are opened before root is given up and before the first octet is read, and never
 * over a file that is to be read.
 */
#ifndef ANALYZER_OUTPUTS_H
#define ANALYZER_OUTPUTS_H

#include "analyzer/options.h"

/* As many as the options have, and one more for -w.  Inputs are the operands, the
 * baseline, and the files of the sources, of which each may be NULL.  -1 with
 * EXIT_OUTPUT, or EXIT_USAGE for a file that is an input or another output;
 * outputs_close() in any case. */
int outputs_open(struct out *outs, const struct options *options,
	struct source *const *sources, size_t source_count, struct err *err);

/* Whatever can be wrong before the first packet was not: what is written while the run
 * lasts begins with nothing. */
int outputs_begin(struct out *outs, const struct options *options, struct err *err);

/* Says what could not be written; the exit code, EXIT_DONE if all was. */
int outputs_close(struct out *outs, size_t count);

#endif
