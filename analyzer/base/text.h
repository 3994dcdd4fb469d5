/*
 * analyzer/base/text.h - what people read: safe strings, numbers with units
 *
 * Nothing that came off the wire reaches a terminal as it was: controls (C0, DEL,
 * C1 in either form), line separators, characters that turn the direction of
 * writing and octets that are not UTF-8 are printed as \xNN, octet by octet.  A
 * backslash is printed as it is: this is for reading, JSON is for turning back.
 *
 * Numbers are written into a `struct text` and returned by value, so that several
 * can stand in one call.
 */
#ifndef ANALYZER_BASE_TEXT_H
#define ANALYZER_BASE_TEXT_H

#include "analyzer/base/out.h"

enum {
	TEXT_BYTES = 48
};

struct text {
	char s[TEXT_BYTES];
};

/* The octets, made safe. */
void text_safe(struct out *out, struct slice octets);

/*
 * The octets, made safe, in at most `columns` columns of a terminal: what is too
 * long loses its middle to an ellipsis.  The number of columns used.
 */
unsigned text_clip(struct out *out, struct slice octets, unsigned columns);

/* Columns that text_safe() of them would take. */
unsigned text_columns(struct slice octets);

struct text text_count(uint64_t number);	    /* 1,234,567 */
struct text text_bytes(uint64_t bytes);		    /* 12.4 GB, decimal units */
struct text text_share(uint64_t num, uint64_t den); /* 5.6 %; n/a */
struct text text_duration(int64_t ns);		    /* 6 h 12 min; 4.2 s; 35 ms */

struct text text_lifetime(int64_t seconds); /* 90 s; 5 min; 30 d; 1 y */

#endif
