#include "analyzer/history/history.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/sketch.h"
#include "analyzer/base/table.h"
#include "analyzer/config.h"
#include "analyzer/history/delivered.h"
#include "analyzer/history/held.h"
#include "analyzer/history/hops.h"
#include "analyzer/history/issued.h"
#include "analyzer/history/partial.h"
#include "analyzer/history/represent.h"
#include "analyzer/history/resource.h"
#include "analyzer/history/server.h"
#include "analyzer/history/validator.h"
#include "analyzer/history/variant.h"
#include "analyzer/http/freshness.h"

enum {
	/* Shares of the memory, in thousandths. */
	HELD_SHARE = 545,
	PARTIAL_SHARE = 8,
	REPRESENT_SHARE = 136,
	UNNAMED_SHARE = 2, /* of that */
	LENGTH_SHARE = 4,
	DELIVERED_SHARE = 187,
	RESOURCE_SHARE = 70,
	CLIENT_SHARE = 28,
	SERVER_SHARE = 4,
	ISSUED_SHARE = 9,
	HOPS_SHARE = 9
};

struct history {
	uint64_t seed;
	struct client_rule client;
	struct shelves *held;
	struct table *partial, *represented, *head_lengths, *delivered, *resources;
	struct table *servers, *issued;
	struct clients *clients;
	struct hops *hops;
	/* What was evicted: bodies of names, parts that clients had. */
	struct bloom *unnamed, *unparted;
	struct sketch *distinct_clients, *distinct_resources;
	uint32_t idle_s, now_s;
	bool conservative_age;
};

static struct key
part_key(uint64_t mark)
{
	return key_add_number(key_start(0), mark);
}

static void
on_partial_eviction(void *context, const void *entry)
{
	bloom_add(context, part_key(((const struct partial *)entry)->mark));
}

static bool
parts_are_perhaps_forgotten(const struct history *history, const struct before *before)
{
	return !before->has_partial && table_evictions(history->partial) &&
	       bloom_has(history->unparted, part_key(before->plain));
}

struct history *
history_new(const struct history_options *options)
{
	struct history *history = mem_alloc(sizeof *history);
	uint64_t part = options->memory_bytes / 1000;

	history->seed = options->seed;
	history->client = options->client;
	history->idle_s = options->idle_s;
	history->conservative_age = options->conservative_age;
	history->distinct_clients = sketch_new();
	history->distinct_resources = sketch_new();
	history->held = shelves_new(HELD_SHARE * part, options->seed);
	history->unparted = bloom_new(PARTIAL_SHARE * part / 32);
	history->partial = partial_new(PARTIAL_SHARE * part - PARTIAL_SHARE * part / 32);
	table_on_eviction(history->partial, on_partial_eviction, history->unparted);
	history->unnamed = bloom_new(UNNAMED_SHARE * part);
	history->represented = represent_new(
		(REPRESENT_SHARE - UNNAMED_SHARE) * part, history->unnamed);
	history->head_lengths = represent_new_lengths(LENGTH_SHARE * part);
	history->delivered = delivered_new(DELIVERED_SHARE * part);
	history->resources = resource_new(RESOURCE_SHARE * part);
	history->servers = server_new(SERVER_SHARE * part);
	history->issued = issued_new(ISSUED_SHARE * part);
	history->hops = hops_new(HOPS_SHARE * part);
	history->clients = clients_new(CLIENT_SHARE * part, options->seed);
	return history;
}

void
history_free(struct history **history)
{
	struct history *h = *history;

	if (!h)
		return;
	shelves_free(&h->held);
	table_free(&h->partial);
	table_free(&h->represented);
	bloom_free(&h->unnamed);
	bloom_free(&h->unparted);
	table_free(&h->head_lengths);
	table_free(&h->delivered);
	table_free(&h->resources);
	table_free(&h->servers);
	table_free(&h->issued);
	clients_free(&h->clients);
	hops_free(&h->hops);
	sketch_free(&h->distinct_clients);
	sketch_free(&h->distinct_resources);
	mem_free(h);
	*history = NULL;
}

/*
 * Whether the entry is still fresh counting its age from Date, by the server's own
 * clock.  A lifetime by Expires without a Date to subtract accuses nobody.
 */
static bool
held_is_fresh_by_date(
	const struct history *history, const struct held *held, int64_t now_ns)
{
	int64_t skew_us, age_us;

	if (!held->has_date)
		return !held->by_expires;
	if (!server_skew_us(history->servers, history->seed, held->server, &skew_us))
		return true;
	age_us = now_ns / 1000 - held->date_s * 1000000 - skew_us;
	return held->freshness.lifetime_s * 1000000 > age_us;
}

/* A Date is 68 years from the capture at most, see kept.h. */
static int64_t
age_by_date_ns(const struct held *held, int64_t now_ns)
{
	return now_ns - held->date_s * CONFIG_S_NS;
}

static void
before_judge_freshness(
	const struct history *history, const struct exchange *x, struct before *before)
{
	const struct held *held = &before->held;
	const struct freshness *f = &held->freshness;
	int64_t now_ns = x->q.head_end.ts_ns;
	bool usable = held->storable && !held->invalidated && !f->no_cache;

	before->held_age_ns = freshness_age_ns(f, held->received_ns, now_ns);
	if (history->conservative_age && held->has_date &&
		age_by_date_ns(held, now_ns) > before->held_age_ns)
		before->held_age_ns = age_by_date_ns(held, now_ns);
	if (!usable || f->lifetime_s * CONFIG_S_NS <= before->held_age_ns)
		return;
	before->held_fresh = f->kind == FRESHNESS_EXPLICIT;
	before->held_heuristically_fresh = f->kind == FRESHNESS_HEURISTIC;
	before->held_fresh_for_sure = before->held_fresh &&
				      held_is_fresh_by_date(history, held, now_ns);
}

/* What the tags of the request say of the client key. */
static void
before_judge_tags(
	const struct history *history, const struct exchange *x, struct before *before)
{
	struct slice rest = x->inm;
	struct etag tag;
	struct key first;
	unsigned count = 0;

	if (!validator_is_asked(x) || !validator_is_asked_by_tag(x))
		return;
	while (exchange_next_tag(x, &rest, &tag)) {
		if (!count++)
			first = history_etag_key(before->resource, &tag);
		before->asks_known |= history_by_etag(history, before, &tag) != NULL;
		before->asks_own |= issued_has(
			history->issued, history->held, before, &tag);
	}
	if (count == 1)
		clients_see_tag(history->clients, before->client, before->variant, first,
			before->has_held && before->held.has_etag &&
				key_eq(before->held.etag, first),
			x->q.head_end.ts_ns);
}

/* Forgets what nobody has used for long. */
static void
history_expire(struct history *history, int64_t now_ns)
{
	struct table *const tables[] = {history->partial, history->represented,
		history->head_lengths, history->delivered, history->resources,
		history->servers, history->issued};
	uint32_t now_s = (uint32_t)(now_ns / CONFIG_S_NS);

	if (!history->idle_s || now_s == history->now_s)
		return;
	history->now_s = now_s;
	shelves_expire(history->held, now_s, history->idle_s);
	clients_expire(history->clients, now_s, history->idle_s);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		table_expire(tables[i], now_s, history->idle_s);
}

struct key
history_pair_key(struct key client, struct key resource)
{
	return key_add_key(client, resource);
}

/*
 * Estimates and false alarms are seen in the report, so no seed may be in what they
 * are made of.  A credential counts by the number of its key.
 */
static void
history_count(struct history *history, const struct client *client,
	const struct exchange *x, struct before *before)
{
	struct key key = key_add_number(key_start(0), client->plain);
	struct key resource = resource_key(resource_origin(0, x), x);

	before->plain = key_add_key(key, resource).low;
	if (client->has_credential)
		key = key_add_number(key, before->client_number);
	sketch_add(history->distinct_clients, key);
	sketch_add(history->distinct_resources, resource);
}

void
history_open(struct history *history, const struct exchange *x, struct before *before)
{
	struct client client = client_of(&history->client, history->seed, x);
	struct key origin = resource_origin(history->seed, x);
	struct slice vary;

	history_expire(history, x->q.head_end.ts_ns);
	*before = (struct before){
		.client = client.key,
		.client_number = clients_see(history->clients, &client, x),
		.credentials = client.credentials,
		.origin = origin,
		.resource = resource_key(origin, x),
	};
	before->pair = history_pair_key(before->client, before->resource);
	history_count(history, &client, x, before);
	vary = resource_vary(table_use(history->resources, before->resource));
	variant_key(before->resource, x, vary, &before->variant);
	if (x->method != METHOD_GET && x->method != METHOD_HEAD)
		return;
	before->has_held = held_select(
		history->held, before, x, &before->held, &before->client_has_resource);
	if (before->has_held) {
		before->variant = before->held.variant;
		before_judge_freshness(history, x, before);
	}
	before->has_partial = partial_select(
		history->partial, before, x, &before->partial);
	before->perhaps_forgotten = parts_are_perhaps_forgotten(history, before) ||
				    (!before->client_has_resource &&
					    shelves_may_have_had(
						    history->held, before->plain));
	before_judge_tags(history, x, before);
}

const struct sight *
history_named_by_304(const struct history *history, const struct before *before,
	const struct exchange *x)
{
	struct slice rest = x->inm;
	struct etag tag, other;

	if (validator_has_tag(x))
		return history_by_etag(history, before, &x->etag);
	if (!validator_is_asked_by_tag(x))
		return history_by_date(history, before, x->ims.unix_s);
	if (!exchange_next_tag(x, &rest, &tag) || exchange_next_tag(x, &rest, &other))
		return NULL;
	return history_by_etag(history, before, &tag);
}

static void
history_invalidate(
	struct history *history, const struct exchange *x, const struct before *before)
{
	struct key changed[RESOURCES_CHANGED_MAX];
	unsigned count = resource_keys_changed(
		before->origin, before->resource, x, changed);
	struct resource *resource = count ? table_use(history->resources, changed[0])
					  : NULL;

	if (resource)
		resource->changed_ns = x->r.last.ts_ns;
	for (unsigned i = 0; i < count; i++)
		held_invalidate(history->held, before->client, changed[i]);
}

static void
history_close_304(struct history *history, const struct exchange *x,
	const struct before *before, struct slice vary)
{
	const struct sight *sight;
	struct represented known;

	if (!validator_is_asked(x))
		return;
	if (validator_is_asked_by_tag(x) && validator_has_tag(x) &&
		validator_match(x) == TAG_OTHER)
		return;
	sight = history_named_by_304(history, before, x);
	if (sight)
		known = sight_read(sight);
	held_validate(history->held, before, x, vary, sight ? &known : NULL);
}

static void
history_close_get(struct history *history, const struct exchange *x,
	const struct before *before, struct slice vary)
{
	bool full = x->r.status == 200 || x->r.status == 203;

	if (x->r.status == 304) {
		history_close_304(history, x, before, vary);
		return;
	}
	if (x->method == METHOD_GET) {
		held_replace(history->held, before, x, vary);
		partial_learn(history->partial, before, x);
	} else if (x->r.status == 200) {
		held_check(history->held, before, x);
	}
	if (x->method == METHOD_GET && full && x->r.complete) {
		represent_learn(history->represented, before, x, vary);
		delivered_learn(history->delivered, before, x);
	}
	if (x->method == METHOD_HEAD && x->r.status == 200 && x->r.length != UINT64_MAX)
		represent_learn_length(history->head_lengths, before, x, vary);
}

void
history_close(
	struct history *history, const struct exchange *x, const struct before *before)
{
	struct arena scratch = {0};

	if (!x->has_request || !x->has_response || x->pairing == PAIRING_UNKNOWN ||
		!message_is_clean(&x->q) || !message_is_clean(&x->r))
		return;
	server_learn(history->servers, history->seed, x);
	if (x->method == METHOD_GET || x->method == METHOD_HEAD)
		history_close_get(
			history, x, before, message_values(&x->r, FIELD_VARY, &scratch));
	else
		history_invalidate(history, x, before);
	hops_see(history->hops, x, before);
	issued_learn(history->issued, history->held, before, x);
	resource_observe(history->resources, before, x);
	arena_fini(&scratch);
}

bool
history_held(const struct history *history, const struct before *before,
	const struct exchange *x, struct held *held)
{
	return held_look(history->held, before, x, held);
}

const struct resource *
history_resource(const struct history *history, struct key resource)
{
	return table_find(history->resources, resource);
}

const struct sight *
history_by_etag(const struct history *history, const struct before *before,
	const struct etag *tag)
{
	return represent_find(
		history->represented, history_etag_key(before->resource, tag));
}

const struct sight *
history_by_date(const struct history *history, const struct before *before,
	int64_t last_modified_s)
{
	return represent_find(
		history->represented, history_date_key(before->variant, last_modified_s));
}

uint64_t
history_head_length_by_etag(const struct history *history, const struct before *before,
	const struct etag *tag)
{
	return represent_head_length(
		history->head_lengths, history_etag_key(before->resource, tag));
}

uint64_t
history_head_length_by_date(const struct history *history, const struct before *before,
	int64_t last_modified_s)
{
	return represent_head_length(history->head_lengths,
		history_date_key(before->variant, last_modified_s));
}

/* A date names a variant: where Vary was forgotten nobody knows which. */
bool
history_may_have_named(const struct history *history, const struct before *before,
	const struct exchange *x, const struct represented *body)
{
	if (!validator_is_asked_by_tag(x) && table_evictions(history->resources) &&
		!history_resource(history, before->resource))
		return true;
	return table_evictions(history->represented) &&
	       represent_may_have_had(history->unnamed, body);
}

struct delivered
history_delivered(const struct history *history, const struct before *before,
	const struct exchange *x)
{
	return delivered_find(history->delivered, before, x);
}

struct broken
history_broken(const struct history *history, const struct before *before)
{
	return partial_broken(history->partial, before);
}

void
history_book(struct history *history, const struct before *before, uint64_t t2_octets,
	enum client_habit habit)
{
	clients_book(history->clients, before->client, t2_octets, habit);
}

const struct clients_summary *
history_clients(const struct history *history)
{
	return clients_summary(history->clients);
}

const struct hops_summary *
history_hops(const struct history *history)
{
	return hops_summary(history->hops);
}

struct history_distinct
history_distinct(const struct history *history)
{
	return (struct history_distinct){
		.clients = sketch_count(history->distinct_clients),
		.resources = sketch_count(history->distinct_resources),
		.clients_exact = sketch_is_exact(history->distinct_clients),
		.resources_exact = sketch_is_exact(history->distinct_resources),
	};
}

struct history_evictions
history_evictions(const struct history *history)
{
	return (struct history_evictions){
		.held = shelves_evictions(history->held) +
			table_evictions(history->partial),
		.represented = table_evictions(history->represented) +
			       table_evictions(history->head_lengths),
		.delivered = table_evictions(history->delivered),
		.resources = table_evictions(history->resources),
		.servers = table_evictions(history->servers),
		.clients = clients_evictions(history->clients),
	};
}
