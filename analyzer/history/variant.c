#include "analyzer/history/variant.h"

#include "parsers/target.h"
#include "parsers/vary.h"

enum {
	FOLD_BYTES = 256
};

/* A field value on its way into a key, white space folded, in pieces. */
struct fold {
	struct key key;
	uint8_t octets[FOLD_BYTES];
	size_t n;
	bool blank, begun; /* white space is due before the next octet */
};

static void
fold_octet(struct fold *fold, uint8_t octet)
{
	if (fold->n == sizeof fold->octets) {
		fold->key = key_add(fold->key, slice_of(fold->octets, fold->n));
		fold->n = 0;
	}
	fold->octets[fold->n++] = octet;
}

static void
fold_value(struct fold *fold, struct slice value)
{
	for (size_t i = 0; i < value.n; i++) {
		uint8_t octet = value.at[i];

		if (octet == ' ' || octet == '\t') {
			fold->blank = fold->begun;
			continue;
		}
		if (fold->blank)
			fold_octet(fold, ' ');
		fold->blank = false;
		fold->begun = true;
		fold_octet(fold, octet);
	}
}

/* The key of a request field's value; the key of an absent field is `start`. */
static struct key
request_value_key(struct key start, const struct message *q, struct slice name)
{
	enum field_id id = field_find(name);
	struct fold fold = {.key = start};
	bool present = false;

	for (size_t i = id ? q->first_line[id] : 1; i && i <= q->field_count; i++) {
		const struct field *field = &q->fields[i - 1];

		if (field->id != id || !slice_eq_nocase(field->name, name))
			continue;
		if (present)
			fold_value(&fold, SLICE(", "));
		fold_value(&fold, field->value);
		present = true;
	}
	return present ? key_add(fold.key, slice_of(fold.octets, fold.n)) : start;
}

bool
variant_key(struct key resource, const struct exchange *x, struct slice vary,
	struct key *variant)
{
	struct key sum = {0, 0};
	struct slice name;
	unsigned names = 0;

	*variant = resource;
	if (vary.n > VARY_BYTES_MAX)
		return false;
	while (vary_next(&vary, &name)) {
		struct key one;

		if (slice_eq(name, SLICE("*")) || ++names > VARY_NAMES_MAX)
			return false;
		one = request_value_key(key_add_nocase(resource, name), &x->q, name);
		sum.high += one.high;
		sum.low += one.low;
	}
	if (names)
		*variant = key_add_key(resource, sum);
	return true;
}

struct key
resource_origin(uint64_t seed, const struct exchange *x)
{
	struct key key = key_add_nocase(key_start(seed), x->scheme);

	if (x->host.n)
		return key_add_nocase(key, x->host);
	key = key_add(
		key, slice_of(x->server.address.octets, sizeof x->server.address.octets));
	return key_add_number(key, x->server.port);
}

struct key
resource_key(struct key origin, const struct exchange *x)
{
	struct key key = key_add(origin, x->path_query);

	if (x->method != METHOD_QUERY)
		return key;
	key = key_add(key, SLICE("QUERY"));
	return key_add(key, message_value(&x->q, FIELD_CONTENT_TYPE));
}

/*
 * The resource that a reference in a response to `x` points to, if it is of the
 * same origin and spelled as an absolute path or an absolute URI.
 */
static bool
key_of_reference(struct key origin, const struct exchange *x, struct slice reference,
	struct key *key)
{
	struct target target = target_parse(reference, SLICE("GET"));

	if (target.form == TARGET_ABSOLUTE) {
		struct slice host = target_host_without_default_port(
			target.authority, target.scheme);

		if (!slice_eq_nocase(host, x->host) ||
			(x->scheme.n && !slice_eq_nocase(target.scheme, x->scheme)))
			return false;
	} else if (target.form != TARGET_ORIGIN ||
		   slice_has_prefix(reference, SLICE("//"))) {
		return false;
	}
	*key = key_add(origin, target.path_query);
	return true;
}

static bool
is_unsafe(enum method method)
{
	switch (method) {
	case METHOD_GET:
	case METHOD_HEAD:
	case METHOD_OPTIONS:
	case METHOD_TRACE:
	case METHOD_CONNECT:
	case METHOD_QUERY:
		return false;
	default:
		return true;
	}
}

unsigned
resource_keys_changed(struct key origin, struct key resource, const struct exchange *x,
	struct key keys[RESOURCES_CHANGED_MAX])
{
	static const enum field_id references[] = {
		FIELD_LOCATION, FIELD_CONTENT_LOCATION};
	unsigned count = 0;

	if (!is_unsafe(x->method) || x->r.status < 200 || x->r.status >= 400)
		return 0;
	keys[count++] = resource;
	for (size_t i = 0; i < sizeof references / sizeof *references; i++)
		if (message_has(&x->r, references[i]) &&
			key_of_reference(origin, x, message_value(&x->r, references[i]),
				&keys[count]))
			count++;
	return count;
}
