#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_waste.h"

bool
html_has_waste(const struct report *report)
{
	return tally_headline(report->tally) || tally_wasted(report->tally, TIER_3);
}

static void
put_row(struct html *html, const struct waste_row *row, uint64_t most)
{
	bool cause = row->cause != CAUSE_NONE;
	struct html_share tiers[] = {{"proven", row->octets[TIER_1]},
		{"likely", row->octets[TIER_2]}, {"avoidable", row->octets[TIER_3]}};

	html_open(html, "tr", cause ? "cause" : NULL);
	html_open(html, "th", NULL);
	html_attribute(html, "scope", "row");
	html_element(html, "code", NULL,
		cause ? cause_name(row->cause) : waste_name(row->class));
	html_element(html, "small", NULL, waste_row_summary(row));
	html_close(html);
	html_open(html, "td", "bars");
	html_stack(html, tiers, sizeof tiers / sizeof *tiers, most);
	html_close(html);
	html_cell_bytes(html, row->all);
	html_cell_count(html, row->exchanges);
	html_cell(html, waste_row_grade(row));
	html_open(html, "td", NULL);
	html_text(html, waste_row_job(row));
	if (waste_row_is_perhaps_of_cache(row))
		html_text(html, " or cache");
	html_close(html);
	html_close(html);
}

void
html_waste(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"class and cause", false},
		{"share", false}, {"octets", true}, {"exchanges", true},
		{"evidence", false}, {"job of", false}};
	struct waste_row rows[WASTE_COUNT], causes[CAUSE_COUNT];
	size_t count = report_waste_classes(report->tally, rows);

	html_section(html, "waste", "Where the waste comes from");
	html_table(html, "Waste by class, and by cause where one shows", columns,
		sizeof columns / sizeof *columns, false);
	for (size_t i = 0; i < count; i++) {
		size_t known = report_waste_causes(report->tally, rows[i].class, causes);

		put_row(html, &rows[i], rows[0].all);
		for (size_t j = 0; j < known; j++)
			put_row(html, &causes[j], rows[0].all);
	}
	html_table_end(html);
	html_close(html);
}
