// room: ct_capture
/*
 * Files as people have them: odd, damaged, appended, cut.  Each row makes a file of
 * fourteen packets and says what must come out of it; all octets are accounted for.
 */
#include "analyzer/capture/source.h"

#include "analyzer/base/mem.h"
#include "tests/lib/capture.h"
#include "tests/lib/rows.h"

#include <unistd.h>

#include <zlib.h>

enum {
	PACKETS = 14,
	FRAME_OCTETS = PACKETS * 54 + PACKETS * (PACKETS - 1) / 2,
	LITTLE = 0,
	BIG = 1,
	NANO = 2,
	NG = 6,
	NG_BIG = 7,
	NG_SIMPLE = 9,
};

static void
put_packets(struct capture *b, unsigned format, unsigned begin, unsigned end)
{
	for (unsigned i = begin; i < end; i++)
		capture_put_packet(b, &capture_formats[format], i, capture_packet_ns(i));
}

static void
make(struct capture *b, unsigned format)
{
	capture_put_header(b, &capture_formats[format], 1);
	put_packets(b, format, 0, PACKETS);
}

/* Where the header of a packet of make() is. */
static size_t
record_at(unsigned format, unsigned index)
{
	struct capture *b = mem_alloc(sizeof *b);
	size_t n;

	capture_put_header(b, &capture_formats[format], 1);
	put_packets(b, format, 0, index);
	n = b->n;
	mem_free(b);
	return n;
}

static void
set_32(struct capture *b, size_t at, uint32_t value)
{
	struct capture *number = mem_alloc(sizeof *number);

	number->is_big_endian = b->is_big_endian;
	capture_put_32(number, value);
	memcpy(b->octets + at, number->octets, 4);
	mem_free(number);
}

/* ---- pcap ---- */

static void
make_snaplen_zero(struct capture *b)
{
	make(b, LITTLE);
	set_32(b, 16, 0);
}

static void
make_with_fcs(struct capture *b)
{
	make(b, BIG);
	set_32(b, 20, 0x24000001);
}

static void
make_captured_more_than_sent(struct capture *b)
{
	make(b, NANO);
	for (unsigned i = 0; i < PACKETS; i++)
		set_32(b, record_at(NANO, i) + 12, 40);
}

static void
make_long_record(struct capture *b)
{
	enum {
		LONG_BYTES = 300000
	};
	uint8_t *octets = mem_alloc(LONG_BYTES);

	capture_put_header(b, &capture_formats[LITTLE], 1);
	put_packets(b, LITTLE, 0, 6);
	capture_put_record(
		b, &capture_formats[LITTLE], capture_packet_ns(6), octets, LONG_BYTES);
	put_packets(b, LITTLE, 7, PACKETS);
	mem_free(octets);
}

static void
make_version_2_9(struct capture *b)
{
	make(b, LITTLE);
	b->octets[6] = 9;
}

static void
make_version_3_4(struct capture *b)
{
	make(b, BIG);
	b->octets[5] = 3;
}

static void
make_cut_in_data(struct capture *b)
{
	make(b, LITTLE);
	b->n -= 50;
}

static void
make_cut_in_header(struct capture *b)
{
	make(b, LITTLE);
	b->n -= 54 + PACKETS - 1 + 5;
}

static void
make_length_huge(struct capture *b)
{
	make(b, LITTLE);
	set_32(b, record_at(LITTLE, 7) + 8, 0x7fffffff);
}

static void
make_length_long(struct capture *b)
{
	make(b, BIG);
	set_32(b, record_at(BIG, 7) + 8, 1000000);
}

static void
make_length_plus_5(struct capture *b)
{
	make(b, LITTLE);
	set_32(b, record_at(LITTLE, 7) + 8, 54 + 7 + 5);
}

static void
make_length_zero(struct capture *b)
{
	make(b, LITTLE);
	set_32(b, record_at(LITTLE, 7) + 8, 0);
}

static void
make_first_length_huge(struct capture *b)
{
	make(b, LITTLE);
	set_32(b, 24 + 8, 0xffffffff);
}

static void
make_last_length_huge(struct capture *b)
{
	make(b, LITTLE);
	set_32(b, record_at(LITTLE, PACKETS - 1) + 8, 0x00ffffff);
}

static void
make_both_lengths_huge(struct capture *b)
{
	make(b, LITTLE);
	set_32(b, record_at(LITTLE, 7) + 8, 0x7fffffff);
	set_32(b, record_at(LITTLE, 7) + 12, 0x7fffffff);
}

/* Cut to 40 octets each, so that the length on the wire cannot mend the record. */
static void
make_snapped_length_huge(struct capture *b)
{
	uint8_t frame[128];

	capture_put_header(b, &capture_formats[LITTLE], 1);
	for (unsigned i = 0; i < PACKETS; i++) {
		size_t at = b->n;

		capture_frame(frame, i);
		capture_put_record(
			b, &capture_formats[LITTLE], capture_packet_ns(i), frame, 40);
		set_32(b, at + 12, 1000);
		if (i == 7)
			set_32(b, at + 8, 0x11111111);
	}
}

static void
make_header_overwritten(struct capture *b)
{
	make(b, LITTLE);
	memset(b->octets + record_at(LITTLE, 7), 0xff, 16);
}

static void
make_headers_overwritten(struct capture *b)
{
	make(b, LITTLE);
	memset(b->octets + record_at(LITTLE, 5), 0xff, 16);
	memset(b->octets + record_at(LITTLE, 6), 0xff, 16);
}

static void
make_zeros_inside(struct capture *b)
{
	capture_put_header(b, &capture_formats[LITTLE], 1);
	put_packets(b, LITTLE, 0, 7);
	capture_put_zeros(b, 4096);
	put_packets(b, LITTLE, 7, PACKETS);
}

static void
make_junk_at_the_end(struct capture *b)
{
	make(b, LITTLE);
	for (unsigned i = 0; i < 100; i++)
		capture_put_32(b, 0xdeadbeef);
}

static void
make_clock_jumps(struct capture *b)
{
	capture_put_header(b, &capture_formats[LITTLE], 1);
	for (unsigned i = 0; i < PACKETS; i++)
		capture_put_packet(b, &capture_formats[LITTLE], i,
			capture_packet_ns(i) - (i % 3) * 1000000 * 1000 * MS);
}

static void
make_two_pcap(struct capture *b)
{
	make(b, LITTLE);
	make(b, BIG);
}

static void
make_cut_then_other(struct capture *b)
{
	make(b, LITTLE);
	b->n -= 20;
	make(b, NANO);
}

/* ---- pcapng ---- */

static void
make_pcap_then_pcapng(struct capture *b)
{
	make(b, LITTLE);
	make(b, NG_BIG);
}

static void
make_pcapng_then_pcap(struct capture *b)
{
	make(b, NG);
	make(b, BIG);
}

static void
make_sections(struct capture *b)
{
	make(b, NG);
	make(b, NG_BIG);
}

/* An interface whose options are given as octets. */
static void
put_interface_options(struct capture *b, uint32_t option, uint32_t value)
{
	capture_block_begin(b, 1, 16);
	capture_put_32(b, 1);
	capture_put_32(b, 64);
	capture_put_32(b, option);
	capture_put_32(b, value);
	capture_put_32(b, 28);
}

static void
make_section_only(struct capture *b)
{
	capture_put_header(b, &capture_formats[NG], 1);
	b->n -= 28;
}

static void
make_option_too_long(struct capture *b)
{
	make_section_only(b);
	put_interface_options(b, 60000u << 16 | 2, 0);
	put_packets(b, NG, 0, PACKETS);
}

static void
make_resolution_absurd(struct capture *b)
{
	make_section_only(b);
	put_interface_options(b, 1u << 16 | 9, 0x80 | 72);
	put_packets(b, NG, 0, PACKETS);
}

static void
make_interfaces_differ(struct capture *b)
{
	capture_put_header(b, &capture_formats[NG], 1);
	capture_put_interface(b, 276, 6);
	put_packets(b, NG, 0, 7);
	put_interface_options(b, 0, 0);
	put_packets(b, NG, 7, PACKETS);
}

static void
make_unknown_interface(struct capture *b)
{
	make(b, NG);
	set_32(b, record_at(NG, 7) + 8, 5);
}

static void
make_unknown_blocks(struct capture *b)
{
	make(b, NG);
	capture_block_begin(b, 0x0badbeef, 40000);
	capture_put_zeros(b, 40000);
	capture_put_32(b, 40012);
}

static void
make_trailer_wrong(struct capture *b)
{
	make(b, NG);
	set_32(b, record_at(NG, 8) - 4, 1000);
}

static void
make_block_long(struct capture *b)
{
	make(b, NG);
	set_32(b, record_at(NG, 7) + 4, 0x7ffffffc);
}

static void
make_block_odd(struct capture *b)
{
	make(b, NG_BIG);
	set_32(b, record_at(NG_BIG, 7) + 4, 97);
}

static void
make_block_beyond_the_end(struct capture *b)
{
	make(b, NG);
	set_32(b, record_at(NG, 7) + 4, 400000);
}

static void
make_block_header_overwritten(struct capture *b)
{
	make(b, NG);
	memset(b->octets + record_at(NG, 7), 0xff, 8);
	memset(b->octets + record_at(NG, 8) - 4, 0xff, 4);
}

static void
make_octets_inserted(struct capture *b)
{
	capture_put_header(b, &capture_formats[NG], 1);
	put_packets(b, NG, 0, 7);
	capture_put_zeros(b, 3);
	put_packets(b, NG, 7, PACKETS);
}

static void
make_block_cut(struct capture *b)
{
	make(b, NG);
	b->n -= 50;
}

static void
make_simple_cut(struct capture *b)
{
	make(b, NG_SIMPLE);
	b->n -= 8;
}

/* ---- the rows ---- */

struct damage_row {
	const char *name;
	void (*make)(struct capture *b);
	unsigned packets;
	uint64_t octets; /* captured; 0: those of the fourteen */
	unsigned damaged;
	uint64_t skipped_octets, tail_octets;
	unsigned bad_options;
	const char *trouble;
};

static const struct damage_row damage_rows[] = {
	{"snapshot length 0", make_snaplen_zero, 14, 0, 0, 0, 0, 0, ""},
	{"frame check sequences announced", make_with_fcs, 14, 0, 0, 0, 0, 0, ""},
	{"more captured than sent", make_captured_more_than_sent, 14, 0, 0, 0, 0, 0, ""},
	{"a record of 300000 octets", make_long_record, 14, FRAME_OCTETS - 60 + 300000, 0,
		0, 0, 0, ""},
	{"version 2.9", make_version_2_9, 14, 0, 0, 0, 0, 0, "pcap version 2.9"},
	{"version 3.4, big-endian", make_version_3_4, 14, 0, 0, 0, 0, 0,
		"pcap version 3.4"},
	{"the last record cut in its data", make_cut_in_data, 14, FRAME_OCTETS - 50, 0, 0,
		16 + 17, 0, "cut off inside the record after packet 13"},
	{"the last record cut in its header", make_cut_in_header, 13, FRAME_OCTETS - 67,
		0, 0, 11, 0, "cut off inside the record after packet 13"},
	{"a length of 2 GiB", make_length_huge, 14, 0, 1, 0, 0, 0, "damaged record"},
	{"a length beyond the end", make_length_long, 14, 0, 1, 0, 0, 0,
		"after packet 7"},
	{"a length that is 5 too long", make_length_plus_5, 14, 0, 1, 0, 0, 0,
		"after packet 7"},
	{"a length of 0", make_length_zero, 14, 0, 1, 0, 0, 0, "after packet 7"},
	{"the first length is huge", make_first_length_huge, 14, 0, 1, 0, 0, 0,
		"after packet 0"},
	{"the last length is huge", make_last_length_huge, 14, 0, 1, 0, 0, 0,
		"after packet 13"},
	{"both lengths huge", make_both_lengths_huge, 13, FRAME_OCTETS - 61, 1, 16 + 61,
		0, 0, "damaged record"},
	{"a huge length among cut packets", make_snapped_length_huge, 14, 14 * 40, 1, 0,
		0, 0, "damaged record"},
	{"a header overwritten", make_header_overwritten, 13, FRAME_OCTETS - 61, 1,
		16 + 61, 0, 0, "after packet 7"},
	{"two headers overwritten", make_headers_overwritten, 12, FRAME_OCTETS - 59 - 60,
		1, 32 + 59 + 60, 0, 0, "after packet 5"},
	{"a page of zeros inside", make_zeros_inside, 14, 0, 1, 4096, 0, 0,
		"after packet 7"},
	{"junk at the end", make_junk_at_the_end, 14, 0, 1, 400, 0, 0, "after packet 14"},
	{"a clock that jumps by weeks is no damage", make_clock_jumps, 14, 0, 0, 0, 0, 0,
		""},
	{"two files, one after the other", make_two_pcap, 28, 2 * FRAME_OCTETS, 0, 0, 0,
		0, ""},
	{"a cut file, and another", make_cut_then_other, 28, 2 * FRAME_OCTETS - 20, 1, 0,
		0, 0, "after packet 13"},
	{"pcap, then pcapng", make_pcap_then_pcapng, 28, 2 * FRAME_OCTETS, 0, 0, 0, 0,
		""},
	{"pcapng, then pcap", make_pcapng_then_pcap, 28, 2 * FRAME_OCTETS, 0, 0, 0, 0,
		""},
	{"two sections of opposite byte order", make_sections, 28, 2 * FRAME_OCTETS, 0, 0,
		0, 0, ""},
	{"an option of 60000 octets", make_option_too_long, 14, 0, 0, 0, 0, 1,
		"1 interfaces have unusable options"},
	{"a resolution of 2^-72 s", make_resolution_absurd, 14, 0, 0, 0, 0, 1,
		"unusable options"},
	{"interfaces of other types and snapshot lengths", make_interfaces_differ, 14, 0,
		0, 0, 0, 0, ""},
	{"a packet of an unknown interface", make_unknown_interface, 13,
		FRAME_OCTETS - 61, 1, 32 + 64, 0, 0, "unusable packet block"},
	{"unknown blocks", make_unknown_blocks, 14, 0, 0, 0, 0, 0, ""},
	{"a wrong length at a block's end", make_trailer_wrong, 14, 0, 1, 0, 0, 0,
		"wrong length at its end"},
	{"a block of 2 GiB", make_block_long, 14, 0, 1, 0, 0, 0, "after packet 7"},
	{"a block of an odd length", make_block_odd, 14, 0, 1, 0, 0, 0, "after packet 7"},
	{"a block that ends beyond the file", make_block_beyond_the_end, 14, 0, 1, 0, 0,
		0, "after packet 7"},
	{"a block's lengths and type overwritten", make_block_header_overwritten, 13,
		FRAME_OCTETS - 61, 1, 32 + 64, 0, 0, "after packet 7"},
	{"octets inserted between blocks", make_octets_inserted, 14, 0, 1, 3, 0, 0,
		"after packet 7"},
	{"a block cut", make_block_cut, 14, FRAME_OCTETS - 45, 0, 0, 50, 0,
		"cut off inside the record after packet 13"},
	{"a simple packet block cut", make_simple_cut, 14, FRAME_OCTETS - 3, 0, 0, 76, 0,
		"cut off"},
};

struct result {
	unsigned packets;
	uint64_t octets, frame_last;
	struct source_info info;
};

static struct result
read_file(char *path)
{
	struct result result = {0};
	struct source *source;
	struct packet packet;
	struct err err;

	assert_int_equal(source_open_files(&source, &path, 1, NULL, &err), 0);
	while (source_next(source, &packet, &err) == 1) {
		assert_true(packet.wire_bytes >= packet.data.n);
		result.packets++;
		result.octets += packet.data.n;
		result.frame_last = packet.frame;
	}
	assert_null(source_check(source));
	result.info = *source_info(source, 0);
	source_close(&source);
	return result;
}

static struct result
read_octets(const uint8_t *octets, size_t n)
{
	const char *base = getenv("TMPDIR");
	struct result result;
	char path[256];
	int fd;

	snprintf(path, sizeof path, "%s/cachetap-damage-XXXXXX", base ? base : ".");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, n), n);
	close(fd);
	result = read_file(path);
	unlink(path);
	return result;
}

static void
check_row(const struct damage_row *row, const struct result *result)
{
	const struct source_info *info = &result->info;

	assert_int_equal(result->packets, row->packets);
	assert_int_equal(result->frame_last, row->packets);
	assert_int_equal(result->octets, row->octets ? row->octets : FRAME_OCTETS);
	assert_int_equal(info->damaged_records, row->damaged);
	assert_int_equal(info->skipped_octets, row->skipped_octets);
	assert_int_equal(info->tail_octets, row->tail_octets);
	assert_int_equal(info->truncated_tail, row->tail_octets != 0);
	assert_int_equal(info->bad_options, row->bad_options);
	if (row->trouble[0])
		assert_non_null(strstr(info->trouble, row->trouble));
	else
		assert_string_equal(info->trouble, "");
}

static void
test_damage(void **state)
{
	const struct damage_row *row = *state;
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	row->make(b);
	result = read_octets(b->octets, b->n);
	check_row(row, &result);
	mem_free(b);
}

/* What a file without a packet is: a capture, or none. */
static void
test_without_packets(void **state)
{
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	(void)state;
	capture_put_header(b, &capture_formats[LITTLE], 1);
	result = read_octets(b->octets, b->n);
	assert_false(result.info.failed || result.info.truncated_tail);
	assert_int_equal(result.info.header_octets, 24);
	result = read_octets(b->octets, 23);
	assert_true(result.info.failed);
	b->n = 0;
	make_section_only(b);
	result = read_octets(b->octets, b->n);
	assert_false(result.info.failed);
	put_packets(b, NG, 0, PACKETS);
	result = read_octets(b->octets, b->n);
	assert_true(result.info.failed);
	assert_int_equal(result.info.err.code, EXIT_INPUT);
	assert_non_null(strstr(result.info.err.what, "without an interface block"));
	mem_free(b);
}

/* The same through gzip, a member for each thousand octets. */
static void
test_damage_packed(void **state)
{
	const struct damage_row *row = *state;
	struct capture *b = mem_alloc(sizeof *b);
	uint8_t *packed = mem_alloc(sizeof b->octets);
	size_t n = 0;
	struct result result;

	row->make(b);
	for (size_t at = 0; at < b->n; at += 1000) {
		z_stream z = {.next_in = b->octets + at,
			.avail_in = (uInt)(b->n - at < 1000 ? b->n - at : 1000),
			.next_out = packed + n,
			.avail_out = (uInt)(sizeof b->octets - n)};

		assert_int_equal(
			deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
		assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
		deflateEnd(&z);
		n += z.total_out;
	}
	result = read_octets(packed, n);
	assert_string_equal(result.info.compression, "gzip");
	check_row(row, &result);
	mem_free(packed);
	mem_free(b);
}

/* Cut at each octet: nothing that was read with less is lost with more. */
static void
test_damage_cut(void **state)
{
	const struct damage_row *row = *state;
	struct capture *b = mem_alloc(sizeof *b);

	row->make(b);
	for (size_t n = 24; n <= b->n && n < 4096; n++) {
		struct result result = read_octets(b->octets, n);

		assert_true(result.packets <= row->packets + 1);
		assert_false(result.info.failed && result.packets);
	}
	mem_free(b);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest without_packets[] = {
		cmocka_unit_test(test_without_packets)};
	int failed;

	rows_filter(argc, argv);
	failed = ROWS_RUN(damage_rows, test_damage);
	failed += cmocka_run_group_tests(without_packets, NULL, NULL);
	failed += ROWS_RUN(damage_rows, test_damage_packed);
	return failed + ROWS_RUN(damage_rows, test_damage_cut);
}
