#include "analyzer/report/report.h"

#include "analyzer/report/html_asset.h"
#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_words.h"

enum {
	TITLE_COLUMNS = 56,
	SUBJECT_COLUMNS = 120,
	DATA_BYTES = 160 * 1024, /* of the embedded JSON, if fewer rows can do it */
};

/* In their order; those without a test are always there. */
static const struct section {
	const char *id, *title;
	bool (*is_there)(const struct report *report);
	void (*put)(struct html *html, const struct report *report);
} sections[] = {
	{"answer", "Answer", NULL, html_answer},
	{"fixes", "Fixes", html_has_fixes, html_fixes},
	{"traffic", "Octets", html_has_traffic, html_traffic},
	{"timeline", "Time", html_has_timeline, html_timeline},
	{"waste", "Waste", html_has_waste, html_waste},
	{"resources", "Resources", html_has_resources, html_resources},
	{"findings", "Findings", html_has_findings, html_findings},
	{"freshness", "Freshness", html_has_freshness, html_freshness},
	{"tags", "Tags", html_has_tags, html_tags},
	{"hosts", "Hosts", html_has_places, html_places},
	{"clients", "Clients", html_has_clients, html_clients},
	{"waterfall", "Waterfall", html_has_waterfall, html_waterfall},
	{"claims", "Caches", html_has_claims, html_claims},
	{"rates", "Rates", html_has_rates, html_rates},
	{"whatif", "What if", html_has_whatif, html_whatif},
	{"method", "Method", NULL, html_method},
};

enum {
	SECTIONS = sizeof sections / sizeof *sections
};

/* -q is the answer and what it is worth. */
static bool
is_shown(const struct section *section, const struct report *report)
{
	if (!section->is_there)
		return true;
	return !report->headline_only && section->is_there(report);
}

static void
put_meta(struct html *html, const char *name, const char *content)
{
	html_void(html, "meta");
	html_attribute(html, "name", name);
	html_attribute(html, "content", content);
}

/* Nothing is fetched, nothing runs but what is built in. */
static void
put_policy(struct html *html)
{
	html_void(html, "meta");
	html_attribute(html, "http-equiv", "Content-Security-Policy");
	html_attribute_format(html, "content",
		"default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; "
		"form-action 'none'",
		html_style.hash, html_script.hash);
}

static void
put_head(struct html *html, const struct report *report)
{
	struct out title;

	out_init_memory(&title);
	report_subject(&title, report, TITLE_COLUMNS);
	html_open(html, "head", NULL);
	html_void(html, "meta");
	html_attribute(html, "charset", "utf-8");
	put_policy(html);
	put_meta(html, "viewport", "width=device-width, initial-scale=1");
	put_meta(html, "color-scheme", "light dark");
	put_meta(html, "referrer", "no-referrer");
	html_open(html, "title", NULL);
	html_octets(html, out_contents(&title));
	html_text(html, " - cachetap");
	html_close(html);
	html_open(html, "style", NULL);
	html_verbatim(html, html_style.octets);
	html_close(html);
	html_close(html);
	out_fini(&title);
}

static void
put_contents(struct html *html, const struct report *report)
{
	html_open(html, "nav", NULL);
	html_attribute(html, "aria-label", "Sections");
	html_open(html, "ul", NULL);
	for (unsigned i = 0; i < SECTIONS; i++) {
		if (!is_shown(&sections[i], report))
			continue;
		html_open(html, "li", NULL);
		html_open(html, "a", NULL);
		html_attribute_format(html, "href", "#%s", sections[i].id);
		html_text(html, sections[i].title);
		html_close(html);
		html_close(html);
	}
	html_close(html);
	html_close(html);
}

static void
put_banner(struct html *html, const struct report *report)
{
	const struct counters *c = report->counters;
	struct out words;

	out_init_memory(&words);
	html_open(html, "header", NULL);
	html_open(html, "p", "brand");
	html_format(html, "cachetap %s", report->version);
	html_close(html);
	report_subject(&words, report, SUBJECT_COLUMNS);
	html_open(html, "h1", NULL);
	html_octets(html, out_contents(&words));
	html_close(html);
	out_clear(&words);
	report_extent(&words, report, " · ");
	html_open(html, "p", "extent");
	html_octets(html, out_contents(&words));
	if (c->packets)
		html_format(html, " · from %s", html_moment(c->first_ns).s);
	html_close(html);
	html_close(html);
	out_fini(&words);
}

/* The report as data, with as many rows as fit. */
static void
put_data(struct html *html, const struct report *report)
{
	static const size_t rows[] = {100, 30, 10, 3, 1};
	struct out json;

	out_init_memory(&json);
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		out_clear(&json);
		report_json_compact(&json, report, rows[i]);
		if (out_contents(&json).n <= DATA_BYTES)
			break;
	}
	html_open(html, "script", NULL);
	html_attribute(html, "type", "application/json");
	html_attribute(html, "id", "report");
	html_json(html, out_contents(&json));
	html_close(html);
	out_fini(&json);
}

static void
put_body(struct html *html, const struct report *report)
{
	html_open(html, "body", NULL);
	html_open(html, "a", "skip");
	html_attribute(html, "href", "#main");
	html_text(html, "To the report");
	html_close(html);
	put_banner(html, report);
	put_contents(html, report);
	html_open(html, "main", NULL);
	html_attribute(html, "id", "main");
	for (unsigned i = 0; i < SECTIONS; i++)
		if (is_shown(&sections[i], report))
			sections[i].put(html, report);
	html_close(html);
	put_data(html, report);
	html_open(html, "script", NULL);
	html_verbatim(html, html_script.octets);
	html_close(html);
	html_close(html);
}

void
report_html(struct out *out, const struct report *report)
{
	struct html html;

	html_init(&html, out);
	html_verbatim(&html, SLICE("<!DOCTYPE html>"));
	html_open(&html, "html", NULL);
	html_attribute(&html, "lang", "en");
	put_head(&html, report);
	put_body(&html, report);
	html_close(&html);
	html_verbatim(&html, SLICE("\n"));
	html_fini(&html);
}
