/*
 * analyzer/history/clients.h - who asked so far, and whether a key is one cache
 *
 * T2 rests on the assumption that a client key is one cache.  Signs that it is not:
 *
 *	via		a request names a proxy in Via
 *	agents		its address had more than AGENTS_SHARED User-Agents in an hour
 *	forwarded	untrusted machines named two senders in its requests
 *	credentials	two values of one cookie, or of Authorization, take turns
 *	tags		it asks again about a tag of a variant in turns with another one
 *			that it was not given in between
 *
 * A cookie takes turns when a value comes back, goes and comes back within an hour, of
 * values that are as long as session identifiers: shorter ones say what is shown.  A
 * key that shows a sign once is shared for good, and so is what was booked on it.
 *
 * Bounded: tables with a byte budget.  What was forgotten is not shared, so the shared
 * part of T2 is a lower bound then.
 */
#ifndef ANALYZER_HISTORY_CLIENTS_H
#define ANALYZER_HISTORY_CLIENTS_H

#include "analyzer/history/client.h"

enum {
	AGENTS_SHARED = 20,
	AGENTS_COUNTED = 64, /* of an address; one that has more has so many */
};

enum client_sign {
	SIGN_VIA,
	SIGN_AGENTS,
	SIGN_FORWARDED,
	SIGN_CREDENTIALS,
	SIGN_TAGS,
	SIGN_COUNT
};

const char *client_sign_name(enum client_sign sign);

struct clients_summary {
	uint64_t keys, shared, cacheless;
	uint64_t by_sign[SIGN_COUNT]; /* keys; one may have several */
	uint64_t t2_shared_octets;
	uint64_t addresses_by_agents[AGENTS_COUNTED + 1]; /* distinct User-Agents */
};

struct clients;

struct clients *clients_new(uint64_t memory_bytes, uint64_t seed);
void clients_free(struct clients **clients);

/*
 * Reads a request for signs; the number of its key, from 1 in the order of their first
 * requests.
 */
uint32_t clients_see(
	struct clients *clients, const struct client *client, const struct exchange *x);

/* The request asks about one tag; `is_last`: the one that the key was given last. */
void clients_see_tag(struct clients *clients, struct key client, struct key variant,
	struct key tag, bool is_last, int64_t now_ns);

/* What the key is booked with, and what it shows of a cache. */
enum client_habit {
	HABIT_NONE,
	HABIT_ASKS,	/* it asked conditionally */
	HABIT_REFETCHES /* it fetched again what a cache would have had */
};
void clients_book(struct clients *clients, struct key client, uint64_t t2_octets,
	enum client_habit habit);

/* As table_expire(). */
void clients_expire(struct clients *clients, uint32_t now_s, uint32_t idle_s);

/* Of keys and addresses. */
uint64_t clients_evictions(const struct clients *clients);

const struct clients_summary *clients_summary(const struct clients *clients);

#endif
