/*
 * analyzer/report/page.h - a page of text: columns, rules, paragraphs, colour
 *
 * Everything is set in at most PAGE_COLUMNS columns, so that the same input gives the
 * same octets; on a terminal in as many as it has, from 80 to 120.  Colour repeats what
 * the words say; without it nothing is lost.
 */
#ifndef ANALYZER_REPORT_PAGE_H
#define ANALYZER_REPORT_PAGE_H

#include "analyzer/base/text.h"

enum {
	PAGE_COLUMNS = 100,
	PAGE_NARROWEST = 80,
	PAGE_WIDEST = 120,
	PAGE_INDENT = 2,
};

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_RED,
	STYLE_YELLOW,
	STYLE_GREEN,
};

struct page {
	struct out *out;
	bool colour;
	bool whole;	  /* what is too long for its cell is not cut */
	unsigned columns; /* 0: PAGE_COLUMNS */
};

/* Of a terminal with so many; 0: none. */
unsigned page_columns_on(unsigned terminal_columns);

/* What a cell has that takes so many of PAGE_COLUMNS and what there is beyond them. */
static inline unsigned
page_stretch(const struct page *page, unsigned columns)
{
	return page->columns ? columns + page->columns - PAGE_COLUMNS : columns;
}

/* The text in a style; plain again after it. */
void page_styled(struct page *page, enum style style, const char *text);

void page_spaces(struct page *page, unsigned count);

/* A cell of a table: clipped or filled with blanks to its width. */
void page_left(struct page *page, struct slice octets, unsigned columns);
void page_left_text(struct page *page, const char *text, unsigned columns);
void page_right(struct page *page, const char *text, unsigned columns);

/* A heading with the titles of columns at the right, and a rule below it. */
void page_heading(struct page *page, const char *title, const char *columns);

/*
 * Words set into lines from column `indent` on; the first line already has `at`
 * columns.  PAGE_TIE between two words keeps them on one line.  A word that is
 * longer than a line loses its middle.  The text must be safe for terminals.
 */
#define PAGE_TIE "\x01"
void page_paragraph(struct page *page, struct slice words, unsigned at, unsigned indent);

/* A bar of `columns` columns, filled by num / den. */
void page_bar(struct page *page, uint64_t num, uint64_t den, unsigned columns);

#endif
