/*
 * analyzer/ledger/evidence.h - how well it is known that two requests have one cache
 *
 * Most of T2 says "this client had been given that".  That it was the same client is
 * sure on one connection, likely with the same credentials, and else rests on address
 * and User-Agent alone.  Classes that need no earlier delivery have all their evidence
 * in one exchange, and so on one connection.
 */
#ifndef ANALYZER_LEDGER_EVIDENCE_H
#define ANALYZER_LEDGER_EVIDENCE_H

#include "analyzer/ledger/verdict.h"

enum evidence {
	EVIDENCE_CONNECTION,
	EVIDENCE_CREDENTIALS,
	EVIDENCE_ADDRESS,
	EVIDENCE_COUNT
};

const char *evidence_name(enum evidence evidence);

/* Of an entry of T2. */
enum evidence evidence_of_waste(
	const struct exchange *x, const struct before *before, const struct waste *waste);

/* The octets of T2 of a verdict. */
uint64_t evidence_t2_octets(const struct verdict *verdict);

/* What the exchange shows of whether its client has a cache at all. */
enum client_habit evidence_habit(const struct exchange *x, const struct before *before,
	const struct verdict *verdict);

/* Fetched again without a condition, so soon that no cache would have. */
bool evidence_is_hasty(const struct exchange *x, const struct before *before,
	const struct verdict *verdict);

#endif
