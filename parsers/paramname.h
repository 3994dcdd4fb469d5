/*
 * parsers/paramname.h - the names of parameters, wherever NAME=VALUE stands
 *
 * In queries, paths and any text; octets of a name, brackets and "=" may be escaped
 * (escape.h).  An index may follow the name: "token[]", "token[0]", "user[token]".
 *
 * Lifetime: slices point into the text, or into the struct.
 * Cost: linear in the name.
 */
#ifndef PARSERS_PARAMNAME_H
#define PARSERS_PARAMNAME_H

#include "parsers/slice.h"

enum {
	PARAMNAME_BYTES = 64 /* of a name with escapes */
};

/* A name, and what it is without escapes, in `decoded` if it has any. */
struct paramname {
	struct slice plain;
	size_t end;
	bool is_long; /* it has escapes and more octets than are kept */
	uint8_t decoded[PARAMNAME_BYTES];
};

bool paramname_octet(uint8_t c);

/* A name may begin there: nothing of one is before it, but perhaps "%3F". */
bool paramname_may_begin(struct slice text, size_t at);

/* Where a name begins that ends there. */
size_t paramname_begin(struct slice text, size_t end);

/* The name at a place; it may be empty. */
void paramname_read(struct slice text, size_t at, struct paramname *name);

/* Behind the "=" there; before it may be the "]" of "user[token]", and "[]" or "[0]" of
 * "token[]"; 0: none. */
size_t paramname_equals(struct slice text, size_t at);

#endif
