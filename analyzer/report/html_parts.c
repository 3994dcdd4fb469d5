#include "analyzer/report/html_parts.h"

#include "analyzer/report/moment.h"
#include "analyzer/report/page.h"

#include <inttypes.h>
#include <stdio.h>

void
html_section(struct html *html, const char *id, const char *title)
{
	html_open(html, "section", NULL);
	html_attribute(html, "id", id);
	html_attribute_format(html, "aria-labelledby", "%s-title", id);
	html_open(html, "h2", NULL);
	html_attribute_format(html, "id", "%s-title", id);
	html_text(html, title);
	html_close(html);
}

void
html_words(struct html *html, struct slice words)
{
	while (words.n) {
		size_t end = slice_find(words, PAGE_TIE[0], 0);

		html_octets(html, slice_part(words, 0, end));
		if (end < words.n)
			html_text(html, "\u00a0");
		words = slice_from(words, end + 1);
	}
}

void
html_paragraph(struct html *html, const char *class, const char *text)
{
	html_element(html, "p", class, text);
}

/* ---- tables ---- */

static void
put_title(struct html *html, const struct html_column *column)
{
	html_open(html, "th", column->is_number ? "n" : NULL);
	html_attribute(html, "scope", "col");
	html_text(html, column->title);
	html_close(html);
}

void
html_table(struct html *html, const char *caption, const struct html_column *columns,
	size_t count, bool sorted)
{
	html_open(html, "div", "scroll");
	html_attribute(html, "role", "group");
	html_attribute(html, "aria-label", caption);
	html_attribute(html, "tabindex", "0");
	html_open(html, "table", sorted ? "sorted" : NULL);
	html_element(html, "caption", NULL, caption);
	html_open(html, "thead", NULL);
	html_open(html, "tr", NULL);
	for (size_t i = 0; i < count; i++)
		put_title(html, &columns[i]);
	html_close(html);
	html_close(html);
	html_open(html, "tbody", NULL);
}

void
html_table_end(struct html *html)
{
	html_close(html);
	html_close(html);
	html_close(html);
}

void
html_cell(struct html *html, const char *text)
{
	html_element(html, "td", NULL, text);
}

void
html_cell_octets(struct html *html, struct slice octets)
{
	html_open(html, "td", NULL);
	html_octets(html, octets);
	html_close(html);
}

static void
put_number(struct html *html, uint64_t value, const char *text)
{
	html_open(html, "td", "n");
	html_attribute_format(html, "data-v", "%" PRIu64, value);
	html_text(html, text);
	html_close(html);
}

void
html_cell_count(struct html *html, uint64_t count)
{
	put_number(html, count, text_count(count).s);
}

void
html_cell_bytes(struct html *html, uint64_t bytes)
{
	put_number(html, bytes, text_bytes(bytes).s);
}

void
html_cell_duration(struct html *html, int64_t ns)
{
	html_open(html, "td", "n");
	html_attribute_format(html, "data-v", "%" PRId64, ns);
	html_text(html, text_duration(ns).s);
	html_close(html);
}

/* Rates sort by their value; those of nothing come before all others. */
static void
open_rate(struct html *html, struct rate rate)
{
	html_open(html, "td", "n");
	html_attribute_format(html, "data-v", "%.6f",
		rate.den ? (double)rate.num / (double)rate.den : -1.0);
}

void
html_cell_share(struct html *html, struct rate rate)
{
	open_rate(html, rate);
	html_text(html, rate.den ? text_share(rate.num, rate.den).s : "-");
	html_close(html);
}

void
html_cell_rate(struct html *html, const char *class, struct rate rate, const char *none)
{
	open_rate(html, rate);
	if (rate.den) {
		html_format(
			html, "%s of %s", text_count(rate.num).s, text_count(rate.den).s);
		html_bar(html, rate.num, rate.den, class);
	} else {
		html_text(html, none);
	}
	html_close(html);
}

/* ---- others ---- */

struct text
html_moment(int64_t ns)
{
	struct text text;

	snprintf(text.s, sizeof text.s, "%.12s %.12s UTC", moment_day(ns).s,
		moment_clock(ns, 3).s);
	return text;
}

static void
put_rect(struct html *html, const char *class, double x, double width)
{
	html_open(html, "rect", class);
	html_attribute_format(html, "x", "%.2f", x);
	html_attribute_format(html, "width", "%.2f", width);
	html_attribute(html, "height", "8");
	html_close(html);
}

void
html_stack(
	struct html *html, const struct html_share *shares, size_t count, uint64_t total)
{
	uint64_t at = 0;

	html_open(html, "svg", "bar");
	html_attribute(html, "viewBox", "0 0 100 8");
	html_attribute(html, "preserveAspectRatio", "none");
	html_attribute(html, "aria-hidden", "true");
	put_rect(html, "track", 0, 100);
	for (size_t i = 0; i < count && total; i++) {
		if (shares[i].value)
			put_rect(html, shares[i].class,
				100.0 * (double)at / (double)total,
				100.0 * (double)shares[i].value / (double)total);
		at += shares[i].value;
	}
	html_close(html);
}

void
html_bar(struct html *html, uint64_t num, uint64_t den, const char *class)
{
	html_stack(html, &(struct html_share){class, num}, 1, den);
}

void
html_legend(struct html *html, const char *class, const char *name)
{
	html_open(html, "span", "key-of");
	html_open(html, "span", NULL);
	html_attribute_format(html, "class", "swatch %s", class);
	html_close(html);
	html_text(html, name);
	html_close(html);
	html_text(html, " ");
}

void
html_snippet(struct html *html, struct slice text)
{
	html_open(html, "div", "snippet");
	html_open(html, "pre", NULL);
	while (text.n) {
		size_t end = slice_find(text, '\n', 0);

		html_octets(html, slice_part(text, 0, end));
		text = slice_from(text, end + 1);
		if (text.n)
			html_line_end(html);
	}
	html_close(html);
	html_close(html);
}

void
html_term(struct html *html, const char *term)
{
	html_element(html, "dt", NULL, term);
}

void
html_fact(struct html *html, const char *term, struct slice words)
{
	html_term(html, term);
	html_open(html, "dd", NULL);
	html_words(html, words);
	html_close(html);
}
