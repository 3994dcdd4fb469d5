/*
 * analyzer/capture/window.h - a file's octets, seen through a window
 *
 * Reads a descriptor front to back and never seeks, so that pipes do as well as
 * files; gzip and zstd are unpacked on the way.  The octets in view are
 * contiguous, however long a record is: the window grows to what is asked for.
 * One of 256 KiB is faster than a mapping, whose page faults cost more than a
 * copy out of the page cache.  The first look at a file is a small one, so that
 * a thousand rotated files can wait for their turn.
 *
 * What window_at() gives is valid until the next window_has() or window_peek().
 */
#ifndef ANALYZER_CAPTURE_WINDOW_H
#define ANALYZER_CAPTURE_WINDOW_H

#include "analyzer/capture/follow.h"
#include "analyzer/capture/unpack.h"
#include "parsers/slice.h"

struct window {
	uint8_t *octets;
	size_t begin, end, size;
	uint64_t before; /* octets of the (unpacked) file that have left the window */
	int fd;
	int error;	/* errno of a read that failed, or 0 */
	int64_t end_ms; /* of what may still come after source_stop() */
	bool ended;
	enum unpack_coding coding;
	struct unpack *unpack;
	struct follow *follow; /* NULL: the end is the end */
	struct idle *idle;     /* of a pipe; or NULL */
};

/* Reads nothing yet; takes the descriptor. */
void window_init(struct window *window, int fd);
void window_fini(struct window *window);

/*
 * Looks for compression; before the first window_has().  False: it is compressed
 * in a way that is not built in, and window->coding says how.
 */
bool window_begin(struct window *window);

bool window_fill(struct window *window, size_t n);

/* Whether `n` octets are in view, or could be brought there. */
static inline bool
window_has(struct window *window, size_t n)
{
	return window->end - window->begin >= n || window_fill(window, n);
}

bool window_fill_now(struct window *window, size_t n);

/* The same without waiting for a file that is followed to grow. */
static inline bool
window_peek(struct window *window, size_t n)
{
	return window->end - window->begin >= n || window_fill_now(window, n);
}

static inline const uint8_t *
window_at(const struct window *window)
{
	return window->octets + window->begin;
}

/* All that is in view now. */
static inline struct slice
window_view(const struct window *window)
{
	return slice_of(window_at(window), window->end - window->begin);
}

/* `n` octets that are in view are done with. */
static inline void
window_take(struct window *window, size_t n)
{
	window->begin += n;
}

/* Where in the (unpacked) file the view begins. */
static inline uint64_t
window_offset(const struct window *window)
{
	return window->before + window->begin;
}

/* Where in the file some octets of the view are; 0: it is packed. */
static inline uint64_t
window_offset_of(const struct window *window, const uint8_t *at)
{
	return window->coding == UNPACK_NONE
		       ? window->before + (uint64_t)(at - window->octets)
		       : 0;
}

/* What was brought into view so far, in all. */
static inline uint64_t
window_read_octets(const struct window *window)
{
	return window->before + window->end;
}

/* At the end, of a file that is not packed, with nothing in view: closes it, and opens it
 * again where it was left. */
void window_leave(struct window *window);
void window_return(struct window *window, int fd);

/* At the end: the compressed stream was cut; why it is damaged, or NULL. */
bool window_is_cut(const struct window *window);
const char *window_damage(const struct window *window);

#endif
