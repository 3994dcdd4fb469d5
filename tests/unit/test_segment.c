// room: ct_parsers
#include "parsers/segment.h"
#include "tests/lib/rows.h"

/* Frames in hexadecimal, a header a macro: source 10.0.0.1:40000, target 192.0.2.80:80.
 */
#define MACS "020000000002020000000001"
#define ETHERNET4 MACS "0800"
#define ETHERNET6 MACS "86dd"
#define IPV4(total) "4500" total "12344000400600000a000001c0000250"
#define ADDRESSES6                                                                       \
	"20010db8000000000000000000000001"                                               \
	"20010db8000000000000000000000080"
#define IPV6(payload, next) "60000000" payload next "40" ADDRESSES6
#define TCP "9c400050000003e9000013895018fffe12340000"
#define DATA "61626364"
/* 20 + 20 + 4 octets, in IPv6 20 + 4 */
#define WHOLE4 IPV4("002c") TCP DATA
#define WHOLE6 IPV6("0018", "06") TCP DATA

enum {
	NULL_LINK = 0,
	ETHERNET = 1,
	RAW = 101,
	LOOP = 108,
	SLL = 113,
	RAW4 = 228,
	RAW6 = 229,
	SLL2 = 276,
};

struct segment_row {
	const char *name;
	unsigned link_type;
	const char *hex;
	uint32_t beyond_bytes; /* of the frame, not captured */
	enum decode decode;
	uint32_t link_bytes, network_bytes, payload_bytes;
	const char *payload; /* as captured */
	unsigned vlan, version;
};

static const struct segment_row whole_rows[] = {
	{"Ethernet and IPv4", ETHERNET, ETHERNET4 WHOLE4, 0, DECODE_TCP, 14, 20, 4,
		"abcd", 0, 4},
	{"Ethernet and IPv6", ETHERNET, ETHERNET6 WHOLE6, 0, DECODE_TCP, 14, 40, 4,
		"abcd", 0, 6},
	{"one VLAN tag", ETHERNET,
		MACS "81000064"
		     "0800" WHOLE4,
		0, DECODE_TCP, 18, 20, 4, "abcd", 100, 4},
	{"a priority tag names no VLAN", ETHERNET,
		MACS "8100e000"
		     "0800" WHOLE4,
		0, DECODE_TCP, 18, 20, 4, "abcd", 0, 4},
	{"QinQ: the outer tag counts", ETHERNET,
		MACS "88a80064"
		     "810000c8"
		     "86dd" WHOLE6,
		0, DECODE_TCP, 22, 40, 4, "abcd", 100, 6},
	{"three tags, the oldest type outside", ETHERNET,
		MACS "91000001"
		     "81000002"
		     "81000003"
		     "0800" WHOLE4,
		0, DECODE_TCP, 26, 20, 4, "abcd", 1, 4},
	{"IPv4 in LLC and SNAP", ETHERNET,
		MACS "0034aaaa03000000"
		     "0800" WHOLE4,
		0, DECODE_TCP, 22, 20, 4, "abcd", 0, 4},
	{"Linux cooked", SLL, "00000001000602000000000100000800" WHOLE4, 0, DECODE_TCP,
		16, 20, 4, "abcd", 0, 4},
	{"Linux cooked, second version", SLL2,
		"86dd000000000002000100060200000000010000" WHOLE6, 0, DECODE_TCP, 20, 40,
		4, "abcd", 0, 6},
	{"BSD loopback, little-endian", NULL_LINK, "02000000" WHOLE4, 0, DECODE_TCP, 4,
		20, 4, "abcd", 0, 4},
	{"BSD loopback, big-endian", NULL_LINK, "00000002" WHOLE4, 0, DECODE_TCP, 4, 20,
		4, "abcd", 0, 4},
	{"BSD loopback, IPv6 of macOS", NULL_LINK, "1e000000" WHOLE6, 0, DECODE_TCP, 4,
		40, 4, "abcd", 0, 6},
	{"OpenBSD loopback, IPv6", LOOP, "00000018" WHOLE6, 0, DECODE_TCP, 4, 40, 4,
		"abcd", 0, 6},
	{"raw IP knows the version by itself", RAW, WHOLE4, 0, DECODE_TCP, 0, 20, 4,
		"abcd", 0, 4},
	{"raw IP, version 6", 12, WHOLE6, 0, DECODE_TCP, 0, 40, 4, "abcd", 0, 6},
	{"raw IPv4", RAW4, WHOLE4, 0, DECODE_TCP, 0, 20, 4, "abcd", 0, 4},
	{"raw IPv6", RAW6, WHOLE6, 0, DECODE_TCP, 0, 40, 4, "abcd", 0, 6},
	{"padding belongs to the link", ETHERNET, ETHERNET4 WHOLE4 "0000", 0, DECODE_TCP,
		16, 20, 4, "abcd", 0, 4},
	{"padding that was not captured as well", ETHERNET, ETHERNET4 WHOLE4, 2,
		DECODE_TCP, 16, 20, 4, "abcd", 0, 4},
	{"a frame check sequence behind an empty segment", ETHERNET,
		ETHERNET4 IPV4("0028") TCP "01020304", 0, DECODE_TCP, 18, 20, 0, "", 0,
		4},
	{"IP length 0: the frame's length", ETHERNET, ETHERNET4 IPV4("0000") TCP DATA, 0,
		DECODE_TCP, 14, 20, 4, "abcd", 0, 4},
	{"IP length 0, version 6", ETHERNET, ETHERNET6 IPV6("0000", "06") TCP DATA, 0,
		DECODE_TCP, 14, 40, 4, "abcd", 0, 6},
	{"IP length 0 and beyond 64 KiB", ETHERNET, ETHERNET4 IPV4("0000") TCP DATA,
		100000, DECODE_TCP, 14, 20, 100004, "abcd", 0, 4},
	{"IP length longer than the frame: the frame wins", ETHERNET,
		ETHERNET4 IPV4("0fff") TCP DATA, 0, DECODE_TCP, 14, 20, 4, "abcd", 0, 4},
	{"cut by the snapshot length", ETHERNET, ETHERNET4 IPV4("0424") TCP DATA, 1016,
		DECODE_TCP, 14, 20, 1020, "abcd", 0, 4},
	{"IPv4 options", ETHERNET,
		ETHERNET4 "46000030"
			  "12344000400600000a000001c0000250"
			  "01010100" TCP DATA,
		0, DECODE_TCP, 14, 24, 4, "abcd", 0, 4},
	{"hop-by-hop options", ETHERNET,
		ETHERNET6 IPV6("0020", "00") "0600010400000000" TCP DATA, 0, DECODE_TCP,
		14, 48, 4, "abcd", 0, 6},
	{"destination options, then authentication", ETHERNET,
		ETHERNET6 IPV6("0030", "3c") "3300010400000000"
					     "06020000000000010000000200000003" TCP DATA,
		0, DECODE_TCP, 14, 64, 4, "abcd", 0, 6},
	{"an atomic fragment is whole", ETHERNET,
		ETHERNET6 IPV6("0020", "2c") "0600000012345678" TCP DATA, 0, DECODE_TCP,
		14, 48, 4, "abcd", 0, 6},
};

static const struct segment_row other_rows[] = {
	{"ARP", ETHERNET, MACS "080600010800060400010200000000010a000001", 0,
		DECODE_NOT_TCP, 0, 0, 0, NULL, 0, 0},
	{"UDP", ETHERNET,
		ETHERNET4 "4500001c00004000401100000a000001c0000250"
			  "0035003500080000",
		0, DECODE_NOT_TCP, 0, 0, 0, NULL, 0, 0},
	{"nothing after IPv6", ETHERNET, ETHERNET6 IPV6("0000", "3b"), 0, DECODE_NOT_TCP,
		0, 0, 0, NULL, 0, 0},
	{"nine VLAN tags", ETHERNET,
		MACS
		"810000018100000181000001810000018100000181000001810000018100000181000001"
		"0800" WHOLE4,
		0, DECODE_TOO_DEEP, 0, 0, 0, NULL, 0, 0},
	{"the first fragment", ETHERNET,
		ETHERNET4 "4500002c00012000400600000a000001c0000250" TCP DATA, 0,
		DECODE_FRAGMENT, 0, 0, 0, NULL, 0, 0},
	{"a later fragment", ETHERNET,
		ETHERNET4 "4500002c00010004400600000a000001c0000250" TCP DATA, 0,
		DECODE_FRAGMENT, 0, 0, 0, NULL, 0, 0},
	{"an IPv6 fragment", ETHERNET,
		ETHERNET6 IPV6("0020", "2c") "0600000112345678" TCP DATA, 0,
		DECODE_FRAGMENT, 0, 0, 0, NULL, 0, 0},
	{"an empty frame", ETHERNET, "", 0, DECODE_MALFORMED, 0, 0, 0, NULL, 0, 0},
	{"a cut VLAN tag", ETHERNET, MACS "810000", 0, DECODE_MALFORMED, 0, 0, 0, NULL, 0,
		0},
	{"an IPv4 header shorter than itself", ETHERNET,
		ETHERNET4 "4400002c12344000400600000a000001c0000250" TCP DATA, 0,
		DECODE_MALFORMED, 0, 0, 0, NULL, 0, 0},
	{"an IPv4 length below its header", ETHERNET, ETHERNET4 IPV4("0013") TCP DATA, 0,
		DECODE_MALFORMED, 0, 0, 0, NULL, 0, 0},
	{"version 6 where version 4 is announced", ETHERNET, ETHERNET4 WHOLE6, 0,
		DECODE_MALFORMED, 0, 0, 0, NULL, 0, 0},
	{"a TCP header beyond the IP length", ETHERNET, ETHERNET4 IPV4("0027") TCP DATA,
		0, DECODE_MALFORMED, 0, 0, 0, NULL, 0, 0},
	{"a TCP header below 20 octets", ETHERNET,
		ETHERNET4 IPV4("002c") "9c400050000003e9000013894018fffe12340000" DATA, 0,
		DECODE_MALFORMED, 0, 0, 0, NULL, 0, 0},
	{"an extension beyond the IP length", ETHERNET,
		ETHERNET6 IPV6("0020", "00") "06ff010400000000" TCP DATA, 0,
		DECODE_MALFORMED, 0, 0, 0, NULL, 0, 0},
	{"nine extension headers", ETHERNET,
		ETHERNET6 IPV6("0060",
			"3c") "3c000104000000003c000104000000003c00010400000000"
			      "3c000104000000003c000104000000003c00010400000000"
			      "3c000104000000003c000104000000000600010400000000" TCP DATA,
		0, DECODE_MALFORMED, 0, 0, 0, NULL, 0, 0},
	{"a link type that is not known", 147, WHOLE4, 0, DECODE_UNKNOWN_LINK, 0, 0, 0,
		NULL, 0, 0},
};

static void
assert_lengths_add_up(const struct segment *seg, struct slice frame, uint32_t wire_bytes)
{
	assert_int_equal((uint64_t)seg->link_bytes + seg->network_bytes +
				 seg->transport_bytes + seg->payload_bytes,
		wire_bytes);
	assert_true(seg->payload.n <= seg->payload_bytes);
	assert_true(seg->payload.at >= frame.at);
	assert_true(seg->payload.at + seg->payload.n <= frame.at + frame.n);
}

static void
assert_fields(const struct segment_row *row, const struct segment *seg)
{
	char text[ADDRESS_TEXT_BYTES];

	assert_int_equal(seg->link_bytes, row->link_bytes);
	assert_int_equal(seg->network_bytes, row->network_bytes);
	assert_int_equal(seg->transport_bytes, 20);
	assert_int_equal(seg->payload_bytes, row->payload_bytes);
	assert_int_equal(seg->vlan, row->vlan);
	assert_int_equal(seg->ip_version, row->version);
	assert_int_equal(seg->ip_id, row->version == 4 ? 0x1234 : 0);
	assert_int_equal(seg->sport, 40000);
	assert_int_equal(seg->dport, 80);
	assert_int_equal(seg->seq, 1001);
	assert_int_equal(seg->ack, 5001);
	assert_int_equal(seg->flags, TCP_PSH | TCP_ACK);
	assert_int_equal(seg->window, 0xfffe);
	assert_int_equal(seg->checksum, 0x1234);
	address_text(&seg->src, text);
	assert_string_equal(text, row->version == 4 ? "10.0.0.1" : "2001:db8::1");
	address_text(&seg->dst, text);
	assert_string_equal(text, row->version == 4 ? "192.0.2.80" : "2001:db8::80");
	rows_assert_slice(seg->payload, row->payload);
}

static enum decode
decode_frame(
	struct segment *seg, struct slice octets, uint32_t wire_bytes, unsigned link_type)
{
	return segment_decode(
		seg, &(struct frame){octets, wire_bytes, (uint16_t)link_type, 0});
}

static void
test_segment(void **state)
{
	const struct segment_row *row = *state;
	uint8_t octets[256];
	size_t n = rows_hex(octets, row->hex);
	uint32_t wire_bytes = (uint32_t)n + row->beyond_bytes;
	struct guard guard = {0};
	struct slice frame = guard_slice(&guard, octets, n);
	struct segment seg;

	assert_int_equal(
		decode_frame(&seg, frame, wire_bytes, row->link_type), row->decode);
	if (row->decode == DECODE_TCP) {
		assert_fields(row, &seg);
		assert_lengths_add_up(&seg, frame, wire_bytes);
	}
	guard_fini(&guard);
}

/* However little is captured, what is decoded are the lengths that the wire had. */
static void
test_segment_cut(void **state)
{
	const struct segment_row *row = *state;
	uint8_t octets[256];
	size_t n = rows_hex(octets, row->hex);
	uint32_t wire_bytes = (uint32_t)n + row->beyond_bytes;
	struct guard guard = {0};

	for (size_t kept = 0; kept <= n; kept++) {
		struct slice frame = guard_slice(&guard, octets, kept);
		struct segment seg;

		if (decode_frame(&seg, frame, wire_bytes, row->link_type) != DECODE_TCP)
			continue;
		assert_int_equal(row->decode, DECODE_TCP);
		assert_int_equal(seg.payload_bytes, row->payload_bytes);
		assert_int_equal(seg.link_bytes, row->link_bytes);
		assert_lengths_add_up(&seg, frame, wire_bytes);
	}
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	int failed;

	rows_filter(argc, argv);
	failed = ROWS_RUN(whole_rows, test_segment);
	failed += ROWS_RUN(other_rows, test_segment);
	failed += ROWS_RUN(whole_rows, test_segment_cut);
	return failed + ROWS_RUN(other_rows, test_segment_cut);
}
