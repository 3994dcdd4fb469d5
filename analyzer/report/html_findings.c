#include "analyzer/report/html_evidence.h"
#include "analyzer/report/html_parts.h"
#include "analyzer/report/html_sections.h"
#include "analyzer/report/report_findings.h"
#include "analyzer/report/report_words.h"
#include "analyzer/rules/row.h"

#include <stdio.h>

enum {
	TOLD = 60,	/* groups */
	ALSO_TOLD = 10, /* further resources of one */
	NAME_COLUMNS = 160,
};

bool
html_has_findings(const struct report *report)
{
	return rules_finding_count(report->rules) > 0;
}

/* How many of each severity, as the heading of the section in the text report. */
static void
put_counts(struct html *html, const struct findings_group *groups, size_t count)
{
	static const char *const names[] = {"violations", "warnings", "advice"};
	size_t by_severity[SEVERITY_ADVICE + 1] = {0};

	for (size_t i = 0; i < count; i++)
		by_severity[groups[i].first->severity]++;
	html_open(html, "p", "counts");
	for (unsigned i = 0; i <= SEVERITY_ADVICE; i++) {
		html_open(html, "span", severity_name(i));
		html_format(html, "%s %zu", names[i], by_severity[i]);
		html_close(html);
		html_text(html, " ");
	}
	html_close(html);
}

static void
put_name(struct html *html, const struct findings_group *group)
{
	const struct finding *f = group->first;

	html_open(html, "h3", NULL);
	html_element(
		html, "span", severity_name(f->severity), severity_name(f->severity));
	html_text(html, " ");
	html_element(html, "code", NULL, rule_name(f->rule));
	if (f->kind)
		html_format(html, " (%s)", f->kind);
	html_open(html, "span", "times");
	html_format(html, "%s×", text_count(group->count).s);
	html_close(html);
	html_close(html);
}

/* Whose job, how sure. */
static void
put_standing(struct html *html, const struct finding *f)
{
	html_term(html, "Job of");
	html_open(html, "dd", NULL);
	html_text(html, fault_name(f->fault));
	if (f->via_cache && f->fault == FAULT_SERVER)
		html_text(html, " or cache");
	html_format(html, "; %s%s", confidence_name(f->confidence),
		f->tentative ? ", tentative" : "");
	html_close(html);
}

static void
put_counted(struct html *html, const struct finding *f, uint64_t count)
{
	html_open(html, "li", NULL);
	html_clipped(html, report_counted(f), NAME_COLUMNS);
	html_format(html, " %s×", text_count(count).s);
	html_close(html);
}

/* What it was found at: the first, then the others. */
static void
put_subjects(struct html *html, const struct findings_group *group,
	const struct report *report)
{
	size_t shown = 1;

	html_term(html, "Found at");
	html_open(html, "dd", NULL);
	html_open(html, "ul", NULL);
	put_counted(html, group->first, group->first->count);
	for (size_t i = 0; shown < group->resources && shown <= ALSO_TOLD; i++) {
		const struct finding *f = rules_finding(report->rules, i);

		if (f == group->first || !report_findings_alike(f, group->first))
			continue;
		put_counted(html, f, f->count);
		shown++;
	}
	if (shown < group->resources) {
		html_open(html, "li", NULL);
		html_format(html, "and %s more", text_count(group->resources - shown).s);
		html_close(html);
	}
	html_close(html);
	html_close(html);
}

static void
put_text(struct html *html, const char *term, const char *text)
{
	html_fact(html, term, slice_of(text, strlen(text)));
}

static void
put_meaning(struct html *html, const struct finding *f)
{
	const struct rule_text *text = row_of(f->rule)->text;

	html_open(html, "details", NULL);
	html_open(html, "summary", NULL);
	html_text(html, "What it means, how to mend it");
	html_close(html);
	html_open(html, "dl", "facts");
	put_text(html, "Raised when", text->what);
	put_text(html, "Quiet when", text->quiet);
	put_text(html, "Why", text->why);
	put_text(html, "Fix", text->fix);
	html_close(html);
	html_close(html);
}

static void
put_group(struct html *html, const struct findings_group *group,
	const struct report *report)
{
	const struct finding *f = group->first;

	html_open(html, "article", "finding");
	put_name(html, group);
	if (*f->note)
		html_paragraph(html, "note", f->note);
	html_heads(html, f);
	html_open(html, "dl", "facts");
	put_standing(html, f);
	html_term(html, "Clause");
	html_open(html, "dd", NULL);
	html_clauses(html, rule_rfc(f->rule));
	html_close(html);
	html_evidence(html, f, report);
	put_subjects(html, group, report);
	html_close(html);
	put_meaning(html, f);
	html_close(html);
}

void
html_findings(struct html *html, const struct report *report)
{
	size_t count;
	struct findings_group *groups = report_findings_groups(report, &count);
	size_t told = count < TOLD ? count : TOLD;

	html_section(html, "findings", "Protocol findings");
	put_counts(html, groups, count);
	for (size_t i = 0; i < told; i++)
		put_group(html, &groups[i], report);
	if (told < count) {
		html_open(html, "p", "more");
		html_format(
			html, "%zu more are in the text report: add -v", count - told);
		html_close(html);
	}
	html_close(html);
	mem_free(groups);
}
