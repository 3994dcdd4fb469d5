#include "analyzer/report/show.h"

#include "analyzer/report/moment.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report_findings.h"
#include "analyzer/report/show_details.h"
#include "analyzer/report/sums.h"

enum column {
	COLUMN_TIME,
	COLUMN_CLIENT,
	COLUMN_SERVER,
	COLUMN_METHOD,
	COLUMN_STATUS,
	COLUMN_COND,
	COLUMN_OUTCOME,
	COLUMN_OCTETS,
	COLUMN_SAVED,
	COLUMN_WASTED,
	COLUMN_FINDINGS,
	COLUMN_COUNT
};

static const struct {
	const char *title;
	unsigned columns, from; /* shown on terminals of so many columns */
	bool right;
} columns[] = {
	[COLUMN_TIME] = {"", 12, 0, false}, /* the day stands above it */
	[COLUMN_CLIENT] = {"client", 21, 132, false},
	[COLUMN_SERVER] = {"server", 21, 160, false},
	[COLUMN_METHOD] = {"method", 7, 0, false},
	[COLUMN_STATUS] = {"status", 6, 0, true},
	[COLUMN_COND] = {"cond", 5, 100, false},
	[COLUMN_OUTCOME] = {"outcome", 15, 0, false},
	[COLUMN_OCTETS] = {"octets", 7, 110, true},
	[COLUMN_SAVED] = {"saved", 7, 100, true},
	[COLUMN_WASTED] = {"wasted", 8, 0, true},
	[COLUMN_FINDINGS] = {"!", 3, 0, false},
};

enum {
	URL_COLUMNS = 20 /* at least, even if the line is broken then */
};

static bool
is_shown(enum column column, const struct record_options *options)
{
	return !options->columns || options->columns >= columns[column].from;
}

static void
put_cell(struct page *page, enum column column, struct slice text)
{
	unsigned width = columns[column].columns, used = text_columns(text);

	if (!columns[column].right) {
		page_left(page, text, width);
		return;
	}
	page_spaces(page, used < width ? width - used : 0);
	text_clip(page->out, text, width);
}

static void
put_text(struct page *page, enum column column, const char *text)
{
	put_cell(page, column, slice_of(text, strlen(text)));
}

/* ---- cells ---- */

static void
put_endpoint(struct page *page, enum column column, const struct endpoint *end)
{
	struct out text;

	out_init_memory(&text);
	out_format(&text, address_is_ipv4(&end->address) ? "%s:%u" : "[%s]:%u",
		address_name(&end->address).s, end->port);
	put_cell(page, column, out_contents(&text));
	out_fini(&text);
}

static void
put_status(struct page *page, const struct exchange *x)
{
	struct text status = {"-"};

	if (x->has_response)
		status = text_count(x->r.status);
	put_text(page, COLUMN_STATUS, status.s);
}

static void
put_octets(struct page *page, enum column column, uint64_t octets)
{
	put_text(page, column, octets ? text_bytes(octets).s : "-");
}

static void
put_saved(struct page *page, const struct verdict *v)
{
	if (v && v->saving.source == SAVING_UNKNOWN)
		put_text(page, COLUMN_SAVED, "?");
	else
		put_octets(page, COLUMN_SAVED, v ? v->saving.octets : 0);
}

/* What could only be avoided is not called wasted; it has a tilde. */
static void
put_wasted(struct page *page, uint64_t wasted, uint64_t avoidable)
{
	struct text octets = text_bytes(avoidable);
	char text[TEXT_BYTES + 2] = "~";

	if (wasted || !avoidable) {
		put_octets(page, COLUMN_WASTED, wasted);
		return;
	}
	memcpy(text + 1, octets.s, sizeof octets.s);
	put_text(page, COLUMN_WASTED, text);
}

/* One mark of each severity that there is, at its place. */
static void
put_marks(struct page *page, const struct record *record)
{
	bool has[SEVERITY_ADVICE + 1] = {false};

	for (size_t i = 0; i < record->hit_count; i++)
		has[record->hits[i].severity] = true;
	for (unsigned i = 0; i <= SEVERITY_ADVICE; i++)
		if (has[i])
			report_mark(page, (enum severity)i);
		else
			out_octet(page->out, ' ');
}

static void
put_url(struct page *page, const struct record *record,
	const struct record_options *options, unsigned used)
{
	const struct exchange *x = record->x;
	struct out url;

	out_init_memory(&url);
	if (!x->has_request)
		out_text(&url, "(the answer to a request that was not captured)");
	out_slice(&url, x->host);
	out_slice(&url, x->path_query.n ? x->path_query : x->q.target);
	if (!options->columns)
		text_safe(page->out, out_contents(&url));
	else if (options->columns > used + URL_COLUMNS)
		text_clip(page->out, out_contents(&url), options->columns - used);
	else
		text_clip(page->out, out_contents(&url), URL_COLUMNS);
	out_fini(&url);
}

static void
put_column(struct page *page, enum column column, const struct record *record,
	struct record_open *open)
{
	const struct exchange *x = record->x;
	const struct verdict *v = record->verdict;
	const struct place *first = x->has_request ? &x->q.first
						   : record_response_first(x);
	size_t begin = page->out->used;

	switch (column) {
	case COLUMN_TIME:
		put_text(page, column, moment_clock(first->ts_ns, 3).s);
		break;
	case COLUMN_CLIENT:
		put_endpoint(page, column, &x->client);
		break;
	case COLUMN_SERVER:
		put_endpoint(page, column, &x->server);
		break;
	case COLUMN_METHOD:
		put_cell(page, column, x->has_request ? x->q.method : SLICE("-"));
		break;
	case COLUMN_STATUS:
		put_status(page, x);
		break;
	case COLUMN_COND:
		put_text(page, column, cond_name(x->cond) ? cond_name(x->cond) : "-");
		break;
	case COLUMN_OUTCOME:
		put_text(page, column, v ? outcome_name(v->outcome) : "-");
		break;
	case COLUMN_OCTETS:
		put_octets(page, column, sums_octets_of(x));
		break;
	case COLUMN_SAVED:
		put_saved(page, v);
		record_note_hole(open, RECORD_SAVED, begin, page->out);
		break;
	case COLUMN_WASTED:
		put_wasted(page, open->wasted, open->avoidable);
		record_note_hole(open, RECORD_WASTE, begin, page->out);
		break;
	default:
		put_marks(page, record);
	}
}

/* ---- the list ---- */

static void
add_up(struct record_open *open, const struct verdict *v)
{
	for (unsigned i = 0; v && i < v->waste_count; i++)
		if (v->waste[i].tier == TIER_3)
			open->avoidable += v->waste[i].octets;
		else
			open->wasted += v->waste[i].octets;
}

static struct record_open
write_entry(struct out *out, const struct record *record,
	const struct record_options *options)
{
	struct record_open open = {.wasted = 0};
	struct page page = {
		.out = out, .colour = options->colour, .whole = !options->columns};
	unsigned used = 0;

	add_up(&open, record->verdict);
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!is_shown(i, options))
			continue;
		put_column(&page, i, record, &open);
		out_octet(out, ' ');
		used += columns[i].columns + 1;
	}
	put_url(&page, record, options, used);
	out_octet(out, '\n');
	if (options->verbose)
		show_details(out, record, options, &open);
	return open;
}

static void
fill(struct out *out, const struct record_hole *hole, const struct record_open *open,
	const struct record_late *late)
{
	struct page page = {.out = out};
	const struct waste *w = &late->waste;
	bool is_avoidable = w->tier == TIER_3;

	if (hole->kind == RECORD_SAVED)
		put_octets(&page, COLUMN_SAVED, late->saved_octets);
	else if (hole->begin == hole->end)
		show_details_waste(out, w);
	else
		put_wasted(&page, open->wasted + (is_avoidable ? 0 : w->octets),
			open->avoidable + (is_avoidable ? w->octets : 0));
}

/* The names of the columns under each new day. */
static void
put_heading(struct out *out, const struct record_options *options, int64_t last_ns,
	int64_t ts_ns)
{
	struct page page = {
		.out = out, .colour = options->colour, .whole = !options->columns};
	struct text day = moment_day(ts_ns);
	bool first = last_ns == INT64_MIN;

	if (!first && strcmp(moment_day(last_ns).s, day.s) == 0)
		return;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!is_shown(i, options))
			continue;
		put_text(&page, i, i == COLUMN_TIME ? day.s : columns[i].title);
		out_octet(out, ' ');
	}
	out_text(out, "URL\n");
}

const struct record_form show_list = {
	.between = put_heading, .write = write_entry, .fill = fill};
