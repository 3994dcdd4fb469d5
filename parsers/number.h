/*
 * parsers/number.h - unsigned numbers, all of a slice or nothing
 *
 *	1*DIGIT, 1*HEXDIG	[RFC9110 8.6, RFC9112 7.1]
 *
 * No sign, no blank, no prefix.  A number that does not fit in 64 bits is not a
 * number: a length that large is a lie, and no caller may wrap around.  Leading
 * zeros are digits like others, any count of them.  *out is only written on true.
 */
#ifndef PARSERS_NUMBER_H
#define PARSERS_NUMBER_H

#include "parsers/slice.h"

bool number_decimal(struct slice s, uint64_t *out);
bool number_hex(struct slice s, uint64_t *out);

#endif
