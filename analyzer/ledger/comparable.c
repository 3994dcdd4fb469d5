#include "analyzer/ledger/comparable.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "parsers/mediatype.h"

enum {
	DELIVERY_SHARE = 30, /* of the memory, in percent */
	REFERENCE_SHARE = 40,
	VISIT_SHARE = 30,
	S_PER_H = 3600,
	LIGHTHOUSE_LONG_S = 30 * 86400, /* as good as for ever */
};

/* Repeat visits that find an answer of a lifetime in their cache: above this it is
 * good enough. */
static const double lighthouse_enough = 0.925;

/* When a body was first delivered. */
struct delivery {
	int64_t first_ns;
};

struct reference {
	uint64_t client;
	struct sighting seen;
};

struct visit {
	bool counted;
};

struct comparable {
	uint64_t seed;
	struct table *deliveries; /* by digest */
	struct table *references; /* by resource */
	struct table *visits;	  /* by client and resource */
	struct comparable_numbers numbers;
};

struct comparable *
comparable_new(uint64_t memory_bytes, uint64_t seed)
{
	struct comparable *comparable = mem_alloc(sizeof *comparable);
	uint64_t percent = memory_bytes / 100;

	comparable->seed = seed;
	comparable->deliveries = table_new_rough(
		sizeof(struct delivery), DELIVERY_SHARE * percent, NULL);
	comparable->references = table_new_rough(
		sizeof(struct reference), REFERENCE_SHARE * percent, NULL);
	comparable->visits = table_new_rough(
		sizeof(struct visit), VISIT_SHARE * percent, NULL);
	return comparable;
}

void
comparable_free(struct comparable **comparable)
{
	struct comparable *c = *comparable;

	if (!c)
		return;
	table_free(&c->deliveries);
	table_free(&c->references);
	table_free(&c->visits);
	mem_free(c);
	*comparable = NULL;
}

/* ---- Lighthouse ---- */

/* Probability that the entry is still there and fresh when a visitor comes back. */
static double
lighthouse_hit_probability(double hours)
{
	static const struct {
		double hours, probability;
	} points[] = {{0, 0}, {0.2, .1}, {1, .2}, {3, .3}, {8, .4}, {12, .5}, {24, .6},
		{48, .7}, {72, .8}, {168, .9}, {8760, 1}};
	size_t i = 1;

	while (hours > points[i].hours && i + 1 < sizeof points / sizeof *points)
		i++;
	if (hours >= points[i].hours)
		return points[i].probability;
	return points[i - 1].probability +
	       (points[i].probability - points[i - 1].probability) *
		       (hours - points[i - 1].hours) /
		       (points[i].hours - points[i - 1].hours);
}

double
comparable_lighthouse_share(const struct exchange *x)
{
	const uint32_t skipped = CC_MUST_REVALIDATE | CC_NO_CACHE | CC_NO_STORE |
				 CC_PRIVATE;
	bool is_explicit = x->freshness.kind == FRESHNESS_EXPLICIT;
	int64_t lifetime_s = is_explicit ? x->freshness.lifetime_s : 0;
	double probability;

	if (x->r_cc.present & skipped || lifetime_s >= LIGHTHOUSE_LONG_S ||
		(is_explicit && lifetime_s == 0))
		return 0;
	probability = lighthouse_hit_probability((double)lifetime_s / S_PER_H);
	return probability > lighthouse_enough ? 0 : 1 - probability;
}

static void
add_lighthouse(
	struct comparable *c, const struct before *before, const struct exchange *x)
{
	struct visit *visit;

	if (!mediatype_is_static(message_value(&x->r, FIELD_CONTENT_TYPE)))
		return;
	visit = table_put(c->visits, before->pair);
	if (visit->counted)
		return;
	visit->counted = true;
	c->numbers.lighthouse_octets += comparable_lighthouse_share(x) *
					(double)(exchange_r_head(x) + exchange_r_wire(x));
}

/* ---- redundant payload ---- */

/* Whether anybody had been given the body before the request; notes that it is now. */
static bool
was_delivered(struct comparable *c, const struct exchange *x)
{
	struct key key = key_add_number(key_start(c->seed), x->r.digest.high);
	bool may_keep = !((x->q_cc.present | x->r_cc.present) & CC_NO_STORE);
	struct delivery *delivery;
	bool before;

	key = key_add_number(key, x->r.digest.low);
	delivery = table_use(c->deliveries, key);
	before = delivery && delivery->first_ns <= x->q.head_end.ts_ns;
	if (!delivery && may_keep) {
		delivery = table_put(c->deliveries, key);
		delivery->first_ns = x->r.last.ts_ns;
	}
	if (may_keep && x->r.last.ts_ns < delivery->first_ns)
		delivery->first_ns = x->r.last.ts_ns;
	return before;
}

static void
add_payload(struct comparable *c, const struct exchange *x, const struct verdict *verdict)
{
	uint64_t octets = x->r.content_bytes;

	c->numbers.payload_octets += octets;
	if (verdict->redundant)
		c->numbers.redundant_octets += octets;
	if (octets && x->r.has_digest && !x->tentative && was_delivered(c, x))
		c->numbers.redundant_anywhere_octets += octets;
}

/* ---- references ---- */

static bool
add_reference(
	struct comparable *c, const struct before *before, const struct sighting *seen)
{
	struct reference *last = table_use(c->references, before->resource);
	enum truth same = TRUTH_UNKNOWN;
	bool other_client = last && last->client != before->client.low;

	if (last)
		same = sighting_same(&last->seen, seen);
	else
		last = table_put(c->references, before->resource);
	last->client = before->client.low;
	last->seen = *seen;
	c->numbers.rereferences += same != TRUTH_UNKNOWN;
	c->numbers.modified += same == TRUTH_FALSE;
	return other_client && same == TRUTH_FALSE;
}

bool
comparable_add(struct comparable *comparable, const struct before *before,
	const struct exchange *x, const struct verdict *verdict,
	const struct sighting *seen)
{
	uint16_t status = x->r.status;
	bool is_full = status == 200 || status == 203;

	if (x->r.complete && (is_full || status == 206))
		add_lighthouse(comparable, before, x);
	if (x->r.complete && is_full)
		add_payload(comparable, x, verdict);
	return (x->r.complete && is_full) || verdict->outcome == OUTCOME_VALIDATED
		       ? add_reference(comparable, before, seen)
		       : false;
}

const struct comparable_numbers *
comparable_numbers(const struct comparable *comparable)
{
	return &comparable->numbers;
}

void
comparable_restore(
	struct comparable *comparable, const struct comparable_numbers *numbers)
{
	comparable->numbers = *numbers;
}

uint64_t
comparable_evictions(const struct comparable *comparable)
{
	return table_evictions(comparable->deliveries) +
	       table_evictions(comparable->references) +
	       table_evictions(comparable->visits);
}
