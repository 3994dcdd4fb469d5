// room: ct_flow
/*
 * Four octets of input are a fragment: where it begins and how long it is in units of 8
 * octets, its flags, and the time since the one before.  All fragments are cut from the
 * same octets, so whatever becomes whole is known; and every octet of a frame is counted
 * in one place.
 */
#include "analyzer/flow/defrag.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum {
	WHOLE_BYTES = 4096,
	FRAME_BYTES = 100,
	HEADER_BYTES = 20,
	FLAG_LAST = 0x01,
	FLAG_ODD = 0x02, /* a length that is no multiple of 8 */
	FLAG_IPV6 = 0x04,
	FLAG_CUT = 0x08,
	FLAG_ID_MASK = 0x70,
};

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

/* A TCP header of 20 octets, then octets that tell where they belong. */
static void
fill(uint8_t whole[WHOLE_BYTES])
{
	for (unsigned i = 0; i < WHOLE_BYTES; i++)
		whole[i] = (uint8_t)(i * 31 + i / 256);
	whole[12] = 0x50;
}

static struct segment
fragment_of(const uint8_t *op, const uint8_t whole[WHOLE_BYTES])
{
	uint32_t begin = op[0] * 8u, bytes = op[1] % 64 * 8u;
	uint32_t known;

	bytes -= op[2] & FLAG_ODD && bytes ? 3 : 0;
	known = op[2] & FLAG_CUT ? bytes / 2 : bytes;
	return (struct segment){.fragment = {.octets = {whole + begin, known},
					.bytes = bytes,
					.header_bytes = HEADER_BYTES,
					.id = op[2] & FLAG_ID_MASK,
					.offset = (uint16_t)begin,
					.is_last = op[2] & FLAG_LAST,
					.version = op[2] & FLAG_IPV6 ? 6 : 4,
					.protocol = 6}};
}

static void
check_whole(const struct segment *seg, const uint8_t whole[WHOLE_BYTES], uint32_t bytes)
{
	REQUIRE(seg->payload.n <= seg->payload_bytes);
	REQUIRE((uint64_t)seg->link_bytes + seg->network_bytes + seg->transport_bytes +
			seg->payload_bytes ==
		bytes);
	REQUIRE(seg->payload.n == 0 ||
		memcmp(seg->payload.at, whole + seg->transport_bytes, seg->payload.n) ==
			0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static uint8_t whole[WHOLE_BYTES];
	struct defrag *defrag = defrag_new(n);
	struct counters counters = {0};
	uint64_t frames = 0, handed = 0;
	int64_t now_ns = 0;

	fill(whole);
	for (; n >= 4; data += 4, n -= 4) {
		struct segment seg = fragment_of(data, whole);
		uint32_t bytes = FRAME_BYTES + seg.fragment.bytes;
		enum decode decode;

		now_ns += ((int64_t)data[3] * data[3] - 64) * 1000000;
		frames += bytes;
		decode = defrag_feed(defrag, &seg, &bytes, now_ns, &counters);
		if (decode == DECODE_TCP)
			check_whole(&seg, whole, bytes);
		if (decode != DECODE_FRAGMENT)
			handed += bytes;
	}
	defrag_finish(defrag, &counters);
	defrag_free(&defrag);
	REQUIRE(frames == handed + counters.not_tcp_octets);
	return 0;
}
