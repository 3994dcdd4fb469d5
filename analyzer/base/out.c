#include "analyzer/base/out.h"

#include "analyzer/base/digits.h"
#include "analyzer/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OUT_BUFFER_BYTES = 64 * 1024,
	OUT_MEMORY_BYTES = 512, /* first room of a writer to memory */
	OUT_FORMAT_BYTES = 512,
	OUT_WHOLE_BYTES = 1 << 20, /* in memory, of what takes the place of a file */
};

void
out_init(struct out *out, int fd, const char *name)
{
	*out = (struct out){.fd = fd, .name = name, .size = OUT_BUFFER_BYTES};
	out->buffer = mem_grow(NULL, out->size);
}

void
out_init_whole(struct out *out, int fd, const char *name)
{
	*out = (struct out){.fd = fd, .name = name, .is_whole = true};
}

void
out_init_memory(struct out *out)
{
	*out = (struct out){.fd = -1, .name = "memory"};
}

void
out_fini(struct out *out)
{
	mem_free(out->buffer);
	*out = (struct out){.fd = -1};
}

/* A descriptor that the parent made non-blocking is waited for. */
static int
write_some(int fd, const uint8_t *at, size_t n, size_t *written)
{
	ssize_t got = write(fd, at, n);

	if (got >= 0) {
		*written = (size_t)got;
		return 0;
	}
	*written = 0;
	if (errno == EINTR)
		return 0;
	if (errno == EAGAIN || errno == EWOULDBLOCK) {
		struct pollfd room = {.fd = fd, .events = POLLOUT};

		poll(&room, 1, -1);
		return 0;
	}
	return errno;
}

static void
write_all(struct out *out, const uint8_t *at, size_t n)
{
	while (n && !out->failed) {
		size_t written;

		out->failed = write_some(out->fd, at, n, &written);
		at += written;
		n -= written;
	}
}

void
out_flush(struct out *out)
{
	if (out->fd < 0 || out->is_whole)
		return;
	write_all(out, out->buffer, out->used);
	out->used = 0;
}

static void
make_room(struct out *out, size_t n)
{
	size_t size = out->size ? out->size : OUT_MEMORY_BYTES;

	while (size - out->used < n)
		size *= 2;
	if (size > out->size)
		out->buffer = mem_grow(out->buffer, size);
	out->size = size;
}

/* What is new goes behind what is there. */
static void
write_behind(struct out *out)
{
	if (!out->behind_bytes && !out->failed) {
		out->kept_bytes = lseek(out->fd, 0, SEEK_END);
		if (out->kept_bytes < 0)
			out->failed = errno;
	}
	write_all(out, out->buffer, out->used);
	out->behind_bytes += (int64_t)out->used;
	out->used = 0;
}

void
out_write_on(struct out *out, const void *octets, size_t n)
{
	if (out->is_whole && out->used && out->used + n > OUT_WHOLE_BYTES)
		write_behind(out);
	if (out->fd < 0 || out->is_whole) {
		make_room(out, n);
	} else if (out->size - out->used < n) {
		out_flush(out);
		if (n >= out->size) {
			write_all(out, octets, n);
			return;
		}
	}
	memcpy(out->buffer + out->used, octets, n);
	out->used += n;
}

/* The room is taken first, so that a full disk leaves the file as it was. */
static int
replace(struct out *out)
{
	struct stat before;
	int failed = 0;

	if (fstat(out->fd, &before) < 0)
		return errno;
	if (out->used > (size_t)before.st_size)
		failed = posix_fallocate(out->fd, 0, (off_t)out->used);
	if (failed && failed != EINVAL && failed != EOPNOTSUPP)
		return ftruncate(out->fd, before.st_size) < 0 ? errno : failed;
	write_all(out, out->buffer, out->used);
	if (!out->failed && ftruncate(out->fd, (off_t)out->used) < 0)
		return errno;
	return out->failed;
}

/* 0 or errno. */
static int
move_block(const struct out *out, int64_t from, int64_t to, size_t *moved)
{
	ssize_t got;
	size_t done = 0;

	do
		got = pread(out->fd, out->buffer, out->size, from);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return got < 0 ? errno : EIO;
	while (done < (size_t)got) {
		ssize_t n = pwrite(out->fd, out->buffer + done, (size_t)got - done,
			to + (int64_t)done);

		if (n < 0 && errno != EINTR)
			return errno;
		done += n < 0 ? 0 : (size_t)n;
	}
	*moved = done;
	return 0;
}

/* What is behind takes the place of what is there, if all of it came to be there. */
static int
move_forward(struct out *out)
{
	int64_t end = out->kept_bytes + out->behind_bytes;
	int failed = out->failed;

	if (failed)
		return ftruncate(out->fd, out->kept_bytes) < 0 ? errno : failed;
	for (int64_t at = out->kept_bytes; out->kept_bytes && at < end && !failed;) {
		size_t moved = 0;

		failed = move_block(out, at, at - out->kept_bytes, &moved);
		at += (int64_t)moved;
	}
	if (!failed && ftruncate(out->fd, out->behind_bytes) < 0)
		failed = errno;
	return failed;
}

static void
finish_whole(struct out *out)
{
	if (out->behind_bytes) {
		write_behind(out);
		out->failed = move_forward(out);
	} else if (!out->failed) {
		out->failed = replace(out);
	}
}

int
out_finish(struct out *out, struct err *err)
{
	if (out->is_whole && (out->used || out->behind_bytes))
		finish_whole(out);
	if (out->is_whole)
		out->used = 0;
	out->is_whole = false;
	out_flush(out);
	if (!out->failed)
		return 0;
	err_set(err, EXIT_OUTPUT, "%s: could not be written (%s)", out->name,
		strerror(out->failed));
	if (out->failed == ENOSPC || out->failed == EDQUOT)
		err_hint(err, "free some space there, or write to another disk");
	return -1;
}

void
out_abandon(struct out *out)
{
	if (out->is_whole && out->behind_bytes && ftruncate(out->fd, out->kept_bytes) < 0)
		out->failed = errno;
	out->is_whole = false;
	out->used = 0;
}

bool
out_pipe_closed(const struct out *out)
{
	return out->failed == EPIPE;
}

struct slice
out_contents(const struct out *out)
{
	return slice_of(out->buffer, out->used);
}

void
out_clear(struct out *out)
{
	out->used = 0;
}

void
out_text(struct out *out, const char *text)
{
	out_write(out, text, strlen(text));
}

void
out_number(struct out *out, uint64_t number)
{
	char digits[DIGITS_MAX];

	out_write(out, digits, digits_of(number, digits));
}

void
out_format(struct out *out, const char *format, ...)
{
	char line[OUT_FORMAT_BYTES];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (n > 0)
		out_write(
			out, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}
