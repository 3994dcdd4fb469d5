#include "analyzer/history/hops.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"

/* What a proxy may add at either end. */
#define HOP_NS (INT64_C(20) * 1000000)

struct hop {
	uint64_t connection;
	int64_t begin_ns, end_ns;
	struct endpoint client, server;
};

struct hops {
	struct table *last;
	struct hops_summary summary;
};

struct hops *
hops_new(uint64_t memory_bytes)
{
	struct hops *hops = mem_alloc(sizeof *hops);

	hops->last = table_new_rough(sizeof(struct hop), memory_bytes, NULL);
	return hops;
}

void
hops_free(struct hops **hops)
{
	if (!*hops)
		return;
	table_free(&(*hops)->last);
	mem_free(*hops);
	*hops = NULL;
}

static bool
endpoint_eq(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && address_eq(&a->address, &b->address);
}

static bool
is_within(const struct hop *inner, const struct hop *outer)
{
	return outer->begin_ns <= inner->begin_ns && inner->end_ns <= outer->end_ns &&
	       inner->begin_ns - outer->begin_ns <= HOP_NS &&
	       outer->end_ns - inner->end_ns <= HOP_NS;
}

static bool
is_loopback(const struct address *address)
{
	static const struct address six = {{[15] = 1}};

	return address_is_ipv4(address) ? address->octets[12] == 127
					: address_eq(address, &six);
}

/* Clients that ask two servers the same at once are no proxy. */
static bool
goes_on(const struct hop *inner, const struct hop *outer)
{
	if (inner->connection == outer->connection ||
		endpoint_eq(&inner->server, &outer->server))
		return false;
	return address_eq(&inner->client.address, &outer->server.address) ||
	       is_loopback(&inner->client.address);
}

void
hops_see(struct hops *hops, const struct exchange *x, const struct before *before)
{
	struct hop now = {
		x->connection, x->q.first.ts_ns, x->r.last.ts_ns, x->client, x->server};
	struct key key = before->resource;
	struct hop *last, *outer;

	if (!x->r.has_digest || !x->r.content_bytes)
		return;
	key = key_add_key(key, (struct key){x->r.digest.high, x->r.digest.low});
	key = key_add_number(key, x->method);
	last = table_use(hops->last, key);
	outer = NULL;
	if (last && is_within(last, &now) && goes_on(last, &now))
		outer = &now;
	else if (last && is_within(&now, last) && goes_on(&now, last))
		outer = last;
	if (outer && !hops->summary.pairs++)
		hops->summary.outer = outer->server;
	if (!last)
		last = table_put(hops->last, key);
	*last = now;
}

const struct hops_summary *
hops_summary(const struct hops *hops)
{
	return &hops->summary;
}
