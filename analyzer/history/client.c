#include "analyzer/history/client.h"

#include "analyzer/base/text.h"
#include "analyzer/http/hiding.h"
#include "parsers/cookie.h"
#include "parsers/forwarded.h"

bool
client_rule_parse(struct slice text, struct client_rule *rule)
{
	static const struct slice names[] = {
		[CLIENT_BY_IP_UA] = SLICE_INIT("ip-ua"),
		[CLIENT_BY_IP] = SLICE_INIT("ip"),
		[CLIENT_BY_CONN] = SLICE_INIT("conn"),
		[CLIENT_BY_XFF] = SLICE_INIT("xff"),
		[CLIENT_BY_COOKIE] = SLICE_INIT("cookie:"),
		[CLIENT_BY_AUTHORIZATION] = SLICE_INIT("authorization"),
	};

	for (enum client_by by = 0; by < sizeof names / sizeof *names; by++) {
		if (by == CLIENT_BY_COOKIE ? text.n > names[by].n &&
						     slice_has_prefix(text, names[by])
					   : slice_eq(text, names[by])) {
			rule->by = by;
			rule->cookie = slice_from(text, names[by].n);
			return true;
		}
	}
	return false;
}

bool
client_rule_walks(const struct client_rule *rule)
{
	return rule->by == CLIENT_BY_XFF || rule->by == CLIENT_BY_COOKIE ||
	       rule->by == CLIENT_BY_AUTHORIZATION;
}

static bool
is_trusted(const struct client_rule *rule, const struct address *address)
{
	for (size_t i = 0; i < rule->trusted_count; i++)
		if (network_has(&rule->trusted[i], address))
			return true;
	return false;
}

/* What the walk found, and what is left of the field to the left of it. */
struct walk {
	struct address address;
	struct slice rest;
};

static void
walk_field(struct walk *walk, const struct client_rule *rule, struct slice value,
	bool in_pairs)
{
	struct forwarded forwarded;
	struct address next;

	walk->rest = value;
	if (!client_rule_walks(rule) || !is_trusted(rule, &walk->address))
		return;
	forwarded_open(&forwarded, value);
	for (size_t i = 0; i < forwarded_hops(&forwarded); i++) {
		struct slice hop = forwarded_hop(&forwarded, i);
		bool known = in_pairs ? forwarded_for(hop, &next)
				      : forwarded_address(hop, &next);

		if (!known || !is_trusted(rule, &walk->address))
			return;
		walk->address = next;
		walk->rest = slice_part(value, 0, (size_t)(hop.at - value.at));
	}
}

/* The slice may lie in `arena`. */
static struct walk
walk_of(const struct client_rule *rule, const struct exchange *x, struct arena *arena)
{
	struct walk walk = {.address = x->client.address};
	struct slice value = message_values(&x->q, FIELD_X_FORWARDED_FOR, arena);

	if (value.at)
		walk_field(&walk, rule, value, false);
	else
		walk_field(
			&walk, rule, message_values(&x->q, FIELD_FORWARDED, arena), true);
	return walk;
}

/* The value of the credential that the key rests on, or {NULL, 0}. */
static struct slice
credential_of(const struct client_rule *rule, const struct exchange *x)
{
	struct slice name, value;

	if (rule->by == CLIENT_BY_AUTHORIZATION)
		return message_value(&x->q, FIELD_AUTHORIZATION);
	for (size_t i = 0; rule->by == CLIENT_BY_COOKIE && i < x->q.field_count; i++) {
		struct slice rest = x->q.fields[i].value;

		while (x->q.fields[i].id == FIELD_COOKIE &&
			cookie_next(&rest, &name, &value))
			if (slice_eq(name, rule->cookie))
				return value;
	}
	return (struct slice){NULL, 0};
}

/* Of something that is there: never 0. */
static uint32_t
mark_of(uint64_t seed, struct slice octets)
{
	return (uint32_t)key_add(key_start(seed), octets).low | 1;
}

static uint32_t
credentials_of(uint64_t seed, const struct exchange *x, struct arena *arena)
{
	struct slice value = message_value(&x->q, FIELD_AUTHORIZATION);

	if (!value.n)
		value = message_values(&x->q, FIELD_COOKIE, arena);
	return value.n ? mark_of(seed, value) : 0;
}

/* Without the credential. */
static struct key
key_of(const struct client_rule *rule, uint64_t seed, const struct exchange *x,
	const struct client *client)
{
	struct key key = key_start(seed);

	if (rule->by == CLIENT_BY_CONN)
		return key_add_number(key, x->connection);
	key = key_add(
		key, slice_of(client->address.octets, sizeof client->address.octets));
	if (rule->by != CLIENT_BY_IP)
		key = key_add(key, message_value(&x->q, FIELD_USER_AGENT));
	return key;
}

struct client
client_of(const struct client_rule *rule, uint64_t seed, const struct exchange *x)
{
	struct arena scratch = {0};
	struct walk walk = walk_of(rule, x, &scratch);
	struct slice rest = slice_trim(walk.rest), credential = credential_of(rule, x);
	struct client client = {
		.address = walk.address,
		.has_credential = credential.at != NULL,
		.via = message_has(&x->q, FIELD_VIA),
		.forwarded = rest.n ? mark_of(seed, rest) : 0,
		.credentials = credentials_of(seed, x, &scratch),
	};

	client.key = key_of(rule, seed, x, &client);
	client.plain = key_of(rule, 0, x, &client).low;
	if (credential.at)
		client.key = key_add(client.key, credential);
	arena_fini(&scratch);
	return client;
}

void
client_write(struct out *out, const struct client_rule *rule, const struct exchange *x,
	uint32_t number)
{
	struct slice agent = message_value(&x->q, FIELD_USER_AGENT);
	struct arena scratch = {0};
	struct walk walk = walk_of(rule, exchange_real(x), &scratch);
	struct address address = hiding_address(x->hiding, &walk.address);

	out_text(out, address_name(&address).s);
	if (rule->by == CLIENT_BY_CONN) {
		out_format(out, " %u", x->client.port);
	} else if (rule->by != CLIENT_BY_IP && agent.n) {
		out_octet(out, ' ');
		out_slice(out, agent);
	}
	if (credential_of(rule, x).at)
		out_format(out, " #%u", number);
	arena_fini(&scratch);
}
