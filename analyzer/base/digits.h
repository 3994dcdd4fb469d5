/*
 * analyzer/base/digits.h - numbers as decimal digits
 */
#ifndef ANALYZER_BASE_DIGITS_H
#define ANALYZER_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>

enum {
	DIGITS_MAX = 20 /* of 2^64 - 1 */
};

/* Writes them into an array, without NUL; returns how many there are. */
size_t digits_of(uint64_t number, char digits[DIGITS_MAX]);

#endif
