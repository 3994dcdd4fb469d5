/*
 * analyzer/capture/stop.h - what source_stop() signals
 *
 * A descriptor and not a flag: it ends a poll() that begins just after the signal,
 * and a flag does not.
 */
#ifndef ANALYZER_CAPTURE_STOP_H
#define ANALYZER_CAPTURE_STOP_H

#include "analyzer/capture/idle.h"

/* Readable after source_stop(); -1 with errno.  There is one at a time. */
int stop_open(void);
void stop_close(int fd);

/* Whether source_stop() was called since stop_open(). */
bool stop_is_asked(void);

/*
 * Waits until there is something to read.  False: it was stopped.  A writer at the other
 * end of a pipe that got the same signal has still a moment for what it had buffered.
 * `*end_ms` is 0 at first, and the caller's to keep.  `idle` may be NULL.
 */
bool stop_wait(int fd, int64_t *end_ms, struct idle *idle);

#endif
