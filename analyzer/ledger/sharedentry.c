#include "analyzer/ledger/sharedentry.h"

#include "analyzer/config.h"
#include "analyzer/history/validator.h"
#include "analyzer/http/freshness.h"

/* What lets a shared cache keep the answer to a request with Authorization. */
static bool
is_for_all(const struct exchange *x)
{
	return x->r_cc.present & (CC_PUBLIC | CC_S_MAXAGE | CC_MUST_REVALIDATE);
}

bool
sharedentry_is_storable(const struct exchange *x)
{
	const uint32_t permissions = CC_PUBLIC | CC_MAX_AGE | CC_S_MAXAGE;

	if (x->method != METHOD_GET || !x->r.complete || x->r.status == 206 ||
		!freshness_is_understood(x->r.status) || x->q_cc.present & CC_NO_STORE ||
		sharedentry_is_forbidden(x))
		return false;
	if (message_has(&x->r, FIELD_SET_COOKIE) && !(x->r_cc.present & CC_PUBLIC))
		return false;
	if (message_has(&x->q, FIELD_AUTHORIZATION) && !is_for_all(x))
		return false;
	return x->r_cc.present & permissions || message_has(&x->r, FIELD_EXPIRES) ||
	       freshness_is_heuristic(x->r.status);
}

bool
sharedentry_is_forbidden(const struct exchange *x)
{
	return x->r_cc.present & (CC_NO_STORE | CC_PRIVATE);
}

static void
take_age(struct sharedentry *entry, const struct exchange *x)
{
	entry->received_ns = x->r.first.ts_ns;
	entry->initial_age_ns = x->freshness.initial_age_ns;
}

static void
take_lifetime(struct sharedentry *entry, const struct exchange *x)
{
	bool by_s_maxage = x->r_cc.present & CC_S_MAXAGE;

	entry->kind = by_s_maxage ? FRESHNESS_EXPLICIT : x->freshness.kind;
	entry->lifetime_s = by_s_maxage ? x->r_cc.s_maxage_s : x->freshness.lifetime_s;
	entry->by_expires = entry->kind == FRESHNESS_EXPLICIT &&
			    !(x->r_cc.present & (CC_S_MAXAGE | CC_MAX_AGE));
	entry->expires_s = freshness_date_s(x) + entry->lifetime_s;
}

struct sharedentry
sharedentry_of(const struct exchange *x, const struct sighting *seen)
{
	struct sharedentry entry = {
		.size_octets = x->r.content_bytes + x->r.head_bytes,
		.content_octets = x->r.content_bytes,
		.no_cache = x->r_cc.present & CC_NO_CACHE,
		.is_for_all = is_for_all(x),
		.status = x->r.status,
		.seen = *seen,
	};

	take_age(&entry, x);
	take_lifetime(&entry, x);
	return entry;
}

bool
sharedentry_is_usable(
	const struct sharedentry *entry, const struct exchange *x, bool heuristic)
{
	int64_t age_ns = entry->initial_age_ns +
			 (x->q.head_end.ts_ns - entry->received_ns);
	int64_t age_s = age_ns / CONFIG_S_NS;

	if (x->forced || entry->no_cache || entry->kind == FRESHNESS_NONE ||
		(entry->kind == FRESHNESS_HEURISTIC && !heuristic))
		return false;
	if (x->q_cc.present & CC_MAX_AGE && x->q_cc.max_age_s <= age_s)
		return false;
	if (x->q_cc.present & CC_MIN_FRESH &&
		entry->lifetime_s - age_s < x->q_cc.min_fresh_s)
		return false;
	return entry->lifetime_s * CONFIG_S_NS > age_ns;
}

static bool
is_full(uint16_t status)
{
	return status == 200 || status == 203;
}

bool
sharedentry_is_confirmed(const struct sharedentry *entry, const struct exchange *x,
	const struct sighting *seen)
{
	if (x->r.status != 304)
		return x->r.status == entry->status &&
		       sighting_same_body(&entry->seen, seen) == TRUTH_TRUE &&
		       sighting_same_validator(&entry->seen, seen);
	if (!is_full(entry->status) || !validator_is_asked(x))
		return false;
	if (entry->seen.tag && seen->tag)
		return entry->seen.tag == seen->tag;
	if (entry->seen.modified_s == SIGHTING_NO_DATE)
		return false;
	if (seen->modified_s != SIGHTING_NO_DATE)
		return entry->seen.modified_s == seen->modified_s;
	return x->cond == COND_IMS && entry->seen.modified_s <= x->ims.unix_s;
}

bool
sharedentry_agrees(const struct sharedentry *entry, const struct exchange *x,
	const struct sighting *seen)
{
	if (entry->seen.tag && seen->tag && entry->seen.tag != seen->tag)
		return false;
	if (entry->seen.modified_s != SIGHTING_NO_DATE &&
		seen->modified_s != SIGHTING_NO_DATE &&
		entry->seen.modified_s != seen->modified_s)
		return false;
	return x->r.length == UINT64_MAX || x->r.length == entry->content_octets;
}

bool
sharedentry_is_outdated(const struct sharedentry *entry, const struct exchange *x,
	const struct sighting *seen)
{
	uint16_t status = x->r.status;

	if (x->method != METHOD_GET || status == 206)
		return false;
	if (status == 304 || status == entry->status)
		return sighting_same_body(&entry->seen, seen) == TRUTH_FALSE;
	return freshness_is_understood(status) && status < 500;
}

void
sharedentry_freshen(
	struct sharedentry *entry, const struct exchange *x, const struct sighting *seen)
{
	bool has_cc = message_has(&x->r, FIELD_CACHE_CONTROL);
	bool has_expires = message_has(&x->r, FIELD_EXPIRES);
	bool by_cc = entry->kind == FRESHNESS_EXPLICIT && !entry->by_expires;
	struct sharedentry new = {0};

	take_age(entry, x);
	sighting_take_validators(&entry->seen, seen);
	if (has_cc) {
		entry->no_cache = x->r_cc.present & CC_NO_CACHE;
		entry->is_for_all = is_for_all(x);
	} else if (by_cc) {
		return;
	}
	take_lifetime(&new, x);
	if (new.kind == FRESHNESS_EXPLICIT && (has_cc || has_expires)) {
		entry->kind = new.kind;
		entry->lifetime_s = new.lifetime_s;
		entry->by_expires = new.by_expires;
		entry->expires_s = new.expires_s;
	} else if (entry->by_expires) {
		entry->lifetime_s = freshness_between_s(
			freshness_date_s(x), entry->expires_s);
	} else {
		entry->kind = FRESHNESS_NONE;
		if (entry->seen.modified_s == SIGHTING_NO_DATE ||
			!freshness_is_heuristic(entry->status))
			return;
		entry->kind = FRESHNESS_HEURISTIC;
		entry->lifetime_s = freshness_between_s(
					    entry->seen.modified_s, freshness_date_s(x)) /
				    10;
	}
}
