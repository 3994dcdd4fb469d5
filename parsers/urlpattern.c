#include "parsers/urlpattern.h"

#include "parsers/chars.h"

enum {
	UUID_BYTES = 36,
	HEX_BYTES_MIN = 8,   /* of a hash in hexadecimal digits */
	MIXED_BYTES_MIN = 8, /* in which letters and digits take turns */
	MIXED_TURNS_MIN = 4,
	LONG_BYTES_MIN = 20,
	EXTENSION_BYTES_MAX = 5,
};

struct pattern {
	uint8_t *out;
	size_t n, room;
};

/* What is known of a run of letters and digits. */
struct run {
	size_t bytes, digits, turns;
	bool hex;
};

static void
put(struct pattern *pattern, uint8_t c)
{
	if (pattern->n < pattern->room)
		pattern->out[pattern->n] = c;
	pattern->n++;
}

static bool
is_alnum(uint8_t c)
{
	return chars_is_digit(c) || chars_is_alpha(c);
}

static struct run
run_at(struct slice s, size_t at)
{
	struct run run = {.hex = true};

	for (size_t i = at; i < s.n && is_alnum(s.at[i]); i++) {
		bool digit = chars_is_digit(s.at[i]);

		run.turns += i > at && digit != chars_is_digit(s.at[i - 1]);
		run.digits += digit;
		run.hex &= chars_is_hexdig(s.at[i]);
		run.bytes++;
	}
	return run;
}

static bool
run_is_name(struct run run)
{
	if (run.digits == run.bytes)
		return false;
	if (run.digits == 0)
		return true;
	return !(run.hex && run.bytes >= HEX_BYTES_MIN) && run.bytes < LONG_BYTES_MIN &&
	       !(run.bytes >= MIXED_BYTES_MIN && run.turns >= MIXED_TURNS_MIN);
}

/* 8-4-4-4-12, and no letter or digit behind it.  [RFC9562 4] */
static bool
is_uuid(struct slice s, size_t at)
{
	if (s.n - at < UUID_BYTES)
		return false;
	for (size_t i = 0; i < UUID_BYTES; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? s.at[at + i] != '-' : !chars_is_hexdig(s.at[at + i]))
			return false;
	}
	return s.n - at == UUID_BYTES || !is_alnum(s.at[at + UUID_BYTES]);
}

/* Where the extension of the last segment begins, behind its dot, and where it ends. */
static struct slice
extension_of(struct slice path_query)
{
	struct slice path = slice_part(path_query, 0, slice_find(path_query, '?', 0));
	size_t at = path.n;

	while (at && is_alnum(path.at[at - 1]) && path.n - at <= EXTENSION_BYTES_MAX)
		at--;
	if (at == 0 || at == path.n || path.at[at - 1] != '.' ||
		path.n - at > EXTENSION_BYTES_MAX || !chars_is_alpha(path.at[at]))
		return slice_part(path, path.n, path.n);
	return slice_from(path, at);
}

/* A name: its digits go. */
static void
put_name(struct pattern *pattern, struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (!chars_is_digit(name.at[i]))
			put(pattern, name.at[i]);
		else if (i == 0 || !chars_is_digit(name.at[i - 1]))
			put(pattern, '*');
	}
}

static size_t
put_run(struct pattern *pattern, struct slice s, size_t at)
{
	struct run run = run_at(s, at);

	if (run_is_name(run))
		put_name(pattern, slice_part(s, at, at + run.bytes));
	else
		put(pattern, '*');
	return run.bytes;
}

/* As it is. */
static size_t
put_octets(struct pattern *pattern, struct slice s, size_t at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(pattern, s.at[at + i]);
	return n;
}

size_t
urlpattern(struct slice path_query, uint8_t *out, size_t room)
{
	struct pattern pattern = {.out = out, .room = room};
	struct slice s = path_query, extension = extension_of(s);
	size_t i = 0;

	while (i < s.n && pattern.n <= room) {
		if (extension.n && s.at + i == extension.at) {
			i += put_octets(&pattern, s, i, extension.n);
		} else if (s.at[i] == '%' && s.n - i >= 3 &&
			   chars_is_hexdig(s.at[i + 1]) && chars_is_hexdig(s.at[i + 2])) {
			i += put_octets(&pattern, s, i, 3);
		} else if (!is_alnum(s.at[i])) {
			i += put_octets(&pattern, s, i, 1);
		} else if (is_uuid(s, i)) {
			put(&pattern, '*');
			i += UUID_BYTES;
		} else {
			i += put_run(&pattern, s, i);
		}
	}
	if (pattern.n <= room)
		return pattern.n;
	if (room)
		out[room - 1] = '*';
	return room;
}
