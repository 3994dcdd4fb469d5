/*
 * analyzer/rules/recent.h - the newest answers of a resource, as sets
 *
 * Rules that look for a difference among answers look at the newest ones: what does not
 * show there costs more to find than it tells.  A set of them is a string of bits, the
 * newest lowest; sets are made of glances, and only what is in one is read as a whole.
 *
 * Cost: a few operations for each of RECENT_MAX; once for an exchange if view->memo is
 * there.
 */
#ifndef ANALYZER_RULES_RECENT_H
#define ANALYZER_RULES_RECENT_H

#include "analyzer/history/history.h"
#include "analyzer/rules/rule.h"

enum {
	RECENT_MAX = 16
};

/* How many of the resource's observations these are. */
static inline unsigned
recent_count(const struct view *view)
{
	unsigned count = view->resource ? view->resource->observation_count : 0;

	return count < RECENT_MAX ? count : RECENT_MAX;
}

/* All of them. */
unsigned recent_all(const struct view *view);

/* With the same octets, not none; with others.  Of bodies that were seen whole. */
unsigned recent_same_body(const struct view *view);
unsigned recent_other_octets(const struct view *view);

/* With the ETag of the answer, but for W/; with its Last-Modified. */
unsigned recent_same_tag(const struct view *view);
unsigned recent_same_date(const struct view *view);

/* Sent to the same client. */
unsigned recent_same_client(const struct view *view);

/* enum likeness: what of it is so. */
unsigned recent_likeness(const struct view *view);

/* Takes the newest of a set off it; NULL if there is none. */
const struct observation *recent_next(const struct view *view, unsigned *set);

/* They will be looked through: what is read then is fetched meanwhile. */
void recent_expect(const struct view *view);

#endif
