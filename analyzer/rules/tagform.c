#include "analyzer/rules/tagform.h"

#include "parsers/chars.h"

/* Takes the part before the next `separator` off *rest. */
static struct slice
next_part(struct slice *rest, uint8_t separator)
{
	size_t at = slice_find(*rest, separator, 0);
	struct slice part = slice_part(*rest, 0, at);

	*rest = slice_from(*rest, at + 1);
	return part;
}

static unsigned
count_octet(struct slice s, uint8_t c)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.at[i] == c;
	return n;
}

/* Apache's inode-size-mtime, and size-mtime as in nginx. */
static const char *
pattern_of_parts(struct slice a, struct slice b)
{
	unsigned parts = count_octet(a, '-'), differ = 0;

	if (parts == 0 || parts > 2 || count_octet(b, '-') != parts)
		return NULL;
	for (unsigned i = 0; i <= parts; i++)
		if (!slice_eq(next_part(&a, '-'), next_part(&b, '-')))
			differ |= 1u << i;
	if (parts == 2 && differ == 1u << 0)
		return "inode";
	/* nginx puts the time first, Apache last. */
	return differ == 1u << parts || (parts == 1 && differ == 1u << 0) ? "mtime"
									  : NULL;
}

/* IIS: hash, colon, a number that counts its metabase's changes. */
static bool
is_iis_counter(struct slice a, struct slice b)
{
	size_t colon = slice_find(a, ':', 0);

	if (colon == a.n ||
		!slice_eq(slice_part(a, 0, colon + 1), slice_part(b, 0, colon + 1)))
		return false;
	for (size_t i = colon + 1; i < b.n; i++)
		if (!chars_is_digit(b.at[i]))
			return false;
	return b.n > colon + 1;
}

const char *
tagform_change(struct slice was, struct slice is)
{
	const char *part = pattern_of_parts(was, is);

	if (part)
		return part;
	return is_iis_counter(was, is) ? "iis-counter" : NULL;
}
