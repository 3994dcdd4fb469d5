/*
 * analyzer/capture/merge.h - several files as one capture, in the order of the times
 *
 * The file whose next packet is the oldest goes first; equal times go in the order of the
 * operands.  Where files are parts of one capture the clock may have gone back between
 * them, or inside one: which file goes on where another ends is told by order.h, and a
 * part that has not begun waits for the one that is being read.
 *
 * Ownership: the files are the caller's, who also reads their packets.
 * Cost: a packet takes log n steps for n files.
 */
#ifndef ANALYZER_CAPTURE_MERGE_H
#define ANALYZER_CAPTURE_MERGE_H

#include "analyzer/capture/source_file.h"

/* Files that have a next packet, the one to be read first: a binary heap. */
struct merge {
	struct source_file **heap;
	size_t count;
};

/* For so many files. */
void merge_init(struct merge *merge, size_t room);

/* A file with a next packet, before merge_begin(); in the order of the operands. */
void merge_add(struct merge *merge, struct source_file *file);
void merge_begin(struct merge *merge);

/* The file whose packet is next, or NULL. */
struct source_file *merge_first(const struct merge *merge);

/* The first file has another next packet, or none any more. */
void merge_advance(struct merge *merge);
void merge_end(struct merge *merge);

void merge_fini(struct merge *merge);

#endif
