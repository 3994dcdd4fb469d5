/*
 * analyzer/capture/stop.h - what source_stop() signals
 *
 * A descriptor and not a flag: it ends a poll() that begins just after the signal,
 * and a flag does not.
 */
#ifndef ANALYZER_CAPTURE_STOP_H
#define ANALYZER_CAPTURE_STOP_H

/* Readable after source_stop(); -1 with errno.  There is one at a time. */
int stop_open(void);
void stop_close(int fd);

#endif
