/*
 * analyzer/capture/tail.h - the time of a file's last packet, before it is read
 *
 * Which of several files continues which shows where one ends and another begins.  The
 * clock alone does not: it may go back inside a file.  One look at the end of the file,
 * without moving where it is read; nothing is said of what is packed, of pipes, and of
 * files whose end is damaged.
 */
#ifndef ANALYZER_CAPTURE_TAIL_H
#define ANALYZER_CAPTURE_TAIL_H

#include "analyzer/capture/source_file.h"

/* Of a file whose first packet was read; PCAPFILE_TIME_NONE when it is not known. */
int64_t tail_time_ns(const struct source_file *file);

#endif
