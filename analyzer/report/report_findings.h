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

void report_findings_json(
	struct json *json, const struct report *report, size_t rows_max);

/*
 * The section "Protocol findings"; nothing if there are none.  Findings of one rule
 * about several resources are shown as one: the evidence of the first, then names.
 */
void report_findings_text(struct page *page, const struct report *report);

/* Findings of one rule, kind and severity about different resources: shown as one. */
struct findings_group {
	const struct finding *first;
	size_t order;	  /* of the first */
	uint64_t count;	  /* exchanges */
	size_t resources; /* findings */
};

/* The worst first; to be freed.  Their other findings are those alike. */
struct findings_group *report_findings_groups(const struct report *report, size_t *count);
bool report_findings_alike(const struct finding *a, const struct finding *b);

/* What a finding is counted by, without "http://". */
struct slice report_counted(const struct finding *f);

/* The first of those shown; NULL if there are none. */
const struct finding *report_findings_first(const struct report *report);

/* Where the first one is: time, file, frames, flow, a filter, heads if there are any. */
void report_evidence(struct json *json, const char *key, const struct finding *f,
	const struct report *report);
void report_frames(
	struct page *page, const struct finding *f, const struct report *report);

/* The parts of it: "706, 708-716"; "wireshark -r FILE -g N", nothing for a pipe. */
void report_frame_numbers(struct out *out, const struct finding *f);
void report_command(
	struct out *out, const struct finding *f, const struct report *report);

/* One character in its colour. */
void report_mark(struct page *page, enum severity severity);

/* A display filter for one end of a connection. */
void report_filter(struct out *out, const struct endpoint *end);

/* A file name as a shell takes it, safe for terminals. */
void report_path(struct out *out, const char *path);

#endif
