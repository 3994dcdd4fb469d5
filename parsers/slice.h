/*
 * parsers/slice.h - octets that somebody else owns
 *
 * A slice is a pointer and a length, passed by value.  It never owns: each
 * header that hands one out says until when it is valid.  An absent value is
 * {NULL, 0}; an empty one that is present has a pointer.
 */
#ifndef PARSERS_SLICE_H
#define PARSERS_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const uint8_t *at;
	size_t n;
};

/* A slice of a string literal, in an expression and in an initialiser. */
#define SLICE(literal) ((struct slice)SLICE_INIT(literal))
#define SLICE_INIT(literal)                                                              \
	{                                                                                \
		(const uint8_t *)("" literal), sizeof(literal) - 1                       \
	}

static inline struct slice
slice_of(const void *at, size_t n)
{
	return (struct slice){at, n};
}

/* The octets from `begin` up to `end`; both are clamped to the slice. */
static inline struct slice
slice_part(struct slice s, size_t begin, size_t end)
{
	if (end > s.n)
		end = s.n;
	if (begin > end)
		begin = end;
	return (struct slice){s.at ? s.at + begin : NULL, end - begin};
}

/* Everything after the first `n` octets. */
static inline struct slice
slice_from(struct slice s, size_t n)
{
	return slice_part(s, n, s.n);
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

static inline uint8_t
octet_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static inline void
octets_lower(uint8_t *to, const uint8_t *from, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t eight, low, upper;
	size_t i = 0;

	/* The top bit of each octet says whether its lower bits are at least 'A', and
	 * above 'Z'. */
	for (; i + sizeof eight <= n; i += sizeof eight) {
		memcpy(&eight, from + i, sizeof eight);
		low = eight & 0x7f * ones;
		upper = (low + (0x80 - 'A') * ones) & ~(low + (0x7f - 'Z') * ones) &
			~eight & 0x80 * ones;
		eight |= upper >> 2;
		memcpy(to + i, &eight, sizeof eight);
	}
	for (; i < n; i++)
		to[i] = octet_lower(from[i]);
}

/* Equal without regard to the case of ASCII letters: field names, tokens. */
static inline bool
slice_eq_nocase(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (a.at[i] != b.at[i] && octet_lower(a.at[i]) != octet_lower(b.at[i]))
			return false;
	return true;
}

/* By octets, as lists of names are sorted: less than, equal to or greater than 0. */
static inline int
slice_order(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

static inline bool
slice_has_prefix(struct slice s, struct slice prefix)
{
	return s.n >= prefix.n && slice_eq(slice_part(s, 0, prefix.n), prefix);
}

static inline bool
slice_has_suffix(struct slice s, struct slice suffix)
{
	return s.n >= suffix.n && slice_eq(slice_from(s, s.n - suffix.n), suffix);
}

static inline bool
slice_has_suffix_nocase(struct slice s, struct slice suffix)
{
	return s.n >= suffix.n && slice_eq_nocase(slice_from(s, s.n - suffix.n), suffix);
}

/* Somewhere in it, without regard to the case of ASCII letters.  n * part.n at worst. */
static inline bool
slice_contains_nocase(struct slice s, struct slice part)
{
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (slice_eq_nocase(slice_part(s, i, i + part.n), part))
			return true;
	return false;
}

/* Without leading and trailing SP and HTAB.  [RFC9110 5.6.3] */
static inline struct slice
slice_trim(struct slice s)
{
	while (s.n && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = slice_from(s, 1);
	while (s.n && (s.at[s.n - 1] == ' ' || s.at[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* Index of the first `c` at or after `from`, or s.n. */
static inline size_t
slice_find(struct slice s, uint8_t c, size_t from)
{
	const uint8_t *hit = from < s.n ? memchr(s.at + from, c, s.n - from) : NULL;

	return hit ? (size_t)(hit - s.at) : s.n;
}

#endif
