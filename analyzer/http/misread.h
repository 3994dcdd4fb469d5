/*
 * analyzer/http/misread.h - text that stands where a message should begin, and is none
 *
 * Private to http/.  At the certain start of a message there may be a line that bends
 * the grammar so much that nobody can say what it means.  Its first octets are kept: the
 * exchange that lacks the message for it, an answer without a request or a request
 * without an answer, gets them.
 */
#ifndef ANALYZER_HTTP_MISREAD_H
#define ANALYZER_HTTP_MISREAD_H

#include "analyzer/http/reader.h"

struct misread {
	uint64_t begin; /* its offset */
	uint8_t bytes;
	uint8_t octets[MESSAGE_LINE_BYTES];
};

/* At an offset where a message should begin stands something else, `s`. */
void misread_begin(struct conn *c, unsigned direction, uint64_t offset, struct slice s);

/* Octets that begin no message: those that go on where it ends are taken. */
void misread_add(struct reader *r, uint64_t offset, struct slice s);

/* Its first line goes to the exchange. */
void misread_give(struct reader *r, struct exchange *x);

/* A message came after all. */
void misread_forget(struct reader *r);

#endif
