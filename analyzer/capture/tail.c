#include "analyzer/capture/tail.h"

#include "analyzer/base/mem.h"

#include <sys/stat.h>
#include <unistd.h>

enum {
	TAIL_BYTES = 256 * 1024,
	BLOCK_HEADER_BYTES = 8,
	BLOCK_TRAILER_BYTES = 4,
};

static int64_t
pcap_tail_ns(const struct source_file *file, struct slice tail, size_t at)
{
	size_t header_bytes = file->pcap.record_header_bytes;
	struct pcapfile_question question = {.octets = tail, .is_all = true};
	int64_t last_ns = PCAPFILE_TIME_NONE;

	if (pcap_record_find(&question, &file->pcap, &at, tail.n, PCAPFILE_TIME_NONE,
		    0) != PCAPFILE_YES)
		return PCAPFILE_TIME_NONE;
	while (tail.n - at >= header_bytes) {
		struct pcap_record record;

		pcap_record_parse(&record, &file->pcap, tail.at + at);
		if (!pcap_record_is_possible(&record))
			return PCAPFILE_TIME_NONE;
		last_ns = record.ts_ns;
		if (tail.n - at - header_bytes < record.captured_bytes)
			break;
		at += header_bytes + record.captured_bytes;
	}
	return last_ns;
}

/* The time in a block, or that of the packet before it. */
static int64_t
block_time_ns(const struct source_file *file, const struct pcapng_block *block,
	struct slice octets, int64_t before_ns)
{
	struct slice body = slice_part(octets, BLOCK_HEADER_BYTES,
		block->total_bytes - BLOCK_HEADER_BYTES - BLOCK_TRAILER_BYTES);
	struct pcapng_packet packet;

	if ((block->type != PCAPNG_ENHANCED_PACKET && block->type != PCAPNG_PACKET) ||
		!pcapng_packet_parse(&packet, block->type, body, file->is_big_endian) ||
		!packet.has_time || packet.interface >= file->interface_count)
		return before_ns;
	return pcapng_interface_time_ns(
		&file->interfaces[packet.interface], packet.ticks);
}

static int64_t
pcapng_tail_ns(const struct source_file *file, struct slice tail, size_t at)
{
	struct pcapfile_question question = {.octets = tail, .is_all = true};
	int64_t last_ns = PCAPFILE_TIME_NONE;

	if (pcapng_block_find(&question, &at, tail.n, file->is_big_endian) !=
		PCAPFILE_YES)
		return PCAPFILE_TIME_NONE;
	while (tail.n - at >= BLOCK_HEADER_BYTES + BLOCK_TRAILER_BYTES) {
		struct slice rest = slice_from(tail, at);
		struct pcapng_block block;

		if (!pcapng_block_parse(&block, rest.at, file->is_big_endian) ||
			block.type == PCAPNG_SECTION || block.total_bytes > rest.n)
			break;
		last_ns = block_time_ns(file, &block, rest, last_ns);
		at += block.total_bytes;
	}
	return last_ns;
}

int64_t
tail_time_ns(const struct source_file *file)
{
	const struct window *window = &file->window;
	struct stat status;
	int64_t last_ns = PCAPFILE_TIME_NONE;
	uint8_t *octets;
	off_t begin;
	ssize_t n;

	if (window->fd < 0 || window->coding != UNPACK_NONE ||
		(file->state != SOURCE_FILE_PCAP && file->state != SOURCE_FILE_PCAPNG) ||
		fstat(window->fd, &status) || !S_ISREG(status.st_mode))
		return last_ns;
	octets = mem_alloc(TAIL_BYTES);
	/* Not before what was read already: there a header stands. */
	begin = status.st_size > TAIL_BYTES ? status.st_size - TAIL_BYTES : 0;
	if (begin < (off_t)window_offset(window))
		begin = (off_t)window_offset(window);
	n = pread(window->fd, octets, TAIL_BYTES, begin);
	if (n > 0 && file->state == SOURCE_FILE_PCAP)
		last_ns = pcap_tail_ns(file, slice_of(octets, (size_t)n), 0);
	else if (n > 0)
		last_ns = pcapng_tail_ns(file, slice_of(octets, (size_t)n), 0);
	mem_free(octets);
	return last_ns == PCAPFILE_TIME_NONE && n == 0 ? file->next.ts_ns : last_ns;
}
