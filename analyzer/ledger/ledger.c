#include "analyzer/ledger/judging.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/history/validator.h"

enum {
	TICKETS_PER_NAME = 4096, /* of a popular resource whose body never comes */
	CACHE_BUSTER_BEFORE_S = 946771200, /* 2000-01-02 */
};

/* Savings that wait for the length of what a validator names. */
struct pending {
	unsigned count, room;
	uint64_t *tickets;
};

struct ledger {
	uint64_t last_ticket;
	struct table *pending; /* by the validator's name */
};

static void
pending_drop(void *entry)
{
	mem_free(((struct pending *)entry)->tickets);
}

struct ledger *
ledger_new(uint64_t memory_bytes)
{
	struct ledger *ledger = mem_alloc(sizeof *ledger);

	ledger->pending = table_new(sizeof(struct pending), memory_bytes, pending_drop);
	return ledger;
}

void
ledger_free(struct ledger **ledger)
{
	if (!*ledger)
		return;
	table_free(&(*ledger)->pending);
	mem_free(*ledger);
	*ledger = NULL;
}

uint64_t
ledger_evictions(const struct ledger *ledger)
{
	return table_evictions(ledger->pending);
}

/* A condition that is there so that nothing satisfies it. */
static bool
is_cache_buster(const struct exchange *x)
{
	struct slice rest = x->inm;
	struct etag tag;

	if (x->cond == COND_IMS)
		return x->ims.unix_s < CACHE_BUSTER_BEFORE_S;
	while (validator_is_asked_by_tag(x) && etag_next(&rest, &tag)) {
		if (tag.opaque.n == 0)
			return true;
		for (size_t i = 0; i + 8 <= tag.opaque.n; i++)
			if (slice_eq_nocase(
				    slice_part(tag.opaque, i, i + 8), SLICE("no-cache")))
				return true;
	}
	return false;
}

/* Directives of the request that the client's copy cannot meet. */
static bool
is_beyond_held(const struct exchange *x, const struct before *before)
{
	const struct cachecontrol *cc = &x->q_cc;
	int64_t age_s = before->held_age_ns / 1000000000;

	if (!before->has_held)
		return false;
	if (cc->present & CC_MAX_AGE && cc->max_age_s <= age_s)
		return true;
	return cc->present & CC_MIN_FRESH &&
	       before->held.freshness.lifetime_s - age_s < cc->min_fresh_s;
}

static enum truth
same_as_held(const struct judging *j)
{
	const struct held *held = &j->before->held;
	struct represented own = represented_by(held);

	if (!j->is_get || !j->before->has_held || !held->has_body || !j->x->r.complete ||
		held->status != j->x->r.status)
		return TRUTH_FALSE;
	return represented_same(&own, &j->body);
}

/* GET by a client that had been given a validator, and may have kept it. */
static bool
had_validator(const struct judging *j)
{
	const struct held *held = &j->before->held;

	return j->is_get && j->x->has_response && j->before->has_held && held->storable &&
	       (held->status == 200 || held->status == 203) &&
	       (held->has_etag || held->has_last_modified) &&
	       !message_has(&j->x->q, FIELD_RANGE);
}

static uint64_t
pending_add(struct ledger *ledger, struct key name)
{
	struct pending *pending = table_put(ledger->pending, name);

	if (pending->count == TICKETS_PER_NAME)
		return 0;
	if (pending->count == pending->room) {
		pending->room = pending->room ? 2 * pending->room : 1;
		pending->tickets = mem_grow(
			pending->tickets, pending->room * sizeof *pending->tickets);
		table_own(ledger->pending, pending,
			pending->room * sizeof *pending->tickets);
	}
	return pending->tickets[pending->count++] = ++ledger->last_ticket;
}

void
ledger_judge(struct ledger *ledger, const struct history *history,
	const struct before *before, const struct exchange *x, struct verdict *verdict)
{
	struct judging j = {
		.history = history,
		.before = before,
		.x = x,
		.verdict = verdict,
		.is_get = x->method == METHOD_GET,
		.is_full = x->r.status == 200 || x->r.status == 203,
		.is_provable = x->has_request && x->has_response &&
			       x->pairing != PAIRING_UNKNOWN && message_is_clean(&x->q) &&
			       message_is_clean(&x->r),
		.body = represented_of(x),
	};
	struct key name;

	*verdict = (struct verdict){.saving.source = SAVING_NONE};
	if (is_cache_buster(x))
		verdict->notes |= NOTE_CACHE_BUSTER;
	j.is_forced = x->forced || verdict->notes & NOTE_CACHE_BUSTER ||
		      is_beyond_held(x, before);
	j.same_as_held = same_as_held(&j);
	verdict->had_validator = had_validator(&j);
	judging_outcome(&j);
	judging_waste(&j);
	if (judging_saving(&j, &name))
		verdict->saving_ticket = pending_add(ledger, name);
}

static void
ledger_fill(struct ledger *ledger, struct key name, uint64_t octets,
	ledger_late_saving *late, void *context)
{
	const struct pending *pending = table_find(ledger->pending, name);

	if (!pending)
		return;
	for (unsigned i = 0; i < pending->count; i++)
		late(context, pending->tickets[i], octets);
	table_remove(ledger->pending, name);
}

void
ledger_close(struct ledger *ledger, const struct before *before, const struct exchange *x,
	ledger_late_saving *late, void *context)
{
	struct arena scratch = {0};
	struct key variant;
	uint64_t octets = exchange_r_wire(x);

	if (x->method != METHOD_GET || (x->r.status != 200 && x->r.status != 203) ||
		!x->r.complete || !x->has_request || x->pairing == PAIRING_UNKNOWN ||
		!message_is_clean(&x->q) || !message_is_clean(&x->r))
		return;
	if (validator_has_tag(x))
		ledger_fill(ledger, history_etag_key(before->resource, &x->etag), octets,
			late, context);
	if (validator_has_date(x) &&
		history_variant(
			before, x, message_values(&x->r, FIELD_VARY, &scratch), &variant))
		ledger_fill(ledger, history_date_key(variant, x->last_modified.unix_s),
			octets, late, context);
	arena_fini(&scratch);
}
