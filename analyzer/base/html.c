#include "analyzer/base/html.h"

#include "analyzer/base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum {
	FORMAT_BYTES = 512
};

/* Elements that go on within a line. */
static const char *const inline_tags[] = {
	"a", "abbr", "b", "code", "em", "small", "span", "strong", "tspan"};

static bool
is_inline(const char *tag)
{
	for (size_t i = 0; i < sizeof inline_tags / sizeof *inline_tags; i++)
		if (strcmp(tag, inline_tags[i]) == 0)
			return true;
	return false;
}

static bool
is_name(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (octet_lower((uint8_t)*name) < 'a' ||
			octet_lower((uint8_t)*name) > 'z')
			if (*name != '-' && *name != ':' && (*name < '0' || *name > '9'))
				return false;
	return true;
}

void
html_init(struct html *html, struct out *out)
{
	*html = (struct html){.out = out};
	out_init_memory(&html->scratch);
}

void
html_fini(struct html *html)
{
	assert(!html->depth && !html->in_tag);
	out_fini(&html->scratch);
}

static void
finish_tag(struct html *html)
{
	if (html->in_tag)
		out_octet(html->out, '>');
	html->in_tag = false;
}

static void
begin_tag(struct html *html, const char *tag)
{
	assert(is_name(tag));
	finish_tag(html);
	if (!is_inline(tag))
		out_octet(html->out, '\n');
	out_octet(html->out, '<');
	out_text(html->out, tag);
	html->in_tag = true;
}

void
html_open(struct html *html, const char *tag, const char *class)
{
	assert(html->depth < HTML_DEPTH_MAX);
	begin_tag(html, tag);
	html->open[html->depth++] = tag;
	if (class)
		html_attribute(html, "class", class);
}

void
html_close(struct html *html)
{
	assert(html->depth);
	finish_tag(html);
	out_text(html->out, "</");
	out_text(html->out, html->open[--html->depth]);
	out_octet(html->out, '>');
}

void
html_void(struct html *html, const char *tag)
{
	begin_tag(html, tag);
}

void
html_element(struct html *html, const char *tag, const char *class, const char *text)
{
	html_open(html, tag, class);
	html_text(html, text);
	html_close(html);
}

/* The only way from safe text to the page. */
static void
put_escaped(struct out *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		switch (text.at[i]) {
		case '<':
			out_text(out, "&lt;");
			break;
		case '>':
			out_text(out, "&gt;");
			break;
		case '&':
			out_text(out, "&amp;");
			break;
		case '"':
			out_text(out, "&quot;");
			break;
		case '\'':
			out_text(out, "&#39;");
			break;
		default:
			out_octet(out, text.at[i]);
		}
}

static void
put_safe(struct html *html, struct slice octets)
{
	out_clear(&html->scratch);
	text_safe(&html->scratch, octets);
	put_escaped(html->out, out_contents(&html->scratch));
}

void
html_attribute_octets(struct html *html, const char *name, struct slice value)
{
	assert(html->in_tag && is_name(name));
	out_octet(html->out, ' ');
	out_text(html->out, name);
	out_text(html->out, "=\"");
	put_safe(html, value);
	out_octet(html->out, '"');
}

void
html_attribute(struct html *html, const char *name, const char *value)
{
	html_attribute_octets(html, name, slice_of(value, strlen(value)));
}

void
html_attribute_format(struct html *html, const char *name, const char *format, ...)
{
	char line[FORMAT_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	html_attribute(html, name, line);
}

void
html_octets(struct html *html, struct slice octets)
{
	finish_tag(html);
	put_safe(html, octets);
}

void
html_text(struct html *html, const char *text)
{
	html_octets(html, slice_of(text, strlen(text)));
}

void
html_clipped(struct html *html, struct slice octets, unsigned columns)
{
	finish_tag(html);
	out_clear(&html->scratch);
	text_clip(&html->scratch, octets, columns);
	put_escaped(html->out, out_contents(&html->scratch));
}

void
html_format(struct html *html, const char *format, ...)
{
	char line[FORMAT_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	html_text(html, line);
}

void
html_line_end(struct html *html)
{
	finish_tag(html);
	out_octet(html->out, '\n');
}

void
html_json(struct html *html, struct slice json)
{
	finish_tag(html);
	for (size_t i = 0; i < json.n; i++)
		if (json.at[i] == '<' || json.at[i] == '>' || json.at[i] == '&')
			out_format(html->out, "\\u%04x", json.at[i]);
		else
			out_octet(html->out, json.at[i]);
}

void
html_verbatim(struct html *html, struct slice octets)
{
	finish_tag(html);
	out_slice(html->out, octets);
}
