#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_lifetimes.h"
#include "analyzer/report/report_whatif.h"

#include <stdlib.h>

enum {
	LIFETIMES_TOLD = 25,
	CURVE = 1000, /* units of its width */
};

static bool
has_caches(const struct report *report)
{
	return sharedcaches_numbers(whatif_shared(report->whatif), 0).requests > 0;
}

bool
html_has_whatif(const struct report *report)
{
	return report_rungs(report) || has_caches(report);
}

static void
put_row_name(struct html *html, const char *name)
{
	html_open(html, "th", NULL);
	html_attribute(html, "scope", "row");
	html_text(html, name);
	html_close(html);
}

/* ---- lifetimes ---- */

static void
put_rung(struct html *html, const struct report *report, unsigned i, uint64_t most)
{
	const struct ladder_rung *rung = &ladder_rungs(whatif_ladder(report->whatif))[i];
	struct html_share parts[] = {
		{"saved", rung->avoided - rung->stale}, {"proven", rung->stale}};

	html_open(html, "tr", NULL);
	put_row_name(html, report_rung_name(report, i).s);
	html_open(html, "td", "bars");
	html_stack(html, parts, 2, most);
	html_close(html);
	html_cell_count(html, rung->avoided);
	html_cell_bytes(html, rung->avoided_octets);
	html_cell_count(html, rung->stale);
	html_cell_share(html, (struct rate){rung->stale, rung->avoided});
	html_close(html);
}

static void
put_ladder(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"every answer kept for", false},
		{"right and stale", false}, {"requests avoided", true}, {"octets", true},
		{"stale", true}, {"share", true}};
	const struct ladder_rung *rungs = ladder_rungs(whatif_ladder(report->whatif));
	unsigned count = report_rungs(report);

	if (!count)
		return;
	html_element(html, "h3", NULL, "What if every answer could be kept for");
	html_table(html, "Lifetimes: what they would avoid, what would be stale", columns,
		sizeof columns / sizeof *columns, false);
	for (unsigned i = 0; i < count; i++)
		put_rung(html, report, i, rungs[LADDER_RUNGS - 1].avoided);
	html_table_end(html);
	html_open(html, "p", "below");
	html_legend(html, "saved", "right");
	html_legend(html, "proven", "stale");
	html_close(html);
	html_paragraph(html, "below",
		"Avoided: requests for what the client had been given here less than "
		"that time before. Stale: of them, those whose answer is known to be "
		"something else, by its octets or by validators.");
}

static void
put_lifetime(struct html *html, const struct lifetime *lifetime)
{
	const struct ladder_pattern *pattern = lifetime->pattern;
	const struct ladder_advice *advice = &lifetime->advice;

	html_open(html, "tr", NULL);
	html_open(html, "th", "key");
	html_attribute(html, "scope", "row");
	html_octets(html, pattern->host);
	html_octets(html, pattern->pattern);
	html_close(html);
	html_open(html, "td", NULL);
	html_element(html, "code", NULL, report_lifetime_field(advice).s);
	html_close(html);
	html_cell(html,
		pattern->lifetime_s < 0 ? "none" : text_lifetime(pattern->lifetime_s).s);
	html_cell_count(html, advice->rung.avoided);
	html_cell_bytes(html, advice->rung.avoided_octets);
	html_cell_count(html, advice->rung.stale);
	html_close(html);
}

static void
put_lifetimes(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"URL pattern", false},
		{"Cache-Control", false}, {"given now", false}, {"avoided", true},
		{"octets", true}, {"stale", true}};
	size_t count;
	struct lifetime *found = report_lifetimes(report, &count);

	if (count) {
		html_element(html, "h3", NULL, "Lifetimes that would have done no harm");
		html_table(html, "Lifetimes that can be recommended", columns,
			sizeof columns / sizeof *columns, true);
		for (size_t i = 0; i < count && i < LIFETIMES_TOLD; i++)
			put_lifetime(html, &found[i]);
		html_table_end(html);
	}
	mem_free(found);
}

/* ---- caches ---- */

static void
put_cache(struct html *html, struct sharedcache_numbers n)
{
	html_open(html, "tr", NULL);
	put_row_name(html, report_cache_name(&n).s);
	html_open(html, "td", "bars");
	html_bar(html, n.body_saved, n.body_total, "saved");
	html_close(html);
	html_cell_share(html, (struct rate){n.fresh_hits, n.requests});
	html_cell_share(html, (struct rate){n.fresh_hits + n.validated_hits, n.requests});
	html_cell_share(html, (struct rate){n.body_saved, n.body_total});
	html_cell_bytes(html, n.body_saved + n.head_saved);
	html_cell_count(html, n.stale_served);
	html_cell_bytes(html, n.stored_octets);
	html_close(html);
}

static int
by_capacity(const void *a, const void *b)
{
	const struct sharedcache_numbers *x = a, *y = b;

	/* No limit is more than any other. */
	return (x->capacity_octets - 1 > y->capacity_octets - 1) -
	       (x->capacity_octets - 1 < y->capacity_octets - 1);
}

static uint64_t
octets_hit(const struct sharedcache_numbers *n, uint64_t *of)
{
	*of = n->body_total;
	return n->body_saved;
}

static uint64_t
requests_hit(const struct sharedcache_numbers *n, uint64_t *of)
{
	*of = n->requests;
	return n->fresh_hits + n->validated_hits;
}

/* A line over the capacities, which stand at equal distances. */
static void
put_line(struct html *html, const char *class, const struct sharedcache_numbers *n,
	size_t count, uint64_t (*hits)(const struct sharedcache_numbers *n, uint64_t *of))
{
	struct out points;

	out_init_memory(&points);
	for (size_t i = 0; i < count; i++) {
		uint64_t of, hit = hits(&n[i], &of);

		out_format(&points, "%s%.1f,%.2f", i ? " " : "",
			(double)CURVE * (double)i / (double)(count - 1),
			of ? 100.0 - 100.0 * (double)hit / (double)of : 100.0);
	}
	html_open(html, "polyline", class);
	html_attribute_octets(html, "points", out_contents(&points));
	html_attribute(html, "vector-effect", "non-scaling-stroke");
	html_close(html);
	out_fini(&points);
}

/* Hits by the size of the cache, 0 to 100 %; a table below has the numbers. */
static void
put_curve(struct html *html, const struct sharedcaches *shared)
{
	struct sharedcache_numbers n[SHAREDCACHE_LRU_MAX + 1];
	size_t count = sharedcaches_count(shared);

	if (count < 3)
		return;
	for (size_t i = 0; i < count; i++)
		n[i] = sharedcaches_numbers(shared, i);
	qsort(n, count, sizeof *n, by_capacity);
	html_open(html, "div", "panel");
	html_open(html, "p", NULL);
	html_text(html, "0 to 100 % ");
	html_legend(html, "saved", "of the octets");
	html_legend(html, "bodies", "of the requests, validated ones with them");
	html_close(html);
	html_open(html, "svg", "plot");
	html_attribute_format(html, "viewBox", "0 0 %d 100", CURVE);
	html_attribute(html, "preserveAspectRatio", "none");
	html_attribute(html, "aria-hidden", "true");
	put_line(html, "bodies", n, count, requests_hit);
	put_line(html, "saved", n, count, octets_hit);
	html_close(html);
	html_open(html, "p", "axis sizes");
	for (size_t i = 0; i < count; i++)
		html_element(html, "span", NULL, report_cache_name(&n[i]).s);
	html_close(html);
	html_close(html);
}

static void
put_caches(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"room", false},
		{"share of octets", false}, {"fresh", true}, {"+ validated", true},
		{"octets", true}, {"saved", true}, {"stale", true}, {"stored", true}};
	const struct sharedcaches *shared = whatif_shared(report->whatif);

	if (!has_caches(report))
		return;
	html_element(html, "h3", NULL, "What if a shared cache stood here");
	put_curve(html, shared);
	html_table(html, "A simulated shared cache: hits by its size", columns,
		sizeof columns / sizeof *columns, false);
	for (size_t i = 0; i < sharedcaches_count(shared); i++)
		put_cache(html, sharedcaches_numbers(shared, i));
	html_table_end(html);
	html_open(html, "p", "below");
	html_element(html, "code", NULL, "--shared-lru SIZE");
	html_text(html, " simulates a cache of that capacity, too; it may repeat.");
	html_close(html);
}

void
html_whatif(struct html *html, const struct report *report)
{
	html_section(html, "whatif", "What if");
	put_ladder(html, report);
	put_lifetimes(html, report);
	put_caches(html, report);
	html_close(html);
}
