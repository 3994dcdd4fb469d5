/*
 * analyzer/history/issued.h - which tags a client was given, its present copies apart
 *
 * A client may ask about a tag that its key was given once and that another one has
 * replaced since.  Only those are kept here: what the key holds now the held entries
 * tell.  Asked by the quality of client keys: a tag that was given to others and never
 * to this key says that the key is only a part of a cache.
 *
 * A 304 gives its tag, too.  Entries are keys and nothing else.
 */
#ifndef ANALYZER_HISTORY_ISSUED_H
#define ANALYZER_HISTORY_ISSUED_H

#include "analyzer/base/table.h"
#include "analyzer/history/held.h"

struct table *issued_new(uint64_t budget_bytes);

/* Call when the held entries have learnt from the answer. */
void issued_learn(struct table *table, const struct shelves *held,
	const struct before *before, const struct exchange *x);

/* Whether the client was ever given this tag. */
bool issued_has(const struct table *table, const struct shelves *held,
	const struct before *before, const struct etag *tag);

#endif
