/*
 * analyzer/http/pair.h - which request an answer belongs to
 *
 * From an anchor on, answers come in the order of the requests.  After a hole where
 * messages may have been, order proves nothing; then the acknowledgements decide.  A
 * client that does not pipeline sends a request when it has read the answers before it,
 * so the answer that starts at offset s belongs to the last request sent by one who had
 * acknowledged no more than s; earlier ones were answered in the hole.  Several requests
 * sent at once cannot be told apart that way: then a 304 whose tag just one of them named
 * belongs to that one, and otherwise no pair is made, because a pair is never wrong.  The
 * next request that finds nothing outstanding is an anchor again.
 */
#ifndef ANALYZER_HTTP_PAIR_H
#define ANALYZER_HTTP_PAIR_H

#include "analyzer/http/reader.h"

/*
 * The request of the answer whose head `r` has just read, taken out of those that wait;
 * requests before it are given up.  NULL: it cannot be known.
 */
struct exchange *pair_find(
	struct conn *c, const struct reader *r, struct slice head, enum head_state state);

#endif
