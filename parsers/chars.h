/*
 * parsers/chars.h - classes of octets, by table
 *
 *	token chars = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." /
 *		      "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA	[RFC9110 5.6.2]
 *	VCHAR	    = %x21-7E						[RFC5234 B.1]
 *	obs-text    = %x80-FF						[RFC9110 5.5]
 *	etagc	    = %x21 / %x23-7E / obs-text				[RFC9110 8.8.3]
 *	CTL	    = %x00-1F / %x7F
 *	HEXDIG	    = DIGIT / "A" / ... / "F", in either case		[RFC5234 2.3, B.1]
 *
 * HTAB is a CTL here, as in the grammar; who allows it in a value says so.
 */
#ifndef PARSERS_CHARS_H
#define PARSERS_CHARS_H

#include "parsers/slice.h"

enum {
	CHARS_TOKEN = 1 << 0,
	CHARS_DIGIT = 1 << 1,
	CHARS_ALPHA = 1 << 2,
	CHARS_VCHAR = 1 << 3,
	CHARS_OBS_TEXT = 1 << 4,
	CHARS_ETAGC = 1 << 5,
	CHARS_CTL = 1 << 6,
	CHARS_HEXDIG = 1 << 7,
};

extern const uint8_t chars_classes[256];

static inline bool
chars_is_token(uint8_t c)
{
	return (chars_classes[c] & CHARS_TOKEN) != 0;
}

static inline bool
chars_is_digit(uint8_t c)
{
	return (chars_classes[c] & CHARS_DIGIT) != 0;
}

static inline bool
chars_is_alpha(uint8_t c)
{
	return (chars_classes[c] & CHARS_ALPHA) != 0;
}

static inline bool
chars_is_vchar(uint8_t c)
{
	return (chars_classes[c] & CHARS_VCHAR) != 0;
}

static inline bool
chars_is_obs_text(uint8_t c)
{
	return (chars_classes[c] & CHARS_OBS_TEXT) != 0;
}

static inline bool
chars_is_etagc(uint8_t c)
{
	return (chars_classes[c] & CHARS_ETAGC) != 0;
}

static inline bool
chars_is_ctl(uint8_t c)
{
	return (chars_classes[c] & CHARS_CTL) != 0;
}

static inline bool
chars_is_hexdig(uint8_t c)
{
	return (chars_classes[c] & CHARS_HEXDIG) != 0;
}

/* One octet or more, each in one of the classes: 1*DIGIT, token. */
static inline bool
chars_are(struct slice s, unsigned classes)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(chars_classes[s.at[i]] & classes))
			return false;
	return s.n > 0;
}

/* SP or HTAB: what OWS is made of.  [RFC9110 5.6.3] */
static inline bool
chars_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

#endif
