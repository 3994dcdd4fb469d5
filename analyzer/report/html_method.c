#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_words.h"

#include <inttypes.h>

static void
put_sentence(void *context, const char *sentence)
{
	html_element(context, "li", NULL, sentence);
}

static void
put_limits(struct html *html, const struct report *report)
{
	struct out words;

	out_init_memory(&words);
	report_completeness(&words, report);
	html_open(html, "p", NULL);
	html_format(html, "The %s: ", report_exactness(report));
	html_octets(html, out_contents(&words));
	html_text(html, ".");
	html_close(html);
	html_open(html, "ul", "limits");
	report_troubles(report, put_sentence, html);
	report_warnings(report, put_sentence, html);
	report_notes(report, put_sentence, html);
	html_element(html, "li", NULL,
		"Only HTTP/1.0 and 1.1 in the clear is seen; what is encrypted is not.");
	html_close(html);
	out_fini(&words);
}

static void
put_source(struct html *html, const struct report_source *source)
{
	html_open(html, "tr", NULL);
	html_open(html, "th", "key");
	html_attribute(html, "scope", "row");
	html_octets(html, slice_of(source->path, strlen(source->path)));
	html_close(html);
	html_cell(html, source->format ? source->format : "-");
	html_cell(html, source->compression ? source->compression : "-");
	html_cell_count(html, source->packets);
	html_cell_bytes(html, source->octets);
	html_cell_count(html, source->damaged_records);
	html_close(html);
}

static void
put_sources(struct html *html, const struct report *report)
{
	enum {
		TOLD = 100
	};
	static const struct html_column columns[] = {{"file or interface", false},
		{"format", false}, {"compression", false}, {"packets", true},
		{"octets", true}, {"damaged records", true}};

	html_table(html, "What was read", columns, sizeof columns / sizeof *columns,
		report->source_count > 1);
	for (size_t i = 0; i < report->source_count && i < TOLD; i++)
		put_source(html, &report->sources[i]);
	html_table_end(html);
	if (report->source_count > TOLD) {
		html_open(html, "p", "more");
		html_format(html, "%zu more files", report->source_count - TOLD);
		html_close(html);
	}
}

static void
put_options(struct html *html, const struct report *report)
{
	html_open(html, "dl", "facts");
	html_term(html, "Program");
	html_open(html, "dd", NULL);
	html_format(html, "cachetap %s", report->version);
	html_close(html);
	for (size_t i = 0; i < report->option_count; i++) {
		const struct report_option *option = &report->options[i];

		html_element(html, "dt", NULL, option->key);
		html_open(html, "dd", NULL);
		if (option->text)
			html_text(html, option->text);
		else
			html_format(html, "%" PRIu64, option->number);
		html_close(html);
	}
	html_close(html);
}

static void
put_words(struct html *html)
{
	static const char *const words[][2] = {
		{"304", "\"Not Modified\": the answer to a conditional request whose "
			"copy "
			"is still good. It has no body; what the body would have had is "
			"saved."},
		{"conditional request",
			"one with If-None-Match or If-Modified-Since: it names the copy "
			"that the client has."},
		{"wasted", "octets that need not have been sent: the client had them, or "
			   "had asked not to be sent them."},
		{"proven", "the two messages show it, whoever the client is."},
		{"likely", "it rests on the client key: an address with a User-Agent is "
			   "taken for one cache."},
		{"avoidable", "right by the protocol, but policy or design could avoid "
			      "it. Never counted as wasted."},
		{"recall", "of the conditional requests that met what had not changed, "
			   "those that were answered 304."},
	};

	html_open(html, "dl", "facts");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		html_fact(html, words[i][0], slice_of(words[i][1], strlen(words[i][1])));
	html_close(html);
}

void
html_method(struct html *html, const struct report *report)
{
	html_section(html, "method", "Method and limits");
	html_element(html, "h3", NULL, "What the capture cannot tell");
	put_limits(html, report);
	html_element(html, "h3", NULL, "Words");
	put_words(html);
	html_element(html, "h3", NULL, "What was read, and how");
	put_sources(html, report);
	put_options(html, report);
	html_close(html);
}
