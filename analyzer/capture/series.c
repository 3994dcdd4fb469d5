#include "analyzer/capture/series.h"

#include "parsers/chars.h"
#include "parsers/slice.h"

#include <stdint.h>

enum {
	NUMBER_DIGITS_MAX = 9,
	RING_DIGITS = 5, /* at least */
	TIME_DIGITS = 14,
};

/* A name without its number, and where that says anything, the number. */
struct series {
	struct slice stem, rest;
	uint32_t number;
	bool is_counted;
};

/* How many digits end at `end`. */
static size_t
digits_before(struct slice s, size_t end)
{
	size_t at = end;

	while (at && chars_is_digit(s.at[at - 1]))
		at--;
	return end - at;
}

static uint32_t
number_of(struct slice digits)
{
	uint32_t number = 0;

	for (size_t i = 0; i < digits.n; i++)
		number = number * 10 + digits.at[i] - '0';
	return number;
}

/* STEM_NNNNN_YYYYMMDDhhmmss, with a suffix or without. */
static bool
series_of_ring(struct series *series, struct slice name, size_t dot)
{
	size_t time = dot - digits_before(name, dot), digits;

	if (dot - time != TIME_DIGITS || time < 2 || name.at[time - 1] != '_')
		return false;
	digits = digits_before(name, time - 1);
	if (digits < RING_DIGITS || digits > NUMBER_DIGITS_MAX)
		return false;
	*series = (struct series){.stem = slice_part(name, 0, time - 1 - digits),
		.rest = slice_from(name, dot),
		.number = number_of(slice_part(name, time - 1 - digits, time - 1)),
		.is_counted = true};
	return true;
}

static struct series
series_of(const char *path)
{
	struct slice name = slice_of(path, strlen(path));
	size_t slash = name.n, dot = name.n, digits = digits_before(name, name.n);
	struct series series = {0};

	while (slash && name.at[slash - 1] != '/')
		slash--;
	while (dot > slash && name.at[dot - 1] != '.')
		dot--;
	if (series_of_ring(&series, name, dot > slash ? dot - 1 : name.n))
		return series;
	/* The number is behind the suffix, and the suffix is more than that. */
	if (dot <= slash || digits > NUMBER_DIGITS_MAX || dot >= name.n - digits)
		return series;
	series.stem = slice_part(name, 0, name.n - digits);
	series.number = number_of(slice_from(name, name.n - digits));
	series.is_counted = true;
	return series;
}

bool
series_follows(const char *before, const char *after)
{
	struct series a = series_of(before), b = series_of(after);

	return a.is_counted && b.is_counted && b.number == a.number + 1 &&
	       slice_eq(a.stem, b.stem) && slice_eq(a.rest, b.rest);
}
