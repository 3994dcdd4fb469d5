/*
 * parsers/structured.h - structured fields, as in Cache-Status and CDN-Cache-Control
 *
 *	sf-list	      = list-member *( OWS "," OWS list-member )	[RFC9651 3.1]
 *	sf-dictionary = dict-member *( OWS "," OWS dict-member )	[RFC9651 3.2]
 *	parameters    = *( ";" *SP param-key [ "=" bare-item ] )	[RFC9651 3.1.2]
 *	bare-item     = integer / decimal / string / token / binary / boolean / date /
 *			display string					[RFC9651 3.3]
 *
 * One flaw spoils the whole field, as RFC 9651 4.2 wants it.  An inner list is read
 * over: nobody here looks inside.
 *
 * Lifetime: slices point into the value.  Cost: linear, no allocation.
 */
#ifndef PARSERS_STRUCTURED_H
#define PARSERS_STRUCTURED_H

#include "parsers/slice.h"

enum structured_type {
	STRUCTURED_INTEGER,
	STRUCTURED_DECIMAL,
	STRUCTURED_STRING,
	STRUCTURED_TOKEN,
	STRUCTURED_BINARY,
	STRUCTURED_BOOLEAN,
	STRUCTURED_DATE,
	STRUCTURED_DISPLAY,
	STRUCTURED_INNER_LIST,
};

struct structured {
	enum structured_type type;
	struct slice text; /* as written, quotes and marks included */
	int64_t integer;   /* of an integer or a date */
	bool is_true;	   /* of a boolean */
};

enum structured_next {
	STRUCTURED_NEXT, /* there was one more */
	STRUCTURED_END,
	STRUCTURED_BAD, /* the value is no such field */
};

/* A member of a list; its parameters stand at the beginning of *rest then. */
enum structured_next structured_member(
	struct slice *rest, bool first, struct structured *item);

/* A member of a dictionary; one without a value is true. */
enum structured_next structured_entry(
	struct slice *rest, bool first, struct slice *key, struct structured *item);

/* A parameter; one without a value is true. */
enum structured_next structured_parameter(
	struct slice *rest, struct slice *key, struct structured *item);

#endif
