#include "analyzer/history/partial.h"

#include "analyzer/history/history.h"
#include "analyzer/history/validator.h"
#include "parsers/mediatype.h"
#include "parsers/range.h"

struct table *
partial_new(uint64_t budget_bytes)
{
	return table_new(sizeof(struct partial), budget_bytes, NULL);
}

bool
partial_select(struct table *table, const struct before *before, const struct exchange *x,
	struct partial *partial)
{
	const struct partial *known;
	int64_t rtt_ns = x->handshake_rtt_ns > 0 ? x->handshake_rtt_ns : 0;

	if (!table_count(table))
		return false;
	known = table_use(table, before->pair);
	if (!known || known->delivered_ns > x->q.head_end.ts_ns - rtt_ns)
		return false;
	*partial = *known;
	return true;
}

struct broken
partial_broken(const struct table *table, const struct before *before)
{
	const struct partial *partial = NULL;

	if (table_count(table))
		partial = table_find(table, before->pair);
	return partial ? partial->broken : (struct broken){0};
}

/* ---- spans ---- */

bool
partial_span(const struct exchange *x, struct span *span)
{
	static const struct slice parts = SLICE_INIT("multipart/byteranges");
	struct content_range range;
	uint64_t announced;

	if (!message_has_one(&x->r, FIELD_CONTENT_RANGE) ||
		slice_eq_nocase(
			mediatype_essence(message_value(&x->r, FIELD_CONTENT_TYPE)),
			parts) ||
		!content_range_parse(message_value(&x->r, FIELD_CONTENT_RANGE), &range) ||
		range.unsatisfied || range.last == UINT64_MAX)
		return false;
	announced = range.last + 1 - range.first;
	span->begin = range.first;
	span->end = range.first +
		    (x->r.content_bytes < announced ? x->r.content_bytes : announced);
	return true;
}

uint64_t
partial_overlap(const struct partial *partial, struct span span)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < partial->span_count; i++) {
		uint64_t begin = partial->spans[i].begin, end = partial->spans[i].end;

		begin = begin > span.begin ? begin : span.begin;
		end = end < span.end ? end : span.end;
		sum += end > begin ? end - begin : 0;
	}
	return sum;
}

static void
partial_remove(struct partial *partial, unsigned at)
{
	memmove(partial->spans + at, partial->spans + at + 1,
		(--partial->span_count - at) * sizeof *partial->spans);
}

static void
partial_forget_shortest(struct partial *partial)
{
	unsigned shortest = 0;

	for (unsigned i = 1; i < partial->span_count; i++)
		if (partial->spans[i].end - partial->spans[i].begin <
			partial->spans[shortest].end - partial->spans[shortest].begin)
			shortest = i;
	partial_remove(partial, shortest);
}

static void
partial_add(struct partial *partial, struct span span)
{
	unsigned at = 0;

	while (at < partial->span_count && partial->spans[at].end < span.begin)
		at++;
	while (at < partial->span_count && partial->spans[at].begin <= span.end) {
		if (partial->spans[at].begin < span.begin)
			span.begin = partial->spans[at].begin;
		if (partial->spans[at].end > span.end)
			span.end = partial->spans[at].end;
		partial_remove(partial, at);
	}
	if (partial->span_count == PARTIAL_SPANS) {
		partial_forget_shortest(partial);
		partial_add(partial, span);
		return;
	}
	memmove(partial->spans + at + 1, partial->spans + at,
		(partial->span_count++ - at) * sizeof *partial->spans);
	partial->spans[at] = span;
}

/* ---- answers that broke off ---- */

static bool
has_strong_tag(const struct exchange *x)
{
	return validator_has_tag(x) && !x->etag.weak;
}

static const struct prefix *
prefix_of(const struct message *m, uint64_t octets)
{
	for (unsigned i = 0; i < m->prefix_count; i++)
		if (m->prefixes[i].octets == octets)
			return &m->prefixes[i];
	return NULL;
}

/* Which octets came is one question, whether the client may go on with them another:
 * then it needs a validator and the server's word.  [RFC9110 14.3, 13.1.5] */
static struct broken
broken_of(const struct before *before, const struct exchange *x)
{
	const struct prefix *prefix = prefix_of(&x->r, x->r.content_bytes);
	struct broken broken = {
		.octets = x->r.content_bytes,
		.has_digest = prefix != NULL,
		.has_tag = has_strong_tag(x),
		.storable = x->freshness.storable,
	};

	if (prefix)
		broken.digest = prefix->digest;
	if (broken.has_tag)
		broken.tag = history_etag_key(before->resource, &x->etag);
	broken.resumable = (broken.has_tag || validator_has_date(x)) &&
			   slice_eq_nocase(message_value(&x->r, FIELD_ACCEPT_RANGES),
				   SLICE("bytes"));
	return broken;
}

static bool
has_the_tag_of(const struct broken *broken, const struct exchange *x,
	const struct before *before)
{
	return broken->has_tag && has_strong_tag(x) &&
	       key_eq(broken->tag, history_etag_key(before->resource, &x->etag));
}

uint64_t
partial_repeated(const struct broken *broken, const struct exchange *x,
	const struct before *before)
{
	uint64_t content = x->r.content_bytes;
	uint64_t octets = broken->octets < content ? broken->octets : content;
	const struct prefix *prefix = prefix_of(&x->r, octets);

	if ((x->r.status != 200 && x->r.status != 203) ||
		(x->r.complete && content < broken->octets))
		return 0;
	if (prefix && broken->has_digest && octets == broken->octets)
		return prefix->digest.high == broken->digest.high &&
				       prefix->digest.low == broken->digest.low
			       ? octets
			       : 0;
	return has_the_tag_of(broken, x, before) ? octets : 0;
}

bool
partial_answers(const struct broken *broken, const struct exchange *x,
	const struct before *before)
{
	struct span span;

	if (!broken->octets || broken->answered)
		return false;
	if (x->r.status == 206)
		return has_the_tag_of(broken, x, before) && partial_span(x, &span) &&
		       span.begin <= broken->octets && span.end > broken->octets;
	return partial_repeated(broken, x, before) == broken->octets;
}

bool
partial_breaks_off(const struct broken *broken, const struct exchange *x,
	const struct before *before)
{
	if (x->method != METHOD_GET || x->r.status != 200 || !message_is_cut_off(&x->r) ||
		!x->r.content_bytes)
		return false;
	return broken->answered || broken->octets <= x->r.content_bytes ||
	       !partial_repeated(broken, x, before);
}

/* ---- what an exchange adds ---- */

/* Spans of another representation are of no use. */
static void
partial_begin(
	struct partial *partial, const struct before *before, const struct exchange *x)
{
	struct key tag = history_etag_key(before->resource, &x->etag);

	if (!partial->span_count || !key_eq(partial->tag, tag)) {
		partial->tag = tag;
		partial->span_count = 0;
		partial->storable = true;
	}
	partial->storable = partial->storable && x->freshness.storable;
}

static void
partial_learn_span(
	struct partial *partial, const struct before *before, const struct exchange *x)
{
	struct span span = {0, x->r.content_bytes};

	if (!has_strong_tag(x) || (x->r.status == 206 && !partial_span(x, &span)) ||
		span.begin == span.end)
		return;
	partial_begin(partial, before, x);
	partial_add(partial, span);
}

void
partial_learn(struct table *table, const struct before *before, const struct exchange *x)
{
	bool full = x->r.status == 200 || x->r.status == 203;
	struct partial *partial;

	if (!full && x->r.status != 206)
		return;
	if (full && x->r.complete) {
		table_remove(table, before->pair);
		return;
	}
	partial = table_put(table, before->pair);
	partial->mark = before->plain;
	if (partial_answers(&partial->broken, x, before))
		partial->broken.answered = true;
	partial_learn_span(partial, before, x);
	if (partial_breaks_off(&partial->broken, x, before))
		partial->broken = broken_of(before, x);
	partial->delivered_ns = x->r.last.ts_ns;
	partial->site = site_of(x);
}
