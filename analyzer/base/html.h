/*
 * analyzer/base/html.h - HTML whose tags are ours, whatever the wire held
 *
 * Elements and attributes are opened, filled and closed by calls; there is no call that
 * writes octets of others without escaping them, so none can be forgotten.  Text and
 * values go through text_safe() first, then < > & " ' become references: what confuses a
 * reader is printed as \xNN like on the terminal, what would be markup is text.
 *
 * Names of elements, attributes and classes are literals of the program and are
 * asserted to be names.  html_verbatim() is for what the program itself brings: its
 * style and its script.
 *
 * Elements of a block begin on a new line, so that pages can be compared line by line.
 * Usage faults (unbalanced ends, attributes after the contents) are asserted.
 */
#ifndef ANALYZER_BASE_HTML_H
#define ANALYZER_BASE_HTML_H

#include "analyzer/base/out.h"

enum {
	HTML_DEPTH_MAX = 32
};

struct html {
	struct out *out;
	struct out scratch; /* of safe text, before it is escaped */
	bool in_tag;	    /* attributes may follow */
	unsigned depth;
	const char *open[HTML_DEPTH_MAX];
};

/* Owns its scratch room; html_fini() asserts that every element was closed. */
void html_init(struct html *html, struct out *out);
void html_fini(struct html *html);

/* <tag class="CLASS">; NULL: without a class.  It stays open for attributes. */
void html_open(struct html *html, const char *tag, const char *class);
void html_close(struct html *html); /* the innermost */

/* An element without contents and end, as meta. */
void html_void(struct html *html, const char *tag);

/* An element with nothing but text in it. */
void html_element(
	struct html *html, const char *tag, const char *class, const char *text);

/* Of the element just opened. */
void html_attribute(struct html *html, const char *name, const char *value);
void html_attribute_octets(struct html *html, const char *name, struct slice value);
void html_attribute_format(struct html *html, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Contents.  Clipped as text_clip() does it. */
void html_text(struct html *html, const char *text);
void html_octets(struct html *html, struct slice octets);
void html_clipped(struct html *html, struct slice octets, unsigned columns);
void html_format(struct html *html, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void html_line_end(struct html *html); /* in preformatted text */

/* JSON within a script element: no octet of it can end that. */
void html_json(struct html *html, struct slice json);

/* Ours, as it is. */
void html_verbatim(struct html *html, struct slice octets);

#endif
