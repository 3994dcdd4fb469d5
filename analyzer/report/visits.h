/*
 * analyzer/report/visits.h - what clients fetch in one go, and the worst of it
 *
 * A visit is a run of exchanges of one client key without a pause of VISIT_PAUSE_NS, as
 * long as there is room for them: a page with all that belongs to it, or what a robot
 * gathers.  The worst is the one that wasted most (T1 and T2, else T3); of equal ones the
 * first.  Waste that is learnt later is not in it.
 *
 * Bounded: the visits under way lie in a table with a budget, in which the client that
 * was silent longest is forgotten first; the worst one is a copy that goes on growing.
 * Cost: a look-up an exchange.  Only the HTML report asks for it.
 */
#ifndef ANALYZER_REPORT_VISITS_H
#define ANALYZER_REPORT_VISITS_H

#include "analyzer/config.h"
#include "analyzer/history/client.h"
#include "analyzer/ledger/verdict.h"

#define VISIT_PAUSE_NS (2 * CONFIG_S_NS)

enum {
	VISIT_EXCHANGES = 40,
	VISIT_TARGET_BYTES = 80, /* what is longer is cut */
	VISIT_CLIENT_BYTES = 120,
};

struct visit_exchange {
	int64_t begin_ns, answer_ns, end_ns; /* first octets, last one; -1: none */
	uint64_t connection;
	uint64_t octets, wasted, avoidable; /* all; T1 + T2; T3 */
	enum outcome outcome;
	uint16_t status; /* 0: unanswered */
	unsigned n;
	char target[VISIT_TARGET_BYTES]; /* method, host and path, as sent */
};

struct visit {
	uint64_t number; /* from 1; 0: there is none */
	int64_t last_ns;
	uint64_t wasted, avoidable, octets;
	unsigned client_n, count;
	bool more; /* it went on, for which there was no room */
	char client[VISIT_CLIENT_BYTES];
	struct visit_exchange exchanges[VISIT_EXCHANGES]; /* as they ended */
};

struct visits;

struct visits *visits_new(uint64_t memory_bytes, const struct client_rule *client);
void visits_free(struct visits **visits);

/* An exchange with a request, in the order of the ends. */
void visits_add(struct visits *visits, const struct exchange *x,
	const struct before *before, const struct verdict *verdict);

/* Its number is 0 if nothing was wasted. */
const struct visit *visits_worst(const struct visits *visits);

#endif
