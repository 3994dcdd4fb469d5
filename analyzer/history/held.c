#include "analyzer/history/held.h"

#include "analyzer/base/mem.h"
#include "analyzer/history/validator.h"
#include "analyzer/history/variant.h"
#include "analyzer/http/freshness.h"

enum {
	NS_PER_S = 1000000000
};

struct entry {
	struct held held;
	struct slice vary; /* owned; what named the variant */
};

/* A client's entries of a resource, newest first. */
struct shelf {
	unsigned count, room;
	struct entry *entries;
};

static void
entry_fini(struct entry *entry)
{
	mem_free((void *)entry->vary.at);
}

static void
shelf_drop(void *memory)
{
	struct shelf *shelf = memory;

	for (unsigned i = 0; i < shelf->count; i++)
		entry_fini(&shelf->entries[i]);
	mem_free(shelf->entries);
}

struct table *
held_new(uint64_t budget_bytes)
{
	return table_new(sizeof(struct shelf), budget_bytes, shelf_drop);
}

static struct shelf *
shelf_use(struct table *table, struct key client, struct key resource)
{
	return table_use(table, key_add_key(client, resource));
}

static void
shelf_account(struct table *table, struct shelf *shelf)
{
	size_t bytes = shelf->room * sizeof *shelf->entries;

	for (unsigned i = 0; i < shelf->count; i++)
		bytes += shelf->entries[i].vary.n;
	table_own(table, shelf, bytes);
}

/* The newest entry that a request selects, or NULL. */
static struct entry *
shelf_select(struct shelf *shelf, struct key resource, const struct exchange *x)
{
	struct slice vary = {NULL, 0};
	struct key variant = resource;
	bool matches = true;

	for (unsigned i = 0; i < shelf->count; i++) {
		struct entry *entry = &shelf->entries[i];

		if (!slice_eq(entry->vary, vary)) {
			vary = entry->vary;
			matches = variant_key(resource, x, vary, &variant);
		}
		if (matches && key_eq(entry->held.variant, variant))
			return entry;
	}
	return NULL;
}

/* Moves an entry to the front. */
static struct entry *
shelf_raise(struct shelf *shelf, struct entry *entry)
{
	struct entry raised = *entry;
	size_t before = (size_t)(entry - shelf->entries);

	memmove(shelf->entries + 1, shelf->entries, before * sizeof *entry);
	shelf->entries[0] = raised;
	return &shelf->entries[0];
}

static struct entry *
shelf_add(struct shelf *shelf)
{
	if (shelf->count == HELD_VARIANTS) {
		entry_fini(&shelf->entries[--shelf->count]);
	} else if (shelf->count == shelf->room) {
		shelf->room = shelf->room ? 2 * shelf->room : 1;
		shelf->entries = mem_grow(
			shelf->entries, shelf->room * sizeof *shelf->entries);
	}
	memset(&shelf->entries[shelf->count], 0, sizeof *shelf->entries);
	return shelf_raise(shelf, &shelf->entries[shelf->count++]);
}

/* The entry of a variant at the front, emptied; a new one if there was none. */
static struct entry *
shelf_renew(struct shelf *shelf, struct key variant, struct slice vary)
{
	struct entry *entry = NULL;
	uint8_t *copy;

	for (unsigned i = 0; i < shelf->count && !entry; i++)
		if (key_eq(shelf->entries[i].held.variant, variant))
			entry = shelf_raise(shelf, &shelf->entries[i]);
	if (!entry)
		entry = shelf_add(shelf);
	entry_fini(entry);
	memset(entry, 0, sizeof *entry);
	if (vary.n) {
		copy = mem_alloc(vary.n);
		memcpy(copy, vary.at, vary.n);
		entry->vary = slice_of(copy, vary.n);
	}
	entry->held.variant = variant;
	return entry;
}

bool
held_select(struct table *table, const struct before *before, const struct exchange *x,
	struct held *held, bool *any)
{
	struct shelf *shelf = shelf_use(table, before->client, before->resource);
	const struct entry *entry;

	*any = shelf && shelf->count;
	entry = *any ? shelf_select(shelf, before->resource, x) : NULL;
	if (!entry)
		return false;
	if (x->handshake_rtt_ns > 0 &&
		entry->held.delivered_ns > x->q.head_end.ts_ns - x->handshake_rtt_ns)
		return false;
	*held = entry->held;
	return true;
}

bool
held_has_etag(
	const struct table *table, struct key client, struct key resource, struct key tag)
{
	const struct shelf *shelf = table_find(table, key_add_key(client, resource));

	for (unsigned i = 0; shelf && i < shelf->count; i++)
		if (shelf->entries[i].held.has_etag &&
			key_eq(shelf->entries[i].held.etag, tag))
			return true;
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
	held->date_s = held->has_date ? x->date.unix_s : held->received_ns / NS_PER_S;
}

static void
held_take_asker(struct held *held, const struct before *before, const struct exchange *x)
{
	held->site = site_of(x);
	held->connection = x->connection;
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
held_replace(struct table *table, const struct before *before, const struct exchange *x,
	struct slice vary)
{
	struct represented body = represented_of(x);
	bool storable = x->freshness.storable;
	struct shelf *shelf;
	struct key variant;
	struct held *held;

	if (!status_is_held(x->r.status) || !x->r.complete)
		return;
	if (!variant_key(before->resource, x, vary, &variant))
		return;
	shelf = table_put(table, key_add_key(before->client, before->resource));
	if (!storable && !status_is_full(x->r.status)) {
		const struct entry *old = shelf_select(shelf, before->resource, x);

		if (old && old->held.storable && status_is_full(old->held.status))
			return; /* what a cache has it keeps */
	}
	held = &shelf_renew(shelf, variant, vary)->held;
	held->status = x->r.status;
	held->storable = storable;
	held_take_body(held, &body);
	held_take_validators(held, before, x);
	held_take_freshness(held, x);
	held_take_date(held, x);
	held->location = key_add(key_start(0), message_value(&x->r, FIELD_LOCATION));
	held->server = x->server;
	held->delivered_ns = x->r.last.ts_ns;
	held_take_asker(held, before, x);
	shelf_account(table, shelf);
}

/* From one second to another, as a lifetime. */
static int64_t
lifetime_between(int64_t begin_s, int64_t end_s)
{
	if (end_s <= begin_s)
		return 0;
	return end_s - begin_s < CACHECONTROL_MAX_S ? end_s - begin_s
						    : CACHECONTROL_MAX_S;
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
	f->lifetime_s = lifetime_between(held->last_modified_s, held->date_s) / 10;
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
		f->lifetime_s = lifetime_between(held->date_s, expires_s);
	} else {
		held_guess_lifetime(held);
	}
}

/*
 * The entry that a 304 confirms: that of its tag, whatever variant it is of, else
 * the one that the request selects if the request's condition named it.
 */
static struct entry *
shelf_select_validated(
	struct shelf *shelf, const struct before *before, const struct exchange *x)
{
	struct entry *entry = shelf_select(shelf, before->resource, x);
	struct key tag;

	if (entry && !status_is_full(entry->held.status))
		entry = NULL;
	if (entry && !validator_of_held_matches(x, before->resource, &entry->held))
		entry = NULL;
	if (!validator_has_tag(x))
		return entry;
	tag = history_etag_key(before->resource, &x->etag);
	if (entry && (!entry->held.has_etag || key_eq(entry->held.etag, tag)))
		return entry;
	for (unsigned i = 0; i < shelf->count; i++) {
		struct held *held = &shelf->entries[i].held;

		if (status_is_full(held->status) && held->has_etag &&
			key_eq(held->etag, tag))
			return &shelf->entries[i];
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
	held->server = x->server;
	held->delivered_ns = x->r.last.ts_ns;
	held_take_asker(held, before, x);
	if (known)
		held_take_body(held, known);
	if (x->cond == COND_IMS) {
		held->has_last_modified = true;
		held->last_modified_s = x->ims.unix_s;
	} else if (etag_next(&rest, &tag)) {
		others = rest;
		if (!etag_next(&others, &other)) {
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

void
held_validate(struct table *table, const struct before *before, const struct exchange *x,
	struct slice vary, const struct represented *known)
{
	struct shelf *shelf = table_put(
		table, key_add_key(before->client, before->resource));
	struct entry *entry = shelf_select_validated(shelf, before, x);
	struct key variant;

	if (entry) {
		struct held *held = &entry->held;
		struct key etag = held->etag;
		bool keep = held->has_etag;

		held_freshen(held, before, x);
		held_take_asker(held, before, x);
		if (keep)
			held->etag = etag; /* a coding suffix may be all that differs */
		shelf_raise(shelf, entry);
		return;
	}
	if (x->method != METHOD_GET || !variant_key(before->resource, x, vary, &variant))
		return;
	held_make(&shelf_renew(shelf, variant, vary)->held, before, x, known);
	shelf_account(table, shelf);
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
held_check(struct table *table, const struct before *before, const struct exchange *x)
{
	struct shelf *shelf = shelf_use(table, before->client, before->resource);
	struct entry *entry = shelf ? shelf_select(shelf, before->resource, x) : NULL;

	if (!entry || !status_is_full(entry->held.status))
		return;
	if (held_agrees(&entry->held, before, x))
		held_freshen(&entry->held, before, x);
	else
		entry->held.invalidated = true;
}

void
held_invalidate(struct table *table, struct key client, struct key resource)
{
	struct shelf *shelf = shelf_use(table, client, resource);

	for (unsigned i = 0; shelf && i < shelf->count; i++)
		shelf->entries[i].held.invalidated = true;
}
