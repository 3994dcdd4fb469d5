#include "analyzer/http/hiding.h"

enum {
	FED_BYTES = 512 /* of a packet: more than headers have */
};

void
hiding_feed(struct hiding *hiding, int64_t ts_ns, struct slice octets)
{
	uint8_t message[SHA1_BYTES + sizeof ts_ns + FED_BYTES];
	size_t n = octets.n < FED_BYTES ? octets.n : FED_BYTES;

	if (hiding->is_sealed)
		return;
	memcpy(message, hiding->key, SHA1_BYTES);
	for (unsigned i = 0; i < sizeof ts_ns; i++)
		message[SHA1_BYTES + i] = (uint8_t)((uint64_t)ts_ns >> (8 * i));
	if (n)
		memcpy(message + SHA1_BYTES + sizeof ts_ns, octets.at, n);
	sha1(slice_of(message, SHA1_BYTES + sizeof ts_ns + n), hiding->key);
}

void
hiding_seal(struct hiding *hiding)
{
	hiding->is_sealed = true;
}

/* ---- addresses ---- */

static const uint8_t pseudonym_prefix[8] = {0x01, 0x00};

/* Says nothing of anybody. */
static bool
is_nobody(const struct address *a)
{
	static const struct address unspecified, loopback = {{[15] = 1}};

	return address_eq(a, &unspecified) || address_eq(a, &loopback) ||
	       (address_is_ipv4(a) && (a->octets[12] == 127 || a->octets[12] == 0));
}

bool
hiding_is_pseudonym(const struct address *address)
{
	return memcmp(address->octets, pseudonym_prefix, sizeof pseudonym_prefix) == 0;
}

struct address
hiding_address(const struct hiding *hiding, const struct address *address)
{
	uint8_t message[2 * SHA1_BYTES + sizeof *address], digest[SHA1_BYTES];
	struct address pseudonym;

	if (!hiding || is_nobody(address))
		return *address;
	memcpy(message, hiding->key, SHA1_BYTES);
	memcpy(message + SHA1_BYTES, address, sizeof *address);
	memcpy(message + SHA1_BYTES + sizeof *address, hiding->key, SHA1_BYTES);
	sha1(slice_of(message, sizeof message), digest);
	memcpy(pseudonym.octets, pseudonym_prefix, sizeof pseudonym_prefix);
	memcpy(pseudonym.octets + sizeof pseudonym_prefix, digest,
		sizeof pseudonym - sizeof pseudonym_prefix);
	return pseudonym;
}

struct endpoint
hiding_endpoint(const struct hiding *hiding, const struct endpoint *endpoint)
{
	return (struct endpoint){
		hiding_address(hiding, &endpoint->address), endpoint->port};
}

/* ---- twins ---- */

static enum hiding_text
kind_of(const struct field *field)
{
	switch (field->id) {
	case FIELD_HOST:
	case FIELD_REFERER:
	case FIELD_LOCATION:
	case FIELD_CONTENT_LOCATION:
		return HIDING_URL;
	case FIELD_USER_AGENT:
	case FIELD_SERVER:
	case FIELD_X_POWERED_BY:
		return HIDING_PRODUCTS;
	default:
		return HIDING_TEXT;
	}
}

static void
hide_fields(const struct hiding *hiding, struct message *m, struct arena *arena)
{
	struct field *fields = arena_alloc(arena, m->field_count * sizeof *fields);

	for (size_t i = 0; i < m->field_count; i++) {
		fields[i] = m->fields[i];
		fields[i].name = hiding_text(hiding, fields[i].name, HIDING_TEXT, arena);
		fields[i].value = hiding_text(
			hiding, fields[i].value, kind_of(&m->fields[i]), arena);
	}
	m->fields = fields;
	m->head = m->trailer = (struct slice){NULL, 0};
	m->reason = hiding_text(hiding, m->reason, HIDING_TEXT, arena);
	m->method = hiding_text(hiding, m->method, HIDING_URL, arena);
	m->target = hiding_text(hiding, m->target, HIDING_URL, arena);
}

const struct exchange *
hiding_twin(const struct hiding *hiding, const struct exchange *x, struct exchange *twin)
{
	if (!hiding)
		return x;
	*twin = *x;
	twin->arena = (struct arena){0};
	twin->original = x;
	twin->hiding = hiding;
	twin->client = hiding_endpoint(hiding, &x->client);
	twin->server = hiding_endpoint(hiding, &x->server);
	hide_fields(hiding, &twin->q, &twin->arena);
	hide_fields(hiding, &twin->r, &twin->arena);
	twin->host = hiding_text(hiding, x->host, HIDING_URL, &twin->arena);
	twin->path_query = hiding_text(hiding, x->path_query, HIDING_URL, &twin->arena);
	return twin;
}

void
hiding_twin_fini(const struct exchange *x, struct exchange *twin)
{
	if (x == twin)
		arena_fini(&twin->arena);
}

/* ---- quotes ---- */

static bool
is_within(struct slice whole, struct slice part)
{
	uintptr_t begin = (uintptr_t)whole.at, at = (uintptr_t)part.at;

	return part.n && at >= begin && at < begin + whole.n;
}

/* The part lies in the whole, behind a "?" in it. */
static bool
is_in_query(struct slice whole, struct slice part)
{
	return is_within(whole, part) &&
	       memchr(whole.at, '?', (size_t)(part.at - whole.at)) != NULL;
}

static enum hiding_text
kind_of_quote(const struct exchange *x, struct slice quote)
{
	const struct message *messages[] = {&x->q, &x->r};

	if (is_in_query(x->q.target, quote) || is_in_query(x->path_query, quote))
		return HIDING_QUERY;
	for (unsigned side = 0; side < 2; side++)
		for (size_t i = 0; i < messages[side]->field_count; i++)
			if (is_in_query(messages[side]->fields[i].value, quote))
				return HIDING_QUERY;
	return is_within(x->q.target, quote) ||
			       is_within(message_value(&x->q, FIELD_HOST), quote)
		       ? HIDING_URL
		       : HIDING_TEXT;
}

struct slice
hiding_quote(const struct exchange *twin, struct slice quote, struct arena *arena)
{
	if (!twin->hiding)
		return quote;
	return hiding_text(
		twin->hiding, quote, kind_of_quote(twin->original, quote), arena);
}
