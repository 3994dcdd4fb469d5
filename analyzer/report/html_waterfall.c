#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_words.h"

#include <stdlib.h>

enum {
	SCALE = 1000, /* of the time axis, in its own units */
	LEAST = 12,   /* so that what took no time is seen */
	TARGET_COLUMNS = 60,
};

static const struct visit *
visit_of(const struct report *report)
{
	return report->tally->visits ? visits_worst(report->tally->visits) : NULL;
}

bool
html_has_waterfall(const struct report *report)
{
	const struct visit *visit = visit_of(report);

	return visit && visit->number;
}

static int
by_begin(const void *a, const void *b)
{
	const struct visit_exchange *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return x->connection < y->connection ? -1 : x->connection > y->connection;
}

/* The visit in the order of its requests, and its time. */
struct waterfall {
	struct visit visit;
	int64_t begin_ns, span_ns;
};

/* From a time to another, but not before `least_x`, where the part before it ends. */
static double
put_rect(struct html *html, const struct waterfall *w, const char *class, double least_x,
	int64_t from_ns, int64_t to_ns)
{
	double unit = (double)SCALE / (double)(w->span_ns ? w->span_ns : 1);
	double x = (double)(from_ns - w->begin_ns) * unit;
	double width = (double)(to_ns - from_ns) * unit;

	if (width < LEAST)
		width = LEAST;
	if (x < least_x)
		x = least_x;
	if (x + width > SCALE)
		x = SCALE - width;
	html_open(html, "rect", class);
	html_attribute_format(html, "x", "%.1f", x);
	html_attribute_format(html, "width", "%.1f", width);
	html_attribute(html, "height", "8");
	html_close(html);
	return x + width;
}

static const char *
class_of(const struct visit_exchange *e)
{
	if (e->wasted)
		return "proven";
	return e->avoidable ? "avoidable" : e->status == 304 ? "saved" : "bodies";
}

static void
put_bar(struct html *html, const struct waterfall *w, const struct visit_exchange *e)
{
	bool answered = e->answer_ns >= 0;
	double end;

	html_open(html, "td", "fall");
	html_open(html, "svg", "bar");
	html_attribute_format(html, "viewBox", "0 0 %d 8", SCALE);
	html_attribute(html, "preserveAspectRatio", "none");
	html_attribute(html, "aria-hidden", "true");
	put_rect(html, w, "track", 0, w->begin_ns, w->begin_ns + w->span_ns);
	end = put_rect(
		html, w, "wait", 0, e->begin_ns, answered ? e->answer_ns : e->end_ns);
	if (answered)
		put_rect(html, w, class_of(e), end, e->answer_ns, e->end_ns);
	html_close(html);
	html_close(html);
}

/* Connections are numbered as they come. */
static unsigned
connection_of(const struct visit *visit, unsigned i)
{
	unsigned number = 1;

	for (unsigned j = 0; j < i; j++) {
		bool is_first = true;

		if (visit->exchanges[j].connection == visit->exchanges[i].connection)
			return connection_of(visit, j);
		for (unsigned k = 0; k < j; k++)
			is_first &= visit->exchanges[k].connection !=
				    visit->exchanges[j].connection;
		number += is_first;
	}
	return number;
}

static void
put_exchange(struct html *html, const struct waterfall *w, unsigned i)
{
	const struct visit_exchange *e = &w->visit.exchanges[i];

	html_open(html, "tr", NULL);
	html_open(html, "th", "key");
	html_attribute(html, "scope", "row");
	html_clipped(html, slice_of(e->target, e->n), TARGET_COLUMNS);
	html_close(html);
	html_open(html, "td", "answer");
	if (e->status)
		html_format(html, "%u ", e->status);
	html_text(html, outcome_name(e->outcome));
	html_close(html);
	html_cell_count(html, connection_of(&w->visit, i));
	html_open(html, "td", "n");
	html_format(html, "+%s", text_duration(e->begin_ns - w->begin_ns).s);
	html_close(html);
	put_bar(html, w, e);
	html_cell_duration(html, e->end_ns - e->begin_ns);
	html_cell_bytes(html, e->octets);
	html_cell_bytes(html, e->wasted ? e->wasted : e->avoidable);
	html_close(html);
}

static void
prepare(struct waterfall *w, const struct visit *visit)
{
	w->visit = *visit;
	qsort(w->visit.exchanges, visit->count, sizeof *visit->exchanges, by_begin);
	w->begin_ns = w->visit.exchanges[0].begin_ns;
	w->span_ns = visit->last_ns - w->begin_ns;
}

static void
put_client(struct html *html, const struct waterfall *w)
{
	const struct visit *visit = &w->visit;

	html_open(html, "p", NULL);
	html_text(html, "The client ");
	html_octets(html, slice_of(visit->client, visit->client_n));
	html_format(html, ", from %s on: %u exchange%s in %s, %s of HTTP, of which ",
		html_moment(w->begin_ns).s, visit->count, report_plural(visit->count),
		text_duration(w->span_ns).s, text_bytes(visit->octets).s);
	html_element(html, "strong", "wasted",
		text_bytes(visit->wasted ? visit->wasted : visit->avoidable).s);
	html_text(html, visit->wasted ? " were sent for nothing." : " were avoidable.");
	html_close(html);
}

void
html_waterfall(struct html *html, const struct report *report)
{
	static const struct html_column columns[] = {{"request", false},
		{"answer", false}, {"connection", true}, {"begins", true},
		{"waiting and receiving", false}, {"time", true}, {"octets", true},
		{"wasted", true}};
	struct waterfall w;

	prepare(&w, visit_of(report));
	html_section(html, "waterfall", "The visit that wasted most");
	put_client(html, &w);
	html_table(html, "Its exchanges in the order of their requests", columns,
		sizeof columns / sizeof *columns, false);
	for (unsigned i = 0; i < w.visit.count; i++)
		put_exchange(html, &w, i);
	html_table_end(html);
	if (w.visit.more)
		html_paragraph(html, "more", "It went on; this is its beginning.");
	html_paragraph(html, "below",
		"A visit is what one client fetched without a pause of 2 seconds.");
	html_open(html, "p", "below");
	html_legend(html, "wait", "waiting");
	html_legend(html, "proven", "received for nothing");
	html_legend(html, "avoidable", "avoidable");
	html_legend(html, "saved", "a 304");
	html_legend(html, "bodies", "what was needed");
	html_close(html);
	html_close(html);
}
