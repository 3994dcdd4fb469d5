/*
 * analyzer/capture/order.h - which of several files goes on where another ends
 *
 * Of files that are one capture the next begins where one ends.  Where the clock goes
 * back inside a file, only that shows what is earlier; where it does not, nothing is
 * held back that the times would not.  The closest links are made first.
 *
 * Where the clock went back between two files their times overlap, as those of captures
 * that ran side by side do.  Only names tell them apart (series.h); without such names a
 * step of more than CONFIG_STEP_NS is taken for captures side by side.
 *
 * Cost: each file is compared with each, and its end is read once.
 */
#ifndef ANALYZER_CAPTURE_ORDER_H
#define ANALYZER_CAPTURE_ORDER_H

#include "analyzer/capture/source_file.h"

/* Of files that have a next packet: sets `continues` and `continued_by`. */
void order_find(struct source_file *const *files, size_t count);

#endif
