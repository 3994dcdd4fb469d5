/*
 * parsers/address.h - IP addresses as values and as text
 *
 * One form for both versions: an IPv4 address is kept as ::ffff:a.b.c.d, so
 * that addresses compare, hash and sort without a look at their version.
 *
 * The text of an IPv6 address is the one of RFC5952 4: lower case, no leading
 * zeros, the longest run of two or more zero groups (the first of equals) as
 * "::".  A mapped address is printed as the IPv4 address that it stands for.
 */
#ifndef PARSERS_ADDRESS_H
#define PARSERS_ADDRESS_H

#include "parsers/slice.h"

struct address {
	uint8_t octets[16];
};

enum {
	ADDRESS_TEXT_BYTES = 46 /* the longest text and its NUL */
};

static inline bool
address_eq(const struct address *a, const struct address *b)
{
	return memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

static inline bool
address_is_ipv4(const struct address *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(a->octets, mapped, sizeof mapped) == 0;
}

static inline struct address
address_of_ipv4(const uint8_t octets[4])
{
	struct address a = {{[10] = 0xff, [11] = 0xff}};

	memcpy(a.octets + 12, octets, 4);
	return a;
}

/* Writes the text and a NUL; returns the length of the text. */
size_t address_text(const struct address *address, char out[ADDRESS_TEXT_BYTES]);

/* The same by value, so that several can stand in one call. */
struct address_name {
	char s[ADDRESS_TEXT_BYTES];
};

static inline struct address_name
address_name(const struct address *address)
{
	struct address_name name;

	address_text(address, name.s);
	return name;
}

/*
 * Reads all of the text: a dotted quad without leading zeros, or any spelling of an
 * IPv6 address of RFC4291 2.2.  No zone, no port, no brackets.
 */
bool address_parse(struct slice text, struct address *address);

#endif
