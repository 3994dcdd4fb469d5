/*
 * analyzer/history/turns.h - values of one name that take turns
 *
 * A cache, or a jar of cookies, has one value of a name at a time.  That a value is
 * replaced is ordinary; that the one before comes back is a turn.  An hour without a
 * change begins anew.
 */
#ifndef ANALYZER_HISTORY_TURNS_H
#define ANALYZER_HISTORY_TURNS_H

#include "analyzer/base/table.h"

struct table *turns_new(uint64_t budget_bytes);

/* The value is used now: if it is a return, how many there were of late, else 0. */
unsigned turns_take(
	struct table *table, struct key name, struct key value, int64_t now_ns);

/* Whether it was the last that was used. */
bool turns_is_last(const struct table *table, struct key name, struct key value);

#endif
