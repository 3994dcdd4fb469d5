#include "analyzer/history/resource.h"

#include "analyzer/base/mem.h"
#include "analyzer/history/glance.h"
#include "analyzer/history/validator.h"
#include "analyzer/history/variant.h"
#include "parsers/target.h"

/* The fields that are kept, and where. */
static const struct {
	enum field_id id;
	size_t offset;
} kept[] = {
	{FIELD_ETAG, offsetof(struct observation, etag_raw)},
	{FIELD_LAST_MODIFIED, offsetof(struct observation, last_modified)},
	{FIELD_DATE, offsetof(struct observation, date)},
	{FIELD_AGE, offsetof(struct observation, age)},
	{FIELD_CACHE_CONTROL, offsetof(struct observation, cache_control)},
	{FIELD_EXPIRES, offsetof(struct observation, expires)},
	{FIELD_VARY, offsetof(struct observation, vary)},
	{FIELD_CONTENT_ENCODING, offsetof(struct observation, content_encoding)},
	{FIELD_CONTENT_TYPE, offsetof(struct observation, content_type)},
	{FIELD_CONTENT_LANGUAGE, offsetof(struct observation, content_language)},
	{FIELD_CONTENT_LOCATION, offsetof(struct observation, content_location)},
	{FIELD_CONTENT_DISPOSITION, offsetof(struct observation, content_disposition)},
	{FIELD_CONTENT_RANGE, offsetof(struct observation, content_range)},
	{FIELD_VIA, offsetof(struct observation, via)},
	{FIELD_X_CACHE, offsetof(struct observation, x_cache)},
	{FIELD_SERVER, offsetof(struct observation, server_field)},
};

enum {
	KEPT_COUNT = sizeof kept / sizeof *kept
};

/* An observation and, behind it, the octets of its strings. */
struct record {
	struct observation observation;
	size_t bytes;
	uint8_t strings[];
};

static size_t
record_bytes(const struct observation *observation)
{
	return ((const struct record *)(const void *)observation)->bytes;
}

static void
resource_drop(void *entry)
{
	struct resource *resource = entry;

	for (unsigned i = 0; i < resource->observation_count; i++)
		mem_free((void *)resource->observations[i]);
	mem_free(resource->observations);
	mem_free(resource->glances);
}

struct table *
resource_new(uint64_t budget_bytes)
{
	return table_new(sizeof(struct resource), budget_bytes, resource_drop);
}

static unsigned
codings_accepted(const struct exchange *x)
{
	struct arena scratch = {0};
	struct slice value = message_values(&x->q, FIELD_ACCEPT_ENCODING, &scratch);
	unsigned accepted = 0;

	for (unsigned coding = 0; coding < CODING_UNKNOWN; coding++)
		if (coding_accepted(value, coding))
			accepted |= 1u << coding;
	arena_fini(&scratch);
	return accepted;
}

static void
observation_fill(
	struct observation *o, const struct before *before, const struct exchange *x)
{
	struct represented body = represented_of(x);

	o->response_ns = x->r.first.ts_ns;
	o->server = x->server;
	o->client = before->client;
	o->connection = x->connection;
	o->status = x->r.status;
	o->whole = message_is_whole(&x->r);
	o->via_cache = x->via_cache;
	o->has_authorization = message_has(&x->q, FIELD_AUTHORIZATION);
	o->has_cookie = message_has(&x->q, FIELD_COOKIE);
	o->is_head = x->method == METHOD_HEAD;
	o->until_close = x->r.framing == FRAMING_CLOSE;
	o->last_modified_date = x->last_modified;
	o->freshness = x->freshness;
	o->directives = x->r_cc.present;
	o->accepted = codings_accepted(x);
	o->length = x->r.length;
	o->body_bytes = x->r.content_bytes;
	if (o->is_head)
		return;
	o->has_digest = body.has_digest;
	o->digest = body.digest;
	o->has_digest_decoded = body.has_digest_decoded;
	o->digest_decoded = body.digest_decoded;
}

static struct record *
record_new(const struct before *before, const struct exchange *x)
{
	struct arena scratch = {0};
	struct slice values[KEPT_COUNT];
	struct record *record;
	size_t bytes = sizeof *record, at = 0;

	for (size_t i = 0; i < KEPT_COUNT; i++) {
		values[i] = slice_part(message_values(&x->r, kept[i].id, &scratch), 0,
			OBSERVED_BYTES_MAX);
		bytes += values[i].n;
	}
	bytes += x->r.begin.n;
	record = mem_alloc(bytes);
	record->bytes = bytes;
	for (size_t i = 0; i < KEPT_COUNT; i++) {
		struct slice *value = (void *)((uint8_t *)&record->observation +
					       kept[i].offset);

		if (!values[i].at)
			continue;
		memcpy(record->strings + at, values[i].at, values[i].n);
		*value = slice_of(record->strings + at, values[i].n);
		at += values[i].n;
	}
	if (x->r.begin.n)
		memcpy(record->strings + at, x->r.begin.at, x->r.begin.n);
	record->observation.begin = slice_of(record->strings + at, x->r.begin.n);
	arena_fini(&scratch);
	observation_fill(&record->observation, before, x);
	record->observation.etag = etag_parse(record->observation.etag_raw);
	variant_key(before->resource, x, record->observation.vary,
		&record->observation.variant);
	return record;
}

static bool
is_observed(const struct exchange *x)
{
	uint16_t status = x->r.status;

	if (x->method == METHOD_HEAD)
		return status == 200;
	return x->method == METHOD_GET &&
	       (status == 200 || status == 203 || status == 206);
}

static bool
is_named_plainly(const struct exchange *x)
{
	return exchange_is_named_as_sent(x) && target_host_is_plain(x->host) &&
	       target_is_plain(x->path_query);
}

static void
resource_drop_oldest(struct resource *resource)
{
	const struct observation
		*oldest = resource->observations[--resource->observation_count];

	resource->observed_bytes -= record_bytes(oldest);
	resource->observations_lost = true;
	mem_free((void *)oldest);
}

static void
resource_grow(struct resource *resource)
{
	unsigned more = resource->observation_room ? resource->observation_room : 1;

	resource->observation_room += more;
	resource->observed_bytes += more * (sizeof *resource->observations +
						   sizeof *resource->glances);
	resource->observations = mem_grow(resource->observations,
		resource->observation_room * sizeof *resource->observations);
	resource->glances = mem_grow(resource->glances,
		resource->observation_room * sizeof *resource->glances);
}

static void
resource_add(struct resource *resource, const struct record *record)
{
	if (resource->observation_count == resource->observation_room)
		resource_grow(resource);
	memmove(resource->observations + 1, resource->observations,
		resource->observation_count * sizeof *resource->observations);
	memmove(resource->glances + 1, resource->glances,
		resource->observation_count * sizeof *resource->glances);
	resource->observations[0] = &record->observation;
	resource->glances[0] = glance_of(resource->key, &record->observation);
	resource->observation_count++;
	resource->has_tags |= record->observation.etag_raw.at != NULL;
	resource->has_weak_tags |= record->observation.etag.weak;
	if (resource->modified_s < resource->glances[0].modified_s)
		resource->modified_s = resource->glances[0].modified_s;
	resource->observed_bytes += record->bytes;
}

void
resource_observe(
	struct table *table, const struct before *before, const struct exchange *x)
{
	bool tight = table_bytes(table) > table_budget(table) / 2;
	unsigned most = tight ? OBSERVATIONS_WHEN_TIGHT : OBSERVATIONS_PER_RESOURCE;
	struct resource *resource;

	if (!is_observed(x))
		return;
	resource = table_put(table, before->resource);
	resource->key = before->resource;
	if (!resource->observation_count) {
		resource->modified_s = GLANCE_NO_DATE;
		resource->is_plain = is_named_plainly(x);
	}
	resource->differ = history_differ(resource, x);
	resource->directives |= x->r_cc.present;
	while (resource->observation_count >= most)
		resource_drop_oldest(resource);
	resource_add(resource, record_new(before, x));
	table_own(table, resource, resource->observed_bytes);
}

/* With all lines of a field that has several. */
static bool
has_same_lines(struct slice observed, const struct message *m, enum field_id id)
{
	struct arena scratch = {0};
	struct slice value = message_values(m, id, &scratch);
	bool same = slice_eq(observed, slice_part(value, 0, OBSERVED_BYTES_MAX));

	arena_fini(&scratch);
	return same;
}

static inline bool
has_same_field(struct slice observed, const struct message *m, enum field_id id)
{
	if (m->repeated & FIELD_BIT(id))
		return has_same_lines(observed, m, id);
	if (!message_has(m, id))
		return !observed.n;
	return slice_eq(
		observed, slice_part(message_value(m, id), 0, OBSERVED_BYTES_MAX));
}

bool
history_same_field(struct slice observed, const struct exchange *x, enum field_id id)
{
	return has_same_field(observed, &x->r, id);
}

/* A trait in which they differ already is not compared. */
static inline unsigned
differs_in(unsigned differ, enum trait trait, struct slice observed,
	const struct message *m, enum field_id id)
{
	if (differ & trait || has_same_field(observed, m, id))
		return differ;
	return differ | trait;
}

/* Of two neighbours each is like the other, so with the newest all are compared. */
unsigned
history_differ(const struct resource *resource, const struct exchange *x)
{
	const struct message *r = &x->r;
	const struct observation *o;
	unsigned differ;

	if (!resource || !resource->observation_count)
		return 0;
	o = resource->observations[0];
	differ = resource->differ;
	differ = differs_in(
		differ, TRAIT_CODING, o->content_encoding, r, FIELD_CONTENT_ENCODING);
	differ = differs_in(differ, TRAIT_VARY, o->vary, r, FIELD_VARY);
	differ = differs_in(
		differ, TRAIT_POLICY, o->cache_control, r, FIELD_CACHE_CONTROL);
	differ = differs_in(differ, TRAIT_POLICY, o->expires, r, FIELD_EXPIRES);
	return differs_in(
		differ, TRAIT_LOCATION, o->content_location, r, FIELD_CONTENT_LOCATION);
}

static bool
is_full(const struct observation *o)
{
	return !o->is_head && (o->status == 200 || o->status == 203);
}

struct slice
resource_vary(const struct resource *resource)
{
	for (unsigned i = 0; resource && i < resource->observation_count; i++)
		if (is_full(resource->observations[i]))
			return resource->observations[i]->vary;
	return (struct slice){NULL, 0};
}

const struct observation *
history_known(const struct resource *resource, const struct etag *tag)
{
	uint64_t wanted = glance_tag(resource->key, tag);

	for (unsigned i = 0; wanted && i < resource->observation_count; i++)
		if (resource->glances[i].tag == wanted &&
			!resource->observations[i]->is_head)
			return resource->observations[i];
	return NULL;
}

const struct observation *
history_peer(const struct resource *resource, const struct before *before,
	const struct exchange *x)
{
	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];
		struct key variant;

		if (is_full(o) && history_variant(before, x, o->vary, &variant) &&
			key_eq(variant, o->variant))
			return o;
	}
	return NULL;
}
