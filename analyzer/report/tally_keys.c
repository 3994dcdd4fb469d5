#include "analyzer/report/tally_keys.h"

#include "analyzer/history/validator.h"

/* What of a body no certain or likely class has taken. */
static uint64_t
unbooked_octets(const struct exchange *x, const struct verdict *verdict)
{
	uint64_t booked = 0, all = exchange_r_wire(x);

	for (unsigned i = 0; i < verdict->waste_count; i++)
		if (verdict->waste[i].part == PART_BODY &&
			verdict->waste[i].tier != TIER_3)
			booked += verdict->waste[i].octets;
	return booked < all ? all - booked : 0;
}

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
	if ((before->perhaps_forgotten || verdict->perhaps_unnamed) &&
		x->method == METHOD_GET &&
		(x->r.status == 200 || x->r.status == 203 || x->r.status == 206))
		keys->forgotten_octets += unbooked_octets(x, verdict);
	keys->hasty_refetches += evidence_is_hasty(x, before, verdict);
	for (unsigned i = 0; i < verdict->waste_count; i++) {
		const struct waste *waste = &verdict->waste[i];

		if (waste->tier == TIER_2)
			keys->t2_octets[evidence_of_waste(
				x, before, waste)] += waste->octets;
	}
}
