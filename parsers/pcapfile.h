/*
 * parsers/pcapfile.h - the records of pcap files and the blocks of pcapng files
 *
 * pcap (draft-ietf-opsawg-pcap) is a header of 24 octets and records; pcapng
 * (draft-ietf-opsawg-pcapng) is a chain of blocks.  Both come in either byte
 * order, which only their magic number tells.
 *
 * Two variants of pcap give each record a longer header: Kuznetzov's, with a
 * magic number of its own, and Nokia's, with the ordinary one.  The latter can
 * only be told by where the second record is: pcap_header_refine().
 *
 * Every length here is a claim of the file.  What is decoded is checked against
 * the octets given, never trusted; the caller decides what to do with a record
 * whose claim cannot be true.
 *
 * Where a claim was not true, the place at which reading can go on is looked for:
 * pcap_record_find() and pcapng_block_find().  A pcap record has no mark of its own, so a
 * place is believed if a chain of records begins there whose times and lengths suit each
 * other; a pcapng block says its length twice, which is evidence enough.
 *
 * Times become nanoseconds since 1970 for every resolution.  They saturate at
 * 146 years before and after, so that the difference of two never overflows.
 */
#ifndef PARSERS_PCAPFILE_H
#define PARSERS_PCAPFILE_H

#include "parsers/slice.h"

#define PCAPFILE_TIME_MAX_NS (INT64_MAX / 2)
#define PCAPFILE_TIME_NONE INT64_MIN /* nothing is known of the time before */

enum {
	PACKET_BYTES_MAX = 16 * 1024 * 1024, /* captured or on the wire: none is longer */
	PCAP_HEADER_BYTES = 24,
	PCAP_RECORD_HEADER_BYTES_MAX = 24,
	PCAPNG_BLOCK_HEADER_BYTES = 8,
	PCAPNG_SECTION_ORDER_BYTES = 12, /* tell a section and its byte order */
	PCAPNG_BLOCK_BYTES_MIN = 12,
	PCAPNG_BLOCK_BYTES_MAX = PACKET_BYTES_MAX + 64 * 1024, /* with its options */
};

struct pcap_header {
	bool is_big_endian, is_ns;
	uint8_t record_header_bytes; /* 16, 20 (Nokia) or 24 (Kuznetzov) */
	uint8_t fcs_bytes;	     /* at the end of each frame, 0 if not said */
	uint16_t link_type;
	uint16_t version_major, version_minor; /* 2.4 is the one in use */
};

struct pcap_record {
	int64_t ts_ns;
	uint32_t captured_bytes, wire_bytes; /* as claimed */
	bool has_sound_fraction;	     /* less than a second */
};

/* `octets` are the first PCAP_HEADER_BYTES of a file; false: it is no pcap file. */
bool pcap_header_parse(struct pcap_header *header, struct slice octets);
/* `octets` are those after the file header, as many as there are. */
void pcap_header_refine(struct pcap_header *header, struct slice octets);
/* `at` has record_header_bytes octets. */
void pcap_record_parse(
	struct pcap_record *record, const struct pcap_header *header, const uint8_t *at);

/* Whether a record of these lengths can exist at all. */
bool pcap_record_is_possible(const struct pcap_record *record);
/* Whether it is what usually comes after a record of that time: within a day. */
bool pcap_record_follows(const struct pcap_record *record, int64_t before_ns);

/* A pcap header of version 2.4, or a section header: a file that was appended. */
bool pcapfile_begins(struct slice octets);

enum pcapfile_answer {
	PCAPFILE_NO,
	PCAPFILE_YES,
	PCAPFILE_NEED_MORE, /* *need octets from the beginning of the slice */
};

/* What is asked of the octets from the next record or block on. */
struct pcapfile_question {
	struct slice octets;
	bool is_all; /* nothing comes after them: the file ends there */
	size_t need; /* set with PCAPFILE_NEED_MORE */
};

/*
 * Whether records follow each other from `at` on: three that each follow the one
 * before, or fewer to the very end of the file or to where another begins.
 * `reach`: one of them must begin there or beyond.
 */
enum pcapfile_answer pcap_record_chains(struct pcapfile_question *question,
	const struct pcap_header *header, size_t at, int64_t before_ns, size_t reach);
/* The same for records that are only possible: clocks that jump, lengths that lie. */
enum pcapfile_answer pcap_record_chains_somehow(
	struct pcapfile_question *question, const struct pcap_header *header, size_t at);
/* The next place from *at on, and before `end`, where pcap_record_chains() or a file
 * begins. */
enum pcapfile_answer pcap_record_find(struct pcapfile_question *question,
	const struct pcap_header *header, size_t *at, size_t end, int64_t before_ns,
	size_t reach);

enum pcapng_block_type {
	PCAPNG_INTERFACE = 1,
	PCAPNG_PACKET = 2, /* obsolete */
	PCAPNG_SIMPLE_PACKET = 3,
	PCAPNG_NAME_RESOLUTION = 4,
	PCAPNG_STATISTICS = 5,
	PCAPNG_ENHANCED_PACKET = 6,
	PCAPNG_DECRYPTION_SECRETS = 10,
};

/* A palindrome: a section begins with it in either byte order. */
#define PCAPNG_SECTION 0x0a0d0d0au

struct pcapng_block {
	uint32_t type, total_bytes;
};

struct pcapng_interface {
	uint16_t link_type;
	uint8_t resolution; /* as in if_tsresol: 10^-n, or 2^-n with the top bit */
	uint8_t fcs_bytes;
	uint32_t snaplen_bytes; /* 0: none */
	int64_t offset_s;
	bool has_bad_options; /* that do not fit, or make no sense */
};

struct pcapng_packet {
	uint32_t interface;
	uint64_t ticks; /* in the interface's resolution */
	bool has_time;	/* simple packet blocks have none */
	uint32_t captured_bytes, wire_bytes;
	struct slice rest; /* of the block: data, padding, options */
};

/* From the first PCAPNG_SECTION_ORDER_BYTES of a block. */
bool pcapng_block_is_section(bool *is_big_endian, const uint8_t *at);
/* False: a length that no block can have. */
bool pcapng_block_parse(
	struct pcapng_block *block, const uint8_t *at, bool is_big_endian);
/* Whether a block with the same length at both ends begins at `at`, or a file does. */
enum pcapfile_answer pcapng_block_chains(
	struct pcapfile_question *question, size_t at, bool is_big_endian);
/* The next place from *at on, and before `end`, where one of a known type does. */
enum pcapfile_answer pcapng_block_find(
	struct pcapfile_question *question, size_t *at, size_t end, bool is_big_endian);
/* The length that is said at the end of a block of which all octets are given. */
uint32_t pcapng_block_trailer(struct slice block, bool is_big_endian);
/*
 * `body` is what lies between the block's header and its trailer, or less where
 * the file is cut.  False: it is too short for its fixed part.  Options that do
 * not fit are ignored and noted.
 */
bool pcapng_interface_parse(
	struct pcapng_interface *interface, struct slice body, bool is_big_endian);
/*
 * `type` is one of the three packet blocks.  A simple packet claims its wire
 * length only: captured_bytes is that, and the interface's snapshot length is
 * for the caller to apply.
 */
bool pcapng_packet_parse(struct pcapng_packet *packet, uint32_t type, struct slice body,
	bool is_big_endian);
int64_t pcapng_interface_time_ns(
	const struct pcapng_interface *interface, uint64_t ticks);

#endif
