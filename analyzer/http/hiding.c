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

	if (!hiding || hiding->secrets_only || is_nobody(address))
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

/* What is hidden as a whole tells nothing. */
static bool
message_may_tell(const struct message *m)
{
	struct slice cookie = message_value(m, FIELD_COOKIE), rest = m->head;

	if (cookie.n) {
		rest = slice_of(m->head.at, (size_t)(cookie.at - m->head.at));
		if (hiding_may_tell(rest))
			return true;
		rest = slice_from(m->head, rest.n + cookie.n);
	}
	return hiding_may_tell(rest);
}

static bool
may_tell(const struct hiding *hiding, const struct exchange *x)
{
	return hiding && (!hiding->secrets_only || message_may_tell(&x->q) ||
				 message_may_tell(&x->r));
}

const struct exchange *
hiding_twin(const struct hiding *hiding, const struct exchange *x, struct exchange *twin)
{
	if (!may_tell(hiding, x))
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

	return part.n && at >= begin && at < begin + whole.n &&
	       part.n <= begin + whole.n - at;
}

/* The text of an exchange that the quote is a part of; itself if it is of none. */
static struct slice
whole_of(const struct exchange *x, struct slice quote, enum hiding_text *kind)
{
	const struct message *messages[] = {&x->q, &x->r};

	*kind = HIDING_URL;
	if (is_within(x->q.target, quote))
		return x->q.target;
	if (is_within(x->path_query, quote))
		return x->path_query;
	if (is_within(x->host, quote))
		return x->host;
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = messages[side];

		for (size_t i = 0; i < m->field_count; i++) {
			*kind = kind_of(&m->fields[i]);
			if (is_within(m->fields[i].value, quote))
				return m->fields[i].value;
		}
	}
	*kind = HIDING_TEXT;
	return quote;
}

struct slice
hiding_quote(const struct hiding *hiding, const struct exchange *x, struct slice quote,
	struct arena *arena)
{
	enum hiding_text kind;
	struct slice whole;

	if (!hiding || !quote.n)
		return quote;
	whole = whole_of(x, quote, &kind);
	return hiding_part(hiding, whole, quote, kind, arena);
}
