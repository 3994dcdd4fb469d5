#include "analyzer/report/report_clocks.h"

#include "analyzer/base/text.h"

#include <stdio.h>

enum {
	TOLD = 1000, /* in the JSON */
	NOTES = 5,
};

static uint64_t
answers(const struct toplist_row *row)
{
	return row->dates[DATE_BEHIND].count + row->dates[DATE_AHEAD].count;
}

/* The upper of the two in the middle, as everywhere. */
static int64_t
off_s(const struct toplist_row *row)
{
	const struct histogram *ahead = &row->dates[DATE_AHEAD];
	const struct histogram *behind = &row->dates[DATE_BEHIND];
	uint64_t middle = answers(row) / 2;

	if (middle >= ahead->count)
		return (int64_t)histogram_at(behind,
			((double)(middle - ahead->count) + 0.5) / (double)behind->count);
	return -(int64_t)histogram_at(ahead,
		((double)(ahead->count - 1 - middle) + 0.5) / (double)ahead->count);
}

/* Servers that gave dates, those with most octets first; the caller frees them. */
static const struct toplist_row **
dated_rows(const struct report *report, size_t *count)
{
	const struct toplist *servers = &report->tally->tables.lists[LIST_SERVER];
	const struct toplist_row **rows = mem_alloc((servers->count + 1) * sizeof *rows);

	toplist_ranked(servers, rows);
	*count = 0;
	for (size_t i = 0; i < servers->count; i++)
		if (answers(rows[i]))
			rows[(*count)++] = rows[i];
	return rows;
}

void
report_clocks_json(struct json *json, const struct report *report)
{
	size_t count;
	const struct toplist_row **rows = dated_rows(report, &count);

	json_key(json, "clocks");
	json_array(json);
	for (size_t i = 0; i < count && i < TOLD; i++) {
		json_object_inline(json);
		json_put_octets(json, "server", rows[i]->label);
		json_put_uint(json, "answers", answers(rows[i]));
		json_put_int(json, "off_s", off_s(rows[i]));
		json_end(json);
	}
	json_end(json);
	mem_free(rows);
}

static void
note_clock(const struct toplist_row *row, report_warning *note, void *context)
{
	int64_t off = off_s(row);
	char sentence[256];

	snprintf(sentence, sizeof sentence,
		"the clock of %.*s is about %s %s the capture's, by Date in %s answers",
		(int)row->label.n, (const char *)row->label.at,
		text_duration((off < 0 ? -off : off) * INT64_C(1000000000)).s,
		off < 0 ? "ahead of" : "behind", text_count(answers(row)).s);
	note(context, sentence);
}

void
report_clocks_notes(const struct report *report, report_warning *note, void *context)
{
	size_t count, told = 0;
	const struct toplist_row **rows = dated_rows(report, &count);

	for (size_t i = 0; i < count && told < NOTES; i++) {
		int64_t off = off_s(rows[i]);

		if (off > -CLOCKS_OFF_S && off < CLOCKS_OFF_S)
			continue;
		note_clock(rows[i], note, context);
		told++;
	}
	mem_free(rows);
}
