#include "analyzer/history/represent.h"

#include "analyzer/base/mem.h"
#include "analyzer/history/validator.h"
#include "analyzer/history/variant.h"

struct named {
	struct represented *newest;
	unsigned count;
	bool has_head_length;
	uint64_t head_length;
};

static void
named_drop(void *entry)
{
	struct represented *next, *r = ((struct named *)entry)->newest;

	for (; r; r = next) {
		next = (struct represented *)r->next;
		mem_free(r);
	}
}

struct table *
represent_new(uint64_t budget_bytes)
{
	return table_new(sizeof(struct named), budget_bytes, named_drop);
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

/* Compared with few others: 32 bits are enough. */
static struct key
name_key(struct slice value)
{
	return key_of_short((uint32_t)key_add_nocase(key_start(0), value).low);
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

static bool
digest_eq(struct digest a, struct digest b)
{
	return a.high == b.high && a.low == b.low;
}

/*
 * Either digest proves that bodies are identical.  That they differ is known only
 * when the decoded octets differ: other coded octets may decode to the same.  Of the
 * decoded ones only half of the digest is kept.
 */
enum truth
represented_same(const struct represented *a, const struct represented *b)
{
	if (a->has_digest && b->has_digest && digest_eq(a->digest, b->digest))
		return TRUTH_TRUE;
	if (!a->has_digest_decoded || !b->has_digest_decoded)
		return TRUTH_UNKNOWN;
	return a->digest_decoded.low == b->digest_decoded.low ? TRUTH_TRUE : TRUTH_FALSE;
}

/* Takes the body that `body` is a newer sight of out of the list, or the oldest. */
static struct represented *
named_take(struct named *named, const struct represented *body)
{
	struct represented **link = &named->newest, *r;

	while ((r = *link)) {
		bool same_length = r->r_content == body->r_content &&
				   key_eq(r->coding, body->coding);
		bool unseen = !r->has_digest || !body->has_digest;

		if (represented_same(r, body) == TRUTH_TRUE || (unseen && same_length))
			break;
		if (!r->next && named->count == REPRESENTED_PER_NAME)
			break;
		link = (struct represented **)&r->next;
	}
	if (r)
		*link = (struct represented *)r->next;
	return r;
}

static void
represent_add(struct table *table, struct key name, const struct represented *body)
{
	struct named *named = table_put(table, name);
	struct represented *r = named_take(named, body);
	struct represented add = *body;

	if (r && !body->has_digest && r->has_digest && r->r_content == body->r_content)
		add = *r; /* a sight with a hole teaches nothing new */
	if (!r) {
		r = mem_alloc(sizeof *r);
		named->count++;
	}
	*r = add;
	r->next = named->newest;
	named->newest = r;
	table_own(table, named, named->count * sizeof *r);
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
represent_learn_length(struct table *table, const struct before *before,
	const struct exchange *x, struct slice vary)
{
	struct key names[2];
	unsigned count = response_names(before, x, vary, names);

	for (unsigned i = 0; i < count; i++) {
		struct named *named = table_put(table, names[i]);

		named->has_head_length = true;
		named->head_length = x->r.length;
	}
}

const struct represented *
represent_find(const struct table *table, struct key name)
{
	const struct named *named = table_find(table, name);

	return named ? named->newest : NULL;
}

uint64_t
represent_head_length(const struct table *table, struct key name)
{
	const struct named *named = table_find(table, name);

	return named && named->has_head_length ? named->head_length : UINT64_MAX;
}
