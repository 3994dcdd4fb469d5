#include "analyzer/ledger/evidence.h"

#include "analyzer/config.h"

#define HASTY_NS (2 * CONFIG_S_NS)

const char *
evidence_name(enum evidence evidence)
{
	static const char *const names[] = {
		[EVIDENCE_CONNECTION] = "same_connection",
		[EVIDENCE_CREDENTIALS] = "same_credentials",
		[EVIDENCE_ADDRESS] = "address_agent",
	};

	return names[evidence];
}

enum evidence
evidence_of_waste(
	const struct exchange *x, const struct before *before, const struct waste *waste)
{
	bool alone = waste->class == WASTE_IGNORED_MATCH;

	if (alone ||
		(before->has_held && before->held.connection == (uint32_t)x->connection))
		return EVIDENCE_CONNECTION;
	if (before->has_held && before->credentials &&
		before->credentials == before->held.credentials)
		return EVIDENCE_CREDENTIALS;
	return EVIDENCE_ADDRESS;
}

uint64_t
evidence_t2_octets(const struct verdict *verdict)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < verdict->waste_count; i++)
		if (verdict->waste[i].tier == TIER_2)
			sum += verdict->waste[i].octets;
	return sum;
}

/* An unconditional GET of what the client holds and could have kept. */
static bool
is_refetch(const struct exchange *x, const struct before *before,
	const struct verdict *verdict)
{
	const struct held *held = &before->held;

	return x->method == METHOD_GET && x->has_response && !verdict->in_conditional &&
	       before->has_held && held->has_body && held->storable &&
	       (held->status == 200 || held->status == 203) && !x->forced &&
	       !message_has(&x->q, FIELD_RANGE);
}

enum client_habit
evidence_habit(const struct exchange *x, const struct before *before,
	const struct verdict *verdict)
{
	const struct held *held = &before->held;

	if (verdict->in_conditional)
		return HABIT_ASKS;
	if (is_refetch(x, before, verdict) &&
		(before->held_fresh || held->has_etag || held->has_last_modified))
		return HABIT_REFETCHES;
	return HABIT_NONE;
}

bool
evidence_is_hasty(const struct exchange *x, const struct before *before,
	const struct verdict *verdict)
{
	return is_refetch(x, before, verdict) &&
	       x->q.head_end.ts_ns - before->held.delivered_ns < HASTY_NS;
}
