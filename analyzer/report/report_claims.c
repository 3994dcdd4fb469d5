#include "analyzer/report/report_claims.h"

#include "analyzer/base/text.h"

enum {
	CLAIM_COLUMNS = 13,
	REQUESTS_COLUMNS = 9,
	WAIT_COLUMNS = 10,
	OUTCOMES_SHOWN = 3,
	OUTCOMES_INDENT = PAGE_INDENT + CLAIM_COLUMNS + REQUESTS_COLUMNS + WAIT_COLUMNS +
			  3,
};

void
report_claims_json(struct json *json, const struct tables *tables)
{
	json_key(json, "claims");
	json_object(json);
	for (enum claim claim = CLAIM_NONE + 1; claim < CLAIM_COUNT; claim++) {
		if (!tables->kinds[KIND_CLAIM][claim].exchanges)
			continue;
		json_key(json, claim_name(claim));
		json_object_inline(json);
		for (unsigned i = 0; i < OUTCOME_COUNT; i++)
			if (tables->claims[claim][i])
				json_put_uint(
					json, outcome_name(i), tables->claims[claim][i]);
		json_end(json);
	}
	json_end(json);
}

/* The most frequent outcomes, in words. */
static void
list_outcomes(struct out *words, const uint64_t counts[OUTCOME_COUNT])
{
	bool told[OUTCOME_COUNT] = {false};
	uint64_t rest = 0;

	for (unsigned n = 0; n < OUTCOMES_SHOWN; n++) {
		unsigned most = 0;

		for (unsigned i = 1; i < OUTCOME_COUNT; i++)
			if (!told[i] && (told[most] || counts[i] > counts[most]))
				most = i;
		if (!counts[most])
			break;
		out_format(words, "%s%s" PAGE_TIE "%s", n ? ", " : "",
			text_count(counts[most]).s, outcome_name(most));
		told[most] = true;
	}
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		rest += told[i] ? 0 : counts[i];
	if (rest)
		out_format(words, ", %s" PAGE_TIE "others", text_count(rest).s);
}

static void
show_claim(struct page *page, const struct tables *tables, enum claim claim)
{
	const struct sums *sums = &tables->kinds[KIND_CLAIM][claim];
	const struct histogram *waits = &sums->waits;
	struct out words;

	page_spaces(page, PAGE_INDENT);
	page_left_text(page, claim_name(claim), CLAIM_COLUMNS);
	page_right(page, text_count(sums->exchanges).s, REQUESTS_COLUMNS);
	page_right(page,
		waits->count ? text_duration((int64_t)histogram_at(waits, 0.5) * 1000).s
			     : "-",
		WAIT_COLUMNS);
	page_spaces(page, 3);
	out_init_memory(&words);
	list_outcomes(&words, tables->claims[claim]);
	page_paragraph(page, out_contents(&words), OUTCOMES_INDENT, OUTCOMES_INDENT);
	out_fini(&words);
}

void
report_claims_text(struct page *page, const struct tables *tables)
{
	bool any = false;

	for (enum claim claim = CLAIM_NONE + 1; claim < CLAIM_COUNT; claim++) {
		if (!tables->kinds[KIND_CLAIM][claim].exchanges)
			continue;
		if (!any)
			page_heading(page, "What caches say", "what came");
		any = true;
		show_claim(page, tables, claim);
	}
}
