#include "analyzer/base/digits.h"

#include <string.h>

size_t
digits_of(uint64_t number, char digits[DIGITS_MAX])
{
	char from_right[DIGITS_MAX];
	size_t at = DIGITS_MAX;

	do {
		from_right[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	memcpy(digits, from_right + at, DIGITS_MAX - at);
	return DIGITS_MAX - at;
}
