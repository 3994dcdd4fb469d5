#include "analyzer/report/report_tables.h"

#include "analyzer/report/report_histogram.h"
#include "analyzer/report/report_metrics.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	KEY_BYTES = 80
};

/* ---- JSON ---- */

static void
put_sums(struct json *json, const struct sums *sums)
{
	json_put_uint(json, "exchanges", sums->exchanges);
	json_put_uint(json, "octets", sums->octets);
	report_rate(json, "R1", sums_hit(sums));
	report_rate(json, "R3", sums_recall(sums));
	report_rate(json, "R6", sums->uptake);
	report_rate(json, "echo", sums->echo);
	json_put_uint(json, "saved", sums->saved);
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		json_put_uint(json, tier_name(tier), sums->waste[tier]);
	json_key(json, "wait_p50_us");
	if (sums->waits.count)
		json_uint(json, histogram_at(&sums->waits, 0.5));
	else
		json_null(json);
}

static void
put_label(struct json *json, struct slice label)
{
	json_key(json, "key");
	if (label.at)
		json_octets(json, label);
	else
		json_null(json);
}

/* What medians of sums of reports are made of; `row` may be NULL. */
static void
put_time_of(struct json *json, const struct sums *sums, const struct toplist_row *row)
{
	json_key(json, "time");
	json_object_inline(json);
	report_histogram_json(json, "waits", &sums->waits, NULL);
	if (row) {
		report_histogram_json(json, "waits_304", &row->waits[ANSWER_304], NULL);
		report_histogram_json(json, "waits_200", &row->waits[ANSWER_200], NULL);
		report_histogram_json(
			json, "dates", &row->dates[DATE_BEHIND], &row->dates[DATE_AHEAD]);
	}
	json_end(json);
}

/* What is known of rows of one list only. */
static void
put_details(struct json *json, const struct toplist_row *row, enum tables_list list)
{
	if (list == LIST_URL && row->why_octets) {
		json_put_text(json, "why", waste_name(row->why));
		json_put_text(json, "why_cause", cause_name(row->why_cause));
		json_put_uint(json, "why_octets", row->why_octets);
	}
	if (row->robot && (list == LIST_CLIENT || list == LIST_AGENT))
		json_put_text(json, "robot", robot_name(row->robot));
}

static void
put_row(struct json *json, const struct toplist_row *row, enum tables_list list)
{
	json_object_inline(json);
	put_label(json, row->label);
	put_sums(json, &row->sums);
	if (row->error)
		json_put_uint(json, "error", row->error);
	put_details(json, row, list);
	put_time_of(json, &row->sums, row);
	json_end(json);
}

static void
put_others(struct json *json, const struct sums *sums, uint64_t count, uint64_t error)
{
	json_object_inline(json);
	json_key(json, "key");
	json_null(json);
	put_sums(json, sums);
	json_put_uint(json, "error", error);
	json_put_uint(json, "others", count);
	put_time_of(json, sums, NULL);
	json_end(json);
}

/* The heaviest rows, and one for all the others. */
static void
put_list(struct json *json, const struct tables *tables, enum tables_list which,
	size_t rows_max)
{
	const struct toplist *list = &tables->lists[which];
	const struct toplist_row **rows = mem_alloc((list->count + 1) * sizeof *rows);
	size_t shown = list->count < list->keep ? list->count : list->keep;
	struct sums others = {0};
	uint64_t error = list->error;

	if (shown > rows_max)
		shown = rows_max;
	toplist_ranked(list, rows);
	for (size_t i = 0; i < shown; i++)
		put_row(json, rows[i], which);
	for (size_t i = shown; i < list->count; i++) {
		sums_count(&others, &rows[i]->sums);
		if (rows[i]->sums.octets + rows[i]->error > error)
			error = rows[i]->sums.octets + rows[i]->error;
	}
	sums_count(&others, &list->others);
	if (others.exchanges)
		put_others(json, &others, list->count - shown + list->folded, error);
	sums_fini(&others);
	mem_free(rows);
}

static void
put_time(struct json *json, const struct timetable *time)
{
	int64_t width_us = timetable_width_ns(time->step) / 1000;

	json_key(json, "time");
	json_array(json);
	for (unsigned i = 0; i < time->count; i++) {
		if (!time->rows[i].exchanges)
			continue;
		json_object_inline(json);
		json_put_int(json, "key", (time->first + i) * width_us);
		json_put_int(json, "width_us", width_us);
		put_sums(json, &time->rows[i]);
		put_time_of(json, &time->rows[i], NULL);
		json_end(json);
	}
	json_end(json);
}

/* Tables whose keys are known beforehand. */
struct fixed {
	char key[KEY_BYTES]; /* empty: none */
	const struct sums *sums;
};

static int
by_octets(const void *a, const void *b)
{
	const struct fixed *x = a, *y = b;

	if (x->sums->octets != y->sums->octets)
		return x->sums->octets > y->sums->octets ? -1 : 1;
	return strcmp(x->key, y->key);
}

/* Sorts and writes `count` rows, less those that have nothing. */
static void
put_fixed(struct json *json, const char *name, struct fixed *rows, size_t count)
{
	qsort(rows, count, sizeof *rows, by_octets);
	json_key(json, name);
	json_array(json);
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].sums->exchanges && !rows[i].sums->octets)
			continue;
		json_object_inline(json);
		json_put_text(json, "key", *rows[i].key ? rows[i].key : NULL);
		put_sums(json, rows[i].sums);
		put_time_of(json, rows[i].sums, NULL);
		json_end(json);
	}
	json_end(json);
}

static void
put_classes(struct json *json, const struct tables *tables)
{
	struct fixed *rows = mem_alloc((TABLES_CLASSES + 1) * sizeof *rows);

	for (unsigned i = 0; i < TABLES_CLASSES; i++) {
		const char *cause = cause_name(i % CAUSE_COUNT);

		snprintf(rows[i].key, KEY_BYTES, "%s%s%s", waste_name(i / CAUSE_COUNT),
			cause ? "/" : "", cause ? cause : "");
		rows[i].sums = &tables->classes[i];
	}
	rows[TABLES_CLASSES].sums = &tables->classes[TABLES_CLASSES];
	put_fixed(json, "class", rows, TABLES_CLASSES + 1);
	mem_free(rows);
}

static void
put_kind(struct json *json, const struct tables *tables, enum tables_kind kind)
{
	struct fixed rows[TABLES_KIND_ROWS];

	for (unsigned i = 0; i < tables_rows(kind); i++) {
		const char *name = tables_row_name(kind, i);

		snprintf(rows[i].key, KEY_BYTES, "%s", name ? name : "");
		rows[i].sums = &tables->kinds[kind][i];
	}
	put_fixed(json, tables_kind_name(kind), rows, tables_rows(kind));
}

void
report_tables_json(struct json *json, const struct tables *tables, size_t rows_max)
{
	json_key(json, "tables");
	json_object(json);
	for (unsigned i = 0; i < LIST_COUNT; i++) {
		json_key(json, tables_list_name(i));
		json_array(json);
		put_list(json, tables, i, rows_max);
		json_end(json);
	}
	put_time(json, &tables->time);
	put_classes(json, tables);
	for (unsigned i = 0; i < KIND_COUNT; i++)
		put_kind(json, tables, i);
	json_end(json);
}

/* ---- the page ---- */

enum {
	ROWS_SHOWN = 10,
	PLACES_SHOWN = 5, /* hosts, servers, agents */
	REQUESTS_COLUMNS = 9,
	RATE_COLUMNS = 15,
	OCTETS_COLUMNS = 9,
	WHY_COLUMNS = 24,
	URL_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - REQUESTS_COLUMNS - RATE_COLUMNS -
		      OCTETS_COLUMNS - WHY_COLUMNS,
	PLACE_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - 2 * REQUESTS_COLUMNS - RATE_COLUMNS -
			3 * OCTETS_COLUMNS,
	ASKED_COLUMNS = 19,
	ECHO_COLUMNS = 13,
	AGENT_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - REQUESTS_COLUMNS - ASKED_COLUMNS -
			ECHO_COLUMNS - 2 * OCTETS_COLUMNS,
};

static void
show_answered(struct page *page, const struct sums *sums)
{
	char rate[2 * TEXT_BYTES + 8] = "not asked";

	if (sums->conditional)
		snprintf(rate, sizeof rate, "%s of %s", text_count(sums->validated).s,
			text_count(sums->conditional).s);
	page_right(page, text_count(sums->exchanges).s, REQUESTS_COLUMNS);
	page_right(page, rate, RATE_COLUMNS);
}

static void
show_url(struct page *page, const struct toplist_row *row)
{
	uint64_t wasted = sums_wasted(&row->sums), avoidable = row->sums.waste[TIER_3];
	char octets[TEXT_BYTES + 2];

	snprintf(octets, sizeof octets, "%s%s", wasted ? "" : "~",
		text_bytes(wasted ? wasted : avoidable).s);
	page_spaces(page, PAGE_INDENT);
	page_left(page, row->label, page_stretch(page, URL_COLUMNS));
	page_spaces(page, 2);
	page_left_text(page, waste_name(row->why), WHY_COLUMNS - 2);
	show_answered(page, &row->sums);
	page_right(page, octets, OCTETS_COLUMNS);
	out_octet(page->out, '\n');
}

static void
show_urls(struct page *page, const struct report *report)
{
	const struct toplist *urls = &report->tally->tables.lists[LIST_URL];
	const struct toplist_row **rows = mem_alloc((urls->count + 1) * sizeof *rows);
	size_t all = tally_wasteful(report->tally);
	size_t want = report->top ? report->top : ROWS_SHOWN;

	toplist_by_waste(urls, rows);
	if (all)
		page_heading(page, "Worst URLs",
			"mostly by              requests   answered 304   wasted");
	for (size_t i = 0; i < all && i < want; i++)
		show_url(page, rows[i]);
	if (all && !sums_wasted(&rows[(want < all ? want : all) - 1]->sums))
		out_text(page->out, "  ~ avoidable by policy or design, not wasted\n");
	if (want < all)
		out_format(page->out, "  … %s more: --top %zu\n",
			text_count(all - want).s, all < 1000 ? all : 1000);
	mem_free(rows);
}

/* A host or a server: 304s where nothing had changed show the odd one out. */
static void
show_place(struct page *page, const struct toplist_row *row)
{
	struct rate recall = sums_recall(&row->sums);

	page_spaces(page, PAGE_INDENT);
	page_left(page, row->label.at ? row->label : SLICE("(none)"),
		page_stretch(page, PLACE_COLUMNS));
	show_answered(page, &row->sums);
	page_right(page, recall.den ? text_share(recall.num, recall.den).s : "-",
		REQUESTS_COLUMNS);
	page_right(page, text_bytes(row->sums.octets).s, OCTETS_COLUMNS);
	page_right(page, text_bytes(row->sums.saved).s, OCTETS_COLUMNS);
	page_right(page, text_bytes(sums_wasted(&row->sums)).s, OCTETS_COLUMNS);
	out_octet(page->out, '\n');
}

/* The worst rows of a table, if it has more than one. */
static void
show_rows(struct page *page, const struct report *report, enum tables_list which,
	const char *title, const char *columns,
	void (*show)(struct page *, const struct toplist_row *))
{
	const struct toplist *list = &report->tally->tables.lists[which];
	const struct toplist_row **rows = mem_alloc((list->count + 1) * sizeof *rows);
	size_t want = report->top ? report->top : PLACES_SHOWN;

	if (list->count > 1) {
		toplist_by_waste(list, rows);
		page_heading(page, title, columns);
		for (size_t i = 0; i < list->count && i < want; i++)
			show(page, rows[i]);
		if (want < list->count)
			out_format(page->out, "  … %s more: --top %zu\n",
				text_count(list->count - want).s,
				list->count < 1000 ? list->count : 1000);
	}
	mem_free(rows);
}

static void
show_of(struct page *page, struct rate rate, unsigned columns)
{
	char words[2 * TEXT_BYTES + 8] = "-";

	if (rate.den)
		snprintf(words, sizeof words, "%s of %s", text_count(rate.num).s,
			text_count(rate.den).s);
	page_right(page, words, columns);
}

/* A client program: whether it asks when it could, with the tags that it was given. */
static void
show_agent(struct page *page, const struct toplist_row *row)
{
	page_spaces(page, PAGE_INDENT);
	page_left(page, row->label.at ? row->label : SLICE("(none)"),
		page_stretch(page, AGENT_COLUMNS));
	page_right(page, text_count(row->sums.exchanges).s, REQUESTS_COLUMNS);
	show_of(page, row->sums.uptake, ASKED_COLUMNS);
	show_of(page, row->sums.echo, ECHO_COLUMNS);
	page_right(page, text_bytes(row->sums.octets).s, OCTETS_COLUMNS);
	page_right(page, text_bytes(sums_wasted(&row->sums)).s, OCTETS_COLUMNS);
	out_octet(page->out, '\n');
}

void
report_tables_text(struct page *page, const struct report *report)
{
	static const char place_columns
		[] = "requests   answered 304   recall   octets    saved   wasted";

	show_urls(page, report);
	show_rows(page, report, LIST_HOST, "Hosts", place_columns, show_place);
	show_rows(page, report, LIST_SERVER, "Servers", place_columns, show_place);
	show_rows(page, report, LIST_AGENT, "User agents",
		"requests  asked if it could   tags known   octets   wasted", show_agent);
}
