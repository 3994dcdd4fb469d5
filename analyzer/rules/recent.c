#include "analyzer/rules/recent.h"

#include "analyzer/base/mem.h"
#include "analyzer/history/glance.h"
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
compare_octets(const struct view *view, struct view_memo *memo)
{
	const struct message *r = &view->x->r;
	unsigned count = message_is_whole(r) ? recent_count(view) : 0;
	struct digest octets = glance_octets(r->digest, r->content_bytes);

	unsigned same = 0, seen = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct glance *glance = &view->resource->glances[i];

		same |= (unsigned)digest_eq(&octets, &glance->octets) << i;
		seen |= (unsigned)glance_has_octets(glance) << i;
	}
	memo->same = r->content_bytes ? same : 0;
	memo->other = seen & ~same;
}

static const struct view_memo *
read_octets(const struct view *view, struct view_memo *own)
{
	struct view_memo *memo = view->memo ? view->memo : own;

	if (memo == own || !memo->has_octets) {
		memo->has_octets = true;
		compare_octets(view, memo);
	}
	return memo;
}

unsigned
recent_same_body(const struct view *view)
{
	struct view_memo own;

	return read_octets(view, &own)->same;
}

unsigned
recent_other_octets(const struct view *view)
{
	struct view_memo own;

	return read_octets(view, &own)->other;
}

unsigned
recent_same_tag(const struct view *view)
{
	struct view_memo own, *memo = view->memo ? view->memo : &own;
	unsigned count = recent_count(view), set = 0;
	uint64_t tag;

	if (memo != &own && memo->has_tag)
		return memo->tag;
	tag = glance_tag(view->before->resource, &view->x->etag);
	for (unsigned i = 0; tag && i < count; i++)
		set |= (unsigned)(view->resource->glances[i].tag == tag) << i;
	memo->has_tag = true;
	return memo->tag = set;
}

unsigned
recent_same_date(const struct view *view)
{
	struct view_memo own, *memo = view->memo ? view->memo : &own;
	int64_t date_s = view->x->last_modified.unix_s;
	unsigned count = view_has_last_modified(view) ? recent_count(view) : 0;
	unsigned set = 0;

	if (memo != &own && memo->has_date)
		return memo->date;
	for (unsigned i = 0; i < count; i++)
		set |= (unsigned)(view->resource->glances[i].modified_s == date_s) << i;
	memo->has_date = true;
	return memo->date = set;
}

unsigned
recent_same_client(const struct view *view)
{
	uint64_t client = view->before->client.low;
	unsigned count = recent_count(view), set = 0;

	for (unsigned i = 0; i < count; i++)
		set |= (unsigned)(view->resource->glances[i].client == client) << i;
	return set;
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
