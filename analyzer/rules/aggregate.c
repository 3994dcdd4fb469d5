#include "analyzer/rules/aggregate.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/view.h"
#include "parsers/mediatype.h"

enum {
	HOST_DECIDED_MIN = 20, /* fewer are not enough to speak of a host */
	HOST_IGNORED_PERCENT = 95,
	HOST_VALIDATED_PERCENT = 1,
	STEADY_MIN = 5,	       /* validations */
	STEADY_LIFETIMES = 10, /* that it outlasts */
};

#define STEADY_NS (600 * CONFIG_S_NS)

#define CONTESTED_NS (300 * CONFIG_S_NS)

struct tag {
	uint64_t resource; /* the lower half of its key */
};

/* A 304 although another tag than those asked about was current before it. */
struct contested {
	struct key variant, tag;
	int64_t ts_ns;
	bool proven; /* it was current afterwards, too */
};

struct aggregate {
	/* Most exchanges want these: one cache line. */
	struct key start;
	struct servers *servers;
	struct table *contested; /* by resource */
	struct table *tags, *hosts;
	struct table *plain; /* servers and types: sent without coding if none is asked */
	struct table *steady; /* by variant */

	struct table *dated;   /* servers that ever sent a valid Date: a set */
	struct table *lost;    /* resources that have a tag, but not when compressed */
	struct table *ignored; /* ranges, by resource */
	struct supports *supports;
	struct table *cookies; /* by host and value: the client that got it last */
};

_Static_assert(offsetof(struct aggregate, dated) <= MEM_LINE_BYTES, "one line is enough");

struct aggregate *
aggregate_new(uint64_t memory_bytes, uint64_t seed)
{
	struct aggregate *a = mem_alloc_aligned(MEM_LINE_BYTES, sizeof *a);

	a->dated = table_new_rough(0, memory_bytes / 16, NULL);
	a->hosts = table_new_rough(sizeof(struct aggregate_host), memory_bytes / 8, NULL);
	a->ignored = table_new_rough(
		sizeof(struct aggregate_ignored), memory_bytes / 32, NULL);
	a->lost = table_new_rough(0, memory_bytes / 32, NULL);
	a->plain = table_new_rough(0, memory_bytes / 32, NULL);
	a->steady = table_new_rough(
		sizeof(struct aggregate_steady), memory_bytes / 32 * 15, NULL);
	a->tags = table_new_rough(sizeof(struct tag), memory_bytes / 16, NULL);
	a->servers = servers_new(memory_bytes / 32);
	a->contested = table_new_rough(sizeof(struct contested), memory_bytes / 32, NULL);
	a->cookies = table_new_rough(sizeof(struct key), memory_bytes / 32, NULL);
	a->supports = supports_new(memory_bytes / 8);
	a->start = key_start(seed);
	return a;
}

void
aggregate_free(struct aggregate **aggregate)
{
	struct aggregate *a = *aggregate;

	if (!a)
		return;
	table_free(&a->dated);
	table_free(&a->hosts);
	table_free(&a->ignored);
	table_free(&a->lost);
	table_free(&a->plain);
	table_free(&a->steady);
	table_free(&a->tags);
	servers_free(&a->servers);
	table_free(&a->contested);
	table_free(&a->cookies);
	supports_free(&a->supports);
	mem_free(a);
	*aggregate = NULL;
}

void
aggregate_expect(const struct aggregate *a, const struct view *view, table_fetch *fetch)
{
	fetch(a->steady, view->before->variant);
}

struct key
aggregate_server_key(const struct aggregate *a, const struct endpoint *server)
{
	struct key key = key_add(a->start,
		slice_of(server->address.octets, sizeof server->address.octets));

	return key_add_number(key, server->port);
}

struct key
aggregate_tag_key(const struct aggregate *a, const struct etag *tag)
{
	return key_add(a->start, tag->opaque);
}

void
aggregate_expect_tag(const struct aggregate *a, const struct view *view)
{
	if (view->x->etag.raw.at && view_is_full(view))
		table_expect_entry(a->tags, key_add_key(view->server_key, view->tag_key));
}

static struct aggregate_host *
host_add(struct aggregate_host *host, const struct view *view, bool is_304, bool ignored)
{
	if (!host->decided)
		host->first_ns = view->x->q.first.ts_ns;
	host->last_ns = view->x->q.first.ts_ns;
	host->decided++;
	host->validated += is_304;
	host->ignored += ignored;
	host->newest_ignored = ignored;
	if (ignored)
		host->octets += view_octets(view);
	return host;
}

/* The answer carries what its own condition can be compared with. */
static bool
is_comparable(const struct exchange *x)
{
	return x->cond == COND_IMS ? x->last_modified.form != HTTPDATE_INVALID
				   : x->etag.raw.at != NULL;
}

static void
add_conditional(struct aggregate *a, const struct view *view, bool ignored,
	struct support_slot *slot, struct aggregated *now)
{
	const struct exchange *x = view->x;
	bool is_304 = view_is_304(view);

	if (x->method != METHOD_GET ||
		(x->cond != COND_INM && x->cond != COND_BOTH && x->cond != COND_IMS))
		return;
	if (is_304 || ignored || (view_is_full(view) && is_comparable(x)))
		now->host = host_add(
			table_put(a->hosts, view->before->origin), view, is_304, ignored);
	if (is_304 || ignored)
		now->support = supports_add(a->supports, slot, view);
}

static void
add_tag(struct aggregate *a, const struct view *view)
{
	struct key key;
	struct tag *tag;

	if (!view->x->etag.opaque.n)
		return;
	key = key_add_key(view->server_key, view->tag_key);
	if (table_find(a->tags, key))
		return;
	tag = table_put(a->tags, key);
	tag->resource = view->before->resource.low;
}

/* A compressed answer without a tag, of a resource that has one as it is. */
static void
add_lost(struct aggregate *a, const struct view *view)
{
	const struct resource *resource = view->resource;
	struct aggregate_host *host;

	if (view->x->method != METHOD_GET || view->x->etag.raw.at ||
		!view->x->coding_count || !resource ||
		table_find(a->lost, view->before->resource))
		return;
	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (o->is_head || o->content_encoding.n || !o->etag_raw.at ||
			!view_same_server(view, o))
			continue;
		table_put(a->lost, view->before->resource);
		host = table_put(a->hosts, view->before->origin);
		host->lost_validators++;
		return;
	}
}

static struct key
plain_key(const struct view *view)
{
	return key_add_nocase(view->server_key,
		mediatype_essence(message_value(&view->x->r, FIELD_CONTENT_TYPE)));
}

/* What is there already is compressible. */
static void
add_plain(struct aggregate *a, const struct view *view)
{
	const struct exchange *x = view->x;
	struct key key;

	if (x->method != METHOD_GET || x->r.status != 200 ||
		message_has(&x->r, FIELD_CONTENT_ENCODING) ||
		message_has(&x->q, FIELD_ACCEPT_ENCODING) ||
		x->r.content_bytes < CONFIG_REPEAT_BYTES)
		return;
	key = plain_key(view);
	if (!table_use(a->plain, key) &&
		mediatype_is_compressible(message_value(&x->r, FIELD_CONTENT_TYPE)))
		table_put(a->plain, key);
}

bool
aggregate_sends_plain(const struct aggregate *a, const struct view *view)
{
	return table_find(a->plain, plain_key(view)) != NULL;
}

static void
add_ignored_range(struct aggregate *a, const struct view *view)
{
	struct aggregate_ignored *ignored;
	struct aggregate_host *host;

	if (!view_range_is_ignored(view))
		return;
	host = table_put(a->hosts, view->before->origin);
	ignored = table_put(a->ignored, view->before->resource);
	ignored->of_resource++;
	ignored->of_host = ++host->ignored_ranges;
}

const struct aggregate_ignored *
aggregate_ignored_ranges(const struct aggregate *a, const struct view *view)
{
	return table_find(a->ignored, view->before->resource);
}

static void
add_full(struct aggregate *a, const struct view *view)
{
	add_tag(a, view);
	add_lost(a, view);
	add_ignored_range(a, view);
	add_plain(a, view);
}

/* Whole answers and 304s; another content begins anew. */
static struct aggregate_steady *
add_steady(struct aggregate *a, const struct view *view)
{
	const struct exchange *x = view->x;
	bool full = x->r.status == 200 && message_is_whole(&x->r);
	const struct freshness *f = &x->freshness;
	struct aggregate_steady *s;

	if (x->method != METHOD_GET || !(full || view_is_304(view)))
		return table_use(a->steady, view->before->variant);
	s = table_put(a->steady, view->before->variant);
	if (full && (!s->has_digest || s->digest.high != x->r.digest.high ||
			    s->digest.low != x->r.digest.low)) {
		bool was_empty = !s->since_ns || s->has_digest;

		if (was_empty)
			*s = (struct aggregate_steady){
				.since_ns = x->r.first.ts_ns, .slot = s->slot};
		s->has_digest = true;
		s->digest = x->r.digest;
	} else if (!s->since_ns) {
		s->since_ns = x->r.first.ts_ns;
	} else if (!x->forced) {
		s->validations++;
	}
	if (f->kind == FRESHNESS_EXPLICIT || full)
		s->lifetime_s = f->kind == FRESHNESS_EXPLICIT ? f->lifetime_s : 0;
	return s;
}

bool
aggregate_is_skewed(const struct aggregate *a, const struct endpoint *server)
{
	return servers_are_skewed(a->servers, aggregate_server_key(a, server));
}

static void
add_date(struct aggregate *a, const struct view *view)
{
	if (view->x->date.form != HTTPDATE_INVALID)
		table_put(a->dated, view->server_key);
}

static const struct server *
add_server(struct aggregate *a, const struct view *view)
{
	struct server *server = servers_add(a->servers, view->server_key, view->x);

	/* Once is enough, as long as the server is not forgotten. */
	if (!server->dated)
		add_date(a, view);
	server->dated |= view->x->date.form != HTTPDATE_INVALID;
	return server;
}

/* ---- 304s that another server would not have sent ---- */

static bool
is_personal(const struct message *q)
{
	return message_has(q, FIELD_COOKIE) || message_has(q, FIELD_AUTHORIZATION);
}

const struct observation *
aggregate_newer(const struct view *view)
{
	const struct exchange *x = view->x;

	if (!view_is_304(view) || !view_inm_is_list(view) || x->etag.raw.at ||
		is_personal(&x->q))
		return NULL;
	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = view->resource->observations[i];

		if (x->q.first.ts_ns - o->response_ns > CONTESTED_NS)
			return NULL;
		if (o->is_head || (o->status != 200 && o->status != 203) ||
			o->response_ns >= x->q.first.ts_ns || o->has_cookie ||
			o->has_authorization || !o->etag_raw.at ||
			!etag_is_valid(&o->etag) || !view_same_variant(view, o))
			continue;
		if (o->etag.weak || view_inm_names(view, &o->etag))
			return NULL;
		return o;
	}
	return NULL;
}

/* The answer has a tag that may be the one which a 304 before it should have had. */
static bool
may_prove(const struct view *view)
{
	const struct exchange *x = view->x;

	return view_is_full(view) && x->method == METHOD_GET && view_has_etag(view) &&
	       !x->etag.weak && !is_personal(&x->q);
}

static bool
proves(const struct view *view, const struct contested *c)
{
	int64_t apart_ns = view->x->q.first.ts_ns - c->ts_ns;

	return apart_ns > 0 && apart_ns <= CONTESTED_NS &&
	       key_eq(c->variant, view->before->variant) && key_eq(c->tag, view->tag_key);
}

static void
add_contested(struct aggregate *a, const struct view *view)
{
	const struct observation *o = aggregate_newer(view);
	struct contested *c;

	if (!o && !may_prove(view))
		return;
	c = table_use(a->contested, view->before->resource);
	if (o && !(c && c->proven)) {
		c = table_put(a->contested, view->before->resource);
		*c = (struct contested){.variant = view->before->variant,
			.tag = aggregate_tag_key(a, &o->etag),
			.ts_ns = view->x->r.first.ts_ns};
	} else if (c && !o) {
		c->proven |= proves(view, c);
	}
}

bool
aggregate_is_contested(const struct aggregate *a, struct key resource)
{
	const struct contested *c = table_find(a->contested, resource);

	return c && c->proven;
}

static struct key
cookie_key(const struct view *view)
{
	return key_add(
		view->before->origin, message_value(&view->x->r, FIELD_SET_COOKIE));
}

static void
add_cookie(struct aggregate *a, const struct view *view)
{
	struct key *client;

	if (!message_has(&view->x->r, FIELD_SET_COOKIE))
		return;
	client = table_put(a->cookies, cookie_key(view));
	*client = view->before->client;
}

bool
aggregate_shares_cookie(const struct aggregate *a, const struct view *view)
{
	const struct key *client = table_find(a->cookies, cookie_key(view));

	return view->x->age_s > 0 && client && !key_eq(*client, view->before->client);
}

struct aggregated
aggregate_add(struct aggregate *a, const struct view *view, bool paired, bool ignored)
{
	const struct exchange *x = view->x;
	struct aggregated now = {.host = NULL};
	struct aggregate_steady *steady;

	if (!x->has_response || !message_is_clean(&x->r))
		return now;
	if (!paired) {
		add_date(a, view);
		return now;
	}
	now.server = add_server(a, view);
	add_contested(a, view);
	if (view_is_full(view))
		add_full(a, view);
	now.steady = steady = add_steady(a, view);
	add_cookie(a, view);
	add_conditional(a, view, ignored, steady ? &steady->slot : NULL, &now);
	if (!now.host)
		now.host = aggregate_host(a, view->before->origin);
	return now;
}

bool
aggregate_has_clock(const struct aggregate *a, const struct endpoint *server)
{
	return table_find(a->dated, aggregate_server_key(a, server)) != NULL;
}

bool
aggregate_knows_tag(
	const struct aggregate *a, const struct view *view, const struct etag *tag)
{
	struct key key = key_add_key(view->server_key, aggregate_tag_key(a, tag));
	const struct tag *known = table_find(a->tags, key);

	return known && known->resource != view->before->resource.low;
}

const struct aggregate_host *
aggregate_host(const struct aggregate *a, struct key host)
{
	return table_find(a->hosts, host);
}

bool
aggregate_is_steady(const struct aggregate_steady *steady, int64_t now_ns)
{
	int64_t span_ns = now_ns - steady->since_ns;

	return steady->validations >= STEADY_MIN && span_ns >= STEADY_NS &&
	       span_ns / STEADY_LIFETIMES >= steady->lifetime_s * CONFIG_S_NS;
}

bool
aggregate_host_ignores(const struct aggregate_host *host)
{
	return host->decided >= HOST_DECIDED_MIN &&
	       host->ignored * 100 >= host->decided * HOST_IGNORED_PERCENT &&
	       host->validated * 100 <= host->decided * HOST_VALIDATED_PERCENT;
}

uint64_t
aggregate_evictions(const struct aggregate *a)
{
	return table_evictions(a->dated) + table_evictions(a->tags) +
	       table_evictions(a->lost) + table_evictions(a->ignored) +
	       table_evictions(a->plain) + table_evictions(a->steady) +
	       table_evictions(a->hosts) + supports_evictions(a->supports) +
	       table_evictions(a->cookies);
}
