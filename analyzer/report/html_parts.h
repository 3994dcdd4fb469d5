/*
 * analyzer/report/html_parts.h - what the sections of the page are put together from
 *
 * A cell says what it sorts by, so that the page's script need not read numbers with
 * units.  Bars are drawn by attributes, never by styles: the page's policy forbids those.
 */
#ifndef ANALYZER_REPORT_HTML_PARTS_H
#define ANALYZER_REPORT_HTML_PARTS_H

#include "analyzer/base/html.h"
#include "analyzer/base/text.h"
#include "analyzer/report/interval.h"

/* A section with its heading; html_close() ends it. */
void html_section(struct html *html, const char *id, const char *title);

/* Words of the report, in which PAGE_TIE becomes a blank that does not break. */
void html_words(struct html *html, struct slice words);

/* A paragraph of a class; NULL: of none. */
void html_paragraph(struct html *html, const char *class, const char *text);

struct html_column {
	const char *title;
	bool is_number;
};

/*
 * A table with a caption, in a frame of its own that scrolls where it is too wide.
 * `sorted`: the script lets people sort it by its columns.
 */
void html_table(struct html *html, const char *caption, const struct html_column *columns,
	size_t count, bool sorted);
void html_table_end(struct html *html);

void html_cell(struct html *html, const char *text);
void html_cell_octets(struct html *html, struct slice octets);
void html_cell_count(struct html *html, uint64_t count);
void html_cell_bytes(struct html *html, uint64_t bytes);
void html_cell_share(struct html *html, struct rate rate); /* "-" where den is 0 */
/* "1 of 6" and a bar in the colour of a class; or what is said where den is 0. */
void html_cell_rate(
	struct html *html, const char *class, struct rate rate, const char *none);
void html_cell_duration(struct html *html, int64_t ns);

/* Parts of a bar, each in the colour of its class; what is left is its track. */
struct html_share {
	const char *class;
	uint64_t value;
};
void html_stack(
	struct html *html, const struct html_share *shares, size_t count, uint64_t total);

/* A bar of one part, num / den. */
void html_bar(struct html *html, uint64_t num, uint64_t den, const char *class);

/* What a colour of a chart stands for. */
void html_legend(struct html *html, const char *class, const char *name);

/* A time since 1970: 2023-11-14 22:13:20.000 UTC. */
struct text html_moment(int64_t ns);

/* Lines to be copied whole: the script adds a button. */
void html_snippet(struct html *html, struct slice text);

/* A term and what is said of it, of a list <dl> that is open. */
void html_term(struct html *html, const char *term);
void html_fact(struct html *html, const char *term, struct slice words);

#endif
