/*
 * parsers/list.h - members of a comma-separated list
 *
 *	#element => [ element ] *( OWS "," OWS [ element ] )	[RFC9110 5.6.1.2]
 *
 * A comma within a quoted-string separates nothing, and there a backslash takes
 * the next octet's meaning away.  Entity tags know no such backslash: they have
 * etag_next().  A quoted-string that never ends reaches to the end of the value,
 * so that half a string is never taken for members.
 *
 * Lifetime: elements point into the value.
 * Cost: one pass over the value for all calls together.
 */
#ifndef PARSERS_LIST_H
#define PARSERS_LIST_H

#include "parsers/slice.h"

/*
 * Takes the next element off *rest, trimmed; empty ones are skipped.  False, with
 * *rest empty, when there is none.
 */
bool list_next(struct slice *rest, struct slice *element);

/* `a, , b`, `,` or nothing at all: an element without an octet, not within quotes. */
bool list_has_empty(struct slice list);

#endif
