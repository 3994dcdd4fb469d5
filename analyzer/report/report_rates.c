#include "analyzer/report/report_rates.h"

enum {
	NAME_COLUMNS = 58,
	COUNT_COLUMNS = 15,
	SHARE_COLUMNS = 10,
};

static void
show_rate(struct page *page, const char *name, struct rate rate)
{
	page_spaces(page, PAGE_INDENT);
	page_left_text(page, name, NAME_COLUMNS);
	page_right(page, text_count(rate.num).s, COUNT_COLUMNS);
	page_right(page, text_count(rate.den).s, COUNT_COLUMNS);
	page_right(page, text_share(rate.num, rate.den).s, SHARE_COLUMNS);
	out_octet(page->out, '\n');
}

/* Percentiles of the time between request and answer. */
static void
show_waits(struct page *page, const char *name, const struct distribution *waits)
{
	static const double shares[] = {0.5, 0.9, 0.99};
	static const char *const names[] = {"p50", "p90", "p99"};

	if (!waits->count)
		return;
	page_spaces(page, PAGE_INDENT);
	page_left_text(page, name, NAME_COLUMNS - COUNT_COLUMNS);
	for (unsigned i = 0; i < 3; i++) {
		int64_t us = (int64_t)distribution_at(waits, shares[i]);

		out_format(page->out, "%s %-12s", names[i], text_duration(us * 1000).s);
	}
	out_text(page->out, "of ");
	out_text(page->out, text_count(waits->count).s);
	out_octet(page->out, '\n');
}

static void
show_outcomes(struct page *page, const struct tally *tally)
{
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		if (tally->outcomes[i])
			show_rate(page, outcome_name(i),
				(struct rate){tally->outcomes[i], tally->http.requests});
}

static void
show_validators(struct page *page, const struct tally_validators *v)
{
	show_rate(page, "answers to GET with a tag and a date",
		(struct rate){v->both, v->responses});
	show_rate(page, "  with a tag only", (struct rate){v->etag_only, v->responses});
	show_rate(page, "  with a date only", (struct rate){v->lm_only, v->responses});
	show_rate(page, "  with no validator", (struct rate){v->none, v->responses});
}

void
report_rates_text(struct page *page, const struct tally *tally)
{
	struct tally_conditional all = tally_conditional_all(tally);

	page_heading(page, "Rates", "of      share");
	show_rate(page, "304 rate of conditional requests", tally_hit(&all));
	show_rate(page, "  by tag", tally->by_form[COND_INM]);
	show_rate(page, "  by date", tally->by_form[COND_IMS]);
	show_rate(page, "  by tag, a date with it", tally->by_form[COND_BOTH]);
	show_rate(page, "  of those with a 2xx or 304 answer", tally_evaluable_hit(&all));
	show_rate(page, "304 recall: of those that met nothing new", tally_recall(&all));
	show_rate(page, "  at least", tally_recall_low(&all));
	show_rate(page, "  where the octets meant were seen", tally->known_recall);
	show_rate(page, "URLs with a 304 recall below 90 %", tally_below_goal(tally));
	show_rate(page, "matched 304 rate: the validator was the same",
		tally->matched_recall);
	show_rate(page, "304s among answered GETs", tally->share_of_gets);
	show_rate(page, "GETs that used a validator the client held", tally->uptake);
	show_validators(page, &tally->validators);
	show_rate(page, "PUT, PATCH and DELETE with a condition", tally->writes.guarded);
	show_rate(page, "write conditions that were met",
		(struct rate){tally->writes.ok, tally->writes.asked});
	show_rate(page, "lifetimes shorter than the age of what they are for",
		tally->spreads.short_lifetimes);

	page_heading(page, "Outcomes", "of      share");
	show_outcomes(page, tally);
	show_waits(page, "wait for validated 304s", &tally->waits[WAIT_VALIDATED]);
	show_waits(page, "wait for missed 304s", &tally->waits[WAIT_MISSED]);
	show_waits(page, "wait for changed answers", &tally->waits[WAIT_CHANGED]);
}
