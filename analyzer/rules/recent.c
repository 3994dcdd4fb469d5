#include "analyzer/rules/recent.h"

#include "analyzer/base/mem.h"
#include "analyzer/history/glance.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"

void
recent_expect(const struct view *view)
{
	const struct resource *resource = view->resource;
	unsigned count = recent_count(view);

	if (!count)
		return;
	if (view_is_full_or_206(view))
		mem_expect(resource->glances, count * sizeof *resource->glances);
	mem_expect(resource->observations[0], sizeof *resource->observations[0]);
}

static bool
digest_eq(const struct digest *a, const struct digest *b)
{
	return a->high == b->high && a->low == b->low;
}

static void
compare(const struct view *view, struct view_memo *memo)
{
	const struct message *r = &view->x->r;
	bool whole = message_is_whole(r), dated = view_has_last_modified(view);
	struct digest octets = glance_octets(r->digest, r->content_bytes);
	uint64_t tag = glance_tag(view->before->resource, &view->x->etag),
		 client = view->before->client.low;
	int64_t date_s = view->x->last_modified.unix_s;
	unsigned same = 0, seen = 0, tags = 0, dates = 0, clients = 0;

	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct glance *glance = &view->resource->glances[i];

		same |= (unsigned)digest_eq(&octets, &glance->octets) << i;
		seen |= (unsigned)glance_has_octets(glance) << i;
		tags |= (unsigned)(glance->tag == tag) << i;
		dates |= (unsigned)(glance->modified_s == date_s) << i;
		clients |= (unsigned)(glance->client == client) << i;
	}
	memo->same = whole && r->content_bytes ? same : 0;
	memo->other = whole ? seen & ~same : 0;
	memo->tag = tag ? tags : 0;
	memo->date = dated ? dates : 0;
	memo->client = clients;
}

static const struct view_memo *
compared(const struct view *view, struct view_memo *own)
{
	struct view_memo *memo = view->memo ? view->memo : own;

	if (memo == own || !memo->has_recent) {
		memo->has_recent = true;
		compare(view, memo);
	}
	return memo;
}

unsigned
recent_same_body(const struct view *view)
{
	struct view_memo own;

	return compared(view, &own)->same;
}

unsigned
recent_other_octets(const struct view *view)
{
	struct view_memo own;

	return compared(view, &own)->other;
}

unsigned
recent_same_tag(const struct view *view)
{
	struct view_memo own;

	return compared(view, &own)->tag;
}

unsigned
recent_same_date(const struct view *view)
{
	struct view_memo own;

	return compared(view, &own)->date;
}

unsigned
recent_same_client(const struct view *view)
{
	struct view_memo own;

	return compared(view, &own)->client;
}

unsigned
recent_likeness(const struct view *view)
{
	struct view_memo own;
	const struct view_memo *memo = compared(view, &own);
	unsigned likeness = 0;

	if (memo->same & memo->client)
		likeness |= LIKENESS_RESENT;
	if (memo->other)
		likeness |= LIKENESS_CHANGED;
	if (memo->other & memo->tag)
		likeness |= LIKENESS_TAG_KEPT;
	if (memo->other & memo->date)
		likeness |= LIKENESS_DATE_KEPT;
	if (memo->same & ~memo->tag)
		likeness |= LIKENESS_TAG_MOVED;
	return likeness;
}

unsigned
recent_all(const struct view *view)
{
	return (1u << recent_count(view)) - 1;
}

const struct observation *
recent_next(const struct view *view, unsigned *set)
{
	unsigned i;

	if (!*set)
		return NULL;
	i = (unsigned)__builtin_ctz(*set);
	*set &= *set - 1;
	return view->resource->observations[i];
}
