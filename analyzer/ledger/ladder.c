#include "analyzer/ledger/ladder.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/config.h"
#include "analyzer/history/variant.h"
#include "parsers/mediatype.h"
#include "parsers/urlpattern.h"
#include "parsers/vary.h"

#include <stdlib.h>

enum {
	PAIR_SHARE = 85, /* of the memory, in percent; the rest is the patterns' */
	PATTERN_SHARE = 15,
	HOST_BYTES_MAX = 255,
	AVOIDED_MIN = 20,
};

const int64_t ladder_ttl_s[LADDER_RUNGS] = {60, 300, 3600, 86400, 604800, 31536000};

/* A request that went to the network. */
struct contact {
	int64_t ns;
	struct sighting seen;
};

/* What a client had of a resource, by lifetime: several share a contact. */
struct pair {
	struct key pattern; /* of its URL */
	uint8_t contact_of[LADDER_RUNGS];
	uint8_t count;
	struct contact first;
	struct contact *others; /* count - 1 of them */
};

struct ladder {
	uint64_t seed;
	struct table *pairs, *patterns;
	struct ladder_rung rungs[LADDER_RUNGS];
};

static void
pair_drop(void *entry)
{
	mem_free(((struct pair *)entry)->others);
}

static void
pattern_drop(void *entry)
{
	/* The pattern lies behind the host. */
	mem_free((void *)((struct ladder_pattern *)entry)->host.at);
}

struct ladder *
ladder_new(uint64_t memory_bytes, uint64_t seed)
{
	struct ladder *ladder = mem_alloc(sizeof *ladder);
	uint64_t percent = memory_bytes / 100;

	ladder->seed = seed;
	ladder->pairs = table_new_rough(
		sizeof(struct pair), PAIR_SHARE * percent, pair_drop);
	ladder->patterns = table_new_rough(
		sizeof(struct ladder_pattern), PATTERN_SHARE * percent, pattern_drop);
	return ladder;
}

void
ladder_free(struct ladder **ladder)
{
	if (!*ladder)
		return;
	table_free(&(*ladder)->pairs);
	table_free(&(*ladder)->patterns);
	mem_free(*ladder);
	*ladder = NULL;
}

/* ---- pairs ---- */

static const struct contact *
pair_contact(const struct pair *pair, unsigned rung)
{
	unsigned at = pair->contact_of[rung];

	return at ? &pair->others[at - 1] : &pair->first;
}

/* Gives the rungs in `renewed` the contact `new`; contacts of no rung go. */
static void
pair_renew(struct table *pairs, struct pair *pair, unsigned renewed,
	const struct contact *new)
{
	struct contact kept[LADDER_RUNGS];
	uint8_t place[LADDER_RUNGS] = {0}; /* 1 + where a contact went */
	uint8_t count = 0, newest = 0;

	for (unsigned i = 0; i < LADDER_RUNGS; i++) {
		uint8_t *to = renewed & 1u << i ? &newest : &place[pair->contact_of[i]];

		if (!*to) {
			kept[count] = renewed & 1u << i ? *new : *pair_contact(pair, i);
			*to = ++count;
		}
		pair->contact_of[i] = *to - 1;
	}
	pair->first = kept[0];
	if (count != pair->count) {
		mem_free(pair->others);
		pair->others = count > 1 ? mem_alloc((count - 1u) * sizeof *kept) : NULL;
		table_own(pairs, pair, (count - 1u) * sizeof *kept);
	}
	if (count > 1)
		memcpy(pair->others, kept + 1, (count - 1u) * sizeof *kept);
	pair->count = count;
}

static void
rung_add(struct ladder_rung *rung, uint64_t octets, enum truth same)
{
	rung->avoided++;
	rung->avoided_octets += octets;
	rung->stale += same == TRUTH_FALSE;
	rung->unknown += same == TRUTH_UNKNOWN;
}

static void
ladder_replay(struct ladder *ladder, struct ladder_pattern *pattern, struct pair *pair,
	const struct exchange *x, const struct sighting *seen)
{
	struct contact now = {x->q.head_end.ts_ns, *seen};
	uint64_t octets = x->q.head_bytes + x->q.content_bytes + x->q.framing_bytes +
			  exchange_r_head(x) + exchange_r_wire(x);
	const struct contact *compared = NULL;
	enum truth same = TRUTH_UNKNOWN;
	unsigned renewed = 0;

	for (unsigned i = 0; i < LADDER_RUNGS; i++) {
		const struct contact *last = pair_contact(pair, i);

		if (!pair->count || now.ns - last->ns >= ladder_ttl_s[i] * CONFIG_S_NS) {
			renewed |= 1u << i;
			continue;
		}
		if (last != compared)
			same = sighting_same(&last->seen, seen);
		compared = last;
		rung_add(&ladder->rungs[i], octets, same);
		rung_add(&pattern->rungs[i], octets, same);
	}
	if (renewed)
		pair_renew(ladder->pairs, pair, renewed, &now);
}

/* ---- patterns ---- */

static struct key
name_key(const struct ladder *ladder, struct slice host, struct slice path)
{
	return key_add(key_add(key_start(ladder->seed), host), path);
}

/* By name; the names are copied. */
static struct ladder_pattern *
pattern_named(struct ladder *ladder, struct slice host, struct slice path)
{
	struct ladder_pattern *pattern = table_put(
		ladder->patterns, name_key(ladder, host, path));
	uint8_t *copy;

	if (pattern->host.at)
		return pattern;
	copy = mem_alloc(host.n + path.n + 1);
	if (host.n)
		memcpy(copy, host.at, host.n);
	if (path.n)
		memcpy(copy + host.n, path.at, path.n);
	pattern->host = slice_of(copy, host.n);
	pattern->pattern = slice_of(copy + host.n, path.n);
	pattern->lifetime_s = -1;
	table_own(ladder->patterns, pattern, host.n + path.n + 1);
	return pattern;
}

const struct ladder_pattern *
ladder_find(const struct ladder *ladder, struct slice label)
{
	size_t end = slice_find(label, '/', 0);

	return table_find(ladder->patterns,
		name_key(ladder, slice_part(label, 0, end), slice_from(label, end)));
}

static struct ladder_pattern *
ladder_pattern(struct ladder *ladder, const struct exchange *x)
{
	uint8_t octets[HOST_BYTES_MAX + URLPATTERN_BYTES];
	struct slice host = slice_part(x->host, 0, HOST_BYTES_MAX);
	size_t n;

	octets_lower(octets, host.at, host.n);
	n = urlpattern(x->path_query, octets + host.n, URLPATTERN_BYTES);
	return pattern_named(
		ladder, slice_of(octets, host.n), slice_of(octets + host.n, n));
}

void
ladder_restore(struct ladder *ladder, const struct ladder_pattern *pattern)
{
	struct ladder_pattern *to = pattern_named(
		ladder, pattern->host, pattern->pattern);
	struct slice host = to->host, path = to->pattern;

	*to = *pattern;
	to->host = host;
	to->pattern = path;
}

void
ladder_restore_rungs(struct ladder *ladder, const struct ladder_rung rungs[LADDER_RUNGS])
{
	memcpy(ladder->rungs, rungs, sizeof ladder->rungs);
}

/*
 * Whether the answer may be another for another cookie: it says so, or a cookie came
 * with a request for something that is made for visitors, or another visitor did get
 * something else.
 */
static bool
depends_on_cookies(const struct exchange *x, bool depends)
{
	struct arena scratch = {0};
	struct slice vary;
	bool varies = false;

	if (message_has(&x->r, FIELD_VARY)) {
		vary = message_values(&x->r, FIELD_VARY, &scratch);
		varies = vary_is_star(vary) || vary_has(vary, SLICE("cookie"));
		arena_fini(&scratch);
	}
	if (varies || !message_has(&x->q, FIELD_COOKIE))
		return varies;
	return depends || (x->r.status != 304 && !mediatype_is_static(message_value(
							 &x->r, FIELD_CONTENT_TYPE)));
}

static unsigned
obstacles(const struct exchange *x, bool depends)
{
	unsigned found = 0;

	if (x->r_cc.present & CC_NO_STORE)
		found |= OBSTACLE_NO_STORE;
	if (message_has(&x->r, FIELD_SET_COOKIE))
		found |= OBSTACLE_SET_COOKIE;
	if (message_has(&x->q, FIELD_AUTHORIZATION))
		found |= OBSTACLE_AUTHORIZATION;
	if (depends_on_cookies(x, depends))
		found |= OBSTACLE_COOKIE;
	return found;
}

static void
pattern_note_get(struct ladder_pattern *pattern, const struct exchange *x, unsigned found)
{
	int64_t ns = x->q.head_end.ts_ns;

	if (!pattern->exchanges || ns < pattern->first_ns)
		pattern->first_ns = ns;
	if (!pattern->exchanges || ns > pattern->last_ns)
		pattern->last_ns = ns;
	pattern->exchanges++;
	pattern->obstacles |= found;
	if (x->freshness.kind == FRESHNESS_EXPLICIT &&
		x->freshness.lifetime_s > pattern->lifetime_s)
		pattern->lifetime_s = x->freshness.lifetime_s;
}

void
ladder_add(struct ladder *ladder, const struct before *before, const struct exchange *x,
	const struct sighting *seen, bool is_contact, bool depends)
{
	bool is_get = x->method == METHOD_GET;
	struct key changed[RESOURCES_CHANGED_MAX];
	struct ladder_pattern *pattern = NULL;
	struct pair *pair = NULL;

	if (!is_get &&
		!resource_keys_changed(before->origin, before->resource, x, changed))
		return;
	if (is_contact)
		pair = table_put(ladder->pairs, before->pair);
	if (pair && pair->count)
		pattern = table_use(ladder->patterns, pair->pattern);
	if (!pattern)
		pattern = ladder_pattern(ladder, x);
	if (is_get)
		pattern_note_get(pattern, x, obstacles(x, depends));
	else
		pattern->obstacles |= OBSTACLE_UNSAFE;
	if (!pair)
		return;
	pair->pattern = table_key(pattern);
	ladder_replay(ladder, pattern, pair, x, seen);
}

/* ---- what it says ---- */

const struct ladder_rung *
ladder_rungs(const struct ladder *ladder)
{
	return ladder->rungs;
}

/* By octets that the longest lifetime avoids, then by name: never by a key's value. */
static int
pattern_order(const struct ladder_pattern *a, const struct ladder_pattern *b)
{
	uint64_t x = a->rungs[LADDER_RUNGS - 1].avoided_octets,
		 y = b->rungs[LADDER_RUNGS - 1].avoided_octets;
	struct slice left = slice_of(a->host.at, a->host.n + a->pattern.n),
		     right = slice_of(b->host.at, b->host.n + b->pattern.n);
	int order;

	if (x != y)
		return x > y ? -1 : 1;
	order = slice_order(left, right);
	return order ? order : (a->host.n > b->host.n) - (a->host.n < b->host.n);
}

static int
by_order(const void *a, const void *b)
{
	return pattern_order(*(const struct ladder_pattern *const *)a,
		*(const struct ladder_pattern *const *)b);
}

size_t
ladder_count(const struct ladder *ladder)
{
	return table_count(ladder->patterns);
}

void
ladder_ranked(const struct ladder *ladder, const struct ladder_pattern **rows)
{
	const void *entry = table_oldest(ladder->patterns);
	size_t n = 0;

	for (; entry; entry = table_newer(ladder->patterns, entry))
		rows[n++] = entry;
	if (n)
		qsort(rows, n, sizeof *rows, by_order);
}

const char *
ladder_obstacle_name(enum ladder_obstacle obstacle)
{
	switch (obstacle) {
	case OBSTACLE_NO_STORE:
		return "no-store";
	case OBSTACLE_SET_COOKIE:
		return "set-cookie";
	case OBSTACLE_AUTHORIZATION:
		return "authorization";
	case OBSTACLE_COOKIE:
		return "cookie";
	default:
		return "unsafe";
	}
}

size_t
ladder_patterns(
	const struct ladder *ladder, const struct ladder_pattern **rows, size_t count)
{
	const void *entry = table_oldest(ladder->patterns);
	size_t n = 0;

	for (; entry && count; entry = table_newer(ladder->patterns, entry)) {
		const struct ladder_pattern *row = entry;
		size_t at = n;

		if (!row->rungs[LADDER_RUNGS - 1].avoided ||
			(n == count && pattern_order(row, rows[n - 1]) > 0))
			continue;
		if (n < count)
			n++;
		else
			at--;
		for (; at && pattern_order(row, rows[at - 1]) < 0; at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
	return n;
}

/*
 * Of so many stale answers seen, what the expected number is below with 95 % confidence:
 * half the 95 % quantile of chi-squared with 2n + 2 degrees of freedom, from 10 on
 * a number above it.  In hundredths.
 */
static uint64_t
stale_bound(uint64_t n)
{
	static const uint16_t bounds[] = {
		300, 475, 630, 776, 916, 1052, 1185, 1315, 1444, 1571};
	uint64_t root = 3;

	if (n < sizeof bounds / sizeof *bounds)
		return bounds[n];
	if (n > UINT32_MAX)
		return UINT64_MAX;
	while (root * root < n)
		root++;
	return 100 * (n + 2 * root + 2);
}

static bool
rung_is_safe(const struct ladder_rung *rung, uint64_t stale_percent)
{
	uint64_t bound = stale_bound(rung->stale + rung->unknown);

	return rung->avoided >= AVOIDED_MIN && bound <= rung->avoided * stale_percent;
}

bool
ladder_advise(const struct ladder_pattern *pattern, uint64_t stale_percent,
	struct ladder_advice *advice)
{
	int64_t span_s = (pattern->last_ns - pattern->first_ns) / CONFIG_S_NS;
	unsigned i = LADDER_RUNGS;

	if (pattern->obstacles)
		return false;
	while (i && !rung_is_safe(&pattern->rungs[i - 1], stale_percent))
		i--;
	if (!i)
		return false;
	*advice = (struct ladder_advice){
		.ttl_s = ladder_ttl_s[i - 1], .rung = pattern->rungs[i - 1]};
	if (advice->ttl_s > span_s) {
		advice->ttl_s = span_s;
		advice->is_capture_bound = true;
	}
	return advice->ttl_s > 0 && advice->ttl_s > pattern->lifetime_s;
}

uint64_t
ladder_evictions(const struct ladder *ladder)
{
	return table_evictions(ladder->pairs) + table_evictions(ladder->patterns);
}
