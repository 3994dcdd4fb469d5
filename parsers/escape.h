/*
 * parsers/escape.h - octets that may be escaped, once or in a URL in a URL  [RFC3986 2.1]
 *
 *	pct-encoded = "%" HEXDIG HEXDIG
 *
 * In the parameter of a URL another URL is escaped once more: "=" is "%3D" and then
 * "%253D".  So many layers are read as ESCAPE_NESTED says.
 *
 * Cost: constant.
 */
#ifndef PARSERS_ESCAPE_H
#define PARSERS_ESCAPE_H

#include "parsers/slice.h"

enum {
	ESCAPE_NESTED = 3, /* URLs in URLs, each in its parameter */
	ESCAPE_BYTES = 1 + 2 * ESCAPE_NESTED,
};

/* The length of the escape at the beginning, and of what; 0: none is there. */
size_t escape_read(struct slice s, uint8_t *octet);

/* The length of the octet at the beginning, or of an escape of it; 0: another one. */
size_t escape_octet(struct slice s, uint8_t octet);

/* The same of what ends at `end`. */
size_t escape_read_before(struct slice text, size_t end, uint8_t *octet);
size_t escape_octet_before(struct slice text, size_t end, uint8_t octet);

#endif
