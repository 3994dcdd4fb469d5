#include "analyzer/http/claim.h"

#include "analyzer/http/exchange.h"

const char *
claim_name(enum claim claim)
{
	static const char *const names[CLAIM_COUNT] = {
		NULL, "hit", "stale", "revalidated", "miss", "bypass", "unclear"};

	return names[claim];
}

/* The last line of a field that is there: each cache adds to the end. */
static struct slice
last_line(const struct message *m, enum field_id id)
{
	size_t i = m->field_count;

	while (m->fields[--i].id != id)
		;
	return m->fields[i].value;
}

struct cachestatus
claim_status(const struct message *r)
{
	struct cachestatus status = {0};
	struct arena scratch = {0};

	if (message_has(r, FIELD_CACHE_STATUS))
		status = cachestatus_parse(
			message_values(r, FIELD_CACHE_STATUS, &scratch));
	arena_fini(&scratch);
	return status;
}

static enum claim
claim_by_status(const struct cachestatus *status)
{
	static const enum claim by_fwd[FWD_COUNT] = {[FWD_NONE] = CLAIM_UNCLEAR,
		[FWD_BYPASS] = CLAIM_BYPASS,
		[FWD_METHOD] = CLAIM_BYPASS,
		[FWD_REQUEST] = CLAIM_BYPASS,
		[FWD_URI_MISS] = CLAIM_MISS,
		[FWD_VARY_MISS] = CLAIM_MISS,
		[FWD_MISS] = CLAIM_MISS,
		[FWD_STALE] = CLAIM_MISS,
		[FWD_PARTIAL] = CLAIM_MISS};

	bool had_one = status->fwd == FWD_STALE || status->fwd == FWD_REQUEST;

	if (status->hit)
		return CLAIM_HIT;
	/* Without a response of its own the 304 was the client's. */
	return had_one && status->fwd_status == 304 ? CLAIM_REVALIDATED
						    : by_fwd[status->fwd];
}

/*
 * By the first word of the last element, for host names follow.  The first name that it
 * contains decides, so that TCP_REFRESH_MISS is no hit.
 */
static enum claim
claim_by_word(struct slice value)
{
	static const struct {
		struct slice word;
		enum claim claim;
	} words[] = {
		{SLICE_INIT("refresh_miss"), CLAIM_MISS},
		{SLICE_INIT("refresh_modified"), CLAIM_MISS},
		{SLICE_INIT("refresh_fail"), CLAIM_STALE},
		{SLICE_INIT("refresh"), CLAIM_REVALIDATED},
		{SLICE_INIT("revalidated"), CLAIM_REVALIDATED},
		{SLICE_INIT("stale"), CLAIM_STALE},
		{SLICE_INIT("updating"), CLAIM_STALE},
		{SLICE_INIT("hit"), CLAIM_HIT},
		{SLICE_INIT("miss"), CLAIM_MISS},
		{SLICE_INIT("expired"), CLAIM_MISS},
		{SLICE_INIT("bypass"), CLAIM_BYPASS},
		{SLICE_INIT("dynamic"), CLAIM_BYPASS},
		{SLICE_INIT("pass"), CLAIM_BYPASS},
		{SLICE_INIT("uncacheable"), CLAIM_BYPASS},
	};

	for (size_t comma = 0; (comma = slice_find(value, ',', 0)) < value.n;)
		value = slice_from(value, comma + 1);
	value = slice_trim(value);
	value = slice_part(value, 0, slice_find(value, ' ', 0));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (slice_contains_nocase(value, words[i].word))
			return words[i].claim;
	return CLAIM_UNCLEAR;
}

enum claim
claim_of(const struct exchange *x)
{
	static const enum field_id words[] = {
		FIELD_X_CACHE, FIELD_X_CACHE_STATUS, FIELD_CF_CACHE_STATUS};
	const struct message *r = &x->r;
	struct cachestatus status = claim_status(r);

	if (status.is_valid)
		return claim_by_status(&status);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (message_has(r, words[i]))
			return claim_by_word(last_line(r, words[i]));
	if (exchange_is_varnish_hit(x) || x->age_s > 0)
		return CLAIM_HIT;
	return message_has(r, FIELD_CACHE_STATUS) ? CLAIM_UNCLEAR : CLAIM_NONE;
}
