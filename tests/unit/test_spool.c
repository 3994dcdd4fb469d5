// room: ct_capture
/* Packets that are kept: the same come out again, whatever was let go meanwhile. */
#include "analyzer/capture/spool.h"

#include "analyzer/base/mem.h"
#include "tests/lib/rows.h"

enum {
	PACKETS = 3000,
	LONGEST_BYTES = 600000, /* more than what is read and written at once */
};

/* Octets that tell which packet they are of. */
static struct packet
made(uint32_t number, uint8_t *octets)
{
	size_t n = number == 1000 ? LONGEST_BYTES : number % 7 ? number % 1500 : 0;

	memset(octets, (int)number, n);
	return (struct packet){.ts_ns = number,
		.data = slice_of(octets, n),
		.wire_bytes = (uint32_t)n + 1,
		.link_type = (uint16_t)(number % 3),
		.fcs_bytes = 4};
}

static void
expect(struct spool *spool, uint32_t number, uint8_t *octets)
{
	struct packet wanted = made(number, octets), got;

	assert_true(spool_next(spool, &got));
	assert_int_equal(got.ts_ns, wanted.ts_ns);
	assert_int_equal(got.wire_bytes, wanted.wire_bytes);
	assert_int_equal(got.link_type, wanted.link_type);
	assert_int_equal(got.fcs_bytes, wanted.fcs_bytes);
	assert_true(slice_eq(got.data, wanted.data));
}

static bool
is_even(void *context, const struct packet *packet)
{
	(void)context;
	return packet->ts_ns % 2 == 0;
}

static void
what_was_put_comes_out(void **state)
{
	uint8_t *octets = mem_alloc(LONGEST_BYTES);
	struct packet packet;
	struct spool *spool;
	struct err err;

	(void)state;
	spool = spool_open(1 << 30, &err);
	assert_non_null(spool);
	for (uint32_t i = 0; i < PACKETS; i++) {
		packet = made(i, octets);
		assert_true(spool_put(spool, &packet));
	}
	for (unsigned time = 0; time < 2; time++) {
		spool_rewind(spool);
		for (uint32_t i = 0; i < PACKETS; i++)
			expect(spool, i, octets);
		assert_false(spool_next(spool, &packet));
	}
	spool_close(&spool);
	assert_null(spool);
	mem_free(octets);
}

/* What was not written yet stays, and what comes later is behind it. */
static void
what_is_let_go_is_gone(void **state)
{
	uint8_t *octets = mem_alloc(LONGEST_BYTES);
	uint32_t seen = 0;
	struct packet packet;
	struct spool *spool;
	struct err err;

	(void)state;
	spool = spool_open(1 << 30, &err);
	for (uint32_t i = 0; i < PACKETS; i++) {
		packet = made(i, octets);
		spool_put(spool, &packet);
		if (i % 1000 == 999)
			spool_thin(spool, is_even, NULL);
	}
	spool_rewind(spool);
	while (spool_next(spool, &packet)) {
		if (packet.ts_ns % 2)
			assert_true(packet.ts_ns > 2500);
		else
			assert_int_equal(packet.ts_ns / 2, seen++);
		assert_int_equal(packet.wire_bytes, packet.data.n + 1);
		if (packet.data.n)
			assert_int_equal(
				packet.data.at[packet.data.n - 1], (uint8_t)packet.ts_ns);
	}
	assert_int_equal(seen, PACKETS / 2);
	spool_close(&spool);
	mem_free(octets);
}

static void
there_is_no_more_room_than_was_said(void **state)
{
	uint8_t octets[1500];
	struct packet packet = made(1499, octets);
	struct spool *spool;
	struct err err;
	uint64_t put = 0;

	(void)state;
	spool = spool_open(1 << 20, &err);
	while (spool_put(spool, &packet))
		put++;
	assert_int_equal(put, (1 << 20) / spool_packet_bytes(&packet));
	packet.ts_ns = 2;
	spool_thin(spool, is_even, NULL);
	assert_true(spool_put(spool, &packet));
	assert_true(spool_bytes(spool) < 1 << 19);
	spool_close(&spool);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_comes_out),
		cmocka_unit_test(what_is_let_go_is_gone),
		cmocka_unit_test(there_is_no_more_room_than_was_said),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
