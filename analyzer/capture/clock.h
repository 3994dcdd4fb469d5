/*
 * analyzer/capture/clock.h - how long something takes
 *
 * The monotonic clock, for waiting and for what is shown of progress.  What is analysed
 * has no other time than the capture's.
 */
#ifndef ANALYZER_CAPTURE_CLOCK_H
#define ANALYZER_CAPTURE_CLOCK_H

#include <stdint.h>

int64_t clock_ns(void);

#endif
