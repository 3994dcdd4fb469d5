#include "analyzer/report/html_evidence.h"

#include "analyzer/report/html_parts.h"
#include "analyzer/report/report_findings.h"

#include <stdlib.h>

enum {
	HEAD_LINES = 40,
	LINE_COLUMNS = 240,
};

static void
put_snippet(struct html *html, const char *term, struct slice words)
{
	html_term(html, term);
	html_open(html, "dd", NULL);
	html_snippet(html, words);
	html_close(html);
}

void
html_evidence(struct html *html, const struct finding *f, const struct report *report)
{
	struct out words;

	out_init_memory(&words);
	report_frame_numbers(&words, f);
	html_fact(html, "Frames", out_contents(&words));
	out_clear(&words);
	report_command(&words, f, report);
	if (out_contents(&words).n)
		put_snippet(html, "Open", out_contents(&words));
	out_clear(&words);
	report_filter(&words, &f->client);
	put_snippet(html, "Filter", out_contents(&words));
	out_fini(&words);
}

/* ---- heads ---- */

/* A field that caches and conditions go by. */
static bool
is_telling(struct slice line)
{
	static const struct slice names[] = {
		SLICE_INIT("if-none-match"),
		SLICE_INIT("if-modified-since"),
		SLICE_INIT("if-match"),
		SLICE_INIT("if-unmodified-since"),
		SLICE_INIT("if-range"),
		SLICE_INIT("range"),
		SLICE_INIT("etag"),
		SLICE_INIT("last-modified"),
		SLICE_INIT("cache-control"),
		SLICE_INIT("pragma"),
		SLICE_INIT("expires"),
		SLICE_INIT("age"),
		SLICE_INIT("vary"),
		SLICE_INIT("content-length"),
		SLICE_INIT("content-range"),
		SLICE_INIT("content-encoding"),
		SLICE_INIT("transfer-encoding"),
	};
	struct slice name = slice_part(line, 0, slice_find(line, ':', 0));

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_eq_nocase(name, names[i]))
			return true;
	return false;
}

static void
put_line(struct html *html, struct slice line, bool first)
{
	while (line.n && line.at[line.n - 1] == '\r')
		line.n--;
	if (!first)
		html_line_end(html);
	if (first || is_telling(line)) {
		html_open(html, "b", NULL);
		html_clipped(html, line, LINE_COLUMNS);
		html_close(html);
	} else {
		html_clipped(html, line, LINE_COLUMNS);
	}
}

static void
put_head(struct html *html, const char *title, struct slice head)
{
	unsigned lines = 0;

	html_open(html, "figure", "head");
	html_element(html, "figcaption", NULL, title);
	html_open(html, "pre", NULL);
	while (head.n && lines < HEAD_LINES) {
		size_t end = slice_find(head, '\n', 0);

		put_line(html, slice_part(head, 0, end), !lines++);
		head = slice_from(head, end + 1);
	}
	if (head.n) {
		html_line_end(html);
		html_text(html, "…");
	}
	html_close(html);
	html_close(html);
}

void
html_heads(struct html *html, const struct finding *f)
{
	if (!f->request_head.n && !f->response_head.n)
		return;
	html_open(html, "div", "pair");
	if (f->request_head.n)
		put_head(html, "Request", f->request_head);
	if (f->response_head.n)
		put_head(html, "Answer", f->response_head);
	html_close(html);
}

/* ---- clauses ---- */

static size_t
digits(const char *text, const char *also)
{
	return strspn(text, "0123456789") ? strspn(text, also) : 0;
}

static void
put_link(struct html *html, unsigned long rfc, const char *section, size_t n,
	const char *text, size_t text_n)
{
	html_open(html, "a", NULL);
	if (n)
		html_attribute_format(html, "href",
			"https://www.rfc-editor.org/rfc/rfc%lu#section-%.*s", rfc, (int)n,
			section);
	else
		html_attribute_format(
			html, "href", "https://www.rfc-editor.org/rfc/rfc%lu", rfc);
	html_octets(html, slice_of(text, text_n));
	html_close(html);
}

/* "RFC 9110 §13.1.2, §8.8.3.2; RFC 9111 §4.3.2": the first of a document names it. */
void
html_clauses(struct html *html, const char *rfc)
{
	static const char mark[] = "§";
	unsigned long number = 0;

	while (*rfc) {
		const char *at = rfc, *section = NULL;
		size_t n = 0;

		if (strncmp(at, "RFC ", 4) == 0) {
			number = strtoul(at + 4, NULL, 10);
			at += 4 + digits(at + 4, "0123456789");
			if (strncmp(at, " §", 1 + strlen(mark)) == 0)
				at++;
		}
		if (strncmp(at, mark, strlen(mark)) == 0) {
			section = at + strlen(mark);
			n = digits(section, "0123456789.");
			at = section + n;
		}
		if (at > rfc) {
			put_link(html, number, section, n, rfc, (size_t)(at - rfc));
			rfc = at;
		} else {
			at += strcspn(at + 1, "R\xc2") + 1;
			html_octets(html, slice_of(rfc, (size_t)(at - rfc)));
			rfc = at;
		}
	}
}
