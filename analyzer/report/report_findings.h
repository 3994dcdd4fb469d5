/*
 * analyzer/report/report_findings.h - findings with their evidence
 *
 * What a reader needs to see it with own eyes: file, frames, a display filter and
 * the two heads.
 */
#ifndef ANALYZER_REPORT_REPORT_FINDINGS_H
#define ANALYZER_REPORT_REPORT_FINDINGS_H

#include "analyzer/base/json.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

void report_findings_json(struct json *json, const struct report *report);

/* The section "Protocol findings"; nothing if there are none. */
void report_findings_text(struct page *page, const struct report *report);

/* A file name as a shell takes it, safe for terminals. */
void report_path(struct out *out, const char *path);

#endif
