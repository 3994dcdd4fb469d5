/*
 * analyzer/rules/servers.h - the clocks of servers, and how they end connections
 *
 * A clock is judged by the newest answers of its server, and by those of the other
 * servers: a capture whose own clock is wrong must accuse nobody.
 *
 * Bounded: a table with a byte budget; what was forgotten is undecided.
 */
#ifndef ANALYZER_RULES_SERVERS_H
#define ANALYZER_RULES_SERVERS_H

#include "analyzer/base/key.h"
#include "analyzer/http/exchange.h"

enum {
	CLOCK_SAMPLES = 15, /* of a server, the newest */
	CLOCK_SAMPLES_MIN = 3,
	CLOCK_SKEWED_S = 5, /* it is that much off, or more */
};

/* What the answers of a server tell of its clock, and of its connections. */
struct server {
	unsigned samples; /* at most CLOCK_SAMPLES */
	unsigned next;	  /* where the next one goes */
	unsigned skewed;  /* of these: off by more than CLOCK_SKEWED_S */
	/* To clients that would stay: */
	uint64_t validated, validated_closing; /* 304; of these before a close */
	uint64_t full, full_closing;	       /* 200 */
	uint64_t connections, hidden_closes;   /* those that it ended unannounced */
	bool dated;			       /* an answer had a valid Date */
	int64_t off_s[CLOCK_SAMPLES];	       /* ahead of the capture's clock */
	int64_t date_s[CLOCK_SAMPLES];	       /* as it was sent */
};

struct servers;

struct servers *servers_new(uint64_t memory_bytes);
void servers_free(struct servers **servers);

/* What is known of it then. */
struct server *servers_add(
	struct servers *servers, struct key key, const struct exchange *x);

/* The server says close, or ends the connection right behind the answer. */
bool server_closes(const struct exchange *x);

/* It ends the connection right behind an answer that does not say so, though client and
 * version would stay. */
bool server_hides_close(const struct exchange *x);

/* By how much its clock is ahead, if its answers agree about that; else 0. */
int64_t server_off_s(const struct server *server);

/*
 * Whether it is the server's clock that is wrong and not the capture's: by the other
 * servers, or, where these are too few, because it is off by a minute and more.
 */
bool servers_are_skewed(const struct servers *servers, struct key server);

uint64_t servers_evictions(const struct servers *servers);

#endif
