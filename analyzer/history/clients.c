#include "analyzer/history/clients.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/history/agents.h"
#include "analyzer/history/turns.h"
#include "parsers/cookie.h"

enum {
	/* Shares of the memory, in percent. */
	KEY_SHARE = 40,
	AGENTS_SHARE = 30,
	CREDENTIALS_SHARE = 15,
	TAGS_SHARE = 15,
	COOKIES_MAX = 32,	  /* of a request that are looked at */
	SESSION_VALUE_BYTES = 16, /* a shorter value names no session */
};

/* A key. */
struct known {
	uint64_t t2_octets; /* booked before it was known to be shared */
	uint32_t number;
	uint32_t forwarded; /* the first that it came with */
	uint8_t signs;	    /* bits by enum client_sign */
	bool asks, refetches;
};

struct clients {
	uint64_t seed;
	struct table *keys, *credentials, *tags;
	struct agents *agents;
	struct clients_summary summary;
};

const char *
client_sign_name(enum client_sign sign)
{
	static const char *const names[] = {
		[SIGN_VIA] = "via",
		[SIGN_AGENTS] = "agents",
		[SIGN_FORWARDED] = "forwarded",
		[SIGN_CREDENTIALS] = "credentials",
		[SIGN_TAGS] = "tags",
	};

	return names[sign];
}

struct clients *
clients_new(uint64_t memory_bytes, uint64_t seed)
{
	struct clients *clients = mem_alloc(sizeof *clients);
	uint64_t percent = memory_bytes / 100;

	clients->seed = seed;
	clients->keys = table_new_rough(sizeof(struct known), KEY_SHARE * percent, NULL);
	clients->agents = agents_new(
		AGENTS_SHARE * percent, seed, clients->summary.addresses_by_agents);
	clients->credentials = turns_new(CREDENTIALS_SHARE * percent);
	clients->tags = turns_new(TAGS_SHARE * percent);
	return clients;
}

void
clients_free(struct clients **clients)
{
	if (!*clients)
		return;
	table_free(&(*clients)->keys);
	table_free(&(*clients)->credentials);
	table_free(&(*clients)->tags);
	agents_free(&(*clients)->agents);
	mem_free(*clients);
	*clients = NULL;
}

static void
known_mark(struct clients *clients, struct known *known, enum client_sign sign)
{
	if (known->signs & 1u << sign)
		return;
	if (!known->signs) {
		clients->summary.shared++;
		clients->summary.t2_shared_octets += known->t2_octets;
		known->t2_octets = 0;
	}
	known->signs |= (uint8_t)(1u << sign);
	clients->summary.by_sign[sign]++;
}

/* Whether a cookie, or Authorization, of this client and host takes turns. */
static bool
credential_turns(struct clients *clients, struct key holder, struct slice name,
	struct slice value, int64_t now_ns)
{
	return turns_take(clients->credentials, key_add(holder, name),
		       key_add(key_start(clients->seed), value), now_ns) >= 2;
}

static bool
cookies_turn(struct clients *clients, struct key holder, const struct exchange *x)
{
	unsigned looked_at = 0;
	bool turn = false;

	for (size_t i = 0; i < x->q.field_count; i++) {
		struct slice rest = x->q.fields[i].value, name, value;

		if (x->q.fields[i].id != FIELD_COOKIE)
			continue;
		while (looked_at++ < COOKIES_MAX && cookie_next(&rest, &name, &value))
			if (value.n >= SESSION_VALUE_BYTES)
				turn |= credential_turns(clients, holder, name, value,
					x->q.head_end.ts_ns);
	}
	return turn;
}

/* The same credentials as in the last request to the host tell nothing new. */
static bool
credentials_turn(
	struct clients *clients, const struct client *client, const struct exchange *x)
{
	struct key holder = key_add_nocase(client->key, x->host);
	struct slice authorization = message_value(&x->q, FIELD_AUTHORIZATION);

	if (!client->credentials || turns_is_last(clients->credentials, holder,
					    (struct key){0, client->credentials}))
		return false;
	turns_take(clients->credentials, holder, (struct key){0, client->credentials},
		x->q.head_end.ts_ns);
	if (authorization.n)
		return credential_turns(
			clients, holder, SLICE(""), authorization, x->q.head_end.ts_ns);
	return cookies_turn(clients, holder, x);
}

uint32_t
clients_see(
	struct clients *clients, const struct client *client, const struct exchange *x)
{
	struct known *known = table_put(clients->keys, client->key);

	if (!known->number)
		known->number = (uint32_t)++clients->summary.keys;
	if (client->via)
		known_mark(clients, known, SIGN_VIA);
	if (agents_see(clients->agents, client, x))
		known_mark(clients, known, SIGN_AGENTS);
	if (!known->forwarded)
		known->forwarded = client->forwarded;
	else if (client->forwarded && client->forwarded != known->forwarded)
		known_mark(clients, known, SIGN_FORWARDED);
	if (!(known->signs & 1u << SIGN_CREDENTIALS) &&
		credentials_turn(clients, client, x))
		known_mark(clients, known, SIGN_CREDENTIALS);
	return known->number;
}

void
clients_see_tag(struct clients *clients, struct key client, struct key variant,
	struct key tag, bool is_last, int64_t now_ns)
{
	unsigned turns = turns_take(
		clients->tags, key_add_key(client, variant), tag, now_ns);
	struct known *known;

	if (!turns || is_last)
		return;
	known = table_use(clients->keys, client);
	if (known)
		known_mark(clients, known, SIGN_TAGS);
}

void
clients_book(struct clients *clients, struct key client, uint64_t t2_octets,
	enum client_habit habit)
{
	struct known *known = table_use(clients->keys, client);
	bool was_cacheless;

	if (!known)
		return;
	was_cacheless = known->refetches && !known->asks;
	known->asks |= habit == HABIT_ASKS;
	known->refetches |= habit == HABIT_REFETCHES;
	if (was_cacheless && known->asks)
		clients->summary.cacheless--;
	else if (!was_cacheless && known->refetches && !known->asks)
		clients->summary.cacheless++;
	if (known->signs)
		clients->summary.t2_shared_octets += t2_octets;
	else
		known->t2_octets += t2_octets;
}

void
clients_expire(struct clients *clients, uint32_t now_s, uint32_t idle_s)
{
	table_expire(clients->keys, now_s, idle_s);
	table_expire(clients->credentials, now_s, idle_s);
	table_expire(clients->tags, now_s, idle_s);
	agents_expire(clients->agents, now_s, idle_s);
}

uint64_t
clients_evictions(const struct clients *clients)
{
	return table_evictions(clients->keys) + agents_evictions(clients->agents);
}

const struct clients_summary *
clients_summary(const struct clients *clients)
{
	return &clients->summary;
}
