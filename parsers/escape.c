#include "parsers/escape.h"

#include "parsers/number.h"

/* What is left of a percent sign that was written as one: "25". */
static bool
is_percent(struct slice s, size_t at)
{
	return at + 2 <= s.n && s.at[at] == '2' && s.at[at + 1] == '5';
}

size_t
escape_read(struct slice s, uint8_t *octet)
{
	uint64_t value;
	size_t n = 1;

	if (!s.n || s.at[0] != '%')
		return 0;
	for (unsigned i = 1; i < ESCAPE_NESTED && is_percent(s, n); i++)
		n += 2;
	if (n + 2 > s.n || !number_hex(slice_part(s, n, n + 2), &value))
		return 0;
	*octet = (uint8_t)value;
	return n + 2;
}

size_t
escape_octet(struct slice s, uint8_t octet)
{
	uint8_t found;
	size_t n = 1;

	if (s.n && s.at[0] == octet)
		return 1;
	n = escape_read(s, &found);
	return n && found == octet ? n : 0;
}

size_t
escape_read_before(struct slice text, size_t end, uint8_t *octet)
{
	for (size_t n = 3; n <= ESCAPE_BYTES && n <= end; n += 2)
		if (text.at[end - n] == '%')
			return escape_read(slice_part(text, end - n, end), octet) == n
				       ? n
				       : 0;
	return 0;
}

size_t
escape_octet_before(struct slice text, size_t end, uint8_t octet)
{
	uint8_t found;
	size_t n;

	if (end && text.at[end - 1] == octet)
		return 1;
	n = escape_read_before(text, end, &found);
	return n && found == octet ? n : 0;
}
