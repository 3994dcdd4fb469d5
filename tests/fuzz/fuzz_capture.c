// room: ct_parsers
/*
 * The first octet selects a parser, the others are its input: a frame for each link
 * type, or what a capture file holds.  Beside crashes, it looks for lengths that do
 * not add up, slices outside their input, and times out of order.
 */
#include "parsers/pcapfile.h"
#include "parsers/segment.h"
#include "parsers/tunnel.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Not assert(): the properties are the point of the program, in every build. */
static void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "property broken: %s\n", what);
	abort();
}
#define REQUIRE(expression) require(expression, #expression)

static bool
is_within(struct slice part, struct slice whole)
{
	return part.n == 0 ||
	       (part.at >= whole.at && part.at + part.n <= whole.at + whole.n);
}

static void
check_fragment(const struct fragment *fragment, struct slice frame, uint32_t wire_bytes)
{
	REQUIRE(is_within(fragment->octets, frame));
	REQUIRE(fragment->octets.n <= fragment->bytes);
	REQUIRE((uint64_t)fragment->bytes + fragment->header_bytes <= wire_bytes);
	REQUIRE(fragment->header_bytes >= (fragment->version == 4 ? 20 : 48));
	REQUIRE(fragment->offset % 8 == 0);
	REQUIRE(fragment->depth <= SEGMENT_TUNNELS_MAX);
}

static void
check_segment(struct slice frame, uint32_t wire_bytes, unsigned link_type)
{
	struct frame input = {frame, wire_bytes, (uint16_t)link_type, frame.n % 5};
	struct segment seg;
	enum decode decode = segment_decode(&seg, &input);

	REQUIRE(seg.tunnels >> TUNNELS == 0);
	if (decode == DECODE_MALFORMED)
		REQUIRE(seg.malformed < MALFORMED_REASONS);
	if (decode == DECODE_FRAGMENT)
		check_fragment(&seg.fragment, frame, wire_bytes);
	if (decode != DECODE_TCP)
		return;
	REQUIRE((uint64_t)seg.link_bytes + seg.network_bytes + seg.transport_bytes +
			seg.payload_bytes ==
		wire_bytes);
	REQUIRE(seg.payload.n <= seg.payload_bytes);
	REQUIRE(is_within(seg.payload, frame));
	REQUIRE(seg.transport_bytes >= 20 && seg.transport_bytes <= 60);
	REQUIRE(seg.network_bytes >= (seg.ip_version == 4 ? 20 : 40));
	REQUIRE(address_is_ipv4(&seg.src) || seg.ip_version == 6);
}

static void
check_link_types(struct slice frame)
{
	static const unsigned link_types[] = {0, 1, 9, 10, 12, 14, 50, 51, 100, 101, 104,
		105, 108, 109, 113, 117, 119, 127, 147, 149, 163, 166, 192, 204, 219, 226,
		228, 229, 239, 258, 276};

	for (size_t i = 0; i < sizeof link_types / sizeof *link_types; i++) {
		check_segment(frame, (uint32_t)frame.n, link_types[i]);
		check_segment(frame, (uint32_t)frame.n + 1000, link_types[i]);
		check_segment(frame, UINT32_MAX, link_types[i]);
	}
}

static void
check_address(struct slice input)
{
	struct address address;
	char text[ADDRESS_TEXT_BYTES];
	size_t n;

	if (input.n < sizeof address.octets)
		return;
	memcpy(address.octets, input.at, sizeof address.octets);
	n = address_text(&address, text);
	REQUIRE(n >= 2 && n < sizeof text && text[n] == '\0');
}

static void
check_pcap(struct slice input)
{
	struct pcap_header header;
	struct pcap_record record;

	if (!pcap_header_parse(&header, input))
		return;
	input = slice_from(input, PCAP_HEADER_BYTES);
	pcap_header_refine(&header, input);
	REQUIRE(header.record_header_bytes >= 16 &&
		header.record_header_bytes <= PCAP_RECORD_HEADER_BYTES_MAX);
	while (input.n >= header.record_header_bytes) {
		pcap_record_parse(&record, &header, input.at);
		REQUIRE(record.ts_ns >= 0);
		input = slice_from(input,
			header.record_header_bytes + (size_t)record.captured_bytes);
	}
}

/* A later tick is never an earlier time. */
static void
check_time(const struct pcapng_interface *interface, uint64_t ticks)
{
	if (ticks < UINT64_MAX)
		REQUIRE(pcapng_interface_time_ns(interface, ticks) <=
			pcapng_interface_time_ns(interface, ticks + 1));
}

static void
check_block(struct pcapng_interface *interface, const struct pcapng_block *block,
	struct slice body, bool is_big_endian)
{
	struct pcapng_packet packet;

	if (block->type == PCAPNG_INTERFACE)
		pcapng_interface_parse(interface, body, is_big_endian);
	if (!pcapng_packet_parse(&packet, block->type, body, is_big_endian))
		return;
	REQUIRE(is_within(packet.rest, body));
	check_time(interface, packet.ticks);
}

static void
check_pcapng(struct slice input)
{
	struct pcapng_interface interface = {.resolution = 6};
	bool is_big_endian = false;

	while (input.n >= PCAPNG_SECTION_ORDER_BYTES) {
		struct pcapng_block block;

		pcapng_block_is_section(&is_big_endian, input.at);
		if (!pcapng_block_parse(&block, input.at, is_big_endian))
			break;
		check_block(&interface, &block,
			slice_part(
				input, PCAPNG_BLOCK_HEADER_BYTES, block.total_bytes - 4),
			is_big_endian);
		input = slice_from(input, block.total_bytes);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static void (*const checks[])(struct slice) = {
		check_link_types, check_address, check_pcap, check_pcapng};
	struct slice input = slice_of(data, n);

	if (n)
		checks[data[0] % (sizeof checks / sizeof *checks)](slice_from(input, 1));
	return 0;
}
