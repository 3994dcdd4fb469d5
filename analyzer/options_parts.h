/*
 * analyzer/options_parts.h - the parts of options.c
 */
#ifndef ANALYZER_OPTIONS_PARTS_H
#define ANALYZER_OPTIONS_PARTS_H

#include "analyzer/options.h"

/* -T: one more output.  -1 for a format that is none. */
int options_format(struct options *options, const char *name, struct err *err);

enum {
	OPTIONS_FORMATS_BYTES = 128
};

/* What the command writes, by name. */
const char *options_formats(enum command command, char names[OPTIONS_FORMATS_BYTES]);

/* -o: the file of the -T before it, or one more output with the format of its extension.
 */
int options_output(struct options *options, const char *path, struct err *err);

/* What the command writes when nothing else is said. */
enum format options_preset(enum command command);

/* An output to stdout if there is none; -1 if the command does not write one of them. */
int options_check_outputs(struct options *options, struct err *err);

/* --table: that of the -T csv before it, or of all. */
int options_table(struct options *options, const char *name, struct err *err);

/* Which table each -T csv is; one of a folder without --table is one output a table. */
int options_check_tables(struct options *options, struct err *err);

/* What the line as a whole must be. */
int options_check(struct options *options, struct err *err);

#endif
