#include "analyzer/report/tally_keys.h"

#include "analyzer/history/validator.h"

void
tally_keys_add(struct tally_keys *keys, const struct exchange *x,
	const struct before *before, const struct verdict *verdict)
{
	if (verdict->in_conditional && validator_is_asked_by_tag(x)) {
		keys->unknown.den++;
		keys->unknown.num += !before->asks_known;
		keys->foreign.den += before->asks_known;
		keys->foreign.num += before->asks_known && !before->asks_own;
	}
	keys->hasty_refetches += evidence_is_hasty(x, before, verdict);
	for (unsigned i = 0; i < verdict->waste_count; i++) {
		const struct waste *waste = &verdict->waste[i];

		if (waste->tier == TIER_2)
			keys->t2_octets[evidence_of_waste(
				x, before, waste)] += waste->octets;
	}
}
