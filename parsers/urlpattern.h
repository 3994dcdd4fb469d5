/*
 * parsers/urlpattern.h - the pattern that many URLs of one kind share
 *
 * A path and query with what counts, hashes and identifies replaced by `*`:
 *
 *	/photo-2-of-17.jpg				/photo-*-of-*.jpg
 *	/static/app.3f9a01bc.js?v=12			/static/app.*.js?v=*
 *	/u=1b4e28ba-2fa1-11d2-883f-0016d3cca427		/u=*
 *
 * A run of letters and digits is replaced as a whole if it is a number, or looks
 * like a hash: eight or more hexadecimal digits of both kinds, twenty or more
 * letters with a digit among them, or eight or more in which letters and digits
 * take turns.  In any other run only the digits are.  A UUID is one `*`.  Kept as
 * they are: octets written as %XX, and the extension of the last segment (.mp3,
 * .woff2), because it tells what the thing is.
 *
 * There is no right answer here, only a useful one: two kinds of thing may share a
 * pattern, and a base64 token may stay in one.  The count of patterns is the
 * caller's to bound.
 *
 * Cost: one pass, no allocation.
 */
#ifndef PARSERS_URLPATTERN_H
#define PARSERS_URLPATTERN_H

#include "parsers/slice.h"

enum {
	URLPATTERN_BYTES = 256 /* room enough for most */
};

/*
 * Writes the pattern into `out`, at most `room` octets, and says how many.  One that
 * does not fit is cut and ends in `*`.  No terminator.
 */
size_t urlpattern(struct slice path_query, uint8_t *out, size_t room);

#endif
