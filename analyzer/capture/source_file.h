/*
 * analyzer/capture/source_file.h - one capture file: pcap or pcapng, plain or packed
 *
 * The part of source.h that reads a file.  Damage is data: what can be read is
 * given, the rest is counted in the info.  Nothing here allocates per packet.
 */
#ifndef ANALYZER_CAPTURE_SOURCE_FILE_H
#define ANALYZER_CAPTURE_SOURCE_FILE_H

#include "analyzer/capture/source.h"
#include "analyzer/capture/window.h"
#include "parsers/pcapfile.h"

enum source_file_state {
	SOURCE_FILE_UNREAD,
	SOURCE_FILE_PCAP,
	SOURCE_FILE_PCAPNG,
	SOURCE_FILE_LAST_GIVEN, /* the rest of a cut record: its octets are in use */
	SOURCE_FILE_ENDED,
};

struct source_file {
	struct source_info info;
	struct window window;
	enum source_file_state state;
	struct pcap_header pcap;
	struct pcap_record upcoming; /* the next pcap record, if it is credible */
	bool is_upcoming;
	bool is_suspect;    /* the header of the next pcap record is not credible */
	bool is_next_other; /* another file begins there */
	bool is_big_endian; /* the pcapng section */
	struct pcapng_interface *interfaces;
	size_t interface_count, interface_room;
	uint64_t homeless_packets; /* in sections without an interface */
	int64_t before_ns;	   /* time of the packet before, or PCAPFILE_TIME_NONE */
	int64_t last_ns;	   /* what a packet without a time gets */
	uint64_t frame;
	bool has_odd_version;
	/* source.c's, for the merge: */
	struct packet next;
	uint64_t given_octets;		  /* of the file, before the next packet */
	int64_t end_ns;			  /* of the last packet, or PCAPFILE_TIME_NONE */
	struct source_file *continues;	  /* NULL: it may begin at any time */
	struct source_file *continued_by; /* or NULL */
};

/* `path` is borrowed.  A failure is in the info, and its errno is returned, else 0. */
int source_file_open(struct source_file *file, const char *path);
/* The same of a file that is open; takes the descriptor. */
void source_file_init(struct source_file *file, const char *path, int fd);
/* 1 with the next packet, or 0.  The info's packets and octets are source.c's to count.
 */
int source_file_next(struct source_file *file, struct packet *packet);
void source_file_close(struct source_file *file);

/* A file that is followed was left for a later one, and has grown since: its rest is read
 * from where it was left.  Takes the descriptor. */
void source_file_return(struct source_file *file, int fd);

/* How much of the file is before `octets`, in thousandths; -1 if nobody knows. */
int source_file_progress(const struct source_file *file, uint64_t octets);

/*
 * For source_pcap.c and source_pcapng.c, which read records and blocks.  Each has a
 * function that gives the next packet: 1, 0 at the end, or -1: call again, perhaps
 * another one.
 */
enum {
	SOURCE_FILE_AGAIN = -1,
	SOURCE_FILE_SEARCH_BYTES = 1 << 20, /* so far a damaged record can be mended */
};

int source_pcap_next(struct source_file *file, struct packet *packet);
int source_pcapng_next(struct source_file *file, struct packet *packet);

/* The header of another file is in view: reads it, or returns false. */
bool source_file_begin_other(struct source_file *file);

/* `n` octets that are in view are done with; `place` is one of the info's. */
static inline void
source_file_take(struct source_file *file, size_t n, uint64_t *place)
{
	*place += n;
	window_take(&file->window, n);
}

static inline int
source_file_packet(struct source_file *file, struct packet *packet, struct slice data,
	uint32_t wire_bytes)
{
	packet->data = data;
	packet->wire_bytes = wire_bytes > data.n ? wire_bytes : (uint32_t)data.n;
	packet->frame = ++file->frame;
	packet->offset = window_offset_of(&file->window, data.at);
	file->before_ns = file->last_ns = packet->ts_ns;
	return 1;
}

/* What is left of a cut record is a packet, if anything is. */
int source_file_packet_last(struct source_file *file, struct packet *packet,
	struct slice data, uint32_t wire_bytes);
/* No more can be read; what is in view is the rest of a record. */
int source_file_end_cut(struct source_file *file);
/* The file is no capture.  `hint` may be NULL. */
int source_file_fail(struct source_file *file, const char *why, const char *hint);
void source_file_note_link_type(struct source_file *file, uint16_t link_type);
/* Counts a damaged record that begins where the view does. */
void source_file_damaged(struct source_file *file, const char *what);

/* All that is in view, as a question; again with more, if there is no answer yet. */
struct pcapfile_question source_file_question(const struct source_file *file);
bool source_file_ask_again(struct source_file *file, struct pcapfile_question *question,
	enum pcapfile_answer answer);

#endif
