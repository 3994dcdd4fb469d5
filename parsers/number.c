#include "parsers/number.h"

#include "parsers/chars.h"

/* The digit's value, or `base` if it is none. */
static unsigned
digit_value(uint8_t c, unsigned base)
{
	unsigned value = base;

	if (chars_is_digit(c))
		value = c - '0';
	else if (chars_is_alpha(c))
		value = octet_lower(c) - 'a' + 10;
	return value < base ? value : base;
}

static bool
number_in_base(struct slice s, unsigned base, uint64_t *out)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = digit_value(s.at[i], base);

		if (digit == base || sum > (UINT64_MAX - digit) / base)
			return false;
		sum = sum * base + digit;
	}
	if (s.n == 0)
		return false;
	*out = sum;
	return true;
}

bool
number_decimal(struct slice s, uint64_t *out)
{
	return number_in_base(s, 10, out);
}

bool
number_hex(struct slice s, uint64_t *out)
{
	return number_in_base(s, 16, out);
}
