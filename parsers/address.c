#include "parsers/address.h"

#include "parsers/fetch.h"

enum {
	GROUPS = 8,
	GAP_NONE = 17
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

/* One to three digits up to 255; a leading zero is another base to some. */
static bool
take_octet(struct slice *text, uint8_t *octet)
{
	unsigned value = 0, digits = 0;

	while (digits < text->n && digits < 4 && text->at[digits] >= '0' &&
		text->at[digits] <= '9')
		value = value * 10 + text->at[digits++] - '0';
	if (digits == 0 || digits > 3 || value > 255 ||
		(digits > 1 && text->at[0] == '0'))
		return false;
	*text = slice_from(*text, digits);
	*octet = (uint8_t)value;
	return true;
}

static bool
parse_ipv4(struct slice text, uint8_t octets[4])
{
	for (unsigned i = 0; i < 4; i++) {
		if (i) {
			if (!text.n || text.at[0] != '.')
				return false;
			text = slice_from(text, 1);
		}
		if (!take_octet(&text, &octets[i]))
			return false;
	}
	return text.n == 0;
}

static int
hex_value(uint8_t octet)
{
	octet = octet_lower(octet);
	if (octet >= '0' && octet <= '9')
		return octet - '0';
	return octet >= 'a' && octet <= 'f' ? octet - 'a' + 10 : -1;
}

/* Groups of hex digits and colons on their way into an address. */
struct groups {
	uint8_t octets[16];
	unsigned count; /* of octets */
	unsigned gap;	/* where "::" stands, in octets; GAP_NONE: nowhere */
};

/* One group, or the dotted quad that may stand for the last two. */
static bool
take_group(struct slice *text, struct groups *groups)
{
	unsigned value = 0, digits = 0;

	while (digits < text->n && digits < 5 && hex_value(text->at[digits]) >= 0)
		value = value << 4 | (unsigned)hex_value(text->at[digits++]);
	if (digits < text->n && text->at[digits] == '.') {
		if (groups->count > 12 ||
			!parse_ipv4(*text, groups->octets + groups->count))
			return false;
		groups->count += 4;
		*text = slice_from(*text, text->n);
		return true;
	}
	if (digits == 0 || digits > 4 || groups->count > 14)
		return false;
	groups->octets[groups->count++] = (uint8_t)(value >> 8);
	groups->octets[groups->count++] = (uint8_t)value;
	*text = slice_from(*text, digits);
	return true;
}

/* The colons between groups; false if there are none, too many or one at an end. */
static bool
take_colons(struct slice *text, struct groups *groups)
{
	bool two = text->n > 1 && text->at[1] == ':';

	if (text->at[0] != ':' || (two && groups->gap != GAP_NONE))
		return false;
	if (two)
		groups->gap = groups->count;
	else if (!groups->count || text->n == 1)
		return false;
	*text = slice_from(*text, two ? 2 : 1);
	return true;
}

static bool
parse_ipv6(struct slice text, struct address *address)
{
	struct groups groups = {.gap = GAP_NONE};
	unsigned tail;

	while (text.n) {
		if ((groups.count || text.at[0] == ':') && !take_colons(&text, &groups))
			return false;
		if (text.n && !take_group(&text, &groups))
			return false;
	}
	if (groups.gap == GAP_NONE ? groups.count != 16 : groups.count > 14)
		return false;
	*address = (struct address){{0}};
	tail = groups.gap != GAP_NONE ? groups.count - groups.gap : 0;
	memcpy(address->octets, groups.octets, groups.count - tail);
	memcpy(address->octets + 16 - tail, groups.octets + groups.count - tail, tail);
	return true;
}

bool
address_parse(struct slice text, struct address *address)
{
	uint8_t octets[4];

	if (parse_ipv4(text, octets)) {
		*address = address_of_ipv4(octets);
		return true;
	}
	return parse_ipv6(text, address);
}
