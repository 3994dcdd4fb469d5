// room: ct_parsers
#include "parsers/address.h"
#include "tests/lib/rows.h"

struct address_row {
	const char *name;
	uint8_t octets[16];
	const char *text;
};

#define MAPPED(a, b, c, d)                                                               \
	{                                                                                \
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d                     \
	}

static const struct address_row address_rows[] = {
	{"an IPv4 address has dots", MAPPED(192, 0, 2, 80), "192.0.2.80"},
	{"octets of one, two and three digits", MAPPED(0, 10, 100, 255), "0.10.100.255"},
	{"the longest IPv4 address", MAPPED(255, 255, 255, 255), "255.255.255.255"},
	{"the unspecified address is only colons", {0}, "::"},
	{"loopback ends after the colons", {[15] = 1}, "::1"},
	{"no quad but in a mapped one", {[12] = 1, 2, 3, 4}, "::102:304"},
	{"zeros at the end", {0x20, 0x01, 0x0d, 0xb8}, "2001:db8::"},
	{"leading zeros of a group go, inner ones stay",
		{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x0a},
		"2001:db8::100a"},
	{"one zero group is written out",
		{0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1},
		"2001:db8:0:1:1:1:1:1"},
	{"of two runs the longer is shortened",
		{0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, "2001:0:0:1::1"},
	{"of two equal runs the first is shortened",
		{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1},
		"2001:db8::1:0:0:1"},
	{"the longest text",
		{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0xff, 0xff, 0xff, 0xff},
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	{"what is nearly mapped is IPv6",
		{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 1, 2, 3, 4}, "::fffe:102:304"},
	{"letters are lower case", {0xfe, 0x80, [14] = 0xab, [15] = 0xcd}, "fe80::abcd"},
};

static void
test_address(void **state)
{
	const struct address_row *row = *state;
	struct address address;
	char text[ADDRESS_TEXT_BYTES];
	size_t n;

	memcpy(address.octets, row->octets, sizeof address.octets);
	memset(text, 'x', sizeof text);
	n = address_text(&address, text);
	assert_string_equal(address_name(&address).s, text);
	assert_string_equal(text, row->text);
	assert_int_equal(n, strlen(row->text));
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(address_rows, test_address);
}
