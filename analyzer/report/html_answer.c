#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_sentence.h"
#include "analyzer/report/report_waste.h"
#include "analyzer/report/report_words.h"

#include <stdio.h>

/* One of the three figures: what, how much, of what. */
static void
put_figure(struct html *html, const char *class, const char *what, const char *much,
	const char *of)
{
	html_open(html, "div", "figure");
	html_element(html, "dt", NULL, what);
	html_element(html, "dd", class, much);
	html_element(html, "dd", "of", of);
	html_close(html);
}

static void
put_revalidation(struct html *html, const struct tally *tally)
{
	struct tally_conditional all = tally_conditional_all(tally);
	struct rate hit = tally_hit(&all), asked = tally->conditional_share;
	char of[2 * TEXT_BYTES + 64];

	if (all.asked) {
		snprintf(of, sizeof of, "%s of %s conditional requests%s",
			text_count(hit.num).s, text_count(hit.den).s,
			all.asked < REPORT_FEW_CASES ? " (few cases)" : "");
		put_figure(
			html, "big", "Answered 304", text_share(hit.num, hit.den).s, of);
		return;
	}
	snprintf(of, sizeof of, "no %s asked conditionally (0 of %s)",
		tally->http.cut_heads ? "head that is whole" : "client",
		text_count(asked.den).s);
	put_figure(html, "big", "Answered 304", "n/a", of);
}

static void
put_wasted(struct html *html, const struct report *report)
{
	uint64_t total = tally_octets_total(report->tally),
		 wasted = report_sent_in_vain(report);
	uint64_t likely = report->proven_only ? 0 : tally_wasted(report->tally, TIER_2);
	char of[4 * TEXT_BYTES + 64];
	size_t n;

	n = (size_t)snprintf(of, sizeof of, "%s of %s of HTTP",
		text_share(wasted, total).s, text_bytes(total).s);
	if (likely && likely < wasted)
		snprintf(of + n, sizeof of - n, ": %s proven + %s likely",
			text_bytes(wasted - likely).s, text_bytes(likely).s);
	else if (wasted)
		snprintf(of + n, sizeof of - n, likely ? ", likely" : ", proven");
	put_figure(html, wasted ? "big wasted" : "big", "Sent for nothing",
		text_bytes(wasted).s, of);
}

static void
put_saved(struct html *html, const struct tally *tally)
{
	uint64_t unknown = tally->saved.count[SAVING_UNKNOWN];
	uint64_t known = tally_saved_known(tally);
	char much[TEXT_BYTES + 16], of[2 * TEXT_BYTES + 64];

	if (unknown && !known)
		snprintf(much, sizeof much, "unknown");
	else
		snprintf(much, sizeof much, "%s%s", unknown ? "≥ " : "",
			text_bytes(tally_saved_octets(tally)).s);
	snprintf(of, sizeof of, "%s answer%s 304 known to have saved%s%s%s",
		text_count(known).s, report_plural(known), unknown ? ", " : "",
		unknown ? text_count(unknown).s : "", unknown ? " not known" : "");
	put_figure(html, known ? "big saved" : "big", "Saved by 304s", much, of);
}

static void
put_badge(struct html *html, const struct report *report)
{
	bool exact = report_is_exact(report);
	struct out words;

	out_init_memory(&words);
	report_completeness(&words, report);
	html_open(html, "p", exact ? "badge good" : "badge bounds");
	html_element(html, "strong", NULL, "Capture quality:");
	html_format(html, " %s; ", report_exactness(report));
	html_octets(html, out_contents(&words));
	html_text(html, ". ");
	html_open(html, "a", NULL);
	html_attribute(html, "href", "#method");
	html_text(html, "What the capture cannot tell");
	html_close(html);
	html_close(html);
	out_fini(&words);
}

/* The first card, by its title. */
static void
put_first_fix(struct html *html, const struct report *report)
{
	const struct fixes_row *first = report_sentence_fix(report);
	struct waste_row waste;

	if (!first)
		return;
	waste = report_waste_row(report->tally, first->class, first->cause);
	html_text(html, " First fix: ");
	html_open(html, "a", NULL);
	if (!report->headline_only)
		html_attribute(html, "href", "#fix-1");
	html_text(html, waste_row_summary(&waste));
	html_close(html);
	html_format(html, " (%s).", text_bytes(fixes_saving(first)).s);
}

static void
put_sentence(struct html *html, const struct report *report)
{
	struct out words;

	out_init_memory(&words);
	if (report_has_http(report))
		report_sentence_words(&words, report);
	else
		report_no_http(&words, report);
	html_open(html, "p", "verdict");
	html_words(html, out_contents(&words));
	put_first_fix(html, report);
	html_close(html);
	out_fini(&words);
}

void
html_answer(struct html *html, const struct report *report)
{
	html_section(html, "answer", "The answer");
	if (report_has_http(report)) {
		html_open(html, "dl", "figures");
		put_revalidation(html, report->tally);
		put_wasted(html, report);
		put_saved(html, report->tally);
		html_close(html);
	}
	put_sentence(html, report);
	if (report_has_http(report))
		put_badge(html, report);
	html_close(html);
}
