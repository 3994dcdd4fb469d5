/*
 * parsers/vary.h - the request fields that chose a representation
 *
 *	Vary = #( "*" / field-name )	[RFC9110 12.5.5]
 *
 * Members come as sent, also those that are no token: a name in quotes is not the
 * name.  One `*` among others is as good as `*` alone: nothing matches.
 */
#ifndef PARSERS_VARY_H
#define PARSERS_VARY_H

#include "parsers/slice.h"

/* Takes the next member off *rest, trimmed; see list_next(). */
bool vary_next(struct slice *rest, struct slice *name);

/* Names compare without case.  `*` is not every name here. */
bool vary_has(struct slice value, struct slice name);

bool vary_is_star(struct slice value);

#endif
