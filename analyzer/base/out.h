/*
 * analyzer/base/out.h - a buffered writer that does not lose what it was given
 *
 * Writes to a file descriptor, or to memory that grows.  Failures are kept: after
 * the first one nothing more is written, and out_finish() says what happened.
 * Whoever prints therefore checks once, at the end, and a full disk never looks
 * like a complete report.
 *
 * A closed pipe is not an error to talk about: out_pipe_closed() tells the caller
 * to end quietly.  The program has to ignore SIGPIPE for that.
 *
 * Ownership: the descriptor stays the caller's; out_fini() frees the buffer.
 */
#ifndef ANALYZER_BASE_OUT_H
#define ANALYZER_BASE_OUT_H

#include "analyzer/base/err.h"
#include "parsers/slice.h"

struct out {
	int fd;		  /* -1: memory */
	const char *name; /* for messages; must outlive the writer */
	uint8_t *buffer;
	size_t used, size;
	int failed; /* errno of the first failure, or 0 */
	bool is_whole;
	int64_t kept_bytes, behind_bytes; /* whole: old ones, and new ones behind them */
};

void out_init(struct out *out, int fd, const char *name);
/* A regular file, open for reading as well: what is in it stays until all that is new has
 * room there, and if there is nothing new.  What is too long for memory is written behind
 * it, and moved at the end. */
void out_init_whole(struct out *out, int fd, const char *name);
void out_init_memory(struct out *out);
void out_fini(struct out *out);

/* Where there is no room for them. */
void out_write_on(struct out *out, const void *octets, size_t n);
void out_flush(struct out *out);

static inline void
out_write(struct out *out, const void *octets, size_t n)
{
	if (n > out->size - out->used) {
		out_write_on(out, octets, n);
		return;
	}
	if (n)
		memcpy(out->buffer + out->used, octets, n);
	out->used += n;
}

/* Flushes.  -1 with EXIT_OUTPUT and the name if anything could not be written. */
int out_finish(struct out *out, struct err *err);

/* What was written is of no use: whole, what was there before stays. */
void out_abandon(struct out *out);

static inline bool
out_broke(const struct out *out)
{
	return out->failed != 0;
}

bool out_pipe_closed(const struct out *out);

/* What was written to memory so far; valid until the next write. */
struct slice out_contents(const struct out *out);
void out_clear(struct out *out); /* memory: forget the contents, keep the room */

static inline void
out_octet(struct out *out, uint8_t octet)
{
	if (out->used < out->size)
		out->buffer[out->used++] = octet;
	else
		out_write_on(out, &octet, 1);
}

static inline void
out_slice(struct out *out, struct slice s)
{
	out_write(out, s.at, s.n);
}

void out_text(struct out *out, const char *text);
void out_number(struct out *out, uint64_t number);
void out_format(struct out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
