/* What clients do with what they hold, and names that hide what it is [RFC9111 4]. */
#include "analyzer/config.h"
#include "analyzer/history/glance.h"
#include "analyzer/history/validator.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/alias.h"
#include "analyzer/rules/habit.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"

enum {
	CASES_MIN = 10, /* of one client, to speak of a habit */
	HABIT_PERCENT = 80,
	NAMES_MIN = 3, /* URLs with the same octets */
	PIXEL_BYTES = 100,
};

#define DAY_NS (86400 * CONFIG_S_NS)
#define REFETCH_NS (10 * CONFIG_S_NS)
#define REFETCH_SAME_CONNECTION_NS (60 * CONFIG_S_NS)

static bool
is_of_one_client(const struct view *view)
{
	const struct message *q = &view->x->q;

	return !message_has(q, FIELD_VIA) && !message_has(q, FIELD_X_FORWARDED_FOR) &&
	       !message_has(q, FIELD_FORWARDED);
}

/* A condition about a copy that is fresh for another second at least. */
static bool
asks_about_fresh(const struct view *view)
{
	const struct exchange *x = view->x;
	const struct before *before = view->before;
	const struct held *held = &before->held;

	return validator_is_asked(x) && before->has_held && before->held_fresh &&
	       held->freshness.lifetime_s * CONFIG_S_NS - before->held_age_ns >
		       CONFIG_S_NS &&
	       validator_of_held_matches(x, before->resource, held) &&
	       (x->r.status == 304 || x->r.status == 200) && is_of_one_client(view) &&
	       !message_has(&x->q, FIELD_RANGE);
}

bool
rule_revalidated_while_fresh(const struct view *view, struct ruling *ruling)
{
	const struct before *before = view->before;

	if (!asks_about_fresh(view))
		return false;
	ruling->kind = view->x->forced ? "reload" : "client-policy";
	ruling->n = (uint64_t)(before->held_age_ns / CONFIG_S_NS);
	ruling->m = (uint64_t)before->held.freshness.lifetime_s;
	return true;
}

/* The delivery of what the client holds, if its request had the same credentials. */
static const struct observation *
delivery(const struct view *view)
{
	const struct message *q = &view->x->q;
	const struct resource *resource = view->resource;

	for (unsigned i = 0; resource && i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (resource->glances[i].client != view->before->client.low ||
			o->is_head || (o->status != 200 && o->status != 203))
			continue;
		return o->has_cookie == message_has(q, FIELD_COOKIE) &&
				       o->has_authorization ==
					       message_has(q, FIELD_AUTHORIZATION)
			       ? o
			       : NULL;
	}
	return NULL;
}

bool
rule_revalidated_immutable(const struct view *view, struct ruling *ruling)
{
	const struct before *before = view->before;
	const struct observation *o;

	if (!before->held.freshness.immutable || view->x->forced ||
		!asks_about_fresh(view))
		return false;
	/* Whether what only a connection's end ended is whole nobody knows [RFC8246 3].
	 */
	o = delivery(view);
	if (o && o->until_close)
		return false;
	ruling->n = (uint64_t)(before->held_age_ns / CONFIG_S_NS);
	ruling->m = (uint64_t)before->held.freshness.lifetime_s;
	return view_has_inm(view);
}

bool
rule_refetch_unconditional(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct held *held = &view->before->held;
	int64_t ago_ns = x->q.first.ts_ns - held->delivered_ns;
	const struct habit_client *client;

	if (x->method != METHOD_GET || x->r.status != 200 || x->forced ||
		view_has_standard_condition(view) || message_has(&x->q, FIELD_RANGE) ||
		!view->before->has_held || !held->storable ||
		(held->status != 200 && held->status != 203) ||
		!(held->has_etag || held->has_last_modified) || ago_ns < CONFIG_S_NS ||
		ago_ns > DAY_NS || !is_of_one_client(view))
		return false;
	client = habits_client(view->habits, view->before);
	ruling->ref = delivery(view);
	ruling->kind = view->before->held_fresh ? "was-fresh" : "stale-not-validated";
	if (client && client->refetched >= CASES_MIN && !client->conditional)
		ruling->kind = "client-has-no-cache";
	return ruling->ref != NULL;
}

/* ---- habits ---- */

bool
rule_hard_reload_habit(const struct view *view, struct ruling *ruling)
{
	const struct habit_client *client;

	if (!view->before->has_held || !view_asks_no_store(view) ||
		view_has_standard_condition(view))
		return false;
	client = habits_client(view->habits, view->before);
	if (!client)
		return false;
	ruling->n = client->forced;
	ruling->m = client->known;
	return client->known >= CASES_MIN &&
	       client->forced * 100 >= client->known * HABIT_PERCENT;
}

/* ---- names ---- */

bool
rule_cache_busting_query(const struct view *view, struct ruling *ruling)
{
	const struct alias_busted *busted;

	if (view->x->method != METHOD_GET || view->x->r.status != 200 ||
		view->x->r.content_bytes < PIXEL_BYTES)
		return false;
	busted = aliases_busted(view->aliases, view, &ruling->a);
	if (!busted)
		return false;
	ruling->n = busted->values;
	return busted->values >= NAMES_MIN && busted->equal >= 1;
}

bool
rule_same_body_many_urls(const struct view *view, struct ruling *ruling)
{
	const struct alias_named *named = view->known->named;

	if (!named)
		return false;
	ruling->n = named->resources;
	ruling->m = view->x->r.content_bytes;
	return named->resources >= NAMES_MIN;
}

bool
rule_refetch_after_304(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct habit *habit;
	int64_t ago_ns;
	bool same;

	if (x->method != METHOD_GET || x->r.status != 200 ||
		message_has(&x->q, FIELD_RANGE) || view_has_condition(view))
		return false;
	habit = habits_of(view->habits, view->before);
	if (!habit || !habit->was_validated ||
		habit->variant != view->before->variant.low)
		return false;
	ago_ns = x->q.first.ts_ns - habit->validated_ns;
	same = habit->validated_connection == x->connection;
	if (ago_ns > (same ? REFETCH_SAME_CONNECTION_NS : REFETCH_NS))
		return false;
	ruling->n = (uint64_t)(ago_ns / CONFIG_MS_NS);
	ruling->m = exchange_r_wire(x);
	if (!same)
		ruling->confidence = CONFIDENCE_LIKELY;
	if (!habit->was_validated_well) {
		ruling->kind = "bad-304";
		ruling->fault = FAULT_SERVER;
	} else if (x->forced) {
		ruling->kind = "reload";
		ruling->severity = SEVERITY_ADVICE;
	}
	return true;
}
