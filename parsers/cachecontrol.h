/*
 * parsers/cachecontrol.h - the directives of Cache-Control
 *
 *	Cache-Control	= #cache-directive			[RFC9111 5.2]
 *	cache-directive	= token [ "=" ( token / quoted-string ) ]
 *	delta-seconds	= 1*DIGIT				[RFC9111 1.2.2]
 *
 * Of a repeated directive the first counts.  Digits in quotes are that number, a
 * number above 2^31 is 2^31, and an argument that is missing or no number is 0:
 * stale at once, which is the safe reading [RFC9111 4.2.1].  max-stale without an
 * argument is any staleness, here 2^31.  no-cache and private with a field list
 * count as the plain directive.  What is not a known name is skipped, so that
 * `no-store; private` says nothing, as to any strict recipient.
 *
 * Extensions: RFC 5861 (stale-while-revalidate, stale-if-error), RFC 8246
 * (immutable).
 */
#ifndef PARSERS_CACHECONTROL_H
#define PARSERS_CACHECONTROL_H

#include "parsers/slice.h"

enum cachecontrol_directive {
	CC_NO_CACHE = 1 << 0,
	CC_NO_STORE = 1 << 1,
	CC_MAX_AGE = 1 << 2,
	CC_S_MAXAGE = 1 << 3,
	CC_PUBLIC = 1 << 4,
	CC_PRIVATE = 1 << 5,
	CC_MUST_REVALIDATE = 1 << 6,
	CC_PROXY_REVALIDATE = 1 << 7,
	CC_NO_TRANSFORM = 1 << 8,
	CC_IMMUTABLE = 1 << 9,
	CC_STALE_WHILE_REVALIDATE = 1 << 10,
	CC_STALE_IF_ERROR = 1 << 11,
	CC_MIN_FRESH = 1 << 12,
	CC_MAX_STALE = 1 << 13,
	CC_ONLY_IF_CACHED = 1 << 14,
	CC_MUST_UNDERSTAND = 1 << 15,
};

#define CACHECONTROL_MAX_S (INT64_C(1) << 31)

enum {
	/* Those with a number. */
	CC_DELTAS = CC_MAX_AGE | CC_S_MAXAGE | CC_STALE_WHILE_REVALIDATE |
		    CC_STALE_IF_ERROR | CC_MIN_FRESH | CC_MAX_STALE
};

struct cachecontrol {
	uint32_t present;  /* of enum cachecontrol_directive, as are the next ones */
	uint32_t repeated; /* there more than once */
	uint32_t invalid;  /* its argument is not a number, or missing */
	uint32_t quoted;   /* its argument is a quoted-string */
	uint32_t argued;   /* it has an argument, be it empty */
	/* There are directives, each of them known and there once, the numbers of at most
	 * nine digits and no other arguments, and only commas between them. */
	bool plain;

	/* 0 unless the directive is present. */
	int64_t max_age_s, s_maxage_s, min_fresh_s, max_stale_s;
	int64_t stale_while_revalidate_s, stale_if_error_s;
};

/* One directive as it was sent. */
struct directive {
	struct slice raw, name; /* the name without white space around it */
	struct slice argument;	/* what follows "="; {NULL, 0} if there is none */
	uint32_t bit;		/* enum cachecontrol_directive; 0 if it is not known */
};

/* Takes the next directive off *rest, for whom the reading above is not enough. */
bool directive_next(struct slice *rest, struct directive *directive);

/* The value's lines are joined with ", ".  An absent value has no directive. */
struct cachecontrol cachecontrol_parse(struct slice value);

#endif
