#include "parsers/address.h"

#include "parsers/fetch.h"

enum {
	GROUPS = 8
};

struct run {
	unsigned start, length;
};

static char *
put_decimal(char *out, unsigned octet)
{
	if (octet >= 100)
		*out++ = (char)('0' + octet / 100);
	if (octet >= 10)
		*out++ = (char)('0' + octet / 10 % 10);
	*out++ = (char)('0' + octet % 10);
	return out;
}

static char *
put_hex(char *out, unsigned group)
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned shift = 12; shift; shift -= 4)
		if (group >> shift)
			*out++ = digits[group >> shift & 0xf];
	*out++ = digits[group & 0xf];
	return out;
}

/* The longest run of zero groups; a single one is not worth "::".  [RFC5952 4.2] */
static struct run
zero_run(const struct address *address)
{
	struct run best = {GROUPS, 0}, now = {0, 0};

	for (unsigned i = 0; i < GROUPS; i++) {
		if (fetch_be16(address->octets + 2 * i)) {
			now.length = 0;
			continue;
		}
		if (now.length++ == 0)
			now.start = i;
		if (now.length > best.length)
			best = now;
	}
	return best.length > 1 ? best : (struct run){GROUPS, 0};
}

static char *
put_ipv6(char *out, const struct address *address)
{
	struct run zeros = zero_run(address);

	for (unsigned i = 0; i < GROUPS; i++) {
		if (i == zeros.start) {
			*out++ = ':';
			*out++ = ':';
			i += zeros.length - 1;
			continue;
		}
		if (i && i != zeros.start + zeros.length)
			*out++ = ':';
		out = put_hex(out, fetch_be16(address->octets + 2 * i));
	}
	return out;
}

static char *
put_ipv4(char *out, const struct address *address)
{
	for (unsigned i = 12; i < 16; i++) {
		if (i > 12)
			*out++ = '.';
		out = put_decimal(out, address->octets[i]);
	}
	return out;
}

size_t
address_text(const struct address *address, char out[ADDRESS_TEXT_BYTES])
{
	char *end = address_is_ipv4(address) ? put_ipv4(out, address)
					     : put_ipv6(out, address);

	*end = '\0';
	return (size_t)(end - out);
}
