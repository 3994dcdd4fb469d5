#include "analyzer/capture/follow.h"

#include "analyzer/capture/stop.h"

#include <poll.h>
#include <sys/stat.h>
#include <time.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

enum {
	LOOK_MS = 200
};

static int64_t
monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int
follow_init(struct follow *follow, int64_t duration_ns)
{
	*follow = (struct follow){.stop_fd = stop_open(), .deadline_ns = INT64_MAX};
	if (duration_ns)
		follow->deadline_ns = monotonic_ns() + duration_ns;
	return follow->stop_fd < 0 ? -1 : 0;
}

void
follow_fini(struct follow *follow)
{
	stop_close(follow->stop_fd);
	follow->stop_fd = -1;
}

/* Waits so long, or to the deadline, or for source_stop(). */
static void
follow_sleep(struct follow *follow, int timeout_ms)
{
	struct pollfd stop = {.fd = follow->stop_fd, .events = POLLIN};
	int64_t left_ms = (follow->deadline_ns - monotonic_ns()) / NS_PER_MS + 1;

	if (left_ms <= 0)
		follow->is_over = true;
	else if (poll(&stop, 1, left_ms < timeout_ms ? (int)left_ms : timeout_ms) > 0)
		follow->is_over = true;
}

bool
follow_is_over(struct follow *follow)
{
	if (!follow->is_over)
		follow_sleep(follow, 0);
	return follow->is_over;
}

/* 1: it has grown, 0: not yet, -1: it never will. */
static int
follow_look(struct follow *follow, int fd, uint64_t octets)
{
	struct stat status;

	if (fstat(fd, &status) || (uint64_t)status.st_size < octets) {
		follow->ended = "the file became shorter while it was followed";
		return -1;
	}
	if ((uint64_t)status.st_size > octets)
		return 1;
	if (status.st_nlink)
		return 0;
	follow->ended = "the file was removed while it was followed";
	return -1;
}

bool
follow_wait(struct follow *follow, int fd, uint64_t octets)
{
	while (!follow_is_over(follow)) {
		int grown = follow_look(follow, fd, octets);

		if (grown)
			return grown > 0;
		follow_sleep(follow, LOOK_MS);
	}
	return false;
}
