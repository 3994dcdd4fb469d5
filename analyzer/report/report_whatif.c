#include "analyzer/report/report_whatif.h"

#include "analyzer/config.h"
#include "analyzer/report/report_metrics.h"
#include "analyzer/report/report_words.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	COUNT_COLUMNS = 12,
	SHARE_COLUMNS = 11,
	OCTETS_COLUMNS = 12,
	CACHE_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - 3 * SHARE_COLUMNS -
			2 * OCTETS_COLUMNS - COUNT_COLUMNS,
	LIFETIME_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - 2 * COUNT_COLUMNS -
			   OCTETS_COLUMNS - SHARE_COLUMNS,
};

/* ---- JSON ---- */

static void
put_comparables(struct json *json, const struct comparable_numbers *n)
{
	json_key(json, "comparables");
	json_object(json);
	json_key(json, "lighthouse_wasted_octets");
	json_double(json, n->lighthouse_octets);
	report_rate(json, "redundant_payload_same_client",
		(struct rate){n->redundant_octets, n->payload_octets});
	report_rate(json, "rereference_modified",
		(struct rate){n->modified, n->rereferences});
	json_end(json);
}

static void
put_ladder(struct json *json, const struct ladder_rung *rungs)
{
	char key[24];

	json_key(json, "ttl_ladder");
	json_object(json);
	for (unsigned i = 0; i < LADDER_RUNGS; i++) {
		snprintf(key, sizeof key, "%" PRId64, ladder_ttl_s[i]);
		json_key(json, key);
		json_object_inline(json);
		json_put_uint(json, "avoided", rungs[i].avoided);
		json_put_uint(json, "avoided_octets", rungs[i].avoided_octets);
		json_put_uint(json, "stale", rungs[i].stale);
		json_end(json);
	}
	json_end(json);
}

static void
put_ratio(struct json *json, const char *key, uint64_t num, uint64_t den)
{
	json_key(json, key);
	if (den)
		json_double(json, (double)num / (double)den);
	else
		json_null(json);
}

static void
put_cache(struct json *json, const char *key, struct sharedcache_numbers n)
{
	json_key(json, key);
	json_object(json);
	json_put_uint(json, "requests", n.requests);
	json_put_uint(json, "fresh_hits", n.fresh_hits);
	json_put_uint(json, "validated_hits", n.validated_hits);
	json_put_uint(json, "misses", n.misses);
	json_put_uint(json, "passes", n.passes);
	json_put_uint(json, "body_total", n.body_total);
	json_put_uint(json, "body_saved", n.body_saved);
	json_put_uint(json, "head_saved", n.head_saved);
	json_put_uint(json, "stale_served", n.stale_served);
	json_put_uint(json, "evictions", n.evictions);
	put_ratio(json, "request_hit_strict", n.fresh_hits, n.requests);
	put_ratio(
		json, "request_hit_lenient", n.fresh_hits + n.validated_hits, n.requests);
	put_ratio(json, "byte_hit", n.body_saved, n.body_total);
	json_end(json);
}

void
report_whatif_metrics(struct json *json, const struct report *report)
{
	const struct sharedcaches *shared = whatif_shared(report->whatif);

	put_comparables(json, whatif_comparable(report->whatif));
	put_ladder(json, ladder_rungs(whatif_ladder(report->whatif)));
	json_key(json, "shared");
	json_object(json);
	put_cache(json, "infinite", sharedcaches_numbers(shared, 0));
	if (sharedcaches_count(shared) > 1)
		put_cache(json, "lru", sharedcaches_numbers(shared, 1));
	json_end(json);
}

static void
put_curve_point(struct json *json, struct sharedcache_numbers n)
{
	char key[24] = "infinite";

	if (n.capacity_octets)
		snprintf(key, sizeof key, "%" PRIu64, n.capacity_octets);
	json_key(json, key);
	json_object(json);
	report_rate(json, "request_hit_strict", (struct rate){n.fresh_hits, n.requests});
	report_rate(json, "request_hit_lenient",
		(struct rate){n.fresh_hits + n.validated_hits, n.requests});
	report_rate(json, "byte_hit", (struct rate){n.body_saved, n.body_total});
	json_put_uint(json, "stale_served", n.stale_served);
	json_put_uint(json, "evictions", n.evictions);
	json_put_uint(json, "stored_octets", n.stored_octets);
	json_end(json);
}

void
report_whatif_more(struct json *json, const struct report *report)
{
	const struct sharedcaches *shared = whatif_shared(report->whatif);
	const struct comparable_numbers *n = whatif_comparable(report->whatif);

	json_key(json, "shared_curve");
	json_object(json);
	for (size_t i = 0; i < sharedcaches_count(shared); i++)
		put_curve_point(json, sharedcaches_numbers(shared, i));
	json_end(json);
	report_rate(json, "redundant_payload_all_clients",
		(struct rate){n->redundant_anywhere_octets, n->payload_octets});
}

/* ---- the page ---- */

static void
show_share(struct page *page, uint64_t num, uint64_t den)
{
	page_right(page, text_share(num, den).s, SHARE_COLUMNS);
}

struct text
report_cache_name(const struct sharedcache_numbers *n)
{
	struct text name = {"room for everything"};

	if (n->capacity_octets)
		snprintf(name.s, sizeof name.s, "LRU of %.32s",
			text_bytes(n->capacity_octets).s);
	return name;
}

static void
show_cache(struct page *page, struct sharedcache_numbers n)
{
	page_spaces(page, PAGE_INDENT);
	page_left_text(page, report_cache_name(&n).s, page_stretch(page, CACHE_COLUMNS));
	show_share(page, n.fresh_hits, n.requests);
	show_share(page, n.fresh_hits + n.validated_hits, n.requests);
	show_share(page, n.body_saved, n.body_total);
	page_right(page, text_bytes(n.body_saved + n.head_saved).s, OCTETS_COLUMNS);
	page_right(page, text_count(n.stale_served).s, COUNT_COLUMNS);
	page_right(page, text_bytes(n.stored_octets).s, OCTETS_COLUMNS);
	out_octet(page->out, '\n');
}

static void
show_shared(struct page *page, const struct sharedcaches *shared)
{
	if (!sharedcaches_numbers(shared, 0).requests)
		return;
	page_heading(page, "What if a shared cache stood here",
		"fresh +validated     octets       saved       stale      stored");
	for (size_t i = 0; i < sharedcaches_count(shared); i++)
		show_cache(page, sharedcaches_numbers(shared, i));
}

static void
show_rung(struct page *page, const char *name, const struct ladder_rung *rung)
{
	page_spaces(page, PAGE_INDENT);
	page_left_text(page, name, page_stretch(page, LIFETIME_COLUMNS));
	page_right(page, text_count(rung->avoided).s, COUNT_COLUMNS);
	page_right(page, text_bytes(rung->avoided_octets).s, OCTETS_COLUMNS);
	page_right(page, text_count(rung->stale).s, COUNT_COLUMNS);
	show_share(page, rung->stale, rung->avoided);
	out_octet(page->out, '\n');
}

unsigned
report_rungs(const struct report *report)
{
	int64_t duration_ns = report_captured_ns(report);
	unsigned count = 0;

	if (!ladder_rungs(whatif_ladder(report->whatif))[LADDER_RUNGS - 1].avoided)
		return 0;
	while (count < LADDER_RUNGS && ladder_ttl_s[count] * CONFIG_S_NS <= duration_ns)
		count++;
	return count < LADDER_RUNGS ? count + 1 : count;
}

struct text
report_rung_name(const struct report *report, unsigned rung)
{
	static const char *const names[LADDER_RUNGS] = {
		"1 minute", "5 minutes", "1 hour", "1 day", "7 days", "1 year"};
	int64_t duration_ns = report_captured_ns(report);
	bool is_last = ladder_ttl_s[rung] * CONFIG_S_NS > duration_ns;
	struct text name;

	snprintf(name.s, sizeof name.s, "%s%s", names[rung],
		is_last ? " or any time longer than the capture" : "");
	return name;
}

static void
show_ladder(struct page *page, const struct report *report)
{
	const struct ladder_rung *rungs = ladder_rungs(whatif_ladder(report->whatif));
	unsigned count = report_rungs(report);

	if (!count)
		return;
	page_heading(page, "What if every answer could be kept for",
		"requests avoided      octets       stale      share");
	for (unsigned i = 0; i < count; i++)
		show_rung(page, report_rung_name(report, i).s, &rungs[i]);
}

void
report_whatif_text(struct page *page, const struct report *report)
{
	show_shared(page, whatif_shared(report->whatif));
	show_ladder(page, report);
}
