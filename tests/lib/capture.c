#include "tests/lib/capture.h"

#include "tests/lib/rows.h"

const struct format capture_formats[] = {
	{"pcap, little-endian", "pcap", false, 0xa1b2c3d4, 0, 0, false, false, 1000},
	{"pcap, big-endian", "pcap", true, 0xa1b2c3d4, 0, 0, false, false, 1000},
	{"pcap, ns, little-endian", "pcap", false, 0xa1b23c4d, 0, 0, false, false, 1},
	{"pcap, ns, big-endian", "pcap", true, 0xa1b23c4d, 0, 0, false, false, 1},
	{"pcap, Nokia", "pcap", false, 0xa1b2c3d4, 4, 0, false, false, 1000},
	{"pcap, Kuznetzov", "pcap", false, 0xa1b2cd34, 8, 0, false, false, 1000},
	{"pcapng, little-endian", "pcapng", false, 0, 0, 6, false, false, 1000},
	{"pcapng, big-endian", "pcapng", true, 0, 0, 6, false, false, 1000},
	{"pcapng, ns", "pcapng", false, 0, 0, 9, false, false, 1},
	{"pcapng, simple packets", "pcapng", false, 0, 0, 6, true, false, 1000},
	{"pcapng, obsolete packets", "pcapng", true, 0, 0, 9, false, true, 1},
};

static void
put_octets(struct capture *b, const void *octets, size_t n)
{
	assert_true(b->n + n <= sizeof b->octets);
	memcpy(b->octets + b->n, octets, n);
	b->n += n;
}

static void
put_16(struct capture *b, unsigned value)
{
	uint8_t big[2] = {(uint8_t)(value >> 8), (uint8_t)value};
	uint8_t little[2] = {big[1], big[0]};

	put_octets(b, b->is_big_endian ? big : little, 2);
}

void
capture_put_32(struct capture *b, uint32_t value)
{
	put_16(b, b->is_big_endian ? value >> 16 : value & 0xffff);
	put_16(b, b->is_big_endian ? value & 0xffff : value >> 16);
}

void
capture_put_zeros(struct capture *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_octets(b, "", 1);
}

/* Even packets are TCP to port 80, odd ones UDP to port 53; each is longer by one. */
size_t
capture_frame(uint8_t frame[128], unsigned index)
{
	static const uint8_t head[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0,
		0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 192, 0, 2, 80, 0x9c, 0x40,
		0, 80, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 16, 255, 255};

	memset(frame, (int)index, 128);
	memcpy(frame, head, sizeof head);
	if (index % 2) {
		frame[23] = 17;
		frame[37] = 53;
	}
	return 54 + index;
}

int64_t
capture_packet_ns(unsigned index)
{
	return CAPTURE_START_NS + index * 10 * MS + 123456;
}

void
capture_block_begin(struct capture *b, uint32_t type, uint32_t body_bytes)
{
	capture_put_32(b, type);
	capture_put_32(b, body_bytes + 12);
}

static void
put_section(struct capture *b)
{
	capture_block_begin(b, 0x0a0d0d0a, 16);
	capture_put_32(b, 0x1a2b3c4d);
	put_16(b, 1);
	capture_put_zeros(b, 10);
	capture_put_32(b, 28);
}

void
capture_put_interface(struct capture *b, unsigned link_type, unsigned resolution)
{
	capture_block_begin(b, 1, 16);
	put_16(b, link_type);
	capture_put_zeros(b, 6);
	put_16(b, 9);
	put_16(b, 1);
	put_octets(b, &(uint8_t){(uint8_t)resolution}, 1);
	capture_put_zeros(b, 3);
	capture_put_32(b, 28);
}

void
capture_put_block(struct capture *b, const struct format *format, uint32_t interface,
	int64_t ns, const uint8_t *octets, uint32_t n)
{
	uint64_t ticks = (uint64_t)(ns / format->unit_ns);
	uint32_t padded = (n + 3) & ~3u;
	uint32_t body_bytes = padded + (format->is_simple ? 4 : 20);

	capture_block_begin(b,
		format->is_simple     ? 3
		: format->is_obsolete ? 2
				      : 6,
		body_bytes);
	if (format->is_obsolete) {
		put_16(b, interface);
		put_16(b, 0xffff);
	} else if (!format->is_simple) {
		capture_put_32(b, interface);
	}
	if (!format->is_simple) {
		capture_put_32(b, (uint32_t)(ticks >> 32));
		capture_put_32(b, (uint32_t)ticks);
		capture_put_32(b, n);
	}
	capture_put_32(b, n);
	put_octets(b, octets, n);
	capture_put_zeros(b, padded - n);
	capture_put_32(b, body_bytes + 12);
}

void
capture_put_record(struct capture *b, const struct format *format, int64_t ns,
	const uint8_t *octets, uint32_t n)
{
	capture_put_32(b, (uint32_t)(ns / (1000 * MS)));
	capture_put_32(b, (uint32_t)(ns % (1000 * MS) / format->unit_ns));
	capture_put_32(b, n);
	capture_put_32(b, n);
	capture_put_zeros(b, format->surplus);
	put_octets(b, octets, n);
}

static bool
is_pcapng(const struct format *format)
{
	return strcmp(format->is, "pcapng") == 0;
}

void
capture_put_header(struct capture *b, const struct format *format, unsigned link_type)
{
	b->is_big_endian = format->is_big_endian;
	if (is_pcapng(format)) {
		put_section(b);
		capture_put_interface(b, link_type, format->resolution);
		return;
	}
	capture_put_32(b, format->magic);
	put_16(b, 2);
	put_16(b, 4);
	capture_put_zeros(b, 8);
	capture_put_32(b, 64); /* a snapshot length that longer records ignore */
	capture_put_32(b, link_type);
}

void
capture_put_packet(
	struct capture *b, const struct format *format, unsigned index, int64_t ns)
{
	uint8_t frame[128];
	uint32_t n = (uint32_t)capture_frame(frame, index);

	if (is_pcapng(format))
		capture_put_block(b, format, 0, ns, frame, n);
	else
		capture_put_record(b, format, ns, frame, n);
}

/* Every `step`th packet from `first`. */
void
capture_make(
	struct capture *b, const struct format *format, unsigned first, unsigned step)
{
	b->n = 0;
	capture_put_header(b, format, 1);
	for (unsigned i = first; i < CAPTURE_PACKETS; i += step)
		capture_put_packet(b, format, i, capture_packet_ns(i));
}
