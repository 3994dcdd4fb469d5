#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"

static const struct spreads *
spreads_of(const struct report *report)
{
	return &report->tally->spreads;
}

bool
html_has_freshness(const struct report *report)
{
	for (unsigned i = 0; i < LIFETIME_COUNT; i++)
		if (spreads_of(report)->lifetimes[i])
			return true;
	return false;
}

static uint64_t
returns(const struct spreads *spreads, unsigned span)
{
	return spreads->gaps[REPEAT_UNCHANGED][span] +
	       spreads->gaps[REPEAT_CHANGED][span];
}

/* The longest bars. */
struct most {
	uint64_t given, returned;
};

static struct most
most_of(const struct spreads *spreads)
{
	struct most most = {0, 0};

	for (unsigned i = 0; i < LIFETIME_COUNT; i++)
		if (spreads->lifetimes[i] > most.given)
			most.given = spreads->lifetimes[i];
	for (unsigned i = 0; i < SPAN_COUNT; i++)
		if (returns(spreads, i) > most.returned)
			most.returned = returns(spreads, i);
	return most;
}

static void
put_given(struct html *html, const char *name, uint64_t given, uint64_t most)
{
	html_open(html, "tr", NULL);
	html_open(html, "th", NULL);
	html_attribute(html, "scope", "row");
	html_text(html, name);
	html_close(html);
	html_open(html, "td", "bars");
	html_bar(html, given, most, "requests");
	html_close(html);
	html_cell_count(html, given);
}

/* After that time somebody came back, and met the same, or something else. */
static void
put_returned(
	struct html *html, const struct spreads *spreads, unsigned span, uint64_t most)
{
	struct html_share parts[] = {{"saved", spreads->gaps[REPEAT_UNCHANGED][span]},
		{"changed", spreads->gaps[REPEAT_CHANGED][span]}};

	html_open(html, "td", "bars");
	html_stack(html, parts, 2, most);
	html_close(html);
	html_cell_count(html, parts[0].value);
	html_cell_count(html, parts[1].value);
}

static void
put_spans(struct html *html, const struct spreads *spreads, struct most most)
{
	static const char *const names[SPAN_COUNT] = {
		"0", "to 1 min", "to 1 h", "to 1 d", "to 30 d", "to 1 y", "longer"};

	for (unsigned i = 0; i < SPAN_COUNT; i++) {
		put_given(html, names[i], spreads->lifetimes[LIFETIME_0 + i], most.given);
		put_returned(html, spreads, i, most.returned);
		html_close(html);
	}
}

static void
put_others(struct html *html, const struct spreads *spreads, struct most most)
{
	static const struct {
		enum spread_lifetime lifetime;
		const char *name;
	} others[] = {{LIFETIME_NO_CACHE, "no-cache: ask each time"},
		{LIFETIME_NO_STORE, "no-store: never kept"},
		{LIFETIME_HEURISTIC, "not said: caches guess by Last-Modified"},
		{LIFETIME_NONE, "not said, and nothing to guess by"}};

	for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
		uint64_t given = spreads->lifetimes[others[i].lifetime];

		if (!given)
			continue;
		put_given(html, others[i].name, given, most.given);
		for (unsigned j = 0; j < 3; j++)
			html_element(html, "td", NULL, "");
		html_close(html);
	}
}

void
html_freshness(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"time", false},
		{"lifetimes given", false}, {"answers", true}, {"came back", false},
		{"unchanged", true}, {"changed", true}};
	const struct spreads *spreads = spreads_of(report);
	struct most most = most_of(spreads);

	html_section(html, "freshness", "Freshness given, change observed");
	html_table(html,
		"How long answers may be kept, and what clients met that came back after "
		"such a time",
		columns, sizeof columns / sizeof *columns, false);
	put_spans(html, spreads, most);
	put_others(html, spreads, most);
	html_table_end(html);
	html_open(html, "p", "below");
	html_legend(html, "saved", "came back unchanged");
	html_legend(html, "changed", "changed");
	html_close(html);
	html_paragraph(html, "below",
		"Answers 200 and 203 to GET; of those who came back, where a 304 or both "
		"bodies tell whether it is the same. Where much is green and little is "
		"given, longer lifetimes would save the asking.");
	html_close(html);
}
