#include "analyzer/report/spreads.h"

#include "analyzer/config.h"

static const char *const span_names[SPAN_COUNT] = {
	"0", "1 min", "1 h", "1 d", "30 d", "1 y", "more"};

const char *
spreads_span_name(enum spread_span span)
{
	return span_names[span];
}

const char *
spreads_lifetime_name(enum spread_lifetime lifetime)
{
	if (lifetime == LIFETIME_NO_STORE)
		return "no-store";
	if (lifetime == LIFETIME_NO_CACHE)
		return "no-cache";
	if (lifetime == LIFETIME_HEURISTIC)
		return "heuristic";
	return lifetime == LIFETIME_NONE ? "none" : span_names[lifetime - LIFETIME_0];
}

const char *
spreads_size_name(unsigned size)
{
	static const char *const names[SPREAD_SIZES] = {"0", "100 B", "1 kB", "10 kB",
		"100 kB", "1 MB", "10 MB", "100 MB", "more"};

	return names[size];
}

void
spreads_fini(struct spreads *spreads)
{
	distribution_fini(&spreads->size);
}

static enum spread_span
span_of(int64_t seconds)
{
	static const int64_t ends_s[SPAN_MORE] = {
		0, 60, 3600, 86400, 30 * 86400, 365 * 86400};
	enum spread_span span = SPAN_0;

	while (span < SPAN_MORE && seconds > ends_s[span])
		span++;
	return span;
}

static unsigned
size_of(uint64_t octets)
{
	uint64_t end = 100;
	unsigned size = 1;

	if (!octets)
		return 0;
	while (size < SPREAD_SIZES - 1 && octets > end) {
		end *= 10;
		size++;
	}
	return size;
}

static enum spread_lifetime
lifetime_of(const struct exchange *x)
{
	if (x->r_cc.present & CC_NO_STORE)
		return LIFETIME_NO_STORE;
	if (x->r_cc.present & CC_NO_CACHE)
		return LIFETIME_NO_CACHE;
	if (x->freshness.kind == FRESHNESS_HEURISTIC)
		return LIFETIME_HEURISTIC;
	if (x->freshness.kind == FRESHNESS_NONE)
		return LIFETIME_NONE;
	return LIFETIME_0 + span_of(x->freshness.lifetime_s);
}

/* A resource that lived longer than it may be kept could be kept longer. */
static void
add_since_modified(struct spreads *spreads, const struct exchange *x)
{
	int64_t since_s = x->date.unix_s - x->last_modified.unix_s;

	if (x->date.form == HTTPDATE_INVALID || x->last_modified.form == HTTPDATE_INVALID)
		return;
	spreads->since_modified[span_of(since_s)]++;
	if (x->freshness.kind != FRESHNESS_EXPLICIT)
		return;
	spreads->short_lifetimes.den++;
	spreads->short_lifetimes.num += x->freshness.lifetime_s < since_s;
}

static void
add_answer(struct spreads *spreads, const struct exchange *x)
{
	spreads->lifetimes[lifetime_of(x)]++;
	if (x->age_s >= 0)
		spreads->ages[span_of(x->age_s)]++;
	add_since_modified(spreads, x);
	if (x->r.complete) {
		spreads->sizes[size_of(x->r.content_bytes)]++;
		distribution_add(&spreads->size, x->r.content_bytes);
	}
}

/* Whether the client got what it had. */
static enum truth
is_unchanged(
	const struct exchange *x, const struct before *before, const struct verdict *v)
{
	struct represented held = represented_by(&before->held);
	struct represented body = represented_of(x);

	if (v->outcome == OUTCOME_VALIDATED)
		return TRUTH_TRUE;
	if ((x->r.status != 200 && x->r.status != 203) || !before->held.has_body)
		return TRUTH_UNKNOWN;
	return represented_same(&held, &body);
}

static void
add_gap(struct spreads *spreads, const struct exchange *x, const struct before *before,
	const struct verdict *v)
{
	const struct held *held = &before->held;
	int64_t gap_ns = x->q.first.ts_ns - held->received_ns;
	enum truth same;

	if (!before->has_held || (held->status != 200 && held->status != 203))
		return;
	same = is_unchanged(x, before, v);
	/* Rounded up: up to a minute is not more than sixty seconds. */
	if (same != TRUTH_UNKNOWN)
		spreads->gaps[same == TRUTH_TRUE ? REPEAT_UNCHANGED
						 : REPEAT_CHANGED][span_of(
			gap_ns / CONFIG_S_NS + (gap_ns % CONFIG_S_NS > 0))]++;
}

void
spreads_add(struct spreads *spreads, const struct exchange *x,
	const struct before *before, const struct verdict *v)
{
	if (x->method != METHOD_GET || !x->has_response)
		return;
	if (x->r.status == 200 || x->r.status == 203)
		add_answer(spreads, x);
	add_gap(spreads, x, before, v);
}
