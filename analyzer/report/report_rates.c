#include "analyzer/report/report_rates.h"

enum {
	NAME_COLUMNS = 58,
	COUNT_COLUMNS = 15,
	SHARE_COLUMNS = 10,
};

static void
show_rate(void *context, const char *name, struct rate rate)
{
	struct page *page = context;

	page_spaces(page, PAGE_INDENT);
	page_left_text(page, name, page_stretch(page, NAME_COLUMNS));
	page_right(page, text_count(rate.num).s, COUNT_COLUMNS);
	page_right(page, text_count(rate.den).s, COUNT_COLUMNS);
	page_right(page, text_share(rate.num, rate.den).s, SHARE_COLUMNS);
	out_octet(page->out, '\n');
}

/* Percentiles of the time between request and answer. */
static void
show_waits(void *context, const char *name, const struct distribution *waits)
{
	struct page *page = context;
	static const double shares[] = {0.5, 0.9, 0.99};
	static const char *const names[] = {"p50", "p90", "p99"};

	if (!waits->count)
		return;
	page_spaces(page, PAGE_INDENT);
	page_left_text(page, name, page_stretch(page, NAME_COLUMNS - COUNT_COLUMNS));
	for (unsigned i = 0; i < 3; i++) {
		int64_t us = (int64_t)distribution_at(waits, shares[i]);

		out_format(page->out, "%s %-12s", names[i], text_duration(us * 1000).s);
	}
	out_text(page->out, "of ");
	out_text(page->out, text_count(waits->count).s);
	out_octet(page->out, '\n');
}

void
report_outcomes_each(const struct tally *tally, report_rate_put *put, void *context)
{
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		if (tally->outcomes[i])
			put(context, outcome_name(i),
				(struct rate){tally->outcomes[i], tally->http.requests});
}

static void
each_validator(const struct tally_validators *v, report_rate_put *put, void *context)
{
	put(context, "answers to GET with a tag and a date",
		(struct rate){v->both, v->responses});
	put(context, "  with a tag only", (struct rate){v->etag_only, v->responses});
	put(context, "  with a date only", (struct rate){v->lm_only, v->responses});
	put(context, "  with no validator", (struct rate){v->none, v->responses});
}

void
report_rates_each(const struct tally *tally, report_rate_put *put, void *context)
{
	struct tally_conditional all = tally_conditional_all(tally);

	put(context, "304 rate of conditional requests", tally_hit(&all));
	put(context, "  by tag", tally->by_form[COND_INM]);
	put(context, "  by date", tally->by_form[COND_IMS]);
	put(context, "  by tag, a date with it", tally->by_form[COND_BOTH]);
	put(context, "  of those with a 2xx or 304 answer", tally_evaluable_hit(&all));
	put(context, "304 recall: of those that met nothing new", tally_recall(&all));
	put(context, "  at least", tally_recall_low(&all));
	put(context, "  where the octets meant were seen", tally->known_recall);
	put(context, "URLs with a 304 recall below 90 %", tally_below_goal(tally));
	put(context, "matched 304 rate: the validator was the same",
		tally->matched_recall);
	put(context, "304s among answered GETs", tally->share_of_gets);
	put(context, "GETs that used a validator the client held", tally->uptake);
	each_validator(&tally->validators, put, context);
	put(context, "PUT, PATCH and DELETE with a condition", tally->writes.guarded);
	put(context, "write conditions that were met",
		(struct rate){tally->writes.ok, tally->writes.asked});
	put(context, "lifetimes shorter than the age of what they are for",
		tally->spreads.short_lifetimes);
}

void
report_waits_each(const struct tally *tally, report_waits_put *put, void *context)
{
	put(context, "wait for validated 304s", &tally->waits[WAIT_VALIDATED]);
	put(context, "wait for missed 304s", &tally->waits[WAIT_MISSED]);
	put(context, "wait for changed answers", &tally->waits[WAIT_CHANGED]);
}

void
report_rates_text(struct page *page, const struct tally *tally)
{
	page_heading(page, "Rates", "of      share");
	report_rates_each(tally, show_rate, page);
	page_heading(page, "Outcomes", "of      share");
	report_outcomes_each(tally, show_rate, page);
	report_waits_each(tally, show_waits, page);
}
