#include "analyzer/ledger/judging.h"

#include "analyzer/config.h"
#include "analyzer/history/validator.h"
#include "parsers/range.h"

/*
 * A date that the resource may have outlived within its second is no strong validator,
 * and what it guards is false.  [RFC9110 8.8.2.2, 13.1.5]
 */
static bool
is_strong_date(const struct exchange *x)
{
	return validator_has_date(x) && x->date.form != HTTPDATE_INVALID &&
	       x->date.unix_s - x->last_modified.unix_s >= 1;
}

/* Whether If-Range, if there is one, asks for the part.  [RFC9110 13.1.5] */
static bool
if_range_holds(const struct exchange *x)
{
	struct slice value = message_value(&x->q, FIELD_IF_RANGE);
	struct httpdate date;
	struct etag tag;

	if (!message_has(&x->q, FIELD_IF_RANGE))
		return true;
	if (!message_has_one(&x->q, FIELD_IF_RANGE))
		return false;
	date = httpdate_parse(value, x->q.first.ts_ns / CONFIG_S_NS);
	if (date.form != HTTPDATE_INVALID)
		return is_strong_date(x) && date.unix_s == x->last_modified.unix_s;
	tag = etag_parse(value);
	return validator_has_tag(x) && etag_strong_eq(&tag, &x->etag);
}

/*
 * How many octets of a content a range asks for; false if it begins beyond the end:
 * the client knew another representation, and may need all of this one.
 */
static bool
asked_octets(const struct range_spec *range, uint64_t content, uint64_t *octets)
{
	uint64_t last = range->last;

	if (range->form == RANGE_SUFFIX) {
		*octets = last < content ? last : content;
		return true;
	}
	if (range->first > content)
		return false;
	*octets = content - range->first;
	if (range->form == RANGE_FIRST_LAST && last - range->first < *octets)
		*octets = last - range->first + 1;
	return true;
}

void
waste_range_ignored(struct judging *j)
{
	const struct exchange *x = j->x;
	struct range_spec range;
	uint64_t content = x->r.content_bytes, asked;

	if (!j->is_full || !x->r.complete || !message_has_one(&x->q, FIELD_RANGE) ||
		range_parse(message_value(&x->q, FIELD_RANGE), &range, 1) != 1 ||
		!if_range_holds(x) || !asked_octets(&range, content, &asked))
		return;
	judging_book_body_part(j, WASTE_RANGE_IGNORED, content - asked);
}

/* The whole representation under the same strong tag. */
static bool
holds_all(const struct judging *j)
{
	const struct held *held = &j->before->held;

	return j->before->has_held && held->has_body && held->status == 200 &&
	       held->has_etag && !held->etag_weak &&
	       key_eq(held->etag, history_etag_key(j->before->resource, &j->x->etag));
}

static bool
holds_some(const struct judging *j)
{
	return j->before->has_partial &&
	       key_eq(j->before->partial.tag,
		       history_etag_key(j->before->resource, &j->x->etag));
}

void
waste_range_repeat(struct judging *j)
{
	const struct exchange *x = j->x;
	struct waste *waste;
	struct span span;
	struct site given = {0};
	uint64_t octets = 0;
	bool storable = true;

	if (x->r.status != 206 || !j->body_left)
		return;
	if (!partial_span(x, &span)) {
		j->verdict->unanalysed = true;
		return;
	}
	if (!validator_has_tag(x) || x->etag.weak)
		return;
	if (holds_all(j) && span.begin < j->before->held.r_content) {
		octets = j->before->held.r_content - span.begin;
		if (octets > span.end - span.begin)
			octets = span.end - span.begin;
		storable = j->before->held.storable;
		given = j->before->held.site;
	} else if (holds_some(j)) {
		octets = partial_overlap(&j->before->partial, span);
		storable = j->before->partial.storable;
		given = j->before->partial.site;
	}
	if (octets && octets == x->r.content_bytes)
		octets = exchange_r_wire(x); /* without it no framing either */
	waste = judging_book_repeat(j, WASTE_RANGE_REPEAT, octets, given);
	if (waste)
		judging_excuse(j, waste, storable);
}
