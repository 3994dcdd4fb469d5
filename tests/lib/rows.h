/*
 * tests/lib/rows.h - a table of rows, each a cmocka test of its own
 *
 * A row is a struct whose first member is its name, a sentence.  The test gets it
 * as *state.
 */
#ifndef TESTS_LIB_ROWS_H
#define TESTS_LIB_ROWS_H

#include "tests/lib/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The number of rows that failed. */
int rows_run(const char *group, const void *rows, size_t count, size_t row_bytes,
	CMUnitTestFunction test);

#define ROWS_RUN(rows, test)                                                             \
	rows_run(#rows, rows, sizeof(rows) / sizeof *(rows), sizeof *(rows), test)

/* Only rows that match the first argument are run, if there is one. */
void rows_filter(int argc, char **argv);

/* The octets as text, for values in rows; {NULL, 0} is shown as NULL. */
void rows_assert_slice(struct slice is, const char *expected);

/* The octets that pairs of hexadecimal digits stand for; returns their number. */
size_t rows_hex(uint8_t *octets, const char *hex);

#endif
