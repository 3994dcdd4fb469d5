#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_tags.h"
#include "analyzer/report/report_waste.h"
#include "analyzer/report/report_words.h"

enum {
	TOLD = 10,
	URL_COLUMNS = 160,
};

bool
html_has_tags(const struct report *report)
{
	size_t count;

	mem_free(report_tags(report, &count));
	return count > 0;
}

/* What is known of it, in words. */
static void
put_facts(struct html *html, const struct tags_row *row)
{
	const char *mark = tags_mark_name(tags_go_with(row));
	struct waste_row cause = {.cause = tags_cause(row)};

	html_open(html, "p", NULL);
	html_format(html, "%u tag%s alive at once", tags_alive(row),
		report_plural(tags_alive(row)));
	if (mark)
		html_format(html, ", one for each %s", mark);
	html_text(html, "; ");
	html_element(html, "strong", "wasted", text_bytes(row->lost_octets).s);
	html_format(html, " for %s 304%s lost", text_count(row->lost).s,
		report_plural(row->lost));
	if (cause.cause != CAUSE_NONE)
		html_format(html, "; %s", waste_row_summary(&cause));
	html_text(html, row->forgotten ? "; more tags or servers had no room." : ".");
	html_close(html);
}

static void
put_head(struct html *html, const struct tags_row *row)
{
	html_open(html, "thead", NULL);
	html_open(html, "tr", NULL);
	html_open(html, "th", NULL);
	html_attribute(html, "scope", "col");
	html_text(html, "server");
	html_close(html);
	for (unsigned i = 0; i < row->tag_count; i++) {
		html_open(html, "th", "n");
		html_attribute(html, "scope", "col");
		html_open(html, "code", NULL);
		html_octets(html, slice_of(row->tags[i].text, row->tags[i].n));
		html_close(html);
		html_close(html);
	}
	html_close(html);
	html_close(html);
}

/* How often a server gave each tag. */
static void
put_server(
	struct html *html, const struct tags_row *row, const struct tags_server *server)
{
	html_open(html, "tr", NULL);
	html_open(html, "th", "key");
	html_attribute(html, "scope", "row");
	html_text(html, report_server_name(&server->server).s);
	html_close(html);
	for (unsigned i = 0; i < row->tag_count; i++) {
		html_open(html, "td", server->answers[i] ? "n gave" : "n");
		html_text(html,
			server->answers[i] ? text_count(server->answers[i]).s : "-");
		html_close(html);
	}
	html_close(html);
}

static void
put_matrix(struct html *html, const struct tags_row *row)
{
	struct tags_server servers[TAGS_GIVERS];
	unsigned count = report_tags_servers(row, servers);

	html_open(html, "div", "scroll");
	html_attribute(html, "role", "group");
	html_attribute(html, "aria-label", "Answers with each tag, by server");
	html_attribute(html, "tabindex", "0");
	html_open(html, "table", "matrix");
	html_element(html, "caption", NULL, "Answers with each tag, by server");
	put_head(html, row);
	html_open(html, "tbody", NULL);
	for (unsigned i = 0; i < count; i++)
		put_server(html, row, &servers[i]);
	html_table_end(html);
}

void
html_tags(struct html *html, const struct report *report)
{
	size_t count, told;
	const struct tags_row **rows = report_tags(report, &count);

	told = count < TOLD ? count : TOLD;
	html_section(html, "tags", "One content, several tags");
	for (size_t i = 0; i < told; i++) {
		html_open(html, "h3", NULL);
		html_clipped(html, rows[i]->url, URL_COLUMNS);
		html_close(html);
		put_facts(html, rows[i]);
		put_matrix(html, rows[i]);
	}
	html_open(html, "p", "below");
	html_legend(html, "gave", "the server gave this tag, so many times");
	html_close(html);
	if (told < count) {
		html_open(html, "p", "more");
		html_format(
			html, "%zu more resources, with fewer octets lost", count - told);
		html_close(html);
	}
	html_close(html);
	mem_free(rows);
}
