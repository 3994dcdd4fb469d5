#include "analyzer/capture/window.h"

#include "analyzer/base/mem.h"

#include <errno.h>
#include <unistd.h>

enum {
	WINDOW_FIRST_BYTES = 16 * 1024,
	WINDOW_BYTES = 256 * 1024,
};

void
window_init(struct window *window, int fd)
{
	*window = (struct window){.fd = fd};
}

void
window_fini(struct window *window)
{
	unpack_free(&window->unpack);
	mem_free(window->octets);
	window->octets = NULL;
	window->begin = window->end = window->size = 0;
	window->ended = true;
	if (window->fd > STDIN_FILENO)
		close(window->fd);
	window->fd = -1;
}

static size_t
window_read(struct window *window, size_t room)
{
	uint8_t *to = window->octets + window->end;

	if (window->follow && (window->follow->ended || follow_is_over(window->follow)))
		return 0;
	if (!window->unpack) {
		room = unpack_read_plain(window->fd, to, room, &window->error,
			&window->end_ms, window->idle);
		if (room && window->follow &&
			!follow_has_read(window->follow, window->fd))
			room = 0;
		return room;
	}
	room = unpack_read(window->unpack, to, room);
	if (!room)
		window->error = unpack_errno(window->unpack);
	return room;
}

/* What is in view goes to the front, so that at least `bytes` fit. */
static void
window_make_room(struct window *window, size_t bytes)
{
	size_t kept = window->end - window->begin;

	if (kept && window->begin)
		memmove(window->octets, window_at(window), kept);
	window->before += window->begin;
	window->begin = 0;
	window->end = kept;
	if (bytes > window->size) {
		window->octets = mem_grow(window->octets, bytes);
		window->size = bytes;
	}
}

/* At the end of what there is: whether there is more now. */
static bool
window_wait(struct window *window)
{
	return window->follow && !window->error && !window->follow->ended &&
	       follow_wait(window->follow, window->fd, window_read_octets(window),
		       window->end > window->begin);
}

bool
window_fill(struct window *window, size_t n)
{
	size_t bytes = window->size ? WINDOW_BYTES : WINDOW_FIRST_BYTES;

	if (window->ended)
		return false;
	if (bytes < n)
		bytes = n + WINDOW_BYTES; /* the next one is as long, or a bit longer */
	window_make_room(window, bytes);
	while (window->end < n) {
		size_t got = window_read(window, bytes - window->end);

		window->end += got;
		if (!got && !window_wait(window)) {
			window->ended = true;
			return false;
		}
	}
	return true;
}

bool
window_fill_now(struct window *window, size_t n)
{
	size_t got = 1;

	if (!window->follow || window->ended)
		return window_fill(window, n);
	window_make_room(window, n + WINDOW_BYTES);
	while (window->end < n && got) {
		got = window_read(window, window->size - window->end);
		window->end += got;
	}
	return window->end >= n;
}

bool
window_begin(struct window *window)
{
	window_has(window, UNPACK_MAGIC_BYTES);
	window->coding = unpack_recognise(window_view(window));
	if (window->coding == UNPACK_NONE)
		return true;
	if (!unpack_is_built_in(window->coding))
		return false;
	window->unpack = unpack_new(window->coding, window->fd, window_view(window));
	window->begin = window->end = 0;
	window->ended = false;
	return true;
}

void
window_leave(struct window *window)
{
	uint64_t before = window_read_octets(window);

	window_fini(window);
	window->before = before;
}

void
window_return(struct window *window, int fd)
{
	window->fd = fd;
	window->ended = lseek(fd, (off_t)window->before, SEEK_SET) < 0;
	window->error = window->ended ? errno : 0;
}

bool
window_is_cut(const struct window *window)
{
	return window->unpack && unpack_is_cut(window->unpack);
}

const char *
window_damage(const struct window *window)
{
	return window->unpack ? unpack_damage(window->unpack) : NULL;
}
