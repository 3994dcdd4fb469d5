/*
 * analyzer/history/server.h - how far a server's clock is from the capture's
 *
 * The skew of a server is the median of (arrival - Date) over its newest answers
 * that no cache touched, those without Age and Via.  It is needed to tell an
 * answer that was old on arrival from a clock that is wrong.  Microseconds, because
 * the nanoseconds of a Date in the year 9999 do not fit 64 bits.
 */
#ifndef ANALYZER_HISTORY_SERVER_H
#define ANALYZER_HISTORY_SERVER_H

#include "analyzer/base/table.h"
#include "analyzer/history/history.h"

enum {
	SKEW_SAMPLES = 15
};

/* A server, in little room. */
uint32_t server_mark(const struct endpoint *server);

struct table *server_new(uint64_t budget_bytes);
void server_learn(struct table *table, uint64_t seed, const struct exchange *x);

/* False if no answer of the server told. */
bool server_skew_us(
	const struct table *table, uint64_t seed, uint32_t server, int64_t *skew_us);

#endif
