/*
 * parsers/cookie.h - the cookies of a Cookie field
 *
 *	cookie-string = cookie-pair *( ";" SP cookie-pair )	[RFC6265 4.2.1]
 *
 * Read as servers do: blanks around names and values do not count, a pair without
 * "=" is a value without a name.
 *
 * Lifetime: names and values point into the field's value.
 */
#ifndef PARSERS_COOKIE_H
#define PARSERS_COOKIE_H

#include "parsers/slice.h"

/* Takes the next pair off *rest; empty ones are skipped.  False when there is none. */
bool cookie_next(struct slice *rest, struct slice *name, struct slice *value);

#endif
