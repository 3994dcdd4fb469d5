#include "analyzer/history/held.h"

#include "analyzer/config.h"
#include "analyzer/history/server.h"
#include "analyzer/history/shelf.h"
#include "analyzer/history/validator.h"
#include "analyzer/history/variant.h"
#include "analyzer/http/freshness.h"

bool
held_select(struct shelves *shelves, const struct before *before,
	const struct exchange *x, struct held *held, bool *any)
{
	struct shelf *shelf = shelf_use(shelves, before->pair);
	struct key variant;
	const struct kept *entry;

	*any = shelf && shelf_count(shelf);
	entry = *any ? shelf_select(shelves, shelf, before->resource, x, &variant) : NULL;
	if (!entry)
		return false;
	if (x->handshake_rtt_ns > 0 &&
		entry->delivered_ns > x->q.head_end.ts_ns - x->handshake_rtt_ns)
		return false;
	*held = kept_read(entry);
	held->variant = variant;
	return true;
}

bool
held_look(const struct shelves *shelves, const struct before *before,
	const struct exchange *x, struct held *held)
{
	const struct shelf *shelf = shelf_find(shelves, before->pair);
	const struct kept *entry = shelf ? shelf_choose(shelves, shelf, before->resource,
						   x, &held->variant)
					 : NULL;
	struct key variant = held->variant;

	if (!entry)
		return false;
	*held = kept_read(entry);
	held->variant = variant;
	return true;
}

bool
held_has_etag(const struct shelves *shelves, const struct before *before, struct key tag)
{
	const struct shelf *shelf = shelf_find(shelves, before->pair);

	for (unsigned i = 0; shelf && i < shelf_count(shelf); i++) {
		const struct kept *entry = shelf_look(shelf, i);

		if (entry->has_etag && entry->etag == tag.low)
			return true;
	}
	return false;
}

static bool
status_is_full(uint16_t status)
{
	return status == 200 || status == 203;
}

/* 206 and 304 have ways of their own. */
static bool
status_is_held(uint16_t status)
{
	return freshness_is_understood(status) && status != 206;
}

static void
held_take_date(struct held *held, const struct exchange *x)
{
	held->received_ns = x->r.first.ts_ns;
	held->has_date = x->date.form != HTTPDATE_INVALID;
	held->date_s = held->has_date ? x->date.unix_s : held->received_ns / CONFIG_S_NS;
}

static void
held_take_asker(struct held *held, const struct before *before, const struct exchange *x)
{
	held->site = site_of(x);
	held->connection = (uint32_t)x->connection;
	held->credentials = before->credentials;
}

static void
held_take_validators(
	struct held *held, const struct before *before, const struct exchange *x)
{
	if (validator_has_tag(x)) {
		held->has_etag = true;
		held->etag = history_etag_key(before->resource, &x->etag);
		held->etag_weak = x->etag.weak;
	}
	if (validator_has_date(x)) {
		held->has_last_modified = true;
		held->last_modified_s = x->last_modified.unix_s;
	}
}

static void
held_take_freshness(struct held *held, const struct exchange *x)
{
	held->freshness = x->freshness;
	held->by_expires = x->freshness.kind == FRESHNESS_EXPLICIT &&
			   !(x->r_cc.present & CC_MAX_AGE);
}

static void
held_take_body(struct held *held, const struct represented *body)
{
	held->has_body = true;
	held->has_digest = body->has_digest;
	held->digest = body->digest;
	held->has_digest_decoded = body->has_digest_decoded;
	held->digest_decoded = body->digest_decoded;
	held->r_wire = body->r_wire;
	held->r_content = body->r_content;
	held->coding = body->coding;
	held->type = body->type;
}

void
held_replace(struct shelves *shelves, const struct before *before,
	const struct exchange *x, struct slice vary)
{
	struct represented body = represented_of(x);
	bool storable = x->freshness.storable;
	struct held held = {.status = x->r.status, .storable = storable};
	struct shelf *shelf;
	struct key variant, asked;

	if (!status_is_held(x->r.status) || !x->r.complete)
		return;
	if (!variant_key(before->resource, x, vary, &variant))
		return;
	shelf = shelf_put(shelves, before);
	if (!storable && !status_is_full(x->r.status)) {
		const struct kept *old = shelf_select(
			shelves, shelf, before->resource, x, &asked);

		if (old && old->storable && status_is_full(old->status))
			return; /* what a cache has it keeps */
	}
	held_take_body(&held, &body);
	held_take_validators(&held, before, x);
	held_take_freshness(&held, x);
	held_take_date(&held, x);
	held.location = key_add(key_start(0), message_value(&x->r, FIELD_LOCATION));
	held.server = server_mark(&x->server);
	held.delivered_ns = x->r.last.ts_ns;
	held_take_asker(&held, before, x);
	kept_write(shelf_renew(shelves, shelf, variant, vary), &held);
}

/* A tenth of the time since the last change, where nothing explicit is known. */
static void
held_guess_lifetime(struct held *held)
{
	struct freshness *f = &held->freshness;

	f->kind = FRESHNESS_NONE;
	f->lifetime_s = 0;
	if (!held->has_last_modified || !freshness_is_heuristic(held->status))
		return;
	f->kind = FRESHNESS_HEURISTIC;
	f->lifetime_s = freshness_between_s(held->last_modified_s, held->date_s) / 10;
}

/*
 * The header section of a 304, or of an agreeing HEAD answer, over the stored one:
 * a field that it has replaces the stored field, others stay  [RFC9111 3.2].
 */
static void
held_freshen(struct held *held, const struct before *before, const struct exchange *x)
{
	const struct freshness *new = &x->freshness;
	struct freshness *f = &held->freshness;
	bool has_cc = message_has(&x->r, FIELD_CACHE_CONTROL);
	bool has_expires = message_has(&x->r, FIELD_EXPIRES);
	bool by_max_age = f->kind == FRESHNESS_EXPLICIT && !held->by_expires;
	int64_t expires_s = held->date_s + f->lifetime_s;

	held->invalidated = false;
	held_take_date(held, x);
	held_take_validators(held, before, x);
	f->initial_age_ns = new->initial_age_ns;
	if (has_cc) {
		f->no_cache = new->no_cache;
		f->immutable = new->immutable;
		held->storable = held->storable && !(x->r_cc.present & CC_NO_STORE);
	}
	if (by_max_age && !has_cc)
		return;
	if (new->kind == FRESHNESS_EXPLICIT && (has_cc || has_expires)) {
		f->kind = new->kind;
		f->lifetime_s = new->lifetime_s;
		held->by_expires = !(x->r_cc.present & CC_MAX_AGE);
	} else if (held->by_expires) {
		f->lifetime_s = freshness_between_s(held->date_s, expires_s);
	} else {
		held_guess_lifetime(held);
	}
}

/*
 * The entry that a 304 confirms: that of its tag, whatever variant it is of, else
 * the one that the request selects if the request's condition named it.
 */
static struct kept *
shelf_select_validated(const struct shelves *shelves, struct shelf *shelf,
	const struct before *before, const struct exchange *x)
{
	struct key tag, variant;
	struct kept *entry = shelf_select(shelves, shelf, before->resource, x, &variant);
	struct held held = {0};

	if (entry)
		held = kept_read(entry);
	if (entry && (!status_is_full(held.status) ||
			     !validator_of_held_matches(x, before->resource, &held)))
		entry = NULL;
	if (!validator_has_tag(x))
		return entry;
	tag = history_etag_key(before->resource, &x->etag);
	if (entry && (!held.has_etag || key_eq(held.etag, tag)))
		return entry;
	for (unsigned i = 0; i < shelf_count(shelf); i++) {
		struct kept *other = shelf_at(shelf, i);

		if (status_is_full(other->status) && other->has_etag &&
			other->etag == tag.low)
			return other;
	}
	return validator_match(x) == TAG_BUT_SUFFIX ? entry : NULL;
}

/* What is known of an entry of which only a 304 was ever seen. */
static void
held_make(struct held *held, const struct before *before, const struct exchange *x,
	const struct represented *known)
{
	struct slice rest = x->inm, others;
	struct etag tag, other;

	held->status = 200;
	held->storable = !((x->q_cc.present | x->r_cc.present) & CC_NO_STORE);
	held->server = server_mark(&x->server);
	held->delivered_ns = x->r.last.ts_ns;
	held_take_asker(held, before, x);
	if (known)
		held_take_body(held, known);
	if (x->cond == COND_IMS) {
		held->has_last_modified = true;
		held->last_modified_s = x->ims.unix_s;
	} else if (exchange_next_tag(x, &rest, &tag)) {
		others = rest;
		if (!exchange_next_tag(x, &others, &other)) {
			held->has_etag = true;
			held->etag = history_etag_key(before->resource, &tag);
			held->etag_weak = tag.weak;
		}
	}
	held_take_freshness(held, x);
	held_take_date(held, x);
	held_take_validators(held, before, x);
	if (held->freshness.kind != FRESHNESS_EXPLICIT)
		held_guess_lifetime(held);
}

/* Writes an entry that a 304 confirms. */
static void
held_confirm(struct kept *entry, const struct before *before, const struct exchange *x)
{
	struct held held = kept_read(entry);
	struct key etag = held.etag;
	bool keep = held.has_etag;

	held_freshen(&held, before, x);
	held_take_asker(&held, before, x);
	held.confirmed++;
	if (keep)
		held.etag = etag; /* a coding suffix may be all that differs */
	kept_write(entry, &held);
}

void
held_validate(struct shelves *shelves, const struct before *before,
	const struct exchange *x, struct slice vary, const struct represented *known)
{
	struct shelf *shelf = shelf_put(shelves, before);
	struct kept *entry = shelf_select_validated(shelves, shelf, before, x);
	struct held held = {0};
	struct key variant;

	if (entry) {
		held_confirm(entry, before, x);
		shelf_raise(shelf, entry);
		return;
	}
	if (x->method != METHOD_GET || !variant_key(before->resource, x, vary, &variant))
		return;
	held_make(&held, before, x, known);
	kept_write(shelf_renew(shelves, shelf, variant, vary), &held);
}

/* Whether a HEAD answer contradicts nothing that is known of the entry. */
static bool
held_agrees(
	const struct held *held, const struct before *before, const struct exchange *x)
{
	if (validator_has_tag(x) && held->has_etag &&
		!key_eq(held->etag, history_etag_key(before->resource, &x->etag)))
		return false;
	if (validator_has_date(x) && held->has_last_modified &&
		held->last_modified_s != x->last_modified.unix_s)
		return false;
	return x->r.length == UINT64_MAX || !held->has_body ||
	       x->r.length == held->r_content;
}

void
held_check(struct shelves *shelves, const struct before *before, const struct exchange *x)
{
	struct shelf *shelf = shelf_use(shelves, before->pair);
	struct key variant;
	struct kept *entry = shelf ? shelf_select(shelves, shelf, before->resource, x,
					     &variant)
				   : NULL;
	struct held held;

	if (!entry || !status_is_full(entry->status))
		return;
	held = kept_read(entry);
	if (held_agrees(&held, before, x))
		held_freshen(&held, before, x);
	else
		held.invalidated = true;
	kept_write(entry, &held);
}

void
held_invalidate(struct shelves *shelves, struct key client, struct key resource)
{
	struct shelf *shelf = shelf_use(shelves, history_pair_key(client, resource));

	for (unsigned i = 0; shelf && i < shelf_count(shelf); i++)
		shelf_at(shelf, i)->invalidated = true;
}
