#include "analyzer/rules/alias.h"

#include "analyzer/base/mem.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"

enum {
	RANDOM_DIGITS = 8, /* or letters a to f; times have ten or thirteen */
};

struct aliases {
	struct table *busted, *named;
	struct key start;
};

struct aliases *
aliases_new(uint64_t memory_bytes, uint64_t seed)
{
	struct aliases *a = mem_alloc(sizeof *a);

	a->busted = table_new_rough(sizeof(struct alias_busted), memory_bytes / 2, NULL);
	a->named = table_new_rough(sizeof(struct alias_named), memory_bytes / 2, NULL);
	a->start = key_start(seed);
	return a;
}

void
aliases_free(struct aliases **aliases)
{
	if (!*aliases)
		return;
	table_free(&(*aliases)->busted);
	table_free(&(*aliases)->named);
	mem_free(*aliases);
	*aliases = NULL;
}

/* Of the names below; most others begin with another letter. */
static const uint32_t INITIALS = MESSAGE_INITIAL('t') | MESSAGE_INITIAL('r') |
				 MESSAGE_INITIAL('c') | MESSAGE_INITIAL('n') |
				 MESSAGE_INITIAL('d') | MESSAGE_INITIAL('v') |
				 MESSAGE_INITIAL('h') | MESSAGE_NO_LETTER;

static bool
is_one_of(struct slice name, const struct slice *names, size_t count)
{
	if (!(message_initial(name) & INITIALS))
		return false;
	for (size_t i = 0; i < count; i++)
		if (slice_eq_nocase(name, names[i]))
			return true;
	return false;
}

/* Names that are there to make each URL another one. */
static bool
is_busting_name(struct slice name)
{
	static const struct slice names[] = {SLICE_INIT("_"), SLICE_INIT("t"),
		SLICE_INIT("ts"), SLICE_INIT("time"), SLICE_INIT("timestamp"),
		SLICE_INIT("r"), SLICE_INIT("rnd"), SLICE_INIT("rand"),
		SLICE_INIT("random"), SLICE_INIT("cb"), SLICE_INIT("cachebust"),
		SLICE_INIT("cachebuster"), SLICE_INIT("nocache"), SLICE_INIT("nc"),
		SLICE_INIT("dc"), SLICE_INIT("v2")};

	return is_one_of(name, names, sizeof names / sizeof *names);
}

/* Names of versions, whose values are meant to stay. */
static bool
is_version(struct slice name)
{
	static const struct slice names[] = {SLICE_INIT("v"), SLICE_INIT("ver"),
		SLICE_INIT("version"), SLICE_INIT("hash"), SLICE_INIT("h")};

	return is_one_of(name, names, sizeof names / sizeof *names);
}

/* A random number, or a time. */
static bool
is_busting_value(struct slice value)
{
	return value.n >= RANDOM_DIGITS && chars_are(value, CHARS_HEXDIG);
}

/* The parameter of a URL that makes it another one each time. */
struct parameter {
	struct slice name, value, before, after; /* before and after: of the URL */
};

static bool
find_parameter(const struct exchange *x, struct parameter *p)
{
	struct slice url = x->path_query;
	size_t at = slice_find(url, '?', 0), end;

	for (; at < url.n; at = end) {
		struct slice part;
		size_t equals;

		end = slice_find(url, '&', at + 1);
		part = slice_part(url, at + 1, end);
		equals = slice_find(part, '=', 0);
		p->name = slice_part(part, 0, equals < part.n ? equals : 0);
		p->value = equals < part.n ? slice_from(part, equals + 1) : part;
		p->before = slice_part(url, 0, at + 1);
		p->after = slice_from(url, end);
		if (p->value.n && !is_version(p->name) &&
			(is_busting_value(p->value) || is_busting_name(p->name)))
			return true;
	}
	return false;
}

static struct key
parameter_key(
	const struct aliases *a, const struct exchange *x, const struct parameter *p)
{
	struct key key = key_add_nocase(key_add_nocase(a->start, x->scheme), x->host);

	return key_add(key_add(key_add(key, p->before), p->name), p->after);
}

static uint64_t
value_hash(const struct aliases *a, struct slice value)
{
	return key_add(a->start, value).low;
}

static const struct alias_busted *
add_busted(struct aliases *a, const struct view *view)
{
	const struct digest *digest = &view->x->r.digest;
	struct alias_busted *b;
	struct parameter p;
	uint64_t hash;

	if (!find_parameter(view->x, &p))
		return NULL;
	b = table_put(a->busted, parameter_key(a, view->x, &p));
	hash = value_hash(a, p.value);
	for (unsigned i = 0; i < ALIAS_VALUES && i < b->values; i++)
		if (b->seen[i] == hash)
			return b;
	if (b->values && b->digest.high == digest->high && b->digest.low == digest->low)
		b->equal++;
	b->seen[b->values % ALIAS_VALUES] = hash;
	b->values++;
	b->digest = *digest;
	return b;
}

/* Only of one that is whole. */
static struct key
content_key(const struct aliases *a, const struct exchange *x)
{
	return key_add_key(a->start, (struct key){x->r.digest.high, x->r.digest.low});
}

static const struct alias_named *
add_named(struct aliases *a, const struct view *view)
{
	struct alias_named *named = table_put(a->named, content_key(a, view->x));

	for (unsigned i = 0; i < named->resources; i++)
		if (named->of[i] == view->before->resource.low)
			return named;
	if (named->resources < ALIAS_RESOURCES)
		named->of[named->resources++] = view->before->resource.low;
	return named;
}

static bool
has_alias(const struct exchange *x)
{
	return x->method == METHOD_GET && x->r.status == 200;
}

void
aliases_expect(
	const struct aliases *aliases, const struct exchange *x, table_fetch *fetch)
{
	if (has_alias(x) && message_is_whole(&x->r) && x->r.content_bytes >= ALIAS_BYTES)
		fetch(aliases->named, content_key(aliases, x));
}

void
aliases_add(struct aliases *aliases, const struct view *view, bool paired,
	struct aggregated *known)
{
	const struct exchange *x = view->x;
	struct slice name;

	if (!paired || !has_alias(x))
		return;
	if (!message_is_whole(&x->r) || !x->r.content_bytes) {
		known->busted = aliases_busted(aliases, view, &name);
		return;
	}
	if (x->r.content_bytes >= ALIAS_BYTES)
		known->named = add_named(aliases, view);
	known->busted = add_busted(aliases, view);
}

const struct alias_busted *
aliases_busted(const struct aliases *a, const struct view *view, struct slice *name)
{
	struct parameter p;

	if (!find_parameter(view->x, &p))
		return NULL;
	*name = p.name;
	return table_find(a->busted, parameter_key(a, view->x, &p));
}

uint64_t
aliases_evictions(const struct aliases *aliases)
{
	return table_evictions(aliases->busted) + table_evictions(aliases->named);
}
