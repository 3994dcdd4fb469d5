#include "analyzer/capture/follow.h"

#include "analyzer/capture/clock.h"
#include "analyzer/config.h"

#include <poll.h>

#define NS_PER_MS INT64_C(1000000)

enum {
	LOOK_MS = 200,
	LAST_BUFFER_MS = 200, /* to a file that is to be left */
	LAST_RECORD_MS = 1000,
};

void
follow_init(struct follow *follow, struct ring *ring, int stop_fd, int64_t duration_ns)
{
	*follow = (struct follow){
		.stop_fd = stop_fd, .deadline_ns = INT64_MAX, .ring = ring};
	if (duration_ns)
		follow->deadline_ns = clock_ns() + duration_ns;
}

void
follow_fini(struct follow *follow)
{
	ring_close(&follow->ring);
}

void
follow_begin(struct follow *follow, int fd)
{
	struct stat status = {0};

	follow->ended = NULL;
	follow->is_rewritten = follow->was_newest = follow->is_left = false;
	fstat(fd, &status);
	edition_begin(&follow->edition, &status, fd);
}

/* Waits so long, or to the deadline, or for source_stop(). */
static void
follow_sleep(struct follow *follow, int timeout_ms)
{
	struct pollfd stop = {.fd = follow->stop_fd, .events = POLLIN};
	int64_t left_ms = (follow->deadline_ns - clock_ns()) / NS_PER_MS + 1;

	if (left_ms <= 0)
		follow->is_over = true;
	else if (poll(&stop, 1, left_ms < timeout_ms ? (int)left_ms : timeout_ms) > 0)
		follow->is_over = true;
}

/* There is nothing to do for a while. */
static void
follow_rest(struct follow *follow)
{
	idle_look(follow->idle);
	follow_sleep(follow, LOOK_MS);
}

bool
follow_is_over(struct follow *follow)
{
	if (!follow->is_over)
		follow_sleep(follow, 0);
	return follow->is_over;
}

static bool
follow_look_at_ring(struct follow *follow)
{
	follow->looked_ns = clock_ns();
	return ring_look(follow->ring);
}

static void
follow_rewritten(struct follow *follow, const char *ended)
{
	follow->ended = ended;
	follow->is_rewritten = true;
}

/* 1: it has grown, 0: not yet, -1: it never will. */
static int
follow_look(struct follow *follow, int fd, uint64_t octets)
{
	struct stat status = {0};

	if (fstat(fd, &status) || !edition_goes_on(&follow->edition, fd)) {
		follow_rewritten(
			follow, "the file was overwritten while it was followed");
		return -1;
	}
	edition_look(&follow->edition, &status);
	if ((uint64_t)status.st_size < octets) {
		follow_rewritten(follow, "the file became shorter while it was followed");
		return -1;
	}
	return (uint64_t)status.st_size > octets;
}

/* All of it was read, and there will be no more. */
static void
follow_note_end(struct follow *follow, int fd)
{
	struct stat status = {0};

	if (ring_has_same(follow->ring))
		follow_rewritten(follow, "the file was replaced while it was followed");
	else if (!ring_has_waiting(follow->ring) && fstat(fd, &status) == 0 &&
		 !status.st_nlink)
		follow->ended = "the file was removed while it was followed";
}

/* How long more is waited for while a later file waits; who was overtaken long before
 * has no writer. */
static int
follow_patience_ms(const struct follow *follow, bool is_inside)
{
	if (is_inside)
		return LAST_RECORD_MS;
	return follow->was_newest ? LAST_BUFFER_MS : 0;
}

bool
follow_wait(struct follow *follow, int fd, uint64_t octets, bool is_inside)
{
	int waited_ms = 0;

	while (!follow_is_over(follow)) {
		bool is_newest = !ring_has_waiting(follow->ring);
		int grown = follow_look(follow, fd, octets);

		if (grown)
			return grown > 0;
		follow->was_newest |= is_newest;
		follow->is_left = !is_newest &&
				  waited_ms >= follow_patience_ms(follow, is_inside);
		if (follow->is_left)
			break;
		/* What was written before the next file began is still to be read. */
		if (is_newest && follow_look_at_ring(follow))
			continue;
		follow_rest(follow);
		waited_ms += is_newest ? 0 : LOOK_MS;
	}
	follow_note_end(follow, fd);
	follow->is_left &= !follow->ended;
	return false;
}

bool
follow_has_read(struct follow *follow, int fd)
{
	if (!edition_goes_on(&follow->edition, fd)) {
		follow_rewritten(follow, "the file was overwritten while it was read");
		return false;
	}
	/* Who is late holds the files that wait. */
	if (clock_ns() - follow->looked_ns > CONFIG_S_NS)
		follow_look_at_ring(follow);
	return true;
}

bool
follow_wait_next(struct follow *follow)
{
	while (!ring_has_waiting(follow->ring)) {
		if (follow_is_over(follow))
			return false;
		if (follow_look_at_ring(follow))
			break;
		if (!follow->is_folder && !follow->goes_on)
			return false;
		follow_rest(follow);
	}
	return !follow_is_over(follow);
}
