#include "analyzer/capture/writer.h"

#include <strings.h>

enum {
	PCAP_MAGIC_NS = 0xa1b23c4d,
	PCAP_SNAPLEN = 262144,
	PCAP_FCS_KNOWN = 1 << 26,
	PCAP_FCS_SHIFT = 28, /* of the count of 16-bit words */
	LINK_ETHERNET = 1,

	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BLOCK_ORDER = 0x1a2b3c4d,
	OPTION_TSRESOL = 9,
	OPTION_FCSLEN = 13,
	NANOSECONDS = 9, /* the exponent */
	SECTION_BYTES = 28,
	INTERFACE_BYTES = 40,
	PACKET_BYTES = 32, /* without its octets */
};

#define SECOND_NS INT64_C(1000000000)

static void
put16(struct out *out, uint16_t number)
{
	out_octet(out, (uint8_t)number);
	out_octet(out, (uint8_t)(number >> 8));
}

static void
put32(struct out *out, uint32_t number)
{
	put16(out, (uint16_t)number);
	put16(out, (uint16_t)(number >> 16));
}

void
writer_init(struct writer *writer, struct out *out, const char *path)
{
	const char *dot = strrchr(path, '.');

	*writer = (struct writer){.out = out,
		.is_pcap = dot && (strcasecmp(dot, ".pcap") == 0 ||
					  strcasecmp(dot, ".cap") == 0)};
	if (writer->is_pcap)
		return;
	put32(out, BLOCK_SECTION);
	put32(out, SECTION_BYTES);
	put32(out, BLOCK_ORDER);
	put16(out, 1); /* version 1.0 */
	put16(out, 0);
	put32(out, UINT32_MAX); /* of unknown length */
	put32(out, UINT32_MAX);
	put32(out, SECTION_BYTES);
}

/* ---- pcap ---- */

static void
put_header(struct out *out, const struct writer_interface *interface)
{
	uint32_t link = interface->link_type;

	if (interface->fcs_bytes)
		link |= PCAP_FCS_KNOWN | (uint32_t)(interface->fcs_bytes / 2)
						 << PCAP_FCS_SHIFT;
	put32(out, PCAP_MAGIC_NS);
	put16(out, 2); /* version 2.4 */
	put16(out, 4);
	put32(out, 0);
	put32(out, 0);
	put32(out, PCAP_SNAPLEN);
	put32(out, link);
}

static void
put_record(struct out *out, const struct packet *packet)
{
	int64_t ns = packet->ts_ns > 0 ? packet->ts_ns : 0;

	put32(out, (uint32_t)(ns / SECOND_NS));
	put32(out, (uint32_t)(ns % SECOND_NS));
	put32(out, (uint32_t)packet->data.n);
	put32(out, packet->wire_bytes);
	out_slice(out, packet->data);
}

/* ---- pcapng ---- */

static void
put_option(struct out *out, uint16_t code, uint8_t value)
{
	put16(out, code);
	put16(out, 1);
	put32(out, value); /* padded */
}

static void
put_interface(struct out *out, const struct writer_interface *interface)
{
	put32(out, BLOCK_INTERFACE);
	put32(out, INTERFACE_BYTES);
	put16(out, interface->link_type);
	put16(out, 0);
	put32(out, 0); /* no limit to the length */
	put_option(out, OPTION_TSRESOL, NANOSECONDS);
	put_option(out, OPTION_FCSLEN, interface->fcs_bytes);
	put32(out, 0); /* no more options */
	put32(out, INTERFACE_BYTES);
}

static void
put_block(struct out *out, unsigned interface, const struct packet *packet)
{
	uint32_t padding = (uint32_t)(0 - packet->data.n) & 3;
	uint32_t bytes = PACKET_BYTES + (uint32_t)packet->data.n + padding;

	put32(out, BLOCK_PACKET);
	put32(out, bytes);
	put32(out, interface);
	put32(out, (uint32_t)((uint64_t)packet->ts_ns >> 32));
	put32(out, (uint32_t)packet->ts_ns);
	put32(out, (uint32_t)packet->data.n);
	put32(out, packet->wire_bytes);
	out_slice(out, packet->data);
	while (padding--)
		out_octet(out, 0);
	put32(out, bytes);
}

/* ---- packets ---- */

/* WRITER_INTERFACES_MAX: it has no room. */
static unsigned
interface_of(struct writer *writer, uint16_t link_type, uint8_t fcs_bytes)
{
	const struct writer_interface new = {link_type, fcs_bytes};
	unsigned i = 0, room = writer->is_pcap ? 1 : WRITER_INTERFACES_MAX;

	for (; i < writer->interface_count; i++)
		if (writer->interfaces[i].link_type == link_type &&
			writer->interfaces[i].fcs_bytes == fcs_bytes)
			return i;
	if (i == room)
		return WRITER_INTERFACES_MAX;
	writer->interfaces[writer->interface_count++] = new;
	if (writer->is_pcap)
		put_header(writer->out, &new);
	else
		put_interface(writer->out, &new);
	return i;
}

int
writer_packet(struct writer *writer, const struct packet *packet, struct err *err)
{
	unsigned interface = interface_of(writer, packet->link_type, packet->fcs_bytes);

	if (interface == WRITER_INTERFACES_MAX) {
		err_set(err, EXIT_OUTPUT, "%s: packets of several link types",
			writer->out->name);
		return err_hint(err, "a name that ends in .pcapng");
	}
	if (writer->is_pcap)
		put_record(writer->out, packet);
	else
		put_block(writer->out, interface, packet);
	return 0;
}

void
writer_finish(struct writer *writer)
{
	if (!writer->interface_count)
		interface_of(writer, LINK_ETHERNET, 0);
}
