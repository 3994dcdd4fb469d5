#include "analyzer/ledger/judging.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/config.h"
#include "analyzer/history/validator.h"
#include "analyzer/ledger/squeeze.h"

enum {
	TICKETS_PER_NAME = 4096, /* of a popular resource whose body never comes */
	CACHE_BUSTER_BEFORE_S = 946771200, /* 2000-01-02 */
};

/* Savings that wait for the length of what a validator names. */
struct pending {
	unsigned count, room;
	uint64_t *tickets; /* twice their number, and one more if needless */
};

/* A HEAD that a GET may make needless, as far as the GET cannot tell what it was. */
struct probe {
	uint64_t ticket;
	struct place q_first, q_head_end, q_last, r_first, r_head_end, r_last;
	struct endpoint client, server;
	uint64_t connection, q_bytes, r_bytes, interim_bytes;
	uint32_t trans;
	int64_t wait_ns;
};

/*
 * Requests by HEAD that wait for a GET of the same client and resource.  In two tables:
 * what is in the older one when it goes is too old for any GET.
 */
struct probes {
	struct table *newer, *older;
	int64_t since_ns; /* of the newer one */
	uint64_t evictions;
};

struct ledger {
	uint64_t last_ticket, probe_bytes;
	struct table *pending; /* by the validator's name */
	struct probes probes;
	struct squeeze *squeeze;
	struct thresholds thresholds;
	bool has_fingerprint;
	regex_t fingerprint;
};

static void
pending_drop(void *entry)
{
	mem_free(((struct pending *)entry)->tickets);
}

static struct table *
probes_new(const struct ledger *ledger)
{
	return table_new(sizeof(struct probe), ledger->probe_bytes, NULL);
}

struct ledger *
ledger_new(const struct ledger_options *options)
{
	struct ledger *ledger = mem_alloc(sizeof *ledger);

	ledger->probe_bytes = options->memory_bytes / 8;
	ledger->pending = table_new(
		sizeof(struct pending), options->memory_bytes / 2, pending_drop);
	ledger->thresholds = options->thresholds ? *options->thresholds
						 : thresholds_usual;
	ledger->squeeze = squeeze_new(options->memory_bytes / 4, options->live);
	ledger->probes.newer = probes_new(ledger);
	ledger->probes.older = probes_new(ledger);
	ledger->has_fingerprint = options->fingerprint &&
				  regcomp(&ledger->fingerprint, options->fingerprint,
					  REG_EXTENDED | REG_NOSUB) == 0;
	return ledger;
}

void
ledger_free(struct ledger **ledger)
{
	struct ledger *l = *ledger;

	if (!l)
		return;
	table_free(&l->pending);
	table_free(&l->probes.newer);
	table_free(&l->probes.older);
	squeeze_free(&l->squeeze);
	if (l->has_fingerprint)
		regfree(&l->fingerprint);
	mem_free(l);
	*ledger = NULL;
}

uint64_t
ledger_evictions(const struct ledger *ledger)
{
	const struct probes *probes = &ledger->probes;

	return table_evictions(ledger->pending) + probes->evictions +
	       table_evictions(probes->newer) + table_evictions(probes->older);
}

/* A condition that is there so that nothing satisfies it. */
static bool
is_cache_buster(const struct exchange *x)
{
	struct slice rest = x->inm;
	struct etag tag;

	if (x->cond == COND_IMS)
		return x->ims.unix_s < CACHE_BUSTER_BEFORE_S;
	while (validator_is_asked_by_tag(x) && exchange_next_tag(x, &rest, &tag)) {
		if (tag.opaque.n == 0 ||
			slice_contains_nocase(tag.opaque, SLICE("no-cache")))
			return true;
	}
	return false;
}

/* Directives of the request that the client's copy cannot meet. */
static bool
is_beyond_held(const struct exchange *x, const struct before *before)
{
	const struct cachecontrol *cc = &x->q_cc;
	int64_t age_s = before->held_age_ns / CONFIG_S_NS;

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
pending_add(struct ledger *ledger, struct key name, bool needless)
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
	pending->tickets[pending->count++] = 2 * ++ledger->last_ticket + needless;
	return ledger->last_ticket;
}

/* A HEAD that asks nothing but what a GET tells as well. */
static bool
is_probe(const struct judging *j)
{
	return j->is_provable && j->x->method == METHOD_HEAD && j->x->r.status == 200 &&
	       j->x->cond == COND_NONE && !j->head_taken;
}

void
ledger_judge(struct ledger *ledger, const struct history *history,
	const struct before *before, const struct exchange *x, struct verdict *verdict)
{
	struct judging j = {
		.history = history,
		.before = before,
		.x = x,
		.resource = history_resource(history, before->resource),
		.fingerprint = ledger->has_fingerprint ? &ledger->fingerprint : NULL,
		.thresholds = &ledger->thresholds,
		.squeeze = ledger->squeeze,
		.verdict = verdict,
		.is_get = x->method == METHOD_GET,
		.is_full = x->r.status == 200 || x->r.status == 203,
		.is_provable = x->has_request && x->has_response &&
			       x->pairing != PAIRING_UNKNOWN && message_is_clean(&x->q) &&
			       message_is_clean(&x->r),
		.site = site_of(x),
		.body = represented_of(x),
		.delivered = history_delivered(history, before, x),
	};
	struct key name;

	*verdict = (struct verdict){.saving.source = SAVING_NONE};
	if (is_cache_buster(x))
		verdict->notes |= NOTE_CACHE_BUSTER;
	j.is_forced = x->forced || verdict->notes & NOTE_CACHE_BUSTER ||
		      is_beyond_held(x, before);
	j.is_partitioned = before->has_held && site_differs(before->held.site, j.site);
	j.same_as_held = same_as_held(&j);
	verdict->had_validator = had_validator(&j);
	verdict->redundant = j.delivered.as_sent;
	judging_outcome(&j);
	judging_waste(&j);
	judging_abort(&j);
	verdict->needless = judging_is_needless_revalidation(&j);
	if (judging_suspects_304(&j))
		verdict->notes |= NOTE_SUSPECT_304;
	if (judging_refutes_412(&j))
		verdict->notes |= NOTE_CURRENT_412;
	if (judging_saving(&j, &name))
		verdict->saving_ticket = pending_add(ledger, name, verdict->needless);
	if (is_probe(&j))
		verdict->probe_ticket = ++ledger->last_ticket;
}

static void
ledger_fill(struct ledger *ledger, struct key name, uint64_t octets,
	const struct ledger_late *late)
{
	const struct pending *pending = table_find(ledger->pending, name);

	if (!pending)
		return;
	for (unsigned i = 0; i < pending->count; i++)
		late->saving(late->context, pending->tickets[i] / 2, octets,
			pending->tickets[i] % 2);
	table_remove(ledger->pending, name);
}

/* Names the body that the exchange delivered for those that asked for its length. */
static void
ledger_close_body(struct ledger *ledger, const struct before *before,
	const struct exchange *x, const struct ledger_late *late)
{
	struct arena scratch = {0};
	struct key variant;
	uint64_t octets = exchange_r_wire(x);

	if (validator_has_tag(x))
		ledger_fill(ledger, history_etag_key(before->resource, &x->etag), octets,
			late);
	if (validator_has_date(x) &&
		history_variant(
			before, x, message_values(&x->r, FIELD_VARY, &scratch), &variant))
		ledger_fill(ledger, history_date_key(variant, x->last_modified.unix_s),
			octets, late);
	arena_fini(&scratch);
}

static int64_t
probe_window_ns(const struct ledger *ledger)
{
	return (int64_t)ledger->thresholds.of[THRESHOLD_PROBE_S] * CONFIG_S_NS;
}

/* The older table goes when all in it is too old. */
static void
probes_age(struct ledger *ledger, int64_t now_ns)
{
	struct probes *probes = &ledger->probes;

	if (now_ns - probes->since_ns <= probe_window_ns(ledger))
		return;
	probes->evictions += table_evictions(probes->older);
	table_free(&probes->older);
	probes->older = probes->newer;
	probes->newer = probes_new(ledger);
	probes->since_ns = now_ns;
}

static void
probe_add(struct ledger *ledger, const struct before *before, const struct exchange *x,
	uint64_t ticket)
{
	struct probe *probe;

	probes_age(ledger, x->q.head_end.ts_ns);
	table_remove(ledger->probes.older, before->pair);
	probe = table_put(ledger->probes.newer, before->pair);
	*probe = (struct probe){
		.ticket = ticket,
		.q_first = x->q.first,
		.q_head_end = x->q.head_end,
		.q_last = x->q.last,
		.r_first = x->r.first,
		.r_head_end = x->r.head_end,
		.r_last = x->r.last,
		.client = x->client,
		.server = x->server,
		.connection = x->connection,
		.trans = x->trans,
		.q_bytes = x->q.head_bytes,
		.r_bytes = x->r.head_bytes,
		.interim_bytes = x->interim_bytes,
		.wait_ns = x->wait_ns,
	};
}

/* The HEAD again, in the clothes of the GET that made it needless. */
static struct exchange
probe_exchange(const struct probe *probe, const struct exchange *get)
{
	struct exchange x = *get;

	x.method = METHOD_HEAD;
	x.q.method = SLICE("HEAD");
	x.q.first = probe->q_first;
	x.q.head_end = probe->q_head_end;
	x.q.last = probe->q_last;
	x.r.first = probe->r_first;
	x.r.head_end = probe->r_head_end;
	x.r.last = probe->r_last;
	x.client = probe->client;
	x.server = probe->server;
	x.connection = probe->connection;
	x.trans = probe->trans;
	x.q.head_bytes = probe->q_bytes;
	x.r.head_bytes = probe->r_bytes;
	x.interim_bytes = probe->interim_bytes;
	x.wait_ns = probe->wait_ns;
	x.cond = COND_NONE;
	x.stray_bytes = x.q.content_bytes = x.q.framing_bytes = 0;
	x.r.content_bytes = x.r.framing_bytes = 0;
	x.r.has_digest = x.r.has_digest_decoded = false;
	return x;
}

/* Tells of the HEAD that this GET makes needless. */
static void
probe_settle(struct ledger *ledger, const struct before *before, const struct exchange *x,
	const struct ledger_late *late)
{
	struct table *table = ledger->probes.newer;
	const struct probe *probe = table_find(table, before->pair);
	int64_t now_ns = x->q.head_end.ts_ns;
	struct exchange head;
	struct waste waste;

	if (!probe) {
		table = ledger->probes.older;
		probe = table_find(table, before->pair);
	}
	if (!probe || probe->r_last.ts_ns > now_ns ||
		now_ns - probe->q_head_end.ts_ns > probe_window_ns(ledger))
		return;
	head = probe_exchange(probe, x);
	waste = waste_of_class(
		WASTE_HEAD_PROBE, PART_HEAD, head.q.head_bytes + exchange_r_head(&head));
	late->probe(late->context, probe->ticket, &head, &waste);
	table_remove(table, before->pair);
}

void
ledger_close(struct ledger *ledger, const struct before *before, const struct exchange *x,
	const struct verdict *verdict, const struct ledger_late *late)
{
	if (verdict->probe_ticket)
		probe_add(ledger, before, x, verdict->probe_ticket);
	if (x->method != METHOD_GET || (x->r.status != 200 && x->r.status != 203) ||
		!x->has_request || x->pairing == PAIRING_UNKNOWN ||
		!message_is_clean(&x->q) || !message_is_clean(&x->r))
		return;
	if (x->r.status == 200)
		probe_settle(ledger, before, x, late);
	if (x->r.complete)
		ledger_close_body(ledger, before, x, late);
}
