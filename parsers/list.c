#include "parsers/list.h"

/* Where the quoted-string that begins at `i` is over, or s.n.  [RFC9110 5.6.4] */
static size_t
quoted_end(struct slice s, size_t i)
{
	for (i++; i < s.n; i++) {
		if (s.at[i] == '"')
			return i + 1;
		if (s.at[i] == '\\')
			i++;
	}
	return s.n;
}

/* The comma that ends the element at the start of `s`, or s.n. */
static size_t
element_end(struct slice s)
{
	size_t i = 0;

	while (i < s.n && s.at[i] != ',')
		i = s.at[i] == '"' ? quoted_end(s, i) : i + 1;
	return i;
}

bool
list_next(struct slice *rest, struct slice *element)
{
	while (rest->n) {
		size_t end = element_end(*rest);

		*element = slice_trim(slice_part(*rest, 0, end));
		*rest = slice_from(*rest, end + 1);
		if (element->n)
			return true;
	}
	return false;
}

bool
list_has_empty(struct slice list)
{
	bool quoted = false, empty = true;

	for (size_t i = 0; i < list.n; i++) {
		if (list.at[i] == '"')
			quoted = !quoted;
		if (list.at[i] == ',' && !quoted) {
			if (empty)
				return true;
			empty = true;
		} else if (list.at[i] != ' ' && list.at[i] != '\t') {
			empty = false;
		}
	}
	return empty;
}
