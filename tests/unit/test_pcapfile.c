// room: ct_parsers
#include "parsers/pcapfile.h"
#include "tests/lib/rows.h"

#define S INT64_C(1000000000)

struct header_row {
	const char *name;
	uint8_t octets[PCAP_HEADER_BYTES];
	size_t n;
	bool is_pcap, is_big_endian, is_ns;
	unsigned record_header_bytes, link_type, fcs_bytes;
};

static const struct header_row header_rows[] = {
	{"microseconds, little-endian", {0xd4, 0xc3, 0xb2, 0xa1, [20] = 1}, 24, true,
		false, false, 16, 1, 0},
	{"microseconds, big-endian", {0xa1, 0xb2, 0xc3, 0xd4, [23] = 101}, 24, true, true,
		false, 16, 101, 0},
	{"nanoseconds, little-endian", {0x4d, 0x3c, 0xb2, 0xa1, [20] = 0x14, 1}, 24, true,
		false, true, 16, 276, 0},
	{"nanoseconds, big-endian", {0xa1, 0xb2, 0x3c, 0x4d, [23] = 1}, 24, true, true,
		true, 16, 1, 0},
	{"longer record headers", {0x34, 0xcd, 0xb2, 0xa1, [20] = 1}, 24, true, false,
		false, 24, 1, 0},
	{"the link type announces a frame check sequence",
		{0xd4, 0xc3, 0xb2, 0xa1, [20] = 1, [23] = 0x24}, 24, true, false, false,
		16, 1, 4},
	{"one octet too few", {0xd4, 0xc3, 0xb2, 0xa1, [20] = 1}, 23, false, false, false,
		0, 0, 0},
	{"another magic number", {0xd4, 0xc3, 0xb2, 0xa2}, 24, false, false, false, 0, 0,
		0},
	{"text", "GET / HTTP/1.1\r\nHost: x", 24, false, false, false, 0, 0, 0},
};

static void
test_header(void **state)
{
	const struct header_row *row = *state;
	struct guard guard = {0};
	struct pcap_header header;

	assert_int_equal(
		pcap_header_parse(&header, guard_slice(&guard, row->octets, row->n)),
		row->is_pcap);
	if (row->is_pcap) {
		assert_int_equal(header.is_big_endian, row->is_big_endian);
		assert_int_equal(header.is_ns, row->is_ns);
		assert_int_equal(header.record_header_bytes, row->record_header_bytes);
		assert_int_equal(header.link_type, row->link_type);
		assert_int_equal(header.fcs_bytes, row->fcs_bytes);
	}
	guard_fini(&guard);
}

/* Two records of two octets, with as many octets between header and data as given. */
static size_t
records_put(uint8_t *at, size_t surplus_bytes)
{
	size_t n = 0;

	for (int i = 0; i < 2; i++) {
		static const uint8_t header[16] = {
			[2] = 0x40, [3] = 0x60, [8] = 2, [12] = 2};

		memcpy(at + n, header, sizeof header);
		memset(at + n + sizeof header, 0xee, surplus_bytes + 2);
		n += sizeof header + surplus_bytes + 2;
	}
	return n;
}

struct refine_row {
	const char *name;
	size_t surplus_bytes, cut_bytes;
	unsigned record_header_bytes;
};

static const struct refine_row refine_rows[] = {
	{"ordinary records", 0, 0, 16},
	{"Nokia's records are 4 octets longer", 4, 0, 20},
	{"neither: nothing is guessed", 8, 0, 16},
	{"a second record that is not in view proves nothing", 4, 20, 16},
};

static void
test_refine(void **state)
{
	const struct refine_row *row = *state;
	struct pcap_header header = {.record_header_bytes = 16};
	struct guard guard = {0};
	uint8_t octets[64];
	size_t n = records_put(octets, row->surplus_bytes);

	pcap_header_refine(&header, guard_slice(&guard, octets, n - row->cut_bytes));
	assert_int_equal(header.record_header_bytes, row->record_header_bytes);
	guard_fini(&guard);
}

struct record_row {
	const char *name;
	bool is_big_endian, is_ns;
	uint8_t octets[16];
	int64_t ts_ns;
};

static const struct record_row record_rows[] = {
	{"microseconds", false, false, {2, 0, 0, 0, 3, 0, 0, 0, 64, 0, 0, 0, 0, 1, 0, 0},
		2 * S + 3000},
	{"nanoseconds, big-endian", true, true,
		{0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 64, 0, 0, 1, 0}, 2 * S + 3},
	{"the year 2106", true, true,
		{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 1, 0},
		4294967295 * S},
	{"microseconds that are too many", false, false,
		{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 64, 0, 0, 0, 0, 1, 0, 0},
		INT64_C(4294967295000)},
};

static void
test_record(void **state)
{
	const struct record_row *row = *state;
	struct pcap_header header = {.is_big_endian = row->is_big_endian,
		.is_ns = row->is_ns,
		.record_header_bytes = 16};
	struct pcap_record record;

	pcap_record_parse(&record, &header, row->octets);
	assert_int_equal(record.ts_ns, row->ts_ns);
	assert_int_equal(record.captured_bytes, 64);
	assert_int_equal(record.wire_bytes, 256);
}

struct time_row {
	const char *name;
	uint8_t resolution;
	int64_t offset_s;
	uint64_t ticks;
	int64_t ns;
};

static const struct time_row time_rows[] = {
	{"seconds", 0, 0, 7, 7 * S},
	{"microseconds", 6, 0, 1767225600000001, INT64_C(1767225600000001000)},
	{"nanoseconds", 9, 0, 1767225600000000001, INT64_C(1767225600000000001)},
	{"picoseconds", 12, 0, 1500, 1},
	{"10^-19 s: the last whose second fits 64 bits", 19, 0, 10000000000000000000u, S},
	{"10^-20 s", 20, 0, 10000000000000000000u, S / 10},
	{"10^-28 s", 28, 0, UINT64_MAX, 1},
	{"10^-29 s is nothing", 29, 0, UINT64_MAX, 0},
	{"10^-127 s is nothing", 127, 0, UINT64_MAX, 0},
	{"2^-0 s", 0x80, 0, 7, 7 * S},
	{"2^-20 s", 0x80 | 20, 0, 3 << 19, S + S / 2},
	{"2^-34 s", 0x80 | 34, 0, UINT64_C(3) << 33, S + S / 2},
	{"2^-63 s", 0x80 | 63, 0, UINT64_C(3) << 62, S + S / 2},
	{"2^-64 s", 0x80 | 64, 0, UINT64_C(1) << 63, S / 2},
	{"2^-72 s", 0x80 | 72, 0, UINT64_MAX, 3906249},
	{"2^-127 s", 0x80 | 127, 0, UINT64_MAX, 0},
	{"an offset", 9, 3600, 5, 3600 * S + 5},
	{"an offset into the past", 6, -10, 5, -10 * S + 5000},
	{"too many seconds saturate", 0, 0, UINT64_MAX, PCAPFILE_TIME_MAX_NS},
	{"an offset beyond all times", 6, INT64_MAX, 5, PCAPFILE_TIME_MAX_NS},
	{"an offset before all times", 6, INT64_MIN, 5, -PCAPFILE_TIME_MAX_NS},
};

static void
test_time(void **state)
{
	const struct time_row *row = *state;
	struct pcapng_interface interface = {
		.resolution = row->resolution, .offset_s = row->offset_s};

	assert_int_equal(pcapng_interface_time_ns(&interface, row->ticks), row->ns);
}

struct interface_row {
	const char *name;
	uint8_t octets[40];
	size_t n;
	bool is_sound;
	unsigned link_type, resolution, fcs_bytes;
	int64_t offset_s;
};

static const struct interface_row interface_rows[] = {
	{"without options", {1, 0, 0, 0, 0, 0, 4, 0}, 8, true, 1, 6, 0, 0},
	{"too short", {1, 0, 0, 0, 0, 0, 4}, 7, false, 0, 0, 0, 0},
	{"resolution, frame check sequence and offset",
		{101, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0, 13, 0, 1, 0, 4, 0, 0,
			0, 14, 0, 8, 0, 16, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		40, true, 101, 9, 4, 3600},
	{"nothing counts behind the end",
		{1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 9, 0, 1, 0, 9, 0, 0, 0}, 20, true, 1,
		6, 0, 0},
	{"an option longer than the block",
		{1, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0, 2, 0, 0x60, 0xea}, 20,
		true, 1, 9, 0, 0},
	{"an option without the octet that it needs",
		{1, 0, 0, 0, 0, 0, 4, 0, 9, 0, 0, 0, 14, 0, 4, 0, 1, 1, 1, 1}, 20, true,
		1, 6, 0, 0},
	{"an option whose padding is missing", {1, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 3},
		13, true, 1, 3, 0, 0},
};

static void
test_interface(void **state)
{
	const struct interface_row *row = *state;
	struct pcapng_interface interface;
	struct guard guard = {0};
	struct slice body = guard_slice(&guard, row->octets, row->n);

	assert_int_equal(pcapng_interface_parse(&interface, body, false), row->is_sound);
	if (row->is_sound) {
		assert_int_equal(interface.link_type, row->link_type);
		assert_int_equal(interface.resolution, row->resolution);
		assert_int_equal(interface.fcs_bytes, row->fcs_bytes);
		assert_int_equal(interface.offset_s, row->offset_s);
		assert_int_equal(interface.snaplen_bytes, 0x40000);
	}
	guard_fini(&guard);
}

struct block_row {
	const char *name;
	uint8_t octets[12];
	bool is_section, is_big_endian, is_sound;
	uint32_t total_bytes;
};

static const struct block_row block_rows[] = {
	{"a little-endian section", {10, 13, 13, 10, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a},
		true, false, true, 28},
	{"a big-endian section", {10, 13, 13, 10, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d},
		true, true, true, 28},
	{"a section without a byte order", {10, 13, 13, 10, 28, 0, 0, 0, 1, 2, 3, 4},
		false, false, true, 28},
	{"another block", {6, 0, 0, 0, 32, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a}, false, false,
		true, 32},
	{"a block shorter than its frame", {6, 0, 0, 0, 8, 0, 0, 0}, false, false, false,
		8},
	{"a length that is no multiple of 4", {6, 0, 0, 0, 33, 0, 0, 0}, false, false,
		false, 33},
};

static void
test_block(void **state)
{
	const struct block_row *row = *state;
	struct pcapng_block block;
	bool is_big_endian;

	assert_int_equal(
		pcapng_block_is_section(&is_big_endian, row->octets), row->is_section);
	if (row->is_section)
		assert_int_equal(is_big_endian, row->is_big_endian);
	assert_int_equal(pcapng_block_parse(&block, row->octets, row->is_big_endian),
		row->is_sound);
	assert_int_equal(block.total_bytes, row->total_bytes);
}

int
main(int argc, char **argv)
{
	int failed;

	rows_filter(argc, argv);
	failed = ROWS_RUN(header_rows, test_header);
	failed += ROWS_RUN(refine_rows, test_refine);
	failed += ROWS_RUN(record_rows, test_record);
	failed += ROWS_RUN(time_rows, test_time);
	failed += ROWS_RUN(interface_rows, test_interface);
	return failed + ROWS_RUN(block_rows, test_block);
}
