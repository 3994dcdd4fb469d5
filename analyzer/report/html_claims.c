#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"

static const struct sums *
sums_of(const struct report *report, enum claim claim)
{
	return &report->tally->tables.kinds[KIND_CLAIM][claim];
}

bool
html_has_claims(const struct report *report)
{
	for (enum claim claim = CLAIM_NONE + 1; claim < CLAIM_COUNT; claim++)
		if (sums_of(report, claim)->exchanges)
			return true;
	return false;
}

/* Only outcomes that are there have a column. */
static bool
has_outcome(const struct report *report, unsigned outcome)
{
	for (enum claim claim = CLAIM_NONE + 1; claim < CLAIM_COUNT; claim++)
		if (report->tally->tables.claims[claim][outcome])
			return true;
	return false;
}

static size_t
make_columns(const struct report *report, struct html_column *columns)
{
	size_t count = 0;

	columns[count++] = (struct html_column){"the cache says", false};
	columns[count++] = (struct html_column){"requests", true};
	columns[count++] = (struct html_column){"octets", true};
	columns[count++] = (struct html_column){"median wait", true};
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		if (has_outcome(report, i))
			columns[count++] = (struct html_column){outcome_name(i), true};
	return count;
}

static void
put_claim(struct html *html, const struct report *report, enum claim claim)
{
	const struct sums *sums = sums_of(report, claim);
	const uint64_t *counts = report->tally->tables.claims[claim];

	html_open(html, "tr", NULL);
	html_open(html, "th", NULL);
	html_attribute(html, "scope", "row");
	html_text(html, claim_name(claim));
	html_close(html);
	html_cell_count(html, sums->exchanges);
	html_cell_bytes(html, sums->octets);
	if (sums->waits.count)
		html_cell_duration(html, (int64_t)histogram_at(&sums->waits, 0.5) * 1000);
	else
		html_cell(html, "-");
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		if (has_outcome(report, i))
			html_cell_count(html, counts[i]);
	html_close(html);
}

void
html_claims(struct html *html, const struct report *report)
{
	struct html_column columns[4 + OUTCOME_COUNT];
	size_t count = make_columns(report, columns);

	html_section(html, "claims", "What caches say, what came");
	html_table(html,
		"Exchanges of which a cache on the way speaks: its word, and the outcome "
		"that "
		"the wire shows",
		columns, count, false);
	for (enum claim claim = CLAIM_NONE + 1; claim < CLAIM_COUNT; claim++)
		if (sums_of(report, claim)->exchanges)
			put_claim(html, report, claim);
	html_table_end(html);
	html_paragraph(html, "below",
		"By Cache-Status, X-Cache and their like. A hit that waits as long as a "
		"miss, or "
		"a cache that revalidates and yet sends everything, is not what it "
		"says.");
	html_close(html);
}
