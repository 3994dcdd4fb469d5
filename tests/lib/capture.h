/*
 * tests/lib/capture.h - small capture files, in every format
 *
 * Six packets, ten milliseconds apart: TCP to port 80 and UDP to port 53 in turn,
 * each an octet longer than the one before.
 */
#ifndef TESTS_LIB_CAPTURE_H
#define TESTS_LIB_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MS INT64_C(1000000)
#define CAPTURE_START_NS (INT64_C(1767225600) * 1000 * MS)

enum {
	CAPTURE_PACKETS = 6,
	CAPTURE_BYTES = 512 * 1024,
};

struct capture {
	uint8_t octets[CAPTURE_BYTES];
	size_t n;
	bool is_big_endian;
};

struct format {
	const char *name;
	const char *is; /* "pcap" or "pcapng" */
	bool is_big_endian;
	uint32_t magic;	  /* of pcap */
	unsigned surplus; /* octets more in each record header */
	uint8_t resolution;
	bool is_simple, is_obsolete; /* packet blocks */
	int64_t unit_ns;
};

enum {
	CAPTURE_FORMATS = 11
};

extern const struct format capture_formats[CAPTURE_FORMATS];

int64_t capture_packet_ns(unsigned index);
size_t capture_frame(uint8_t frame[128], unsigned index);

void capture_put_32(struct capture *b, uint32_t value);
void capture_put_zeros(struct capture *b, size_t n);
/* The file header, or a section and its first interface. */
void capture_put_header(
	struct capture *b, const struct format *format, unsigned link_type);
void capture_put_interface(struct capture *b, unsigned link_type, unsigned resolution);
void capture_put_packet(
	struct capture *b, const struct format *format, unsigned index, int64_t ns);
void capture_put_record(struct capture *b, const struct format *format, int64_t ns,
	const uint8_t *octets, uint32_t n);
void capture_put_block(struct capture *b, const struct format *format, uint32_t interface,
	int64_t ns, const uint8_t *octets, uint32_t n);
/* Type and length; the body and the length again are the caller's. */
void capture_block_begin(struct capture *b, uint32_t type, uint32_t body_bytes);
/* Every `step`th packet from `first`, in a file of its own. */
void capture_make(
	struct capture *b, const struct format *format, unsigned first, unsigned step);

#endif
