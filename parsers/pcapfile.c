#include "parsers/pcapfile.h"

#include "parsers/fetch.h"

#define MAGIC_US 0xa1b2c3d4u
#define MAGIC_NS 0xa1b23c4du
#define MAGIC_KUZNETZOV 0xa1b2cd34u
#define MAGIC_SECTION_ORDER 0x1a2b3c4du

#define NS_PER_S 1000000000
#define DAY_S INT64_C(86400)

enum {
	RECORD_HEADER_BYTES = 16,
	RECORD_HEADER_BYTES_NOKIA = 20,
	RECORD_HEADER_BYTES_KUZNETZOV = 24,
	SNAPLEN_USUAL_BYTES = 262144, /* tcpdump's and Wireshark's */
	RECORDS_CHAINED = 3,   /* as many suffice to believe that records begin there */
	RECORDS_FOLLOWED = 64, /* as many are looked at to get beyond a place */
	VERSION_MAJOR = 2,
	VERSION_MINOR = 4,
	BLOCK_CUSTOM = 0x00000bad,
	BLOCK_CUSTOM_UNCOPIED = 0x40000bad,
	OPTION_END = 0,
	OPTION_TSRESOL = 9,
	OPTION_FCSLEN = 13,
	OPTION_TSOFFSET = 14,
	RESOLUTION_US = 6,
	RESOLUTION_BINARY = 0x80,
};

static uint16_t
fetch_16(const uint8_t *at, bool is_big_endian)
{
	return is_big_endian ? fetch_be16(at) : fetch_le16(at);
}

static uint32_t
fetch_32(const uint8_t *at, bool is_big_endian)
{
	return is_big_endian ? fetch_be32(at) : fetch_le32(at);
}

static uint64_t
fetch_64(const uint8_t *at, bool is_big_endian)
{
	return is_big_endian ? fetch_be64(at) : fetch_le64(at);
}

static bool
magic_parse(struct pcap_header *header, uint32_t magic)
{
	header->is_ns = magic == MAGIC_NS;
	header->record_header_bytes = magic == MAGIC_KUZNETZOV
					      ? RECORD_HEADER_BYTES_KUZNETZOV
					      : RECORD_HEADER_BYTES;
	return magic == MAGIC_US || magic == MAGIC_NS || magic == MAGIC_KUZNETZOV;
}

/* The link type is 16 bits; above it bit 26 says that bits 28-31 count FCS words. */
bool
pcap_header_parse(struct pcap_header *header, struct slice octets)
{
	uint32_t link;

	if (octets.n < PCAP_HEADER_BYTES)
		return false;
	header->is_big_endian = fetch_be16(octets.at) == MAGIC_US >> 16;
	if (!magic_parse(header, fetch_32(octets.at, header->is_big_endian)))
		return false;
	header->version_major = fetch_16(octets.at + 4, header->is_big_endian);
	header->version_minor = fetch_16(octets.at + 6, header->is_big_endian);
	link = fetch_32(octets.at + 20, header->is_big_endian);
	header->link_type = (uint16_t)link;
	header->fcs_bytes = link & 1u << 26 ? (uint8_t)((link >> 28) * 2) : 0;
	return true;
}

void
pcap_record_parse(
	struct pcap_record *record, const struct pcap_header *header, const uint8_t *at)
{
	bool is_big_endian = header->is_big_endian;
	int64_t seconds = fetch_32(at, is_big_endian);
	int64_t fraction = fetch_32(at + 4, is_big_endian);

	record->ts_ns = seconds * NS_PER_S + (header->is_ns ? fraction : fraction * 1000);
	record->captured_bytes = fetch_32(at + 8, is_big_endian);
	record->wire_bytes = fetch_32(at + 12, is_big_endian);
	record->has_sound_fraction = fraction < (header->is_ns ? NS_PER_S : 1000000);
}

/* One without octets is what a file full of zeros would be made of. */
bool
pcap_record_is_possible(const struct pcap_record *record)
{
	return record->captured_bytes <= PACKET_BYTES_MAX && record->wire_bytes &&
	       record->wire_bytes <= PACKET_BYTES_MAX;
}

bool
pcap_record_follows(const struct pcap_record *record, int64_t before_ns)
{
	return pcap_record_is_possible(record) &&
	       record->captured_bytes <= record->wire_bytes &&
	       record->has_sound_fraction &&
	       (before_ns == PCAPFILE_TIME_NONE ||
		       (record->ts_ns - before_ns >= -DAY_S * NS_PER_S &&
			       record->ts_ns - before_ns <= DAY_S * NS_PER_S));
}

/* Whether the second record is where headers of that length put it. */
static bool
records_chain(struct pcap_header header, uint8_t record_header_bytes, struct slice octets)
{
	struct pcap_record first, second;
	size_t second_at;

	header.record_header_bytes = record_header_bytes;
	if (octets.n < record_header_bytes)
		return false;
	pcap_record_parse(&first, &header, octets.at);
	second_at = record_header_bytes + (size_t)first.captured_bytes;
	if (second_at > octets.n || octets.n - second_at < record_header_bytes)
		return false;
	pcap_record_parse(&second, &header, octets.at + second_at);
	return pcap_record_follows(&second, first.ts_ns);
}

void
pcap_header_refine(struct pcap_header *header, struct slice octets)
{
	if (header->is_ns || header->record_header_bytes != RECORD_HEADER_BYTES)
		return;
	if (!records_chain(*header, RECORD_HEADER_BYTES, octets) &&
		records_chain(*header, RECORD_HEADER_BYTES_NOKIA, octets))
		header->record_header_bytes = RECORD_HEADER_BYTES_NOKIA;
}

bool
pcapfile_begins(struct slice octets)
{
	struct pcap_header header;
	bool is_big_endian;

	if (octets.n >= PCAPNG_SECTION_ORDER_BYTES &&
		pcapng_block_is_section(&is_big_endian, octets.at))
		return true;
	return pcap_header_parse(&header, octets) &&
	       header.version_major == VERSION_MAJOR &&
	       header.version_minor == VERSION_MINOR;
}

static enum pcapfile_answer
need(struct pcapfile_question *question, size_t need)
{
	question->need = need;
	return PCAPFILE_NEED_MORE;
}

/* Whether the question cannot be answered for what is at `at`: too little is given. */
static bool
lacks(const struct pcapfile_question *question, size_t at, size_t bytes)
{
	size_t n = question->octets.n;

	if (!question->is_all)
		bytes = PCAP_HEADER_BYTES; /* another file may begin there */
	return at > n || n - at < bytes;
}

/* What the end of the file says after so many records of a chain. */
static enum pcapfile_answer
chain_ends(const struct pcapfile_question *question, size_t at, unsigned records)
{
	if (!records)
		return PCAPFILE_NO;
	return at == question->octets.n || records > 1 ? PCAPFILE_YES : PCAPFILE_NO;
}

enum pcapfile_answer
pcap_record_chains(struct pcapfile_question *question, const struct pcap_header *header,
	size_t at, int64_t before_ns, size_t reach)
{
	struct slice octets = question->octets;
	size_t header_bytes = header->record_header_bytes;
	struct pcap_record record;

	for (unsigned records = 0; records < RECORDS_FOLLOWED; records++) {
		if (lacks(question, at, header_bytes))
			return question->is_all ? chain_ends(question, at, records)
						: need(question, at + PCAP_HEADER_BYTES);
		pcap_record_parse(&record, header, octets.at + at);
		if (!pcap_record_follows(&record, before_ns))
			return records && pcapfile_begins(slice_from(octets, at))
				       ? PCAPFILE_YES
				       : PCAPFILE_NO;
		if (records + 1 >= RECORDS_CHAINED && at >= reach)
			return PCAPFILE_YES;
		before_ns = record.ts_ns;
		at += header_bytes + record.captured_bytes;
	}
	return PCAPFILE_NO;
}

static bool
is_usual(const struct pcap_record *record)
{
	return record->captured_bytes <= record->wire_bytes &&
	       record->captured_bytes <= SNAPLEN_USUAL_BYTES;
}

enum pcapfile_answer
pcap_record_chains_somehow(
	struct pcapfile_question *question, const struct pcap_header *header, size_t at)
{
	struct slice octets = question->octets;
	size_t header_bytes = header->record_header_bytes;
	struct pcap_record record = {0};

	for (unsigned records = 0; records < RECORDS_CHAINED; records++) {
		if (lacks(question, at, header_bytes)) {
			if (!question->is_all)
				return need(question, at + PCAP_HEADER_BYTES);
			return at == octets.n || records > 1 || is_usual(&record)
				       ? PCAPFILE_YES
				       : PCAPFILE_NO;
		}
		if (pcapfile_begins(slice_from(octets, at)))
			return PCAPFILE_YES;
		pcap_record_parse(&record, header, octets.at + at);
		if (!pcap_record_is_possible(&record))
			return PCAPFILE_NO;
		at += header_bytes + record.captured_bytes;
	}
	return PCAPFILE_YES;
}

enum pcapfile_answer
pcap_record_find(struct pcapfile_question *question, const struct pcap_header *header,
	size_t *at, size_t end, int64_t before_ns, size_t reach)
{
	for (; *at < end; ++*at) {
		enum pcapfile_answer answer;

		if (lacks(question, *at, 1))
			return question->is_all ? PCAPFILE_NO
						: need(question, *at + PCAP_HEADER_BYTES);
		if (pcapfile_begins(slice_from(question->octets, *at)))
			return PCAPFILE_YES;
		answer = pcap_record_chains(question, header, *at, before_ns, reach);
		if (answer != PCAPFILE_NO)
			return answer;
	}
	return PCAPFILE_NO;
}

bool
pcapng_block_is_section(bool *is_big_endian, const uint8_t *at)
{
	*is_big_endian = fetch_be32(at + 8) == MAGIC_SECTION_ORDER;
	return fetch_be32(at) == PCAPNG_SECTION &&
	       (*is_big_endian || fetch_le32(at + 8) == MAGIC_SECTION_ORDER);
}

bool
pcapng_block_parse(struct pcapng_block *block, const uint8_t *at, bool is_big_endian)
{
	block->type = fetch_32(at, is_big_endian);
	block->total_bytes = fetch_32(at + 4, is_big_endian);
	return block->total_bytes >= PCAPNG_BLOCK_BYTES_MIN &&
	       block->total_bytes % 4 == 0;
}

uint32_t
pcapng_block_trailer(struct slice block, bool is_big_endian)
{
	return fetch_32(block.at + block.n - 4, is_big_endian);
}

static bool
block_type_is_known(uint32_t type)
{
	return (type >= PCAPNG_INTERFACE && type <= PCAPNG_ENHANCED_PACKET) ||
	       type == PCAPNG_DECRYPTION_SECRETS || type == BLOCK_CUSTOM ||
	       type == BLOCK_CUSTOM_UNCOPIED;
}

enum pcapfile_answer
pcapng_block_chains(struct pcapfile_question *question, size_t at, bool is_big_endian)
{
	struct slice rest = slice_from(question->octets, at);
	struct pcapng_block block;

	if (lacks(question, at, 1))
		return question->is_all ? PCAPFILE_NO
					: need(question, at + PCAP_HEADER_BYTES);
	if (pcapfile_begins(rest))
		return PCAPFILE_YES;
	if (rest.n < PCAPNG_BLOCK_BYTES_MIN ||
		!pcapng_block_parse(&block, rest.at, is_big_endian) ||
		block.total_bytes > PCAPNG_BLOCK_BYTES_MAX)
		return PCAPFILE_NO;
	if (rest.n < block.total_bytes)
		return question->is_all ? PCAPFILE_NO
					: need(question, at + block.total_bytes);
	return pcapng_block_trailer(slice_part(rest, 0, block.total_bytes),
		       is_big_endian) == block.total_bytes
		       ? PCAPFILE_YES
		       : PCAPFILE_NO;
}

enum pcapfile_answer
pcapng_block_find(
	struct pcapfile_question *question, size_t *at, size_t end, bool is_big_endian)
{
	for (; *at < end; ++*at) {
		struct slice rest = slice_from(question->octets, *at);
		enum pcapfile_answer answer;

		if (lacks(question, *at, 1))
			return question->is_all ? PCAPFILE_NO
						: need(question, *at + PCAP_HEADER_BYTES);
		if (!pcapfile_begins(rest) &&
			(rest.n < PCAPNG_BLOCK_BYTES_MIN ||
				!block_type_is_known(fetch_32(rest.at, is_big_endian))))
			continue;
		answer = pcapng_block_chains(question, *at, is_big_endian);
		if (answer != PCAPFILE_NO)
			return answer;
	}
	return PCAPFILE_NO;
}

static void
interface_option(struct pcapng_interface *interface, unsigned code, struct slice value,
	bool is_big_endian)
{
	static const size_t value_bytes[] = {
		[OPTION_TSRESOL] = 1, [OPTION_FCSLEN] = 1, [OPTION_TSOFFSET] = 8};

	if (code > OPTION_TSOFFSET || !value_bytes[code])
		return;
	if (value.n < value_bytes[code])
		interface->has_bad_options = true;
	else if (code == OPTION_TSRESOL)
		interface->resolution = value.at[0];
	else if (code == OPTION_FCSLEN)
		interface->fcs_bytes = value.at[0];
	else
		interface->offset_s = (int64_t)fetch_64(value.at, is_big_endian);
}

/* 64 bits of ticks are less than a second: no clock counts so. */
static bool
resolution_is_sound(uint8_t resolution)
{
	unsigned exponent = resolution & ~RESOLUTION_BINARY & 0xff;

	return exponent <= (resolution & RESOLUTION_BINARY ? 63 : 19);
}

bool
pcapng_interface_parse(
	struct pcapng_interface *interface, struct slice body, bool is_big_endian)
{
	struct slice options = slice_from(body, 8);

	if (body.n < 8)
		return false;
	*interface = (struct pcapng_interface){
		.link_type = fetch_16(body.at, is_big_endian),
		.snaplen_bytes = fetch_32(body.at + 4, is_big_endian),
		.resolution = RESOLUTION_US,
	};
	while (options.n >= 4) {
		unsigned code = fetch_16(options.at, is_big_endian);
		size_t bytes = fetch_16(options.at + 2, is_big_endian);

		interface->has_bad_options |= bytes > options.n - 4;
		if (code == OPTION_END || bytes > options.n - 4)
			break;
		interface_option(interface, code, slice_part(options, 4, 4 + bytes),
			is_big_endian);
		options = slice_from(options, 4 + ((bytes + 3) & ~(size_t)3));
	}
	interface->has_bad_options |= !resolution_is_sound(interface->resolution);
	return true;
}

static bool
simple_parse(struct pcapng_packet *packet, struct slice body, bool is_big_endian)
{
	if (body.n < 4)
		return false;
	*packet = (struct pcapng_packet){
		.captured_bytes = fetch_32(body.at, is_big_endian),
		.wire_bytes = fetch_32(body.at, is_big_endian),
		.rest = slice_from(body, 4),
	};
	return true;
}

/* The obsolete block has two 16-bit numbers where the enhanced one has the interface. */
bool
pcapng_packet_parse(struct pcapng_packet *packet, uint32_t type, struct slice body,
	bool is_big_endian)
{
	const uint8_t *at = body.at;

	if (type == PCAPNG_SIMPLE_PACKET)
		return simple_parse(packet, body, is_big_endian);
	if (body.n < 20)
		return false;
	packet->interface = type == PCAPNG_PACKET ? fetch_16(at, is_big_endian)
						  : fetch_32(at, is_big_endian);
	packet->ticks = (uint64_t)fetch_32(at + 4, is_big_endian) << 32 |
			fetch_32(at + 8, is_big_endian);
	packet->has_time = true;
	packet->captured_bytes = fetch_32(at + 12, is_big_endian);
	packet->wire_bytes = fetch_32(at + 16, is_big_endian);
	packet->rest = slice_from(body, 20);
	return true;
}

static uint64_t
power_of_ten(unsigned exponent)
{
	uint64_t power = 1;

	while (exponent--)
		power *= 10;
	return power;
}

struct instant {
	uint64_t s, ns;
};

static struct instant
instant_decimal(uint64_t ticks, unsigned exponent)
{
	uint64_t per_s;

	if (exponent > 28) /* 2^64 ticks are less than a nanosecond */
		return (struct instant){0, 0};
	if (exponent > 19) /* 2^64 ticks are less than a second */
		return (struct instant){0, ticks / power_of_ten(exponent - 9)};
	per_s = power_of_ten(exponent);
	if (exponent > 9)
		return (struct instant){
			ticks / per_s, ticks % per_s / power_of_ten(exponent - 9)};
	return (struct instant){
		ticks / per_s, ticks % per_s * power_of_ten(9 - exponent)};
}

/* 34 bits of a fraction times 10^9 still fit in 64. */
static struct instant
instant_binary(uint64_t ticks, unsigned exponent)
{
	uint64_t s = exponent < 64 ? ticks >> exponent : 0;
	uint64_t fraction = exponent < 64 ? ticks - (s << exponent) : ticks;
	unsigned surplus = exponent > 34 ? exponent - 34 : 0;

	fraction = surplus < 64 ? fraction >> surplus : 0;
	return (struct instant){s, fraction * NS_PER_S >> (exponent - surplus)};
}

int64_t
pcapng_interface_time_ns(const struct pcapng_interface *interface, uint64_t ticks)
{
	static const int64_t s_max = PCAPFILE_TIME_MAX_NS / NS_PER_S - 1;
	unsigned exponent = interface->resolution & ~RESOLUTION_BINARY;
	struct instant at = interface->resolution & RESOLUTION_BINARY
				    ? instant_binary(ticks, exponent)
				    : instant_decimal(ticks, exponent);

	if (at.s > (uint64_t)s_max || interface->offset_s > s_max - (int64_t)at.s)
		return PCAPFILE_TIME_MAX_NS;
	if (interface->offset_s < -s_max - (int64_t)at.s)
		return -PCAPFILE_TIME_MAX_NS;
	return ((int64_t)at.s + interface->offset_s) * NS_PER_S + (int64_t)at.ns;
}
