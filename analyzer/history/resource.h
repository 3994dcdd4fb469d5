/*
 * analyzer/history/resource.h - what servers said of a resource, answer by answer
 *
 * The newest OBSERVATIONS_PER_RESOURCE answers (fewer when memory is short) 200, 203 and
 * 206 to GET, and 200 to HEAD, to whomever.  Field values are copied, OBSERVED_BYTES_MAX
 * of each.
 */
#ifndef ANALYZER_HISTORY_RESOURCE_H
#define ANALYZER_HISTORY_RESOURCE_H

#include "analyzer/base/table.h"
#include "analyzer/history/history.h"

enum {
	OBSERVED_BYTES_MAX = 4096
};

struct table *resource_new(uint64_t budget_bytes);

void resource_observe(
	struct table *table, const struct before *before, const struct exchange *x);

/* The Vary of the newest 200 or 203 to GET; {NULL, 0} if there is none. */
struct slice resource_vary(const struct resource *resource);

#endif
