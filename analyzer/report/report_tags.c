#include "analyzer/report/report_tags.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	TOLD = 1000,
	SHOWN = 3,
	ALIVE_COLUMNS = 6,
	WITH_COLUMNS = 16,
	LOST_COLUMNS = 10,
	OCTETS_COLUMNS = 9,
	SERVER_COLUMNS = 24,
	GIVEN_COLUMNS = PAGE_COLUMNS - 2 * PAGE_INDENT - SERVER_COLUMNS,
	URL_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - ALIVE_COLUMNS - WITH_COLUMNS -
		      LOST_COLUMNS - OCTETS_COLUMNS,
};

const struct tags_row **
report_tags(const struct report *report, size_t *count)
{
	const struct tags_row **rows = mem_alloc(TOLD * sizeof *rows);

	*count = report->tags ? tags_rows(report->tags, rows, TOLD) : 0;
	return rows;
}

static int
by_server(const void *a, const void *b)
{
	const struct tags_server *x = a, *y = b;
	int order = memcmp(
		&x->server.address, &y->server.address, sizeof x->server.address);

	return order ? order : (int)x->server.port - (int)y->server.port;
}

unsigned
report_tags_servers(const struct tags_row *row, struct tags_server servers[TAGS_GIVERS])
{
	unsigned count = 0;

	for (unsigned i = 0; i < row->giver_count; i++) {
		const struct tags_giver *giver = &row->givers[i];
		struct tags_server found = {.server = giver->server};
		unsigned at = 0;

		while (at < count && by_server(&servers[at], &found) != 0)
			at++;
		if (at == count)
			servers[count++] = found;
		servers[at].answers[giver->tag] += giver->answers;
	}
	qsort(servers, count, sizeof *servers, by_server);
	return count;
}

/* ---- JSON ---- */

static void
put_servers(struct json *json, const struct tags_row *row,
	const struct tags_server *servers, unsigned count)
{
	json_key(json, "servers");
	json_array(json);
	for (unsigned i = 0; i < count; i++) {
		json_object_inline(json);
		json_put_text(json, "server", report_server_name(&servers[i].server).s);
		json_key(json, "answers");
		json_array_inline(json);
		for (unsigned j = 0; j < row->tag_count; j++)
			json_uint(json, servers[i].answers[j]);
		json_end(json);
		json_end(json);
	}
	json_end(json);
}

/* Who gave what: the places of server and tag, Via and Server as numbers, how often. */
static void
put_giver(struct json *json, const struct tags_giver *giver,
	const struct tags_server *servers)
{
	struct tags_server server = {.server = giver->server};
	unsigned at = 0;

	while (by_server(&servers[at], &server) != 0)
		at++;
	json_array_inline(json);
	json_uint(json, at);
	json_uint(json, giver->tag);
	json_uint(json, giver->marks[TAGS_BY_VIA]);
	json_uint(json, giver->marks[TAGS_BY_SOFTWARE]);
	json_uint(json, giver->answers);
	json_end(json);
}

static void
put_givers(struct json *json, const struct tags_row *row)
{
	struct tags_server servers[TAGS_GIVERS];
	unsigned count = report_tags_servers(row, servers);

	put_servers(json, row, servers, count);
	json_key(json, "givers");
	json_array_inline(json);
	for (unsigned i = 0; i < row->giver_count; i++)
		if (row->givers[i].tag != TAGS_NONE)
			put_giver(json, &row->givers[i], servers);
	json_end(json);
}

/* What reports are added up by: of each tag its content, and when it was seen. */
static void
put_lives(struct json *json, const struct tags_row *row)
{
	char digits[17];

	json_key(json, "contents");
	json_array_inline(json);
	for (unsigned i = 0; i < row->tag_count; i++) {
		snprintf(digits, sizeof digits, "%016" PRIx64, row->tags[i].content);
		json_text(json, row->tags[i].content ? digits : NULL);
	}
	json_end(json);
	json_key(json, "time");
	json_object_inline(json);
	json_key(json, "seen_us");
	json_array_inline(json);
	for (unsigned i = 0; i < row->tag_count; i++) {
		json_array_inline(json);
		json_int(json, row->tags[i].first_ns / 1000);
		json_int(json, row->tags[i].last_ns / 1000);
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

static void
put_causes(struct json *json, const struct tags_row *row)
{
	json_key(json, "causes");
	json_object_inline(json);
	for (enum waste_cause i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
		if (row->by_cause[i])
			json_put_uint(json, cause_name(i), row->by_cause[i]);
	json_end(json);
}

static void
put_row(struct json *json, const struct tags_row *row)
{
	json_object(json);
	json_put_octets(json, "resource", row->url);
	json_put_uint(json, "alive_at_once", tags_alive(row));
	json_put_text(json, "go_with", tags_mark_name(tags_go_with(row)));
	json_put_text(json, "cause", cause_name(tags_cause(row)));
	put_causes(json, row);
	json_put_uint(json, "lost_304s", row->lost);
	json_put_uint(json, "lost_octets", row->lost_octets);
	json_put_bool(json, "complete", !row->forgotten);
	json_key(json, "tags");
	json_array_inline(json);
	for (unsigned i = 0; i < row->tag_count; i++)
		json_octets(json, slice_of(row->tags[i].text, row->tags[i].n));
	json_end(json);
	put_lives(json, row);
	put_givers(json, row);
	json_end(json);
}

void
report_tags_json(struct json *json, const struct report *report, size_t rows_max)
{
	size_t count;
	const struct tags_row **rows = report_tags(report, &count);

	json_key(json, "tags");
	json_array(json);
	for (size_t i = 0; i < count && i < rows_max; i++)
		put_row(json, rows[i]);
	json_end(json);
	mem_free(rows);
}

/* ---- the page ---- */

/* The tags of a server, each with how often it gave it: as many as there is room for. */
static void
show_given(
	struct page *page, const struct tags_row *row, const struct tags_server *server)
{
	unsigned room = page_stretch(page, GIVEN_COLUMNS), used = 0;

	for (unsigned i = 0; i < row->tag_count; i++) {
		struct slice tag = slice_of(row->tags[i].text, row->tags[i].n);
		char times[TEXT_BYTES + 4];
		unsigned columns;

		if (!server->answers[i])
			continue;
		snprintf(times, sizeof times, " %s×", text_count(server->answers[i]).s);
		columns = text_columns(tag) +
			  text_columns(slice_of(times, strlen(times)));
		if (used && used + 2 + columns > room) {
			out_octet(page->out, '\n');
			page_spaces(page, 2 * PAGE_INDENT + SERVER_COLUMNS);
			used = 0;
		}
		used += columns + (used ? 2 : 0);
		out_text(page->out, used > columns ? "  " : "");
		text_clip(page->out, tag, room);
		out_text(page->out, times);
	}
	out_octet(page->out, '\n');
}

static void
show_row(struct page *page, const struct tags_row *row)
{
	const char *mark = tags_mark_name(tags_go_with(row));
	char alive[16];

	snprintf(alive, sizeof alive, "%u", tags_alive(row));
	page_spaces(page, PAGE_INDENT);
	page_left(page, row->url, page_stretch(page, URL_COLUMNS));
	page_right(page, alive, ALIVE_COLUMNS);
	page_right(page, mark ? mark : "-", WITH_COLUMNS);
	page_right(page, text_count(row->lost).s, LOST_COLUMNS);
	page_right(page, text_bytes(row->lost_octets).s, OCTETS_COLUMNS);
	out_octet(page->out, '\n');
}

static void
show_servers(struct page *page, const struct tags_row *row)
{
	struct tags_server servers[TAGS_GIVERS];
	unsigned count = report_tags_servers(row, servers);

	for (unsigned i = 0; i < count; i++) {
		page_spaces(page, 2 * PAGE_INDENT);
		page_left_text(
			page, report_server_name(&servers[i].server).s, SERVER_COLUMNS);
		show_given(page, row, &servers[i]);
	}
}

void
report_tags_text(struct page *page, const struct report *report)
{
	size_t count, several = 0, shown = 0;
	const struct tags_row **rows = report_tags(report, &count);

	for (size_t i = 0; i < count; i++)
		several += tags_alive(rows[i]) > 1;
	if (several)
		page_heading(page, "One content, several tags at once",
			"tags       by   304s lost   octets");
	for (size_t i = 0; i < count && (report->verbose || shown < SHOWN); i++) {
		if (tags_alive(rows[i]) < 2)
			continue;
		show_row(page, rows[i]);
		show_servers(page, rows[i]);
		shown++;
	}
	if (shown < several)
		out_format(page->out, "  … %zu more: add -v\n", several - shown);
	mem_free(rows);
}
