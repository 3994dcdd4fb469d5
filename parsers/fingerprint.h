/*
 * parsers/fingerprint.h - does a URL name one content for ever?
 *
 *	app.3f9a1c2b.js   lib-0badcafe   style.css?v=1.2   /a?rev=7
 *
 * The last segment of the path holds 8 to 64 hexadecimal digits, at least one of them a
 * letter and one a figure, behind `.`, `_` or `-` and before one of these or the end; or
 * the query has v, ver, version, rev or hash with a value.  A UUID names a thing, not a
 * content, and so never counts; nor do names that end in .html, .htm or .json, which are
 * pages and data under whatever name.
 *
 * A guess by habit, not by a standard: it may only be used for advice.
 */
#ifndef PARSERS_FINGERPRINT_H
#define PARSERS_FINGERPRINT_H

#include "parsers/slice.h"

bool fingerprint_in_url(struct slice path_query);

/* Where it stands: what is around it is the same for all versions. */
bool fingerprint_find(struct slice path_query, size_t *begin, size_t *end);

/* Names of pages and data, whatever else is in them. */
bool fingerprint_is_page(struct slice path_query);

#endif
