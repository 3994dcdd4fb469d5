#include "parsers/fingerprint.h"

#include "parsers/chars.h"

enum {
	DIGITS_MIN = 8,
	DIGITS_MAX = 64,
	UUID_OCTETS = 36
};

static bool
is_figure(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_mark(uint8_t c)
{
	return c == '.' || c == '_' || c == '-';
}

static struct slice
last_segment(struct slice path_query)
{
	struct slice path = slice_part(path_query, 0, slice_find(path_query, '?', 0));

	for (size_t at = path.n; at > 0; at--)
		if (path.at[at - 1] == '/')
			return slice_from(path, at);
	return path;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool
is_uuid(struct slice s)
{
	if (s.n < UUID_OCTETS)
		return false;
	for (size_t i = 0; i < UUID_OCTETS; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? s.at[i] != '-' : !chars_is_hexdig(s.at[i]))
			return false;
	}
	return true;
}

static bool
has_uuid(struct slice s)
{
	for (size_t at = 0; at + UUID_OCTETS <= s.n; at++)
		if (is_uuid(slice_from(s, at)))
			return true;
	return false;
}

/* How many digits there are from the front of `s` to a mark or the end; 0 if none. */
static size_t
digest_length(struct slice s)
{
	bool letter = false, figure = false;
	size_t n = 0;

	while (n < s.n && chars_is_hexdig(s.at[n])) {
		figure |= is_figure(s.at[n]);
		letter |= !is_figure(s.at[n]);
		n++;
	}
	return n >= DIGITS_MIN && n <= DIGITS_MAX && letter && figure &&
			       (n == s.n || is_mark(s.at[n]))
		       ? n
		       : 0;
}

static struct slice
digest_in_name(struct slice name)
{
	for (size_t at = 1; at < name.n; at++) {
		size_t n = is_mark(name.at[at - 1]) ? digest_length(slice_from(name, at))
						    : 0;

		if (n)
			return has_uuid(name) ? (struct slice){NULL, 0}
					      : slice_part(name, at, at + n);
	}
	return (struct slice){NULL, 0};
}

static bool
is_version(struct slice parameter)
{
	static const struct slice names[] = {SLICE_INIT("v"), SLICE_INIT("ver"),
		SLICE_INIT("version"), SLICE_INIT("rev"), SLICE_INIT("hash")};
	size_t equals = slice_find(parameter, '=', 0);
	struct slice name = slice_part(parameter, 0, equals);
	struct slice value = slice_from(parameter, equals + 1);

	if (!value.n || has_uuid(value))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_eq(name, names[i]))
			return true;
	return false;
}

static struct slice
version_in_query(struct slice query)
{
	while (query.n) {
		size_t end = slice_find(query, '&', 0);
		struct slice parameter = slice_part(query, 0, end);

		if (is_version(parameter))
			return slice_from(parameter, slice_find(parameter, '=', 0) + 1);
		query = slice_from(query, end + 1);
	}
	return (struct slice){NULL, 0};
}

bool
fingerprint_is_page(struct slice path_query)
{
	static const struct slice extensions[] = {
		SLICE_INIT(".html"), SLICE_INIT(".htm"), SLICE_INIT(".json")};
	struct slice name = last_segment(path_query);

	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (name.n >= extensions[i].n &&
			slice_eq_nocase(slice_from(name, name.n - extensions[i].n),
				extensions[i]))
			return true;
	return false;
}

bool
fingerprint_find(struct slice path_query, size_t *begin, size_t *end)
{
	size_t mark = slice_find(path_query, '?', 0);
	struct slice found;

	if (fingerprint_is_page(path_query))
		return false;
	found = digest_in_name(last_segment(path_query));
	if (!found.n)
		found = version_in_query(slice_from(path_query, mark + 1));
	if (!found.n)
		return false;
	*begin = (size_t)(found.at - path_query.at);
	*end = *begin + found.n;
	return true;
}

bool
fingerprint_in_url(struct slice path_query)
{
	size_t begin, end;

	return fingerprint_find(path_query, &begin, &end);
}
