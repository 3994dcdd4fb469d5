#include "analyzer/base/mem.h"
#include "analyzer/capture/source_file.h"

enum {
	PCAPNG_INTERFACES_MAX = 65536,
	PCAPNG_TRAILER_BYTES = 4,
	PACKET_OPTIONS_BYTES = 64 * 1024, /* a packet block has hardly more */
	PACKET_FIXED_BYTES = 32,	  /* without data and options */
};

static struct slice
block_body(const struct source_file *file, uint32_t total_bytes)
{
	return slice_part(window_view(&file->window), PCAPNG_BLOCK_HEADER_BYTES,
		total_bytes - PCAPNG_TRAILER_BYTES);
}

static bool
is_packet(uint32_t type)
{
	return type == PCAPNG_ENHANCED_PACKET || type == PCAPNG_SIMPLE_PACKET ||
	       type == PCAPNG_PACKET;
}

/* Where blocks go on, from *at on and before `end`. */
static bool
pcapng_search(struct source_file *file, size_t *at, size_t end)
{
	struct pcapfile_question question = source_file_question(file);
	enum pcapfile_answer answer;

	do {
		answer = pcapng_block_find(&question, at, end, file->is_big_endian);
	} while (source_file_ask_again(file, &question, answer));
	return answer == PCAPFILE_YES;
}

static bool
pcapng_goes_on(struct source_file *file, size_t at)
{
	struct pcapfile_question question = source_file_question(file);
	enum pcapfile_answer answer;

	do {
		answer = pcapng_block_chains(&question, at, file->is_big_endian);
	} while (source_file_ask_again(file, &question, answer));
	return answer == PCAPFILE_YES || (question.is_all && at == question.octets.n);
}

/* ---- blocks ---- */

static void
pcapng_interface_next(struct source_file *file, uint32_t total_bytes)
{
	struct pcapng_interface interface;

	if (file->interface_count == PCAPNG_INTERFACES_MAX ||
		!pcapng_interface_parse(
			&interface, block_body(file, total_bytes), file->is_big_endian)) {
		source_file_damaged(file, "an unusable interface block");
		return;
	}
	if (file->interface_count == file->interface_room) {
		file->interface_room = file->interface_room ? file->interface_room * 2
							    : 4;
		file->interfaces = mem_grow(file->interfaces,
			file->interface_room * sizeof *file->interfaces);
	}
	file->interfaces[file->interface_count++] = interface;
	file->info.bad_options += interface.has_bad_options;
	source_file_note_link_type(file, interface.link_type);
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

struct block_packet {
	const struct pcapng_interface *interface;
	struct pcapng_packet claims;
	struct slice data; /* what there is of the captured octets */
	uint32_t captured_bytes;
};

/* False: a packet block that says nothing usable; the blocks around it do. */
static bool
block_packet_parse(struct block_packet *found, struct source_file *file,
	const struct pcapng_block *block)
{
	struct pcapng_packet *claims = &found->claims;

	if (!pcapng_packet_parse(claims, block->type,
		    block_body(file, block->total_bytes), file->is_big_endian))
		return false;
	if (claims->interface >= file->interface_count) {
		file->homeless_packets += !file->interface_count;
		return false;
	}
	found->interface = &file->interfaces[claims->interface];
	found->captured_bytes = captured_bytes(claims, found->interface);
	found->data = slice_part(claims->rest, 0, found->captured_bytes);
	return found->captured_bytes <= PACKET_BYTES_MAX &&
	       claims->wire_bytes <= PACKET_BYTES_MAX;
}

static void
block_packet_describe(const struct source_file *file, const struct block_packet *found,
	struct packet *packet)
{
	packet->ts_ns = found->claims.has_time
				? pcapng_interface_time_ns(
					  found->interface, found->claims.ticks)
				: file->last_ns;
	packet->link_type = found->interface->link_type;
	packet->fcs_bytes = found->interface->fcs_bytes;
}

static int
pcapng_packet_next(
	struct source_file *file, struct packet *packet, const struct pcapng_block *block)
{
	struct block_packet found;

	if (!block_packet_parse(&found, file, block) ||
		found.data.n < found.captured_bytes) {
		source_file_damaged(file, "an unusable packet block");
		source_file_take(file, block->total_bytes, &file->info.skipped_octets);
		return SOURCE_FILE_AGAIN;
	}
	block_packet_describe(file, &found, packet);
	source_file_take(file, block->total_bytes, &file->info.record_octets);
	return source_file_packet(file, packet, found.data, found.claims.wire_bytes);
}

static int
pcapng_whole(
	struct source_file *file, struct packet *packet, const struct pcapng_block *block)
{
	if (is_packet(block->type))
		return pcapng_packet_next(file, packet, block);
	if (block->type == PCAPNG_INTERFACE)
		pcapng_interface_next(file, block->total_bytes);
	source_file_take(file, block->total_bytes, &file->info.header_octets);
	return SOURCE_FILE_AGAIN;
}

/* ---- damage ---- */

/* Passes over all before the next block that is whole. */
static int
pcapng_skip(struct source_file *file)
{
	size_t at = 1;
	bool is_found;

	do {
		is_found = pcapng_search(file, &at, SOURCE_FILE_SEARCH_BYTES);
		source_file_take(file, at, &file->info.skipped_octets);
		at = 0;
	} while (!is_found && window_has(&file->window, 1));
	return SOURCE_FILE_AGAIN;
}

/*
 * The block's length cannot be.  If the octets before the next block say how long
 * this one is, it is mended; else it is passed over.
 */
static int
pcapng_recover(struct source_file *file, struct packet *packet,
	const struct pcapng_block *damaged)
{
	struct slice view = window_view(&file->window);
	size_t at = PCAPNG_BLOCK_BYTES_MIN;
	struct pcapng_block block = *damaged;

	if (block.type != PCAPNG_SECTION && pcapfile_begins(view)) {
		file->is_next_other = true;
		return SOURCE_FILE_AGAIN;
	}
	source_file_damaged(file, "a damaged block");
	if (!pcapng_search(file, &at, SOURCE_FILE_SEARCH_BYTES) &&
		!pcapng_goes_on(file, at))
		return pcapng_skip(file);
	block.total_bytes = (uint32_t)at;
	view = slice_part(window_view(&file->window), 0, at);
	if (pcapng_block_trailer(view, file->is_big_endian) == at)
		return pcapng_whole(file, packet, &block);
	return pcapng_skip(file);
}

/* A block that ends behind the end of the file is cut, or its length is wrong. */
static bool
pcapng_is_cut(struct source_file *file, const struct pcapng_block *block)
{
	size_t at = PCAPNG_BLOCK_BYTES_MIN;
	struct pcapng_packet claims;

	if (is_packet(block->type) &&
		pcapng_packet_parse(&claims, block->type,
			block_body(file, block->total_bytes), file->is_big_endian) &&
		(uint64_t)claims.captured_bytes + PACKET_FIXED_BYTES +
				PACKET_OPTIONS_BYTES >
			block->total_bytes)
		return true;
	return !pcapng_search(file, &at, window_view(&file->window).n);
}

static int
pcapng_cut(
	struct source_file *file, struct packet *packet, const struct pcapng_block *block)
{
	struct block_packet found;
	uint32_t wire_bytes;

	if (!is_packet(block->type) || !block_packet_parse(&found, file, block))
		return source_file_end_cut(file);
	block_packet_describe(file, &found, packet);
	wire_bytes = found.claims.wire_bytes;
	if (wire_bytes < found.captured_bytes)
		wire_bytes = found.captured_bytes;
	return source_file_packet_last(file, packet, found.data, wire_bytes);
}

/* False: the next block's header says what cannot be.  A section sets the byte order. */
static bool
pcapng_block_next(struct source_file *file, struct pcapng_block *block)
{
	const uint8_t *at = window_at(&file->window);
	bool is_sound = pcapng_block_parse(block, at, file->is_big_endian);
	bool is_big_endian;

	if (block->type == PCAPNG_SECTION) {
		file->interface_count = 0;
		is_sound = pcapng_block_is_section(&is_big_endian, at);
		if (is_sound)
			file->is_big_endian = is_big_endian;
		is_sound &= pcapng_block_parse(block, at, file->is_big_endian);
	}
	return is_sound && block->total_bytes <= PCAPNG_BLOCK_BYTES_MAX;
}

int
source_pcapng_next(struct source_file *file, struct packet *packet)
{
	struct window *window = &file->window;
	struct pcapng_block block;

	if (file->is_next_other)
		return source_file_begin_other(file) ? SOURCE_FILE_AGAIN
						     : source_file_end_cut(file);
	if (!window_has(window, PCAPNG_BLOCK_BYTES_MIN))
		return source_file_end_cut(file);
	if (!pcapng_block_next(file, &block))
		return pcapng_recover(file, packet, &block);
	if (!window_has(window, block.total_bytes))
		return pcapng_is_cut(file, &block) ? pcapng_cut(file, packet, &block)
						   : pcapng_recover(file, packet, &block);
	if (pcapng_block_trailer(slice_part(window_view(window), 0, block.total_bytes),
		    file->is_big_endian) != block.total_bytes) {
		if (!pcapng_goes_on(file, block.total_bytes))
			return pcapng_recover(file, packet, &block);
		source_file_damaged(file, "a block with a wrong length at its end");
	}
	return pcapng_whole(file, packet, &block);
}
