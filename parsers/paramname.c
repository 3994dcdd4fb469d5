#include "parsers/paramname.h"

#include "parsers/chars.h"
#include "parsers/escape.h"

bool
paramname_octet(uint8_t c)
{
	return chars_is_digit(c) || chars_is_alpha(c) || c == '-' || c == '_' ||
	       c == '.' || c == '$';
}

bool
paramname_may_begin(struct slice text, size_t at)
{
	uint8_t octet;

	if (!at || !paramname_octet(text.at[at - 1]))
		return true;
	return escape_read_before(text, at, &octet) && !paramname_octet(octet);
}

size_t
paramname_begin(struct slice text, size_t end)
{
	while (!paramname_may_begin(text, end))
		end--;
	return end;
}

void
paramname_read(struct slice text, size_t at, struct paramname *name)
{
	size_t n = 0, length = 0;
	bool escapes = false;
	uint8_t c;

	name->end = at;
	for (; name->end < text.n; name->end += n) {
		c = text.at[name->end];
		n = c == '%' ? escape_read(slice_from(text, name->end), &c) : 1;
		if (!n || !paramname_octet(c))
			break;
		escapes |= n > 1;
		if (length < PARAMNAME_BYTES)
			name->decoded[length] = c;
		length++;
	}
	name->is_long = escapes && length > PARAMNAME_BYTES;
	name->plain = escapes ? slice_of(name->decoded,
					name->is_long ? PARAMNAME_BYTES : length)
			      : slice_part(text, at, name->end);
}

/* Behind "[", any name and "]"; `at` if there is none. */
static size_t
read_index(struct slice text, size_t at)
{
	size_t open = escape_octet(slice_from(text, at), '['), close;
	struct paramname name;

	if (!open)
		return at;
	paramname_read(text, at + open, &name);
	close = escape_octet(slice_from(text, name.end), ']');
	return close ? name.end + close : at;
}

size_t
paramname_equals(struct slice text, size_t at)
{
	size_t equals;

	at += escape_octet(slice_from(text, at), ']');
	for (unsigned i = 0; i < ESCAPE_NESTED; i++)
		at = read_index(text, at);
	equals = escape_octet(slice_from(text, at), '=');
	return equals ? at + equals : 0;
}
