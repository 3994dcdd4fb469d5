#include "analyzer/http/freshness.h"

#include "analyzer/config.h"

bool
freshness_is_heuristic(uint16_t status)
{
	static const uint16_t statuses[] = {
		200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501};

	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (status == statuses[i])
			return true;
	return false;
}

bool
freshness_is_understood(uint16_t status)
{
	return freshness_is_heuristic(status) || status == 302 || status == 303 ||
	       status == 307 || status == 451;
}

/* [RFC9111 3] */
static bool
response_is_storable(const struct exchange *x)
{
	const uint32_t explicit = CC_PUBLIC | CC_PRIVATE | CC_MAX_AGE;

	if (x->method != METHOD_GET || !freshness_is_understood(x->r.status) ||
		(x->q_cc.present | x->r_cc.present) & CC_NO_STORE)
		return false;
	return x->r_cc.present & explicit || message_has(&x->r, FIELD_EXPIRES) ||
	       freshness_is_heuristic(x->r.status);
}

int64_t
freshness_date_s(const struct exchange *x)
{
	return x->date.form != HTTPDATE_INVALID ? x->date.unix_s
						: x->r.first.ts_ns / CONFIG_S_NS;
}

int64_t
freshness_between_s(int64_t begin_s, int64_t end_s)
{
	if (end_s <= begin_s)
		return 0;
	return end_s - begin_s < CACHECONTROL_MAX_S ? end_s - begin_s
						    : CACHECONTROL_MAX_S;
}

/* [RFC9111 4.2.1, 4.2.2] */
static void
freshness_lifetime(struct freshness *f, const struct exchange *x)
{
	struct httpdate expires;

	if (x->r_cc.present & CC_MAX_AGE) {
		f->kind = FRESHNESS_EXPLICIT;
		f->lifetime_s = x->r_cc.max_age_s;
	} else if (message_has(&x->r, FIELD_EXPIRES)) {
		expires = httpdate_parse(message_value(&x->r, FIELD_EXPIRES),
			x->r.first.ts_ns / CONFIG_S_NS);
		f->kind = FRESHNESS_EXPLICIT;
		if (expires.form != HTTPDATE_INVALID)
			f->lifetime_s = freshness_between_s(
				freshness_date_s(x), expires.unix_s);
	} else if (x->last_modified.form != HTTPDATE_INVALID &&
		   (freshness_is_heuristic(x->r.status) || x->r_cc.present & CC_PUBLIC)) {
		f->kind = FRESHNESS_HEURISTIC;
		f->lifetime_s = freshness_between_s(
					x->last_modified.unix_s, freshness_date_s(x)) /
				10;
	}
}

struct freshness
freshness_read(const struct exchange *x)
{
	struct freshness f = {
		.storable = response_is_storable(x),
		.no_cache = x->r_cc.present & CC_NO_CACHE,
		.immutable = x->r_cc.present & CC_IMMUTABLE,
	};

	freshness_lifetime(&f, x);
	if (x->age_s > 0)
		f.initial_age_ns = x->age_s * CONFIG_S_NS;
	if (x->r.first.ts_ns > x->q.head_end.ts_ns && x->has_request)
		f.initial_age_ns += x->r.first.ts_ns - x->q.head_end.ts_ns;
	return f;
}

int64_t
freshness_age_ns(const struct freshness *freshness, int64_t received_ns, int64_t now_ns)
{
	return freshness->initial_age_ns + (now_ns - received_ns);
}
