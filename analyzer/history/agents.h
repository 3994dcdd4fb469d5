/*
 * analyzer/history/agents.h - which User-Agents each address has
 *
 * Many within an hour are the sign of a proxy, or of an address translator.  The list
 * of an address is bounded, so it is counted as having AGENTS_COUNTED if it has more.
 */
#ifndef ANALYZER_HISTORY_AGENTS_H
#define ANALYZER_HISTORY_AGENTS_H

#include "analyzer/history/client.h"

struct agents;

/* `by_count` is kept up to date: addresses by their User-Agents. */
struct agents *agents_new(uint64_t memory_bytes, uint64_t seed, uint64_t *by_count);
void agents_free(struct agents **agents);

/* A request; true if its address has more than AGENTS_SHARED of them in an hour. */
bool agents_see(
	struct agents *agents, const struct client *client, const struct exchange *x);

/* As table_expire(). */
void agents_expire(struct agents *agents, uint32_t now_s, uint32_t idle_s);

uint64_t agents_evictions(const struct agents *agents);

#endif
