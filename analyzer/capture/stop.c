#include "analyzer/capture/stop.h"

#include "analyzer/capture/clock.h"
#include "analyzer/capture/source.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
	NOTHING_TO_STOP = -1, /* poll() ignores it */
	IS_STOPPED = -2,
	LAST_WORDS_MS = 500,
};

static volatile sig_atomic_t stop_fd = NOTHING_TO_STOP;

int
stop_open(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	stop_fd = fd;
	return fd;
}

void
stop_close(int fd)
{
	if (stop_fd == fd || stop_fd == IS_STOPPED)
		stop_fd = NOTHING_TO_STOP;
	if (fd >= 0)
		close(fd);
}

void
source_stop(void)
{
	int saved = errno;
	uint64_t one = 1;
	int fd = stop_fd;

	if (fd < 0)
		return;
	stop_fd = IS_STOPPED;
	if (write(fd, &one, sizeof one) < 0)
		errno = saved;
	errno = saved;
}

void
source_resume(void)
{
	if (stop_fd == IS_STOPPED)
		stop_fd = NOTHING_TO_STOP;
}

bool
stop_is_asked(void)
{
	return stop_fd == IS_STOPPED;
}

static int64_t
now_ms(void)
{
	return clock_ns() / 1000000;
}

bool
stop_wait(int fd, int64_t *end_ms, struct idle *idle)
{
	struct pollfd both[] = {{.fd = fd, .events = POLLIN}, {.events = POLLIN}};
	int timeout_ms = idle && idle->tell ? IDLE_LOOK_MS : -1;
	int64_t left_ms;

	/* A signal that comes after the flag was looked at ends the poll. */
	while ((both[1].fd = stop_fd) != IS_STOPPED) {
		int ready = poll(both, 2, timeout_ms);

		if (ready > 0 && both[0].revents)
			return true;
		if (!ready)
			idle_look(idle);
	}
	if (!*end_ms)
		*end_ms = now_ms() + LAST_WORDS_MS;
	left_ms = *end_ms - now_ms();
	return left_ms > 0 && poll(both, 1, (int)left_ms) > 0;
}
