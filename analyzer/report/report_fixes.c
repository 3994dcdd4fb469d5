#include "analyzer/report/report_fixes.h"

#include "analyzer/config.h"
#include "analyzer/report/fixes.h"
#include "analyzer/report/report_findings.h"
#include "analyzer/report/report_endpoint.h"
#include "analyzer/report/report_metrics.h"
#include "analyzer/report/report_tags.h"
#include "analyzer/report/report_words.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	SERVERS_NAMED = 4
};

#define HOUR_NS (3600 * CONFIG_S_NS)
#define DAY_NS (24 * HOUR_NS)
#define MONTH_NS (30 * DAY_NS)

const struct fixes_row **
report_fixes_ranked(const struct report *report)
{
	const struct fixes *fixes = report->tally->fixes;
	const struct fixes_row **rows = mem_alloc(
		(fixes_count(fixes) + 1) * sizeof *rows);

	fixes_ranked(fixes, rows);
	return rows;
}

/* There is no rate if nobody knows what went on between captures that were added. */
static bool
has_month(const struct report *report)
{
	return !report->gap_ns && report_captured_ns(report) >= HOUR_NS;
}

static uint64_t
month_octets(const struct report *report, const struct fixes_row *row)
{
	return (uint64_t)((double)fixes_saving(row) * (double)MONTH_NS /
			  (double)report_captured_ns(report));
}

struct finding
report_fix_evidence(const struct fixes_row *row)
{
	const struct fixes_example *example = &row->example;

	return (struct finding){
		.first_ns = example->first_ns,
		.client = example->client,
		.server = example->server,
		.request_first = example->request_first,
		.request_last = example->request_last,
		.response_first = example->response_first,
		.response_last = example->response_last,
		.note = "",
	};
}

/* ---- who answered ---- */

/* Of the contents that lost most by that cause, who gave their tags. */
static const struct tags_row *
tags_of(const struct fixes_row *row, const struct report *report)
{
	const struct tags_row *found = NULL, **tags;
	size_t count;

	if (row->class != WASTE_VALIDATOR_CHURN)
		return NULL;
	tags = report_tags(report, &count);
	for (size_t i = 0; i < count && !found; i++)
		if (tags[i]->by_cause[row->cause])
			found = tags[i];
	mem_free(tags);
	return found;
}

const char *
report_fix_unknown(
	struct out *words, const struct fixes_row *row, const struct report *report)
{
	const struct fix *fix = fixes_fix(row);
	const struct tags_row *tags = tags_of(row, report);
	struct tags_server servers[TAGS_GIVERS];
	unsigned count = tags ? report_tags_servers(tags, servers) : 0;

	if (!fix || !*fix->unknown)
		return NULL;
	if (fix->unknown != fix_doubt_machines || count < 2)
		return fix->unknown;
	out_format(words, "%u servers answered", count);
	if (tags_go_with(tags) == TAGS_BY_SERVER)
		out_text(words, ", each with a tag of its own");
	for (unsigned i = 0; i < count && i < SERVERS_NAMED; i++)
		out_format(words, "%s%s", i ? ", " : ": ",
			report_server_name(&servers[i].server).s);
	out_text(words, count > SERVERS_NAMED ? ", ..." : ".");
	return NULL;
}

/* ---- JSON ---- */

static void
put_lines(struct json *json, const char *lines)
{
	struct slice rest = slice_of(lines, strlen(lines));

	json_key(json, "lines");
	json_array(json);
	while (rest.n) {
		size_t end = slice_find(rest, '\n', 0);

		json_octets(json, slice_part(rest, 0, end));
		rest = slice_from(rest, end + 1);
	}
	json_end(json);
}

static void
put_fix(struct json *json, const struct fix *fix, const char *unknown)
{
	json_put_text(json, "fix", fix ? fix->what : NULL);
	json_put_text(json, "name", fix ? fix->name : NULL);
	put_lines(json, fix ? fix->lines : "");
	if (unknown)
		json_put_text(json, "unknown", unknown);
	if (fix && *fix->mind)
		json_put_text(json, "mind", fix->mind);
}

const struct fix *
report_fix_elsewhere(const struct fixes_row *row, enum fix_party party)
{
	const struct fix *fix = fixes_fix(row);

	return fix ? fix_elsewhere(fix, row->cause, party, fixes_software(row)) : NULL;
}

static void
put_elsewhere(struct json *json, const struct fixes_row *row)
{
	json_key(json, "elsewhere");
	json_array(json);
	for (enum fix_party party = FIX_OTHER; party < FIX_PARTIES; party++) {
		const struct fix *fix = report_fix_elsewhere(row, party);

		if (!fix)
			continue;
		json_object(json);
		json_put_text(json, "software", fix_party_name(party));
		put_fix(json, fix, *fix->unknown ? fix->unknown : NULL);
		json_end(json);
	}
	json_end(json);
}

static void
put_shares(struct json *json, const struct fixes_row *row, const struct report *report)
{
	const struct tally *tally = report->tally;
	uint64_t saving = fixes_saving(row);

	report_rate(json, "share", (struct rate){saving, tally_octets_total(tally)});
	report_rate(json, "share_of_bodies",
		(struct rate){saving, tally->octets.r_content + tally->octets.r_framing});
}

/* What depends on times. */
static void
put_time(struct json *json, const struct fixes_row *row, const struct report *report)
{
	json_key(json, "time");
	json_object(json);
	json_put_int(json, "wait_avoided_us", row->wait_ns / 1000);
	if (has_month(report)) {
		json_put_uint(json, "month_octets", month_octets(report, row));
		if (report_captured_ns(report) < DAY_NS)
			json_put_text(json, "month_note",
				"less than a day was captured: the time of day matters");
	}
	json_end(json);
}

static void
put_names(struct json *json, const struct fixes_row *row, const char *key,
	enum fixes_list list)
{
	const struct fixes_name *names[FIXES_NAMES];
	unsigned count = fixes_names(row, list, names);

	json_key(json, key);
	json_object(json);
	for (unsigned i = 0; i < count; i++) {
		json_key_octets(json, slice_of(names[i]->octets, names[i]->n));
		json_uint(json, names[i]->count);
	}
	json_end(json);
}

static void
put_row(struct json *json, const struct fixes_row *row, const struct report *report)
{
	struct finding evidence = report_fix_evidence(row);
	struct out words;

	json_object(json);
	json_put_text(json, "class", waste_name(row->class));
	json_put_text(json, "cause", cause_name(row->cause));
	json_put_uint(json, "octets_T1", row->octets[TIER_1]);
	json_put_uint(json, "octets_T2", row->octets[TIER_2]);
	json_put_uint(json, "octets_T3", row->octets[TIER_3]);
	json_put_uint(json, "octets_alone", fixes_alone(row));
	json_put_uint(json, "exchanges", row->exchanges);
	json_put_uint(json, "resources", row->resources);
	json_put_uint(json, "requests_avoided", row->requests);
	out_init_memory(&words);
	put_fix(json, fixes_fix(row), report_fix_unknown(&words, row, report));
	out_fini(&words);
	put_elsewhere(json, row);
	put_names(json, row, "software", FIXES_SOFTWARE);
	put_names(json, row, "url", FIXES_URLS);
	put_names(json, row, "server", FIXES_SERVERS);
	put_shares(json, row, report);
	put_time(json, row, report);
	report_evidence(json, "example", &evidence, report);
	json_end(json);
}

void
report_fixes_json(struct json *json, const struct report *report)
{
	const struct fixes_row **rows = report_fixes_ranked(report);

	json_key(json, "fixes");
	json_array(json);
	for (size_t i = 0; i < fixes_count(report->tally->fixes); i++)
		put_row(json, rows[i], report);
	json_end(json);
	mem_free(rows);
}

/* ---- the page ---- */

enum {
	SHOWN = 3,
	ELSEWHERE_SHOWN = 1,
	MARGIN = 4,
	LINES_MARGIN = 8,
	EXCHANGES_COLUMNS = 10,
	OCTETS_COLUMNS = 9,
	SHARE_COLUMNS = 9,
	NAME_COLUMNS = PAGE_COLUMNS - MARGIN - EXCHANGES_COLUMNS - OCTETS_COLUMNS -
		       SHARE_COLUMNS,
	SOFTWARE_COLUMNS = 40,
	PLACE_COLUMNS = 60,
};

void
report_fix_name(struct out *words, const struct fixes_row *row)
{
	const struct fix *fix = fixes_fix(row);

	out_text(words, waste_name(row->class));
	if (row->cause)
		out_format(words, ", %s", cause_name(row->cause));
	if (fix && *fix->lines)
		out_format(words, ": %s", fix_party_name(fix->party));
}

uint64_t
report_fix_octets(const struct fixes_row *row)
{
	return fixes_saving(row) ? fixes_saving(row) : row->octets[TIER_3];
}

static void
show_name(struct page *page, const struct fixes_row *row, size_t rank,
	const struct report *report)
{
	uint64_t octets = report_fix_octets(row);
	struct out name;

	out_init_memory(&name);
	report_fix_name(&name, row);
	out_format(page->out, "  %zu ", rank);
	page_left(page, out_contents(&name), page_stretch(page, NAME_COLUMNS));
	out_fini(&name);
	page_right(page, text_count(row->exchanges).s, EXCHANGES_COLUMNS);
	page_right(page, text_bytes(octets).s, OCTETS_COLUMNS);
	page_right(page, text_share(octets, tally_octets_total(report->tally)).s,
		SHARE_COLUMNS);
	out_octet(page->out, '\n');
}

static void
show_sentence(struct page *page, const char *sentence)
{
	page_paragraph(page, slice_of(sentence, strlen(sentence)), 0, MARGIN);
}

/* Never broken, whatever their length: they are to be pasted. */
static void
show_lines(struct page *page, const char *lines)
{
	struct slice rest = slice_of(lines, strlen(lines));

	while (rest.n) {
		size_t end = slice_find(rest, '\n', 0);

		page_spaces(page, LINES_MARGIN);
		out_slice(page->out, slice_part(rest, 0, end));
		out_octet(page->out, '\n');
		rest = slice_from(rest, end + 1);
	}
}

static void
add_grades(struct out *words, const struct fixes_row *row)
{
	static const char *const grades[] = {
		[TIER_1] = "proven", [TIER_2] = "likely", [TIER_3] = "avoidable"};

	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		if (row->octets[tier])
			out_format(words, "%s %s, ", grades[tier],
				text_bytes(row->octets[tier]).s);
}

static void
add_month(struct out *words, const struct fixes_row *row, const struct report *report)
{
	if (!has_month(report) || !fixes_saving(row))
		return;
	out_format(words, ", %s a month at this rate%s",
		text_bytes(month_octets(report, row)).s,
		report_captured_ns(report) < DAY_NS ? " if all hours are alike" : "");
}

void
report_fix_facts(
	struct out *words, const struct fixes_row *row, const struct report *report)
{
	struct slice software = fixes_software(row);

	add_grades(words, row);
	out_format(words, "%s resource%s", text_count(row->resources).s,
		row->resources == 1 ? "" : "s");
	if (software.n) {
		out_text(words, " of ");
		text_clip(words, software, SOFTWARE_COLUMNS);
	}
	add_month(words, row, report);
	if (row->requests)
		out_format(words, "; %s request%s and %s of waiting for nothing",
			text_count(row->requests).s, row->requests == 1 ? "" : "s",
			text_duration(row->wait_ns).s);
}

unsigned
report_fix_places(const struct fixes_row *row, enum fixes_list list,
	struct slice places[REPORT_FIX_PLACES], bool *more)
{
	const struct fixes_name *names[FIXES_NAMES];
	unsigned count = fixes_largest(row, list, names);

	*more = count > REPORT_FIX_PLACES;
	count = *more ? REPORT_FIX_PLACES : count;
	for (unsigned i = 0; i < count; i++)
		places[i] = slice_of(names[i]->octets, names[i]->n);
	return count;
}

static bool
add_places(struct out *words, const struct fixes_row *row, enum fixes_list list)
{
	struct slice places[REPORT_FIX_PLACES];
	bool more;
	unsigned count = report_fix_places(row, list, places, &more);

	for (unsigned i = 0; i < count; i++) {
		out_text(words, i ? ", " : "");
		text_clip(words, places[i], PLACE_COLUMNS);
	}
	if (more)
		out_text(words, " and others");
	return count > 0;
}

void
report_fix_where(struct out *words, const struct fixes_row *row)
{
	if (add_places(words, row, FIXES_URLS))
		out_text(words, " on ");
	add_places(words, row, FIXES_SERVERS);
}

static void
show_where(struct page *page, const struct fixes_row *row)
{
	struct out words;

	out_init_memory(&words);
	out_text(&words, "at ");
	report_fix_where(&words, row);
	if (row->lists[FIXES_SERVERS].count)
		page_paragraph(page, out_contents(&words), 0, MARGIN);
	out_fini(&words);
}

static void
show_facts(struct page *page, const struct fixes_row *row, const struct report *report)
{
	struct out words;

	out_init_memory(&words);
	report_fix_facts(&words, row, report);
	page_paragraph(page, out_contents(&words), 0, MARGIN);
	out_fini(&words);
}

/* The software is not known: what others who can be helped would do; the next party. */
static enum fix_party
show_elsewhere(struct page *page, const struct fixes_row *row, unsigned most)
{
	enum fix_party party = FIX_OTHER;

	for (; party < FIX_PARTIES && most; party++) {
		const struct fix *fix = report_fix_elsewhere(row, party);
		struct out words;

		if (!fix)
			continue;
		most--;
		out_init_memory(&words);
		out_format(&words, "If it is %s: %s", fix_party_name(party), fix->what);
		page_paragraph(page, out_contents(&words), 0, MARGIN);
		out_fini(&words);
		show_lines(page, fix->lines);
	}
	return party;
}

static void
name_elsewhere(struct page *page, const struct fixes_row *row, enum fix_party from)
{
	const char *before = "Lines for ";
	struct out words;

	out_init_memory(&words);
	for (enum fix_party party = from; party < FIX_PARTIES; party++)
		if (report_fix_elsewhere(row, party)) {
			out_format(&words, "%s%s", before, fix_party_name(party));
			before = ", ";
		}
	if (words.used) {
		out_text(&words, ": add -v");
		page_paragraph(page, out_contents(&words), 0, MARGIN);
	}
	out_fini(&words);
}

/* Beside the others, never to be added to them. */
static void
show_alone(struct page *page, const struct fixes_row *row)
{
	char words[TEXT_BYTES + 48];

	if (!row->hidden)
		return;
	snprintf(words, sizeof words, "By itself, without the other fixes: %s.\n",
		text_bytes(fixes_alone(row)).s);
	page_spaces(page, MARGIN);
	page_styled(page, STYLE_DIM, words);
}

static void
show_labelled(struct page *page, const char *label, const char *sentence)
{
	struct out words;

	out_init_memory(&words);
	out_format(&words, "%s: %s", label, sentence);
	page_paragraph(page, out_contents(&words), 0, MARGIN);
	out_fini(&words);
}

/* What is not known, what is known instead, and what else to mind. */
static void
show_doubts(struct page *page, const struct fixes_row *row, const struct report *report)
{
	const struct fix *fix = fixes_fix(row);
	const char *unknown;
	struct out words;

	out_init_memory(&words);
	unknown = report_fix_unknown(&words, row, report);
	if (unknown)
		show_labelled(page, "Not known", unknown);
	else if (words.used)
		page_paragraph(page, out_contents(&words), 0, MARGIN);
	if (fix && *fix->mind)
		show_labelled(page, "Mind", fix->mind);
	out_fini(&words);
}

static void
show_row(struct page *page, const struct fixes_row *row, size_t rank,
	const struct report *report)
{
	struct finding evidence = report_fix_evidence(row);
	const struct fix *fix = fixes_fix(row);

	show_name(page, row, rank, report);
	show_where(page, row);
	if (fix) {
		show_sentence(page, fix->what);
		show_lines(page, fix->lines);
	}
	name_elsewhere(page, row,
		show_elsewhere(page, row,
			report->verbose ? (unsigned)FIX_PARTIES : ELSEWHERE_SHOWN));
	show_facts(page, row, report);
	show_alone(page, row);
	show_doubts(page, row, report);
	report_frames(page, &evidence, report);
}

void
report_fixes_text(struct page *page, const struct report *report)
{
	const struct fixes_row **rows = report_fixes_ranked(report);
	size_t count = fixes_count(report->tally->fixes);
	size_t shown = report->verbose || count < SHOWN ? count : SHOWN;

	if (count)
		page_heading(page, "Top fixes", "exchanges   octets    share");
	for (size_t i = 0; i < shown; i++)
		show_row(page, rows[i], i + 1, report);
	if (shown < count)
		out_format(page->out, "  … %zu more: add -v\n", count - shown);
	mem_free(rows);
}
