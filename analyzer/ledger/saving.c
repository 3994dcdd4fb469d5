#include "analyzer/ledger/judging.h"

#include "analyzer/history/validator.h"

/* Tags of the request that are tried when the 304 does not say which one it means. */
enum {
	TAGS_TRIED = 64
};

/* The one tag that a 304 confirms, if that is clear. */
static bool
confirmed_tag(const struct exchange *x, struct etag *tag)
{
	struct slice rest = x->inm;
	struct etag second;

	if (validator_has_tag(x)) {
		*tag = x->etag;
		return true;
	}
	return validator_is_asked_by_tag(x) && exchange_next_tag(x, &rest, tag) &&
	       !exchange_next_tag(x, &rest, &second);
}

/* Several tags and none in the answer: all must name bodies of one length. */
static bool
length_of_all_tags(const struct judging *j, uint64_t *octets)
{
	struct slice rest = j->x->inm;
	struct etag tag;
	unsigned tried = 0;

	while (exchange_next_tag(j->x, &rest, &tag)) {
		const struct sight *named = history_by_etag(j->history, j->before, &tag);

		if (!named || ++tried > TAGS_TRIED ||
			(tried > 1 && sight_read(named).r_wire != *octets))
			return false;
		*octets = sight_read(named).r_wire;
	}
	return tried > 0;
}

static void
save(struct judging *j, enum saving_source source, uint64_t octets)
{
	j->verdict->saving = (struct saving){source, octets};
}

static bool
save_own(struct judging *j)
{
	const struct held *held = &j->before->held;
	bool full = held->status == 200 || held->status == 203;

	if (!j->before->has_held || !held->has_body || !full ||
		!validator_of_held_matches(j->x, j->before->resource, held))
		return false;
	save(j, SAVING_OWN, held->r_wire);
	return true;
}

static bool
save_seen(struct judging *j, const struct sight *named)
{
	if (!named)
		return false;
	save(j, SAVING_SEEN, sight_read(named).r_wire);
	return true;
}

/* Zero is not believed: many servers send it with every 304. */
static bool
save_declared(struct judging *j)
{
	uint64_t length = j->x->r.length;

	if (length == 0 || length == UINT64_MAX)
		return false;
	save(j, SAVING_DECLARED, length);
	return true;
}

static bool
save_by_head(struct judging *j, uint64_t length)
{
	if (length == UINT64_MAX)
		return false;
	save(j, SAVING_HEAD, length);
	return true;
}

static bool
saving_by_tag(struct judging *j, const struct etag *tag, struct key *name)
{
	if (save_seen(j, history_by_etag(j->history, j->before, tag)) ||
		save_declared(j) ||
		save_by_head(j, history_head_length_by_etag(j->history, j->before, tag)))
		return false;
	*name = history_etag_key(j->before->resource, tag);
	return true;
}

/* By the date that the client sent, else by that of the 304. */
static bool
saving_by_date(struct judging *j, struct key *name)
{
	const struct exchange *x = j->x;
	int64_t date_s = x->ims.unix_s;

	if (save_seen(j, history_by_date(j->history, j->before, date_s)))
		return false;
	if (validator_has_date(x)) {
		date_s = x->last_modified.unix_s;
		if (save_seen(j, history_by_date(j->history, j->before, date_s)))
			return false;
	}
	if (save_declared(j) || save_by_head(j, history_head_length_by_date(
							j->history, j->before, date_s)))
		return false;
	*name = history_date_key(j->before->variant, date_s);
	return true;
}

bool
judging_saving(struct judging *j, struct key *name)
{
	struct etag tag;
	uint64_t octets = 0;

	if (j->verdict->outcome != OUTCOME_VALIDATED)
		return false;
	if (!j->is_get) {
		save(j, SAVING_HEAD_METHOD, 0);
		return false;
	}
	if (save_own(j))
		return false;
	j->verdict->saving.source = SAVING_UNKNOWN;
	if (confirmed_tag(j->x, &tag))
		return saving_by_tag(j, &tag, name);
	if (!validator_is_asked_by_tag(j->x))
		return saving_by_date(j, name);
	if (length_of_all_tags(j, &octets))
		save(j, SAVING_SEEN, octets);
	else
		save_declared(j);
	return false;
}
