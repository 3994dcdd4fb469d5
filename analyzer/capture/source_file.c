#include "analyzer/capture/source_file.h"

#include "analyzer/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum {
	PCAPNG_INTERFACES_MAX = 65536,
	PCAPNG_TRAILER_BYTES = 4,
};

static bool
is_stdin(const struct source_file *file)
{
	return strcmp(file->info.path, "-") == 0;
}

static const char *
file_name(const struct source_file *file)
{
	return is_stdin(file) ? "standard input" : file->info.path;
}

static void
file_end(struct source_file *file)
{
	file->state = SOURCE_FILE_ENDED;
	window_fini(&file->window);
}

/* The file is no capture.  `hint` may be NULL. */
static int
file_fail(struct source_file *file, const char *why, const char *hint)
{
	const char *name = file_name(file);

	file->info.failed = true;
	err_set(&file->info.err, EXIT_INPUT, "%s: %s", name, why);
	if (hint)
		err_hint(&file->info.err, "%s", hint);
	file_end(file);
	return 0;
}

__attribute__((format(printf, 2, 3))) static void
file_trouble(struct source_file *file, const char *format, ...)
{
	va_list args;

	if (file->info.trouble[0])
		return;
	va_start(args, format);
	vsnprintf(file->info.trouble, sizeof file->info.trouble, format, args);
	va_end(args);
}

int
source_file_open(struct source_file *file, const char *path)
{
	int fd = STDIN_FILENO;

	*file = (struct source_file){.info = {.path = path, .compression = "none"}};
	window_init(&file->window, -1);
	if (!is_stdin(file))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		int error = errno;

		file_fail(file, strerror(error), NULL);
		return error;
	}
	window_init(&file->window, fd);
	if (is_stdin(file) && isatty(fd))
		file_fail(file, "a terminal, not a capture",
			"tcpdump -w - | cachetap -r -");
	return 0;
}

void
source_file_close(struct source_file *file)
{
	window_fini(&file->window);
	mem_free(file->interfaces);
	file->interfaces = NULL;
}

static void
file_note_link_type(struct source_file *file, uint16_t link_type)
{
	struct source_info *info = &file->info;

	for (unsigned i = 0; i < info->link_type_count; i++)
		if (info->link_types[i] == link_type)
			return;
	if (info->link_type_count < SOURCE_LINK_TYPES_MAX)
		info->link_types[info->link_type_count++] = link_type;
}

static int
file_fail_packed(struct source_file *file)
{
	static const char *const programs[] = {
		[UNPACK_GZIP] = "gzip",
		[UNPACK_ZSTD] = "zstd",
		[UNPACK_XZ] = "xz",
		[UNPACK_LZ4] = "lz4",
		[UNPACK_BZIP2] = "bzip2",
	};
	enum unpack_coding coding = file->window.coding;
	struct err *err = &file->info.err;

	file_fail(file, "compressed, and this program cannot unpack it", NULL);
	err_set(err, EXIT_INPUT, "%s: compressed with %s, which is not built in",
		file_name(file), unpack_name(coding));
	err_hint(err, "%s -dc %s | cachetap -r -", programs[coding],
		is_stdin(file) ? "" : file->info.path);
	return 0;
}

/* The first octets are none of ours. */
static int
file_fail_foreign(struct source_file *file)
{
	static const struct {
		struct slice magic;
		const char *why;
	} known[] = {
		{SLICE_INIT("snoop\0\0\0"), "a snoop capture, not pcap or pcapng"},
		{SLICE_INIT("RTSS"), "a Network Monitor capture, not pcap or pcapng"},
		{SLICE_INIT("GMBU"), "a Network Monitor capture, not pcap or pcapng"},
		{SLICE_INIT("\x7f\x45LF"), "a program, not a capture"},
		{SLICE_INIT("PK\x03\x04"), "a zip archive, not a capture"},
	};
	struct slice view = window_view(&file->window);

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_has_prefix(view, known[i].magic))
			return file_fail(file, known[i].why,
				"editcap OLD NEW.pcapng converts what Wireshark can "
				"read");
	return file_fail(file, "not a pcap or pcapng capture",
		"tcpdump -w FILE makes one; editcap OLD NEW.pcapng converts others");
}

static int
file_fail_short(struct source_file *file)
{
	struct window *window = &file->window;
	size_t n = window_view(window).n;
	char why[160];

	if (window->error)
		return file_fail(file, strerror(window->error), NULL);
	if (window_damage(window)) {
		snprintf(why, sizeof why, "damaged %s data (%s)",
			unpack_name(window->coding), window_damage(window));
		return file_fail(file, why, "copy the file again");
	}
	if (n == 0)
		return file_fail(file, "empty file",
			"tcpdump -U writes each packet at once; look whether it still "
			"runs");
	snprintf(why, sizeof why, "ends inside the file header, after %zu octets", n);
	return file_fail(file, why, "copy the file again");
}

static bool
view_may_be_capture(struct slice view)
{
	static const struct slice magics[] = {
		SLICE_INIT("\xa1\xb2"),
		SLICE_INIT("\xd4\xc3\xb2\xa1"),
		SLICE_INIT("\x4d\x3c\xb2\xa1"),
		SLICE_INIT("\x34\xcd\xb2\xa1"),
		SLICE_INIT("\x0a\x0d\x0d\x0a"),
	};

	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (slice_has_prefix(view, slice_part(magics[i], 0, view.n)))
			return true;
	return false;
}

static bool
file_begin_pcap(struct source_file *file)
{
	struct window *window = &file->window;

	if (!pcap_header_parse(&file->pcap, window_view(window)))
		return false;
	window_take(window, PCAP_HEADER_BYTES);
	file->state = SOURCE_FILE_PCAP;
	file->info.format = "pcap";
	file_note_link_type(file, file->pcap.link_type);
	if (window_has(window, file->pcap.record_header_bytes))
		pcap_header_refine(&file->pcap, window_view(window));
	return true;
}

static bool
file_begin_pcapng(struct source_file *file)
{
	bool is_big_endian;

	if (!pcapng_block_is_section(&is_big_endian, window_at(&file->window)))
		return false;
	file->state = SOURCE_FILE_PCAPNG;
	file->info.format = "pcapng";
	return true;
}

/* False: the file has failed. */
static bool
file_begin(struct source_file *file)
{
	struct window *window = &file->window;

	if (!window_begin(window)) {
		file_fail_packed(file);
		return false;
	}
	file->info.compression = unpack_name(window->coding);
	if (!window_has(window, PCAP_HEADER_BYTES)) {
		if (window_view(window).n && !view_may_be_capture(window_view(window)))
			file_fail_foreign(file);
		else
			file_fail_short(file);
		return false;
	}
	if (file_begin_pcap(file) || file_begin_pcapng(file))
		return true;
	file_fail_foreign(file);
	return false;
}

/* Nothing more can be read; `is_inside` a record or block. */
static void
file_note_end(struct source_file *file, bool is_inside)
{
	struct window *window = &file->window;

	if (window->error) {
		file_trouble(file, "reading ended after packet %" PRIu64 ": %s",
			file->frame, strerror(window->error));
	} else if (window_damage(window)) {
		file->info.damaged_records++;
		file_trouble(file, "damaged %s data (%s) after packet %" PRIu64,
			unpack_name(window->coding), window_damage(window), file->frame);
	} else if (is_inside || window_is_cut(window)) {
		file->info.truncated_tail = true;
		file_trouble(file, "cut off inside the record after packet %" PRIu64,
			file->frame);
	}
}

static int
file_end_early(struct source_file *file, bool is_inside)
{
	file_note_end(file, is_inside);
	file_end(file);
	return 0;
}

/* A record that cannot be: where the next one begins is unknown. */
static int
file_end_damaged(struct source_file *file, const char *what)
{
	file->info.damaged_records++;
	file_trouble(file,
		"%s at octet %" PRIu64 " after packet %" PRIu64 "; not read further",
		what, window_offset(&file->window), file->frame);
	file_end(file);
	return 0;
}

static int
file_packet(struct source_file *file, struct packet *packet, struct slice data,
	uint32_t wire_bytes)
{
	packet->data = data;
	packet->wire_bytes = wire_bytes > data.n ? wire_bytes : (uint32_t)data.n;
	packet->frame = ++file->frame;
	file->last_ns = packet->ts_ns;
	return 1;
}

/* What is left of a cut record is a packet, if anything is. */
static int
file_packet_last(struct source_file *file, struct packet *packet, struct slice data,
	uint32_t captured_bytes, uint32_t wire_bytes)
{
	file_note_end(file, true);
	if (data.n == 0) {
		file_end(file);
		return 0;
	}
	file->state = SOURCE_FILE_LAST_GIVEN;
	return file_packet(file, packet, data,
		wire_bytes > captured_bytes ? wire_bytes : captured_bytes);
}

static int
pcap_next(struct source_file *file, struct packet *packet)
{
	struct window *window = &file->window;
	size_t header_bytes = file->pcap.record_header_bytes;
	struct pcap_record record;
	struct slice data;

	if (!window_has(window, header_bytes))
		return file_end_early(file, window_view(window).n > 0);
	pcap_record_parse(&record, &file->pcap, window_at(window));
	if (record.captured_bytes > PACKET_BYTES_MAX ||
		record.wire_bytes > PACKET_BYTES_MAX)
		return file_end_damaged(file, "an impossible record length");
	packet->ts_ns = record.ts_ns;
	packet->link_type = file->pcap.link_type;
	if (!window_has(window, header_bytes + record.captured_bytes))
		return file_packet_last(file, packet,
			slice_from(window_view(window), header_bytes),
			record.captured_bytes, record.wire_bytes);
	data = slice_of(window_at(window) + header_bytes, record.captured_bytes);
	window_take(window, header_bytes + record.captured_bytes);
	return file_packet(file, packet, data, record.wire_bytes);
}

/* A block that its neighbours survive. */
static void
pcapng_skip_damaged(struct source_file *file, uint32_t total_bytes, const char *what)
{
	file->info.damaged_records++;
	file_trouble(file, "%s after packet %" PRIu64, what, file->frame);
	window_take(&file->window, total_bytes);
}

static void
pcapng_add_interface(struct source_file *file, const struct pcapng_interface *interface)
{
	if (file->interface_count == file->interface_room) {
		file->interface_room = file->interface_room ? file->interface_room * 2
							    : 4;
		file->interfaces = mem_grow(file->interfaces,
			file->interface_room * sizeof *file->interfaces);
	}
	file->interfaces[file->interface_count++] = *interface;
	file_note_link_type(file, interface->link_type);
}

static void
pcapng_interface_next(struct source_file *file, uint32_t total_bytes)
{
	struct slice body = slice_part(window_view(&file->window),
		PCAPNG_BLOCK_HEADER_BYTES, total_bytes - PCAPNG_TRAILER_BYTES);
	struct pcapng_interface interface;

	if (file->interface_count == PCAPNG_INTERFACES_MAX ||
		!pcapng_interface_parse(&interface, body, file->is_big_endian)) {
		pcapng_skip_damaged(file, total_bytes, "an unusable interface block");
		return;
	}
	pcapng_add_interface(file, &interface);
	window_take(&file->window, total_bytes);
}

/* A simple packet does not say how much of it was captured. */
static uint32_t
captured_bytes(
	const struct pcapng_packet *packet, const struct pcapng_interface *interface)
{
	uint32_t bytes = packet->captured_bytes;

	if (packet->has_time)
		return bytes;
	if (interface->snaplen_bytes && bytes > interface->snaplen_bytes)
		bytes = interface->snaplen_bytes;
	return bytes > packet->rest.n ? (uint32_t)packet->rest.n : bytes;
}

/* A packet block that says nothing usable; the blocks around it do. */
static int
pcapng_packet_damaged(struct source_file *file, uint32_t total_bytes, bool is_whole)
{
	if (!is_whole)
		return file_end_early(file, true);
	pcapng_skip_damaged(file, total_bytes, "an unusable packet block");
	return 0;
}

/* 1 with a packet; 0 after a block that gives none, or at the end. */
static int
pcapng_packet_next(
	struct source_file *file, struct packet *packet, const struct pcapng_block *block)
{
	struct window *window = &file->window;
	bool is_whole = window_has(window, block->total_bytes);
	struct slice body = slice_part(window_view(window), PCAPNG_BLOCK_HEADER_BYTES,
		block->total_bytes - PCAPNG_TRAILER_BYTES);
	const struct pcapng_interface *interface;
	struct pcapng_packet found;
	uint32_t captured;
	struct slice data;

	if (!pcapng_packet_parse(&found, block->type, body, file->is_big_endian) ||
		found.interface >= file->interface_count)
		return pcapng_packet_damaged(file, block->total_bytes, is_whole);
	interface = &file->interfaces[found.interface];
	captured = captured_bytes(&found, interface);
	data = slice_part(found.rest, 0, captured);
	if (captured > PACKET_BYTES_MAX || found.wire_bytes > PACKET_BYTES_MAX ||
		(is_whole && data.n < captured))
		return pcapng_packet_damaged(file, block->total_bytes, is_whole);
	packet->ts_ns = found.has_time ? pcapng_interface_time_ns(interface, found.ticks)
				       : file->last_ns;
	packet->link_type = interface->link_type;
	if (!is_whole)
		return file_packet_last(file, packet, data, captured, found.wire_bytes);
	window_take(window, block->total_bytes);
	return file_packet(file, packet, data, found.wire_bytes);
}

/* False: the file has ended.  *block is the next one; a section sets the byte order. */
static bool
pcapng_block_next(struct source_file *file, struct pcapng_block *block)
{
	struct window *window = &file->window;

	if (!window_has(window, PCAPNG_SECTION_ORDER_BYTES)) {
		file_end_early(file, window_view(window).n > 0);
		return false;
	}
	if (!pcapng_block_parse(block, window_at(window), file->is_big_endian) &&
		block->type != PCAPNG_SECTION) {
		file_end_damaged(file, "an impossible block length");
		return false;
	}
	if (block->type != PCAPNG_SECTION)
		return true;
	file->interface_count = 0;
	if (!pcapng_block_is_section(&file->is_big_endian, window_at(window)) ||
		!pcapng_block_parse(block, window_at(window), file->is_big_endian)) {
		file_end_damaged(file, "a damaged section header");
		return false;
	}
	return true;
}

static int
pcapng_next(struct source_file *file, struct packet *packet)
{
	struct pcapng_block block;

	while (file->state == SOURCE_FILE_PCAPNG && pcapng_block_next(file, &block)) {
		bool is_packet = block.type == PCAPNG_ENHANCED_PACKET ||
				 block.type == PCAPNG_SIMPLE_PACKET ||
				 block.type == PCAPNG_PACKET;

		if (!is_packet && block.type != PCAPNG_INTERFACE) {
			if (!window_skip(&file->window, block.total_bytes))
				return file_end_early(file, true);
			continue;
		}
		if (block.total_bytes > PCAPNG_BLOCK_BYTES_MAX)
			return file_end_damaged(file, "an impossible block length");
		if (is_packet) {
			if (pcapng_packet_next(file, packet, &block))
				return 1;
		} else if (window_has(&file->window, block.total_bytes)) {
			pcapng_interface_next(file, block.total_bytes);
		} else {
			return file_end_early(file, true);
		}
	}
	return 0;
}

int
source_file_next(struct source_file *file, struct packet *packet)
{
	switch (file->state) {
	case SOURCE_FILE_UNREAD:
		return file_begin(file) ? source_file_next(file, packet) : 0;
	case SOURCE_FILE_PCAP:
		return pcap_next(file, packet);
	case SOURCE_FILE_PCAPNG:
		return pcapng_next(file, packet);
	case SOURCE_FILE_LAST_GIVEN:
		file_end(file);
		return 0;
	case SOURCE_FILE_ENDED:
		break;
	}
	return 0;
}
