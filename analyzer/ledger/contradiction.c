#include "analyzer/ledger/judging.h"

#include "analyzer/history/validator.h"

/*
 * What an answer says against the answers that were seen before.  It changes no number:
 * between two answers a server may change its mind without anybody seeing it.
 */

static bool
is_full(const struct observation *o)
{
	return !o->is_head && (o->status == 200 || o->status == 203);
}

/* An answer of the same server itself, no cache before it, that was there in time. */
static bool
is_witness(const struct judging *j, const struct observation *o)
{
	return is_full(o) && o->response_ns < j->x->q.head_end.ts_ns &&
	       key_eq(o->variant, j->before->variant) && !o->age.at &&
	       memcmp(&o->server.address, &j->x->server.address,
		       sizeof o->server.address) == 0;
}

static bool
is_named(const struct observation *o, const struct etag *tag)
{
	return o->etag.raw.at && etag_weak_eq(&o->etag, tag);
}

_Static_assert(OBSERVATIONS_PER_RESOURCE <= 64, "a bit for each observation");

/* The observations whose tag is in the list, as bits.  It may be long: it is read once.
 */
static uint64_t
named_by_list(const struct resource *resource, struct slice list)
{
	uint64_t named = 0;
	struct etag tag;

	while (etag_next(&list, &tag))
		for (unsigned i = 0; i < resource->observation_count; i++)
			named |= (uint64_t)is_named(resource->observations[i], &tag) << i;
	return named;
}

/* The observation is of what the 304 confirms, by its own tag or the date. */
static bool
is_confirmed(const struct exchange *x, const struct observation *o)
{
	return validator_is_asked_by_tag(x)
		       ? is_named(o, &x->etag)
		       : o->last_modified_date.form != HTTPDATE_INVALID &&
				 o->last_modified_date.unix_s <= x->ims.unix_s;
}

/* Without a validator that can be compared an answer is no newer than another. */
static bool
has_validator(const struct judging *j, const struct observation *o)
{
	return validator_is_asked_by_tag(j->x)
		       ? o->etag.raw.at != NULL
		       : o->last_modified_date.form != HTTPDATE_INVALID;
}

/*
 * The newest witness has something else, another client got it, and what the 304
 * confirms had been seen before it: so it is old.
 */
bool
judging_suspects_304(const struct judging *j)
{
	const struct exchange *x = j->x;
	bool by_list = validator_is_asked_by_tag(x) && !validator_has_tag(x);
	const struct resource *resource = j->resource;
	uint64_t named;
	bool newer = false;

	if (!j->is_provable || !j->is_get || x->age_s >= 0 || !resource ||
		j->verdict->outcome != OUTCOME_VALIDATED)
		return false;
	named = by_list ? named_by_list(resource, x->inm) : 0;
	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (!is_witness(j, o) || !has_validator(j, o))
			continue;
		if (by_list ? named >> i & 1 : is_confirmed(x, o))
			return newer;
		if (!key_eq(o->client, j->before->client))
			newer = true;
	}
	return false;
}

static bool
names_strongly(struct slice if_match, const struct etag *current)
{
	struct etag tag;

	if (etag_condition(if_match) != ETAG_LIST)
		return false;
	while (etag_next(&if_match, &tag))
		if (etag_strong_eq(&tag, current))
			return true;
	return false;
}

bool
judging_refutes_412(const struct judging *j)
{
	const struct exchange *x = j->x;
	const struct resource *resource = j->resource;
	const struct observation *newest;

	if (!j->is_provable || x->r.status != 412 || x->cond != COND_WRITE ||
		!message_has(&x->q, FIELD_IF_MATCH) ||
		message_has(&x->q, FIELD_IF_NONE_MATCH) || !resource ||
		!resource->observation_count)
		return false;
	newest = resource->observations[0];
	return newest->etag.raw.at && newest->response_ns < x->q.head_end.ts_ns &&
	       resource->changed_ns <= newest->response_ns &&
	       names_strongly(x->im, &newest->etag);
}
