/*
 * analyzer/value.h - the values of options, checked
 *
 * Each takes the name of the option, for the message, and the text as given; -1 with
 * EXIT_USAGE.  Numbers have no sign and no blanks.
 */
#ifndef ANALYZER_VALUE_H
#define ANALYZER_VALUE_H

#include "analyzer/base/err.h"

#include <stdint.h>

int value_number(const char *option, const char *text, uint64_t least, uint64_t most,
	uint64_t *number, struct err *err);

/* 512M, 1G, 65536; powers of 1024. */
int value_size(const char *option, const char *text, uint64_t least, uint64_t *bytes,
	struct err *err);

/* The index of the text among the choices. */
int value_choice(const char *option, const char *text, const char *const *choices,
	unsigned count, unsigned *choice, struct err *err);

/* duration:S */
int value_duration(
	const char *option, const char *text, int64_t *duration_ns, struct err *err);

/* 90s, 30m, 24h, 7d; at most what 31 bits of seconds hold. */
int value_age(const char *option, const char *text, uint32_t *age_s, struct err *err);

/* A regular expression that compiles; *expression is the text itself. */
int value_expression(
	const char *option, const char *text, const char **expression, struct err *err);

#endif
