#include "analyzer/history/issued.h"

#include "analyzer/history/held.h"
#include "analyzer/history/validator.h"

struct table *
issued_new(uint64_t budget_bytes)
{
	return table_new(0, budget_bytes, NULL);
}

static struct key
issued_key(struct key client, struct key tag)
{
	return key_add_number(client, tag.low);
}

/* Keeps a tag that no held entry of the client tells any more. */
static void
issued_keep(struct table *table, const struct shelves *held, const struct before *before,
	struct key tag)
{
	if (!held_has_etag(held, before, tag))
		table_put(table, issued_key(before->client, tag));
}

void
issued_learn(struct table *table, const struct shelves *held, const struct before *before,
	const struct exchange *x)
{
	if (before->has_held && before->held.has_etag)
		issued_keep(table, held, before, before->held.etag);
	if (validator_has_tag(x) && (x->r.status / 100 == 2 || x->r.status == 304))
		issued_keep(table, held, before,
			history_etag_key(before->resource, &x->etag));
}

bool
issued_has(const struct table *table, const struct shelves *held,
	const struct before *before, const struct etag *tag)
{
	struct key etag = history_etag_key(before->resource, tag);

	return held_has_etag(held, before, etag) ||
	       table_find(table, issued_key(before->client, etag));
}
