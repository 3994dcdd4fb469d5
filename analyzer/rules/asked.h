/*
 * analyzer/rules/asked.h - the octets that a Range field asks for  [RFC9110 14.1.2]
 *
 * A set of byte ranges, against a length if that is known.  Ranges beyond the end are
 * cut, those that begin behind it are not satisfiable.  A set with one bad member is
 * no set, as a server has to ignore it.
 */
#ifndef ANALYZER_RULES_ASKED_H
#define ANALYZER_RULES_ASKED_H

#include "parsers/range.h"

enum {
	ASKED_RANGES = 64 /* of more only the number is known */
};

struct asked {
	unsigned count;			       /* members; 0: the field is not valid */
	struct range_spec specs[ASKED_RANGES]; /* as sent */

	/* What `asked_resolve()` adds: first and last octet of each that is satisfiable.
	 */
	unsigned satisfiable;
	uint64_t first[ASKED_RANGES], last[ASKED_RANGES];
};

struct asked asked_read(struct slice range);

/* False if there are more ranges than are kept. */
bool asked_resolve(struct asked *asked, uint64_t length);

/* Octets of the resolved ranges; those that overlap count once. */
uint64_t asked_octets(const struct asked *asked);

/* Ranges as sent that overlap another one. */
unsigned asked_overlapping(const struct asked *asked);

#endif
