#include "analyzer/history/represent.h"

#include "analyzer/base/mem.h"
#include "analyzer/history/validator.h"
#include "analyzer/history/variant.h"

/* An entry is the newest one, and owns the others. */
struct sight {
	struct sight *older;
	uint64_t digest, decoded;
	uint64_t r_wire;
	uint32_t framing_bytes;
	uint32_t coding, type;
	unsigned is_there : 1, has_digest : 1, has_digest_decoded : 1;
};

_Static_assert(sizeof(struct sight) == 48, "half a million of them was reckoned with");

static void
sight_drop(void *entry)
{
	struct sight *next, *s = ((struct sight *)entry)->older;

	for (; s; s = next) {
		next = s->older;
		mem_free(s);
	}
}

static struct key
content_key(uint64_t digest)
{
	return key_add_number(key_start(0), digest);
}

static void
on_eviction(void *context, const void *entry)
{
	for (const struct sight *s = entry; s; s = s->older) {
		if (s->has_digest)
			bloom_add(context, content_key(s->digest));
		if (s->has_digest_decoded && s->decoded != s->digest)
			bloom_add(context, content_key(s->decoded));
	}
}

struct table *
represent_new(uint64_t budget_bytes, struct bloom *forgotten)
{
	struct table *table = table_new(sizeof(struct sight), budget_bytes, sight_drop);

	table_on_eviction(table, on_eviction, forgotten);
	return table;
}

bool
represent_may_have_had(const struct bloom *forgotten, const struct represented *body)
{
	return (body->has_digest &&
		       bloom_has(forgotten, content_key(body->digest.low))) ||
	       (body->has_digest_decoded &&
		       bloom_has(forgotten, content_key(body->digest_decoded.low)));
}

struct table *
represent_new_lengths(uint64_t budget_bytes)
{
	return table_new(sizeof(uint64_t), budget_bytes, NULL);
}

struct key
history_etag_key(struct key resource, const struct etag *tag)
{
	struct key key = key_add(resource, tag->opaque);

	/* A malformed tag is all of its octets, and is no other's inside. */
	if (tag->opaque.at == tag->raw.at)
		key = key_add_number(key, 1);
	return key_of_short(key.low);
}

struct key
history_date_key(struct key variant, int64_t last_modified_s)
{
	return key_add_number(variant, (uint64_t)last_modified_s);
}

bool
history_variant(const struct before *before, const struct exchange *x, struct slice vary,
	struct key *variant)
{
	return variant_key(before->resource, x, vary, variant);
}

/* Compared with few others: 32 bits are enough.  Most have no name. */
static struct key
name_key(struct slice value)
{
	return key_of_short(
		!value.n ? 1 : (uint32_t)key_add_nocase(key_start(0), value).low);
}

struct represented
represented_of(const struct exchange *x)
{
	const struct message *r = &x->r;
	struct represented body = {
		.r_wire = exchange_r_wire(x),
		.r_content = r->content_bytes,
		.coding = name_key(message_value(r, FIELD_CONTENT_ENCODING)),
		.type = name_key(message_value(r, FIELD_CONTENT_TYPE)),
	};

	if (!r->complete || x->contradicted)
		return body;
	body.has_digest = r->has_digest;
	body.digest = r->digest;
	if (r->content_bytes == 0) {
		body.has_digest = true;
		body.digest = (struct digest){0, 0};
	}
	body.has_digest_decoded = r->has_digest_decoded;
	body.digest_decoded = r->digest_decoded;
	if (x->coding_count == 0 || r->content_bytes == 0) {
		body.has_digest_decoded = body.has_digest;
		body.digest_decoded = body.digest;
	}
	return body;
}

struct represented
represented_by(const struct held *held)
{
	return (struct represented){
		.has_digest = held->has_digest,
		.has_digest_decoded = held->has_digest_decoded,
		.digest = held->digest,
		.digest_decoded = held->digest_decoded,
		.r_wire = held->r_wire,
		.r_content = held->r_content,
		.coding = held->coding,
		.type = held->type,
	};
}

/*
 * Either digest proves that bodies are identical.  That they differ is known only
 * when the decoded octets differ: other coded octets may decode to the same.  Half of
 * a digest is kept, and enough: it is compared with few others.
 */
enum truth
represented_same(const struct represented *a, const struct represented *b)
{
	if (a->has_digest && b->has_digest && a->digest.low == b->digest.low)
		return TRUTH_TRUE;
	if (!a->has_digest_decoded || !b->has_digest_decoded)
		return TRUTH_UNKNOWN;
	return a->digest_decoded.low == b->digest_decoded.low ? TRUTH_TRUE : TRUTH_FALSE;
}

static struct sight
sight_of(const struct represented *body)
{
	uint64_t framing = body->r_wire - body->r_content;

	return (struct sight){
		.digest = body->digest.low,
		.decoded = body->digest_decoded.low,
		.r_wire = body->r_wire,
		.framing_bytes = framing > UINT32_MAX ? UINT32_MAX : (uint32_t)framing,
		.coding = (uint32_t)body->coding.low,
		.type = (uint32_t)body->type.low,
		.is_there = true,
		.has_digest = body->has_digest,
		.has_digest_decoded = body->has_digest_decoded,
	};
}

struct represented
sight_read(const struct sight *sight)
{
	return (struct represented){
		.has_digest = sight->has_digest,
		.has_digest_decoded = sight->has_digest_decoded,
		.digest = {0, sight->digest},
		.digest_decoded = {0, sight->decoded},
		.r_wire = sight->r_wire,
		.r_content = sight->r_wire - sight->framing_bytes,
		.coding = key_of_short(sight->coding),
		.type = key_of_short(sight->type),
	};
}

const struct sight *
sight_older(const struct sight *sight)
{
	return sight->older;
}

/* The one that `body` is a newer sight of, or the last if there is no room; or NULL. */
static struct sight *
sight_find(struct sight *newest, const struct represented *body)
{
	unsigned count = 0;

	for (struct sight *s = newest; s; s = s->older) {
		struct represented r = sight_read(s);
		bool same_length = r.r_content == body->r_content &&
				   key_eq(r.coding, body->coding);
		bool unseen = !r.has_digest || !body->has_digest;

		if (represented_same(&r, body) == TRUTH_TRUE || (unseen && same_length))
			return s;
		if (++count == REPRESENTED_PER_NAME)
			return s;
	}
	return NULL;
}

static size_t
sights_bytes(const struct sight *newest)
{
	size_t bytes = 0;

	for (const struct sight *s = newest->older; s; s = s->older)
		bytes += sizeof *s;
	return bytes;
}

/* Puts a sight in front, in the room of `old` if there is one, which is not the first. */
static void
sight_push(struct sight *newest, struct sight *old, struct sight add)
{
	struct sight *s = newest;

	while (old && s->older != old)
		s = s->older;
	if (old)
		s->older = old->older;
	else
		old = mem_alloc(sizeof *old);
	*old = *newest;
	*newest = add;
	newest->older = old;
}

static void
represent_add(struct table *table, struct key name, const struct represented *body)
{
	struct sight *newest = table_put(table, name);
	struct sight *old = newest->is_there ? sight_find(newest, body) : newest;
	struct sight add = sight_of(body), *older = newest->older;

	if (old && old->has_digest && !body->has_digest &&
		sight_read(old).r_content == body->r_content)
		add = *old; /* a sight with a hole teaches nothing new */
	if (old == newest) {
		*newest = add;
		newest->older = older;
		return;
	}
	sight_push(newest, old, add);
	table_own(table, newest, sights_bytes(newest));
}

/* The names that a response gives its body; both or one or none. */
static unsigned
response_names(const struct before *before, const struct exchange *x, struct slice vary,
	struct key names[2])
{
	struct key variant;
	unsigned count = 0;

	if (validator_has_tag(x))
		names[count++] = history_etag_key(before->resource, &x->etag);
	if (validator_has_date(x) && history_variant(before, x, vary, &variant))
		names[count++] = history_date_key(variant, x->last_modified.unix_s);
	return count;
}

void
represent_learn(struct table *table, const struct before *before,
	const struct exchange *x, struct slice vary)
{
	struct represented body = represented_of(x);
	struct key names[2];
	unsigned count = response_names(before, x, vary, names);

	for (unsigned i = 0; i < count; i++)
		represent_add(table, names[i], &body);
}

void
represent_learn_length(struct table *lengths, const struct before *before,
	const struct exchange *x, struct slice vary)
{
	struct key names[2];
	unsigned count = response_names(before, x, vary, names);

	for (unsigned i = 0; i < count; i++) {
		uint64_t *length = table_put(lengths, names[i]);

		*length = x->r.length;
	}
}

const struct sight *
represent_find(const struct table *table, struct key name)
{
	return table_find(table, name);
}

uint64_t
represent_head_length(const struct table *lengths, struct key name)
{
	const uint64_t *length = table_find(lengths, name);

	return length ? *length : UINT64_MAX;
}
