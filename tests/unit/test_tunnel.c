// room: ct_parsers
/*
 * Whatever carries the packet, the segment in it is the same: link types, tags and
 * labels, tunnels in tunnels.  And what only looks like one is left alone.
 */
#include "parsers/link.h"
#include "parsers/segment.h"
#include "parsers/tunnel.h"
#include "tests/lib/rows.h"

/* Frames in hexadecimal, a header a macro; the innermost packet is IP4 or IP6. */
#define MACS "020000000002020000000001"
#define ETHERNET4 MACS "0800"
#define ETHERNET6 MACS "86dd"
#define TCP "9c400050000003e9000013895018fffe12340000"
#define DATA "61626364"
#define IP4 "4500002c12344000400600000a000001c0000250" TCP DATA
#define IP6                                                                              \
	"6000000000180640"                                                               \
	"20010db8000000000000000000000001"                                               \
	"20010db8000000000000000000000080" TCP DATA
#define SNAP4 "aaaa030000000800"

/* An outer packet without length: everything to the frame's end is in it. */
#define OUTER(protocol) "450000000001000040" protocol "0000ac100001ac100002"
#define OVER(protocol) ETHERNET4 OUTER(protocol)
#define UDP(sport, dport) OVER("11") sport dport "00000000"
#define TO(port) UDP("c350", port)

#define BIT(tunnel) (1u << TUNNEL_##tunnel)

struct tunnel_row {
	const char *name;
	unsigned link_type;
	const char *hex;
	unsigned tunnels;
	enum decode decode;
	enum malformed malformed;
};

static const struct tunnel_row link_rows[] = {
	{"PPP in HDLC framing", 9, "ff030021" IP4, 0, DECODE_TCP, 0},
	{"PPP without framing", 9, "0057" IP6, 0, DECODE_TCP, 0},
	{"PPP with a short protocol number", 9, "ff0321" IP4, 0, DECODE_TCP, 0},
	{"PPP with labels", 50,
		"ff030281"
		"00010140" IP4,
		BIT(MPLS), DECODE_TCP, 0},
	{"PPP with a control protocol", 9, "ff03c0210101", 0, DECODE_NOT_TCP, 0},
	{"PPP behind the direction", 204, "01ff030021" IP4, 0, DECODE_TCP, 0},
	{"PPP with the direction as address", 166, "00030021" IP4, 0, DECODE_TCP, 0},
	{"PPPoE as link type", 51, "11000001002e0021" IP4, BIT(PPPOE), DECODE_TCP, 0},
	{"Cisco HDLC", 104, "0f000800" IP4, 0, DECODE_TCP, 0},
	{"Cisco HDLC to all", 50, "8f0086dd" IP6, 0, DECODE_TCP, 0},
	{"FDDI", 10, "50" MACS SNAP4 IP4, 0, DECODE_TCP, 0},
	{"ATM with LLC", 100, SNAP4 IP4, 0, DECODE_TCP, 0},
	{"labels as link type", 219, "00010140" IP4, BIT(MPLS), DECODE_TCP, 0},
	{"OpenBSD's enc", 109, "020000000000000000000000" IP4, 0, DECODE_TCP, 0},
	{"pflog, whose length counts no padding", 117,
		"0d020000"
		"000000000000000000000000" IP4,
		0, DECODE_TCP, 0},
	{"IPNET, version 4", 226,
		"0102000000000000000000000000000000000000"
		"00000000" IP4,
		0, DECODE_TCP, 0},
	{"IPNET, version 6", 226,
		"011a000000000000000000000000000000000000"
		"00000000" IP6,
		0, DECODE_TCP, 0},
	{"NFLOG, little-endian, the payload last", 239,
		"02000000"
		"08000100"
		"08000300"
		"05000a00"
		"78000000"
		"30000900" IP4,
		0, DECODE_TCP, 0},
	{"NFLOG, big-endian", 239,
		"0a000000"
		"00080001"
		"86dd0300"
		"00440009" IP6,
		0, DECODE_TCP, 0},
	{"NFLOG without a payload", 239,
		"02000000"
		"0800010008000300",
		0, DECODE_MALFORMED, MALFORMED_CUT},
	{"NFLOG with a length of nothing", 239,
		"02000000"
		"00000100" IP4,
		0, DECODE_NOT_TCP, 0},
	{"PKTAP around Ethernet", 258,
		"10000000"
		"01000000"
		"01000000"
		"00000000" ETHERNET4 IP4,
		0, DECODE_TCP, 0},
	{"PKTAP around PKTAP", 258,
		"0c000000"
		"01000000"
		"02010000"
		"0c000000"
		"01000000"
		"01000000" ETHERNET4 IP4,
		0, DECODE_UNKNOWN_LINK, 0},
};

#define ADDRESSES MACS "020000000003"
#define DATA_FRAME "08010000" ADDRESSES "1000"
#define QOS_FRAME "88010000" ADDRESSES "10000000"

static const struct tunnel_row wlan_rows[] = {
	{"802.11 data", 105, DATA_FRAME SNAP4 IP4, 0, DECODE_TCP, 0},
	{"with quality of service", 105, QOS_FRAME SNAP4 IP4, 0, DECODE_TCP, 0},
	{"with HT control", 105,
		"88810000" ADDRESSES "10000000"
		"00000000" SNAP4 IP4,
		0, DECODE_TCP, 0},
	{"with four addresses", 105,
		"08030000" ADDRESSES "1000"
		"020000000004" SNAP4 IP4,
		0, DECODE_TCP, 0},
	{"in PPI", 192, "0000080069000000" DATA_FRAME SNAP4 IP4, 0, DECODE_TCP, 0},
	{"protected", 105, "08410000" ADDRESSES "1000" SNAP4 IP4, 0, DECODE_NOT_TCP, 0},
	{"an aggregate", 105, "88010000" ADDRESSES "10008000" SNAP4 IP4, 0,
		DECODE_NOT_TCP, 0},
	{"a fragment of a frame", 105, "08050000" ADDRESSES "1000" SNAP4 IP4, 0,
		DECODE_NOT_TCP, 0},
	{"the last fragment of a frame", 105, "08010000" ADDRESSES "1100" SNAP4 IP4, 0,
		DECODE_NOT_TCP, 0},
	{"null data", 105, "48010000" ADDRESSES "1000", 0, DECODE_NOT_TCP, 0},
	{"a beacon", 105, "80000000" ADDRESSES "1000", 0, DECODE_NOT_TCP, 0},
	{"radiotap without fields", 127, "0000080000000000" DATA_FRAME SNAP4 IP4, 0,
		DECODE_TCP, 0},
	{"radiotap: the flags are behind the time", 127,
		"00001100"
		"03000000"
		"0000000000000000"
		"10" DATA_FRAME SNAP4 IP4 "01020304",
		0, DECODE_TCP, 0},
	{"radiotap: two words of fields, then the time aligned", 127,
		"00001900"
		"03000080"
		"00000000"
		"00000000"
		"0000000000000000"
		"10" DATA_FRAME SNAP4 IP4 "01020304",
		0, DECODE_TCP, 0},
	{"radiotap: a padded header", 127,
		"00000900"
		"02000000"
		"20" QOS_FRAME "0000" SNAP4 IP4,
		0, DECODE_TCP, 0},
	{"radiotap: a wrong check sequence", 127,
		"00000900"
		"02000000"
		"40" DATA_FRAME SNAP4 IP4,
		0, DECODE_MALFORMED, MALFORMED_CHECK_SEQUENCE},
	{"radiotap: longer than the frame", 127,
		"0000ffff"
		"00000000",
		0, DECODE_MALFORMED, MALFORMED_CUT},
	{"AVS", 163,
		"80211001"
		"00000010"
		"0000000000000000" DATA_FRAME SNAP4 IP4,
		0, DECODE_TCP, 0},
	{"Prism, little-endian", 119,
		"44000000"
		"10000000"
		"0000000000000000" DATA_FRAME SNAP4 IP4,
		0, DECODE_TCP, 0},
};

static const struct tunnel_row tag_rows[] = {
	{"a label", 1,
		MACS "8847"
		     "003e8140" IP4,
		BIT(MPLS), DECODE_TCP, 0},
	{"three labels, version 6, to many", 1,
		MACS "8848"
		     "003e8040003e8040003e8140" IP6,
		BIT(MPLS), DECODE_TCP, 0},
	{"eight labels", 1,
		MACS "8847"
		     "003e8040003e8040003e8040003e8040"
		     "003e8040003e8040003e8040003e8140" IP4,
		BIT(MPLS), DECODE_TCP, 0},
	{"nine labels", 1,
		MACS "8847"
		     "003e8040003e8040003e8040003e8040003e8040"
		     "003e8040003e8040003e8040003e8140" IP4,
		BIT(MPLS), DECODE_TOO_DEEP, 0},
	{"a stack without a bottom", 1,
		MACS "8847"
		     "003e8040",
		BIT(MPLS), DECODE_MALFORMED, MALFORMED_CUT},
	{"a pseudowire with control word", 1,
		MACS "8847"
		     "003e8140"
		     "00000000" ETHERNET4 IP4,
		BIT(MPLS), DECODE_TCP, 0},
	{"a pseudowire without", 1,
		MACS "8847"
		     "003e8140" ETHERNET4 IP4,
		BIT(MPLS), DECODE_TCP, 0},
	{"a label in a VLAN", 1,
		MACS "81000007"
		     "8847"
		     "003e8140" IP4,
		BIT(MPLS), DECODE_TCP, 0},
	{"PPPoE in two VLANs", 1,
		MACS "8100000781000008"
		     "8864"
		     "11000001002e0021" IP4,
		BIT(PPPOE), DECODE_TCP, 0},
	{"PPPoE, version 6", 1,
		MACS "8864"
		     "1100000100420057" IP6,
		BIT(PPPOE), DECODE_TCP, 0},
	{"PPPoE while it is set up", 1,
		MACS "8863"
		     "1109000000040101",
		0, DECODE_NOT_TCP, 0},
	{"SNAP for bridging", 1,
		MACS "0034"
		     "aaaa030000f80800" IP4,
		0, DECODE_TCP, 0},
};

static const struct tunnel_row tunnel_rows[] = {
	{"GRE", 1, OVER("2f") "00000800" IP4, BIT(GRE), DECODE_TCP, 0},
	{"GRE with checksum, key and sequence number", 1,
		OVER("2f") "b00086dd"
			   "000000000000000500000006" IP6,
		BIT(GRE), DECODE_TCP, 0},
	{"GRE with Ethernet", 1, OVER("2f") "00006558" ETHERNET4 IP4, BIT(GRE),
		DECODE_TCP, 0},
	{"GRE with labels", 1,
		OVER("2f") "00008847"
			   "003e8140" IP4,
		BIT(GRE) | BIT(MPLS), DECODE_TCP, 0},
	{"PPTP", 1,
		OVER("2f") "3081880b"
			   "002e0001"
			   "00000001"
			   "00000002"
			   "ff030021" IP4,
		BIT(GRE), DECODE_TCP, 0},
	{"WCCP's first version", 1, OVER("2f") "0000883e" IP4, BIT(GRE), DECODE_TCP, 0},
	{"WCCP's second version", 1,
		OVER("2f") "0000883e"
			   "00010203" IP4,
		BIT(GRE), DECODE_TCP, 0},
	{"ERSPAN I", 1, OVER("2f") "000088be" ETHERNET4 IP4, BIT(GRE) | BIT(ERSPAN),
		DECODE_TCP, 0},
	{"ERSPAN II", 1,
		OVER("2f") "100088be"
			   "00000001"
			   "1000000700000000" ETHERNET4 IP4,
		BIT(GRE) | BIT(ERSPAN), DECODE_TCP, 0},
	{"ERSPAN III", 1,
		OVER("2f") "100022eb"
			   "00000001"
			   "200000070000000000000000" ETHERNET4 IP4,
		BIT(GRE) | BIT(ERSPAN), DECODE_TCP, 0},
	{"ERSPAN III with more of its header", 1,
		OVER("2f") "100022eb"
			   "00000001"
			   "200000070000000000000001"
			   "0000000000000000" ETHERNET4 IP4,
		BIT(GRE) | BIT(ERSPAN), DECODE_TCP, 0},
	{"ERSPAN III with a packet", 1,
		OVER("2f") "100022eb"
			   "00000001"
			   "200000070000000000000800" IP4,
		BIT(GRE) | BIT(ERSPAN), DECODE_TCP, 0},
	{"VXLAN", 1, TO("12b5") "0800000000002a00" ETHERNET4 IP4, BIT(VXLAN), DECODE_TCP,
		0},
	{"VXLAN on Linux' old port, with bits that are reserved", 1,
		TO("2118") "88ff000000002aff" ETHERNET4 IP4, BIT(VXLAN), DECODE_TCP, 0},
	{"VXLAN with another protocol", 1, TO("12b6") "0c00000100002a00" IP4, BIT(VXLAN),
		DECODE_TCP, 0},
	{"GENEVE with options", 1,
		TO("17c1") "0300655800002a00"
			   "000000000000000000000000" ETHERNET4 IP4,
		BIT(GENEVE), DECODE_TCP, 0},
	{"GENEVE with a packet", 1, TO("17c1") "000086dd00002a00" IP6, BIT(GENEVE),
		DECODE_TCP, 0},
	{"GTP-U", 1, TO("0868") "30ff002c00000001" IP4, BIT(GTP_U), DECODE_TCP, 0},
	{"GTP-U from its port, with a sequence number", 1,
		UDP("0868", "c350") "32ff003000000001"
				    "00010000" IP4,
		BIT(GTP_U), DECODE_TCP, 0},
	{"GTP-U with two extensions", 1,
		TO("0868") "34ff003800000001"
			   "00000085"
			   "01000085"
			   "01000000" IP4,
		BIT(GTP_U), DECODE_TCP, 0},
	{"Teredo", 1,
		UDP("0dd8", "0dd8") "6000000000180640"
				    "20010000000000000000000000000001"
				    "20010db8000000000000000000000080" TCP DATA,
		BIT(TEREDO), DECODE_TCP, 0},
	{"Teredo behind authentication and origin", 1,
		UDP("c350", "0dd8") "00010000000000000000000000"
				    "0000c3500a000001"
				    "6000000000180640"
				    "20010000000000000000000000000001"
				    "20010db8000000000000000000000080" TCP DATA,
		BIT(TEREDO), DECODE_TCP, 0},
	{"L2TP with length and sequence numbers", 1,
		UDP("06a5", "06a5") "4802003c"
				    "0001"
				    "0001"
				    "00000000"
				    "ff030021" IP4,
		BIT(L2TP), DECODE_TCP, 0},
	{"IP in IP", 1, OVER("04") IP4, BIT(IP_IN_IP), DECODE_TCP, 0},
	{"version 6 in 4", 1, OVER("29") IP6, BIT(IP_IN_IP), DECODE_TCP, 0},
	{"labels in IP", 1, OVER("89") "003e8140" IP4, BIT(MPLS), DECODE_TCP, 0},
	{"Ethernet in IP", 1, OVER("61") "3000" ETHERNET4 IP4, BIT(IP_IN_IP), DECODE_TCP,
		0},
	{"authentication in version 4", 1,
		OVER("33") "0404000000000001"
			   "00000001"
			   "000000000000000000000000" IP4,
		BIT(IP_IN_IP), DECODE_TCP, 0},
	{"VXLAN in GRE in a VLAN", 1,
		MACS "81000007"
		     "0800" OUTER("2f") "00000800" OUTER(
			     "11") "c35012b500000000"
				   "0800000000002a00" ETHERNET6 IP6,
		BIT(GRE) | BIT(VXLAN), DECODE_TCP, 0},
	{"eight deep", 1,
		OVER("04") OUTER("04") OUTER("04") OUTER("04") OUTER("04") OUTER("04")
			OUTER("04") OUTER("04") IP4,
		BIT(IP_IN_IP), DECODE_TCP, 0},
};

static const struct tunnel_row refused_rows[] = {
	{"nine deep", 1,
		OVER("04") OUTER("04") OUTER("04") OUTER("04") OUTER("04") OUTER("04")
			OUTER("04") OUTER("04") OUTER("04") IP4,
		BIT(IP_IN_IP), DECODE_TOO_DEEP, 0},
	{"GRE with routing", 1,
		OVER("2f") "40000800"
			   "00000000" IP4,
		0, DECODE_NOT_TCP, 0},
	{"GRE of a version nobody knows", 1, OVER("2f") "00020800" IP4, 0, DECODE_NOT_TCP,
		0},
	{"GRE to keep a tunnel alive", 1, OVER("2f") "00000000", BIT(GRE), DECODE_NOT_TCP,
		0},
	{"VXLAN without a network", 1, TO("12b5") "0000000000002a00" ETHERNET4 IP4, 0,
		DECODE_NOT_TCP, 0},
	{"VXLAN's port as the source's", 1,
		UDP("12b5", "c350") "0800000000002a00" ETHERNET4 IP4, 0, DECODE_NOT_TCP,
		0},
	{"GENEVE of another version", 1, TO("17c1") "4000655800002a00" ETHERNET4 IP4, 0,
		DECODE_NOT_TCP, 0},
	{"GENEVE with more options than octets", 1, TO("17c1") "3f00080000002a00" IP4, 0,
		DECODE_NOT_TCP, 0},
	{"an echo of GTP-U", 1,
		TO("0868") "3201000400000001"
			   "00010000",
		0, DECODE_NOT_TCP, 0},
	{"GTP-U longer than the datagram", 1, TO("0868") "30ff00ff00000001" IP4, 0,
		DECODE_NOT_TCP, 0},
	{"an extension of no length", 1,
		TO("0868") "34ff003000000001"
			   "00000085"
			   "00000085" IP4,
		BIT(GTP_U), DECODE_MALFORMED, MALFORMED_CUT},
	{"version 6 on Teredo's port, from elsewhere", 1, TO("0dd8") IP6, 0,
		DECODE_NOT_TCP, 0},
	{"DNS to Teredo's port", 1,
		UDP("0035", "0dd8") "600081800001000100000000"
				    "0377777707",
		0, DECODE_NOT_TCP, 0},
	{"control of L2TP", 1, TO("06a5") "c802000c0000000000000000", 0, DECODE_NOT_TCP,
		0},
	{"other UDP", 1, TO("0035") IP4, 0, DECODE_NOT_TCP, 0},
	{"the tunnel says 4, the packet 6", 1, OVER("04") IP6, BIT(IP_IN_IP),
		DECODE_MALFORMED, MALFORMED_IP_VERSION},
	{"a tunnel with nothing in it", 1, OVER("04"), BIT(IP_IN_IP), DECODE_MALFORMED,
		MALFORMED_CUT},
	{"a packet shorter than its header", 1,
		OVER("04") "45000013000000004006000000000000000000000000", BIT(IP_IN_IP),
		DECODE_MALFORMED, MALFORMED_IP_LENGTH},
	{"a TCP header that is too short", 1,
		OVER("04") "4500002c12344000400600000a000001c0000250"
			   "9c400050000003e9000013894018fffe12340000" DATA,
		BIT(IP_IN_IP), DECODE_MALFORMED, MALFORMED_TCP},
};

static void
assert_inner(const struct segment *seg, struct slice frame)
{
	rows_assert_slice(seg->payload, "abcd");
	assert_int_equal(seg->payload_bytes, 4);
	assert_int_equal(seg->seq, 1001);
	assert_int_equal(seg->sport, 40000);
	assert_int_equal(seg->network_bytes, seg->ip_version == 4 ? 20 : 40);
	assert_int_equal(seg->transport_bytes, 20);
	assert_int_equal(seg->link_bytes + seg->network_bytes + seg->transport_bytes +
				 seg->payload_bytes,
		frame.n);
}

static void
test_tunnel(void **state)
{
	const struct tunnel_row *row = *state;
	uint8_t octets[512];
	struct guard guard = {0};
	struct slice frame = guard_slice(&guard, octets, rows_hex(octets, row->hex));
	struct segment seg;

	assert_int_equal(segment_decode(&seg, &(struct frame){frame, (uint32_t)frame.n,
						      (uint16_t)row->link_type, 0}),
		row->decode);
	assert_int_equal(seg.tunnels, row->tunnels);
	if (row->decode == DECODE_TCP)
		assert_inner(&seg, frame);
	if (row->decode == DECODE_MALFORMED)
		assert_int_equal(seg.malformed, row->malformed);
	guard_fini(&guard);
}

struct unread_row {
	const char *name;
	const char *hex;
	enum link_unread unread;
};

static const struct unread_row unread_rows[] = {
	{"a protected frame", "08410000" ADDRESSES "1000" SNAP4 IP4,
		LINK_UNREAD_PROTECTED},
	{"an aggregate of frames", "88010000" ADDRESSES "10008000" SNAP4 IP4,
		LINK_UNREAD_AGGREGATE},
	{"a first fragment", "08050000" ADDRESSES "1000" SNAP4 IP4, LINK_UNREAD_FRAGMENT},
	{"a last fragment", "08010000" ADDRESSES "1100" SNAP4 IP4, LINK_UNREAD_FRAGMENT},
	{"no data in a data frame", "48010000" ADDRESSES "1000", LINK_UNREAD_NO_DATA},
	{"a beacon of a station", "80000000" ADDRESSES "1000", LINK_UNREAD_NO_DATA},
	{"another protocol in the clear",
		DATA_FRAME "aaaa030000000806"
			   "0001",
		LINK_UNREAD_NOTHING},
};

static void
test_unread(void **state)
{
	const struct unread_row *row = *state;
	uint8_t octets[512];
	size_t n = rows_hex(octets, row->hex);
	struct segment seg;

	assert_int_equal(segment_decode(&seg, &(struct frame){slice_of(octets, n),
						      (uint32_t)n, LINK_TYPE_WLAN, 0}),
		DECODE_NOT_TCP);
	assert_int_equal(seg.unread, row->unread);
	assert_non_null(link_unread_name(row->unread));
}

/* However little is captured, nothing else comes of it than lengths of the wire. */
static void
test_tunnel_cut(void **state)
{
	const struct tunnel_row *row = *state;
	uint8_t octets[512];
	size_t n = rows_hex(octets, row->hex);
	struct guard guard = {0};

	for (size_t kept = 0; kept <= n; kept++) {
		struct slice frame = guard_slice(&guard, octets, kept);
		struct segment seg;

		if (segment_decode(&seg, &(struct frame){frame, (uint32_t)n,
						 (uint16_t)row->link_type, 0}) !=
			DECODE_TCP)
			continue;
		assert_int_equal(row->decode, DECODE_TCP);
		assert_int_equal(seg.payload_bytes, 4);
	}
	guard_fini(&guard);
}

/* A length of 0 reaches to the frame's end, but not into its check sequence. */
static void
test_check_sequence(void **state)
{
	static const char bare[] = ETHERNET4
		"4500000012344000400600000a000001c0000250" TCP DATA "01020304";
	static const char radiotap[] = "00000900"
				       "02000000"
				       "10" DATA_FRAME SNAP4
				       "4500000012344000400600000a000001c0000250" TCP DATA
				       "01020304";
	uint8_t octets[256];
	struct segment seg;
	uint32_t n = (uint32_t)rows_hex(octets, bare);

	(void)state;
	assert_int_equal(
		segment_decode(&seg, &(struct frame){slice_of(octets, n), n, 1, 4}),
		DECODE_TCP);
	rows_assert_slice(seg.payload, "abcd");
	assert_int_equal(seg.link_bytes, 18);
	n = (uint32_t)rows_hex(octets, radiotap);
	assert_int_equal(
		segment_decode(&seg, &(struct frame){slice_of(octets, n), n, 127, 0}),
		DECODE_TCP);
	rows_assert_slice(seg.payload, "abcd");
}

static void
test_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TUNNELS; i++)
		assert_non_null(tunnel_name(i));
	for (unsigned i = 0; i < MALFORMED_REASONS; i++)
		assert_non_null(malformed_name(i));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_sequence),
		cmocka_unit_test(test_names),
	};
	int failed;

	rows_filter(argc, argv);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	failed += ROWS_RUN(link_rows, test_tunnel) + ROWS_RUN(link_rows, test_tunnel_cut);
	failed += ROWS_RUN(wlan_rows, test_tunnel) + ROWS_RUN(wlan_rows, test_tunnel_cut);
	failed += ROWS_RUN(tag_rows, test_tunnel) + ROWS_RUN(tag_rows, test_tunnel_cut);
	failed += ROWS_RUN(tunnel_rows, test_tunnel) +
		  ROWS_RUN(tunnel_rows, test_tunnel_cut);
	failed += ROWS_RUN(unread_rows, test_unread);
	return failed + ROWS_RUN(refused_rows, test_tunnel) +
	       ROWS_RUN(refused_rows, test_tunnel_cut);
}
