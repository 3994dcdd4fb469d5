/*
 * analyzer/history/site.h - from whose page a request comes
 *
 * Browsers keep a cache per top-level site, so what a client got on one site's page it
 * fetches again on another's and is not to blame.  The site is guessed from Referer: the
 * last two labels of its host, or all of it if it is an address.  Public suffixes of two
 * labels make sites of different owners look like one, which excuses less than it might.
 * Sec-Fetch-Site: cross-site says that there is another site, not which.
 */
#ifndef ANALYZER_HISTORY_SITE_H
#define ANALYZER_HISTORY_SITE_H

#include "analyzer/http/exchange.h"

struct site {
	uint32_t name; /* 0: there is no Referer that tells */
	bool cross;    /* the page is of another site than what it asks for */
};

struct site site_of(const struct exchange *x);

/* Whether a browser would look for what the one got in another part of its cache. */
bool site_differs(struct site a, struct site b);

#endif
