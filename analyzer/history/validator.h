/*
 * analyzer/history/validator.h - does a validator satisfy a request's condition?
 *
 * If-None-Match decides alone where it has tags, and compares weakly; otherwise
 * If-Modified-Since is satisfied by a date that is not later [RFC9110 13.1.2,
 * 13.1.3].  An ETag field without a value is no tag.
 */
#ifndef ANALYZER_HISTORY_VALIDATOR_H
#define ANALYZER_HISTORY_VALIDATOR_H

#include "analyzer/history/history.h"

/* A GET or HEAD that names representations: those that a 304 may answer. */
bool validator_is_asked(const struct exchange *x);

/* Whether the tags decide, and not the date. */
bool validator_is_asked_by_tag(const struct exchange *x);

/* Whether the response carries a tag, a date of modification. */
bool validator_has_tag(const struct exchange *x);
bool validator_has_date(const struct exchange *x);

enum tag_match {
	TAG_OTHER,
	TAG_BUT_SUFFIX, /* the same but for a coding suffix such as -gzip */
	TAG_SAME,
};

/* How the response's tag compares to the closest of those in If-None-Match. */
enum tag_match validator_match(const struct exchange *x);

/* Whether what the client holds satisfies the request's condition. */
bool validator_of_held_matches(
	const struct exchange *x, struct key resource, const struct held *held);

#endif
