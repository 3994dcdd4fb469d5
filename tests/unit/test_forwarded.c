// room: ct_parsers
/* Addresses, ranges of them, and the nodes that proxies name. */
#include "parsers/forwarded.h"
#include "parsers/network.h"

#include "tests/lib/rows.h"

static struct slice
text(const char *s)
{
	return slice_of(s, strlen(s));
}

struct address_row {
	const char *name, *value, *is; /* NULL: no address */
};

static const struct address_row addresses[] = {
	{"dotted quad", "192.0.2.1", "192.0.2.1"},
	{"zeros", "0.0.0.0", "0.0.0.0"},
	{"the largest quad", "255.255.255.255", "255.255.255.255"},
	{"a leading zero may be octal", "192.0.2.01", NULL},
	{"an octet too large", "192.0.2.256", NULL},
	{"three octets", "192.0.2", NULL},
	{"five octets", "192.0.2.1.1", NULL},
	{"dot at the end", "192.0.2.1.", NULL},
	{"empty", "", NULL},
	{"one number", "3221225985", NULL},
	{"eight groups", "2001:db8:0:1:2:3:4:5", "2001:db8:0:1:2:3:4:5"},
	{"upper case and leading zeros", "2001:0DB8::00A1", "2001:db8::a1"},
	{"only two colons", "::", "::"},
	{"two colons in front", "::1", "::1"},
	{"two colons behind", "fe80::", "fe80::"},
	{"two colons for one group", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
	{"two colons for nothing", "1:2:3:4:5:6:7:8::", NULL},
	{"two colons for nothing in the middle", "1:2:3:4::5:6:7:8", NULL},
	{"two colons twice", "1::2::3", NULL},
	{"three colons", "1:::2", NULL},
	{"a colon in front", ":1:2:3:4:5:6:7:8", NULL},
	{"a colon behind", "1:2:3:4:5:6:7:8:", NULL},
	{"seven groups", "1:2:3:4:5:6:7", NULL},
	{"nine groups", "1:2:3:4:5:6:7:8:9", NULL},
	{"five digits", "1:2:3:4:5:6:7:12345", NULL},
	{"a quad at the end", "64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
	{"a mapped address is the quad", "::ffff:192.0.2.1", "192.0.2.1"},
	{"a quad as groups five to seven", "1:2:3:4:5:192.0.2.1:7", NULL},
	{"a quad too late", "1:2:3:4:5:6:7:192.0.2.1", NULL},
	{"a quad that is none", "::192.0.2.1.5", NULL},
	{"zone", "fe80::1%eth0", NULL},
	{"brackets", "[::1]", NULL},
	{"letters", "localhost", NULL},
};

static void
reads_address(void **state)
{
	const struct address_row *row = *state;
	char is[ADDRESS_TEXT_BYTES];
	struct address address;

	assert_int_equal(address_parse(text(row->value), &address), row->is != NULL);
	if (!row->is)
		return;
	address_text(&address, is);
	assert_string_equal(is, row->is);
}

struct network_row {
	const char *name, *network, *inside, *outside; /* no inside: malformed */
};

static const struct network_row networks[] = {
	{"octets", "10.0.0.0/8", "10.255.0.1", "11.0.0.0"},
	{"bits", "10.9.8.0/22", "10.9.11.255", "10.9.12.0"},
	{"host bits do not count", "10.9.9.9/16", "10.9.0.1", "10.8.9.9"},
	{"one address", "10.9.9.9", "10.9.9.9", "10.9.9.8"},
	{"one address with bits", "10.9.9.9/32", "10.9.9.9", "10.9.9.8"},
	{"all of IPv4", "0.0.0.0/0", "203.0.113.1", "2001:db8::1"},
	{"all of IPv6", "::/0", "2001:db8::1", "203.0.113.1"},
	{"IPv6", "2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"},
	{"one IPv6 address", "::1/128", "::1", "::2"},
	{"mapped addresses", "::ffff:10.0.0.0/104", "10.1.2.3", "11.1.2.3"},
	{"bits beyond IPv4", "10.0.0.0/33", NULL, NULL},
	{"bits beyond IPv6", "::/129", NULL, NULL},
	{"no bits", "10.0.0.0/", NULL, NULL},
	{"a mask", "10.0.0.0/255.0.0.0", NULL, NULL},
	{"no address", "example.test/8", NULL, NULL},
};

static void
holds(void **state)
{
	const struct network_row *row = *state;
	struct network network;
	struct address address;

	assert_int_equal(
		network_parse(text(row->network), &network), row->inside != NULL);
	if (!row->inside)
		return;
	assert_true(address_parse(text(row->inside), &address));
	assert_true(network_has(&network, &address));
	assert_true(address_parse(text(row->outside), &address));
	assert_false(network_has(&network, &address));
}

struct node_row {
	const char *name, *value, *is; /* NULL: no address */
	bool in_pairs;		       /* an element of Forwarded */
};

static const struct node_row nodes[] = {
	{"IPv4", "192.0.2.1", "192.0.2.1", false},
	{"IPv4 with a port", "192.0.2.1:4711", "192.0.2.1", false},
	{"IPv6 bare", "2001:db8::1", "2001:db8::1", false},
	{"IPv6 in brackets", "[2001:db8::1]", "2001:db8::1", false},
	{"IPv6 with a port", "[2001:db8::1]:4711", "2001:db8::1", false},
	{"in quotes", "\"[2001:db8::1]:4711\"", "2001:db8::1", false},
	{"a hidden port", "192.0.2.1:_p", "192.0.2.1", false},
	{"a port too large", "192.0.2.1:65536", NULL, false},
	{"no port after the colon", "192.0.2.1:", NULL, false},
	{"unknown", "unknown", NULL, false},
	{"hidden", "_gazonk", NULL, false},
	{"bracket left open", "[2001:db8::1", NULL, false},
	{"junk after the bracket", "[2001:db8::1]x", NULL, false},
	{"a lone quote", "\"", NULL, false},
	{"for", "for=192.0.2.60", "192.0.2.60", true},
	{"for among others", "proto=http; FOR=\"[2001:db8::1]\";by=203.0.113.43",
		"2001:db8::1", true},
	{"a semicolon in quotes", "host=\"a;for=192.0.2.1\";for=192.0.2.2", "192.0.2.2",
		true},
	{"an escaped quote in quotes", "host=\"a\\\";for=192.0.2.1\";for=192.0.2.2",
		"192.0.2.2", true},
	{"no for", "proto=http", NULL, true},
	{"for of a name", "for=_mdn", NULL, true},
};

static void
names(void **state)
{
	const struct node_row *row = *state;
	char is[ADDRESS_TEXT_BYTES];
	struct address address;
	bool found = row->in_pairs ? forwarded_for(text(row->value), &address)
				   : forwarded_address(text(row->value), &address);

	assert_int_equal(found, row->is != NULL);
	if (!row->is)
		return;
	address_text(&address, is);
	assert_string_equal(is, row->is);
}

static void
hops_come_from_the_right(void **state)
{
	struct forwarded forwarded;

	(void)state;
	forwarded_open(&forwarded, text("a, \"b, c\",, d "));
	assert_int_equal(forwarded_hops(&forwarded), 3);
	rows_assert_slice(forwarded_hop(&forwarded, 0), "d");
	rows_assert_slice(forwarded_hop(&forwarded, 1), "\"b, c\"");
	rows_assert_slice(forwarded_hop(&forwarded, 2), "a");
}

static void
only_so_many_hops_are_looked_at(void **state)
{
	char value[2 * (FORWARDED_HOPS_MAX + 2) + 1] = "";
	struct forwarded forwarded;

	(void)state;
	memcpy(value, "x,y", 3);
	for (size_t i = 0; i < FORWARDED_HOPS_MAX; i++)
		memcpy(value + 3 + 2 * i, i == 0 ? ",a" : ",b", 2);
	forwarded_open(&forwarded, text(value));
	assert_int_equal(forwarded_hops(&forwarded), FORWARDED_HOPS_MAX);
	rows_assert_slice(forwarded_hop(&forwarded, FORWARDED_HOPS_MAX - 1), "a");
	rows_assert_slice(forwarded_hop(&forwarded, 0), "b");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hops_come_from_the_right),
		cmocka_unit_test(only_so_many_hops_are_looked_at),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(addresses, reads_address);
	failed += ROWS_RUN(networks, holds);
	failed += ROWS_RUN(nodes, names);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed != 0;
}
