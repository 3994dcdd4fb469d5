// room: ct_base
/* Community ID version 1 against published values, and SHA-1 below it. */
#include "analyzer/base/communityid.h"
#include "analyzer/base/sha1.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <arpa/inet.h>

static const struct sha1_row {
	const char *message;
	unsigned times;
	const char *digest;
} sha1_rows[] = {
	{"", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
	{"abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		"84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
	{"0123456701234567012345670123456701234567012345670123456701234567", 10,
		"dea356a2cddd90c7a7ecedc5ebb563934f460452"},
};

static void
sha1_is_that_of_the_standard(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sha1_rows / sizeof *sha1_rows; i++) {
		const struct sha1_row *row = &sha1_rows[i];
		size_t n = strlen(row->message);
		uint8_t message[1024], digest[SHA1_BYTES];
		char hex[2 * SHA1_BYTES + 1];

		for (unsigned t = 0; t < row->times; t++)
			memcpy(message + t * n, row->message, n);
		sha1(slice_of(message, n * row->times), digest);
		for (unsigned t = 0; t < SHA1_BYTES; t++)
			snprintf(hex + 2 * t, 3, "%02x", digest[t]);
		assert_string_equal(hex, row->digest);
	}
}

static const struct id_row {
	const char *a;
	uint16_t a_port;
	const char *b;
	uint16_t b_port;
	const char *id;
} id_rows[] = {
	{"1.2.3.4", 1122, "5.6.7.8", 3344, "1:wCb3OG7yAFWelaUydu0D+125CLM="},
	{"128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
	{"2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25,
		"1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
};

static struct slice
address(const char *text, uint8_t octets[16])
{
	if (inet_pton(AF_INET, text, octets) == 1)
		return slice_of(octets, 4);
	assert_int_equal(inet_pton(AF_INET6, text, octets), 1);
	return slice_of(octets, 16);
}

static void
ids_are_those_of_other_tools(void **state)
{
	char there[COMMUNITYID_BYTES], back[COMMUNITYID_BYTES];
	uint8_t a[16], b[16];

	(void)state;
	for (size_t i = 0; i < sizeof id_rows / sizeof *id_rows; i++) {
		const struct id_row *row = &id_rows[i];
		struct slice from = address(row->a, a), to = address(row->b, b);

		communityid(from, row->a_port, to, row->b_port, there);
		communityid(to, row->b_port, from, row->a_port, back);
		assert_string_equal(there, row->id);
		assert_string_equal(back, row->id);
	}
}

static void
both_directions_have_one_name(void **state)
{
	char there[COMMUNITYID_BYTES], back[COMMUNITYID_BYTES];
	uint8_t a[16], b[16];
	struct slice from = address("10.0.0.1", a), to = address("127.0.0.1", b);

	(void)state;
	communityid(from, 1234, to, 80, there);
	communityid(to, 80, from, 1234, back);
	assert_string_equal(there, back);
	communityid(from, 1234, from, 80, there);
	communityid(from, 80, from, 1234, back);
	assert_string_equal(there, back);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha1_is_that_of_the_standard),
		cmocka_unit_test(ids_are_those_of_other_tools),
		cmocka_unit_test(both_directions_have_one_name),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
