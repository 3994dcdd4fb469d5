#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_words.h"

enum part {
	PROVEN,
	COMPRESSIBLE,
	LIKELY,
	AVOIDABLE,
	BODIES,
	REST,
	PARTS
};

static const struct {
	const char *class, *name, *means;
} parts[PARTS] = {
	[PROVEN] = {"proven", "proven waste",
		"sent for nothing, whatever client keys say"},
	[COMPRESSIBLE] = {"squeezable", "compressible",
		"could have been compressed away (measured at gzip level 6)"},
	[LIKELY] = {"likely", "likely waste",
		"sent for nothing if a client key is one cache"},
	[AVOIDABLE] = {"avoidable", "avoidable", "could be avoided by policy or design"},
	[BODIES] = {"bodies", "other bodies", "contents that had to be sent"},
	[REST] = {"heads", "heads and framing",
		"of requests and answers, less what is wasted of them"},
};

bool
html_has_traffic(const struct report *report)
{
	return tally_octets_total(report->tally) > 0;
}

/* Of all waste, what are bodies: heads have classes of their own, the last ones. */
static uint64_t
wasted_bodies(const struct tally *tally)
{
	uint64_t octets = 0;

	for (unsigned class = 0; class < WASTE_RELOAD_REVALIDATION; class ++)
		for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
			if (class != WASTE_ILLEGAL_BODY)
				octets += tally->waste_by_class[tier][class];
	return octets;
}

/* Every octet of HTTP in one part. */
static void
divide(const struct tally *tally, uint64_t octets[PARTS])
{
	uint64_t total = tally_octets_total(tally), in_vain = 0;
	uint64_t bodies = tally->octets.q_body + tally->octets.r_content;
	uint64_t wasted = wasted_bodies(tally);

	octets[COMPRESSIBLE] = tally->waste_by_class[TIER_1][WASTE_UNCOMPRESSED];
	octets[PROVEN] = tally_wasted(tally, TIER_1) - octets[COMPRESSIBLE];
	octets[LIKELY] = tally_wasted(tally, TIER_2);
	octets[AVOIDABLE] = tally_wasted(tally, TIER_3);
	for (unsigned i = PROVEN; i <= AVOIDABLE; i++)
		in_vain += octets[i];
	octets[BODIES] = bodies > wasted ? bodies - wasted : 0;
	octets[REST] = total - in_vain - octets[BODIES];
}

static void
put_bars(struct html *html, const uint64_t octets[PARTS], uint64_t sent, uint64_t saved)
{
	uint64_t longest = sent > saved ? sent : saved;
	struct html_share shares[PARTS], not_sent = {"saved", saved};

	for (unsigned i = 0; i < PARTS; i++)
		shares[i] = (struct html_share){parts[i].class, octets[i]};
	html_open(html, "div", "stack");
	html_open(html, "p", NULL);
	html_format(html, "sent: %s", text_bytes(sent).s);
	html_close(html);
	html_stack(html, shares, PARTS, longest);
	html_open(html, "p", NULL);
	html_format(html, "not sent, thanks to 304s: %s", text_bytes(saved).s);
	html_close(html);
	html_stack(html, &not_sent, 1, longest);
	html_close(html);
}

static void
put_row(struct html *html, const char *class, const char *name, const char *means,
	struct rate octets)
{
	html_open(html, "tr", NULL);
	html_open(html, "th", NULL);
	html_attribute(html, "scope", "row");
	html_open(html, "span", NULL);
	html_attribute_format(html, "class", "swatch %s", class);
	html_close(html);
	html_text(html, name);
	html_close(html);
	html_cell(html, means);
	html_cell_bytes(html, octets.num);
	html_cell_share(html, octets);
	html_close(html);
}

static void
put_fact(struct html *html, const char *term, const char *words)
{
	html_fact(html, term, slice_of(words, strlen(words)));
}

/* What asking saved, what it cost, and what of it need not have been. */
static void
put_savings(struct html *html, const struct tally *tally)
{
	uint64_t needed = tally_saved_octets(tally) - tally->needless.octets;
	int64_t waited = tally->avoidable_wait_ns[TIER_1] +
			 tally->avoidable_wait_ns[TIER_2] +
			 tally->avoidable_wait_ns[TIER_3];
	struct out words;

	out_init_memory(&words);
	report_saved(&words, tally);
	html_open(html, "dl", "facts");
	html_fact(html, "Savings", out_contents(&words));
	put_fact(html, "Needed", text_bytes(needed).s);
	out_clear(&words);
	out_format(&words, "%s: nobody had to ask, the copy was fresh or never changes",
		text_bytes(tally->needless.octets).s);
	html_fact(html, "Needless", out_contents(&words));
	put_fact(html, "Waited for 304s", text_duration(tally->revalidation_wait_ns).s);
	out_clear(&words);
	out_format(&words, "%s, for exchanges that need not have happened",
		text_duration(waited).s);
	html_fact(html, "Waited in vain", out_contents(&words));
	html_close(html);
	out_fini(&words);
}

void
html_traffic(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"octets", false},
		{"what they are", false}, {"amount", true}, {"share", true}};
	const struct tally *tally = report->tally;
	uint64_t octets[PARTS], total = tally_octets_total(tally);

	divide(tally, octets);
	html_section(html, "traffic", "Octets sent, saved and wasted");
	put_bars(html, octets, total, tally_saved_octets(tally));
	html_table(
		html, "Octets of HTTP", columns, sizeof columns / sizeof *columns, false);
	for (unsigned i = 0; i < PARTS; i++)
		if (octets[i])
			put_row(html, parts[i].class, parts[i].name, parts[i].means,
				(struct rate){octets[i], total});
	html_table_end(html);
	put_savings(html, tally);
	html_close(html);
}
