/*
 * analyzer/capture/follow.h - waiting for a file to grow, and for the next one
 *
 * The end of a followed file is no end: more is waited for, until source_stop(), a
 * deadline, until a later file of its ring has come, or one of its own name, or until its
 * octets are others than were read.  Then that name is waited for.  A file is left for a
 * later one a moment after its end was read, since its writer may have a last buffer, and
 * not inside of a record unless that stays cut; its rest may still come.  The file is
 * asked five times a second, which costs nothing and works on every file system;
 * notifications do not.
 */
#ifndef ANALYZER_CAPTURE_FOLLOW_H
#define ANALYZER_CAPTURE_FOLLOW_H

#include "analyzer/capture/idle.h"
#include "analyzer/capture/ring.h"

struct follow {
	int stop_fd;
	int64_t deadline_ns; /* of the monotonic clock; INT64_MAX: none */
	int64_t looked_ns;   /* when the ring was looked at */
	struct ring *ring;
	bool is_folder; /* there may always be another file */
	bool is_many;	/* several files were there at the beginning */
	bool goes_on;	/* the file is not the first that could be read */
	/* Of the file that is being read: */
	struct edition edition;
	const char *ended; /* why it will not grow any more, or NULL */
	bool is_rewritten; /* its name stands for something else now */
	bool was_newest;
	bool is_left; /* for a later one: more of it may come */
	bool is_over;
	struct idle *idle; /* or NULL */
};

/* `duration_ns` 0: until stopped.  Takes the ring; `stop_fd` is stop_open()'s. */
void follow_init(
	struct follow *follow, struct ring *ring, int stop_fd, int64_t duration_ns);
void follow_fini(struct follow *follow);

/* The next file is read from now on. */
void follow_begin(struct follow *follow, int fd);

/* Whether it was stopped or its time is over. */
bool follow_is_over(struct follow *follow);

/* All `octets` of the file were read: true when there are more, false at the end. */
bool follow_wait(struct follow *follow, int fd, uint64_t octets, bool is_inside);

/* Octets were read: false if they are not those of the file that was begun. */
bool follow_has_read(struct follow *follow, int fd);

/* The file is over: true when another one waits, false when none will, which after one
 * that could be read is at the end of all. */
bool follow_wait_next(struct follow *follow);

#endif
