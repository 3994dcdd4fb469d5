#include "analyzer/report/page.h"

unsigned
page_columns_on(unsigned terminal_columns)
{
	if (!terminal_columns)
		return PAGE_COLUMNS;
	return terminal_columns < PAGE_NARROWEST ? PAGE_NARROWEST
	       : terminal_columns > PAGE_WIDEST	 ? PAGE_WIDEST
						 : terminal_columns;
}

void
page_styled(struct page *page, enum style style, const char *text)
{
	static const char *const codes[] = {
		[STYLE_BOLD] = "\x1b[1m",
		[STYLE_DIM] = "\x1b[2m",
		[STYLE_RED] = "\x1b[31m",
		[STYLE_YELLOW] = "\x1b[33m",
		[STYLE_GREEN] = "\x1b[32m",
	};
	bool coloured = page->colour && style != STYLE_PLAIN;

	if (coloured)
		out_text(page->out, codes[style]);
	out_text(page->out, text);
	if (coloured)
		out_text(page->out, "\x1b[0m");
}

void
page_spaces(struct page *page, unsigned count)
{
	while (count--)
		out_octet(page->out, ' ');
}

void
page_left(struct page *page, struct slice octets, unsigned columns)
{
	if (page->whole && text_columns(octets) > columns)
		text_safe(page->out, octets);
	else
		page_spaces(page, columns - text_clip(page->out, octets, columns));
}

void
page_left_text(struct page *page, const char *text, unsigned columns)
{
	page_left(page, slice_of(text, strlen(text)), columns);
}

void
page_right(struct page *page, const char *text, unsigned columns)
{
	unsigned used = text_columns(slice_of(text, strlen(text)));

	page_spaces(page, used < columns ? columns - used : 0);
	out_text(page->out, text);
}

void
page_heading(struct page *page, const char *title, const char *columns)
{
	unsigned edge = page_stretch(page, PAGE_COLUMNS);
	unsigned used = PAGE_INDENT + text_columns(slice_of(title, strlen(title)));

	out_octet(page->out, '\n');
	page_spaces(page, PAGE_INDENT);
	page_styled(page, STYLE_BOLD, title);
	if (used + text_columns(slice_of(columns, strlen(columns))) >= edge) {
		out_octet(page->out, '\n');
		used = 0;
	}
	page_right(page, columns, edge - used);
	out_octet(page->out, '\n');
	page_spaces(page, PAGE_INDENT);
	for (unsigned i = PAGE_INDENT; i < edge; i++)
		out_text(page->out, "─");
	out_octet(page->out, '\n');
}

/* Writes a word with its ties as blanks. */
static void
put_word(struct out *out, struct slice word)
{
	for (size_t i = 0; i < word.n; i++)
		out_octet(out, word.at[i] == PAGE_TIE[0] ? ' ' : word.at[i]);
}

/* A tie is an unsafe octet, counted as the four columns of \x01. */
static unsigned
word_columns(struct slice word)
{
	unsigned columns = text_columns(word);

	for (size_t i = 0; i < word.n; i++)
		if (word.at[i] == PAGE_TIE[0])
			columns -= 3;
	return columns;
}

void
page_paragraph(struct page *page, struct slice words, unsigned at, unsigned indent)
{
	unsigned edge = page_stretch(page, PAGE_COLUMNS);
	bool first = true;

	page_spaces(page, at < indent ? indent - at : 0);
	at = indent;
	while (words.n) {
		size_t end = slice_find(words, ' ', 0);
		struct slice word = slice_part(words, 0, end);
		unsigned columns = word_columns(word);

		if (!first && at + 1 + columns > edge) {
			out_octet(page->out, '\n');
			page_spaces(page, indent);
			at = indent;
		} else if (!first) {
			out_octet(page->out, ' ');
			at++;
		}
		if (columns > edge - indent)
			columns = text_clip(page->out, word, edge - indent);
		else
			put_word(page->out, word);
		at += columns;
		first = false;
		words = slice_from(words, end + 1);
	}
	out_octet(page->out, '\n');
}

void
page_bar(struct page *page, uint64_t num, uint64_t den, unsigned columns)
{
	unsigned filled = den ? (unsigned)((double)num * columns / (double)den) : 0;

	for (unsigned i = 0; i < columns; i++)
		out_text(page->out, i < filled ? "█" : "░");
}
