/*
 * analyzer/capture/follow.h - waiting for a file to grow
 *
 * The end of a followed file is no end: more is waited for, until source_stop(), a
 * deadline, or until nobody can write to it any more, because its last name was
 * removed or its octets were.  The file is asked five times a second, which costs
 * nothing and works on every file system; notifications do not.
 */
#ifndef ANALYZER_CAPTURE_FOLLOW_H
#define ANALYZER_CAPTURE_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

struct follow {
	int stop_fd;
	int64_t deadline_ns; /* of the monotonic clock; INT64_MAX: none */
	const char *ended;   /* why it will not grow any more, or NULL */
	bool is_over;
};

/* `duration_ns` 0: until stopped.  -1 with errno. */
int follow_init(struct follow *follow, int64_t duration_ns);
void follow_fini(struct follow *follow);

/* Whether it was stopped or its time is over. */
bool follow_is_over(struct follow *follow);

/* All `octets` of the file were read: true when there are more, false at the end. */
bool follow_wait(struct follow *follow, int fd, uint64_t octets);

#endif
