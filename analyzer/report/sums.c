#include "analyzer/report/sums.h"

#include "analyzer/history/validator.h"

uint64_t
sums_octets_of(const struct exchange *x)
{
	return x->q.head_bytes + x->q.content_bytes + x->q.framing_bytes +
	       exchange_r_head(x) + exchange_r_wire(x) + x->stray_bytes;
}

void
sums_add(struct sums *sums, const struct exchange *x, const struct before *before,
	const struct verdict *v)
{
	sums->exchanges++;
	sums->octets += sums_octets_of(x);
	if (v->in_conditional) {
		sums->conditional++;
		sums->validated += v->outcome == OUTCOME_VALIDATED;
		sums->missed += v->outcome == OUTCOME_MISSED_MATCH ||
				v->outcome == OUTCOME_MISSED_CHURN;
	}
	if (x->method == METHOD_GET && v->had_validator) {
		sums->uptake.den++;
		sums->uptake.num += v->in_conditional;
	}
	if (v->in_conditional && validator_is_asked_by_tag(x)) {
		sums->echo.den++;
		sums->echo.num += before->asks_known;
	}
	sums->saved += v->saving.octets;
	if (x->has_response && x->wait_ns >= 0)
		histogram_add(&sums->waits, (uint64_t)x->wait_ns / 1000);
}

void
sums_add_waste(struct sums *sums, const struct waste *waste, unsigned count)
{
	while (count--)
		sums->waste[waste[count].tier] += waste[count].octets;
}

void
sums_count(struct sums *sums, const struct sums *other)
{
	sums->exchanges += other->exchanges;
	sums->octets += other->octets;
	sums->conditional += other->conditional;
	sums->validated += other->validated;
	sums->missed += other->missed;
	sums->uptake.num += other->uptake.num;
	sums->uptake.den += other->uptake.den;
	sums->echo.num += other->echo.num;
	sums->echo.den += other->echo.den;
	sums->saved += other->saved;
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		sums->waste[tier] += other->waste[tier];
	histogram_merge(&sums->waits, &other->waits);
}

void
sums_merge(struct sums *sums, struct sums *other)
{
	sums_count(sums, other);
	sums_fini(other);
}

void
sums_fini(struct sums *sums)
{
	histogram_fini(&sums->waits);
	*sums = (struct sums){0};
}

uint64_t
sums_wasted(const struct sums *sums)
{
	return sums->waste[TIER_1] + sums->waste[TIER_2];
}

struct rate
sums_hit(const struct sums *sums)
{
	return (struct rate){sums->validated, sums->conditional};
}

struct rate
sums_recall(const struct sums *sums)
{
	return (struct rate){sums->validated, sums->validated + sums->missed};
}
