/*
 * analyzer/report/html_evidence.h - where in the capture to look, and what stands there
 */
#ifndef ANALYZER_REPORT_HTML_EVIDENCE_H
#define ANALYZER_REPORT_HTML_EVIDENCE_H

#include "analyzer/base/html.h"
#include "analyzer/report/report.h"

/* Frames, the command and the filter that show them: facts of a list that is open. */
void html_evidence(
	struct html *html, const struct finding *f, const struct report *report);

/* Request and answer side by side, what matters to caches set off. */
void html_heads(struct html *html, const struct finding *f);

/* Clauses, each with a link to its text. */
void html_clauses(struct html *html, const char *rfc);

#endif
