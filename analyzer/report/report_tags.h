/*
 * analyzer/report/report_tags.h - contents that have several tags, by resource
 *
 * What ledger/tags kept, the most octets lost first: how many tags were alive at once,
 * what they go with, and of each server which tags it gave how often.
 */
#ifndef ANALYZER_REPORT_REPORT_TAGS_H
#define ANALYZER_REPORT_REPORT_TAGS_H

#include "analyzer/base/json.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report_endpoint.h"
#include "analyzer/report/report.h"

/* A member "tags" of the open object. */
void report_tags_json(struct json *json, const struct report *report, size_t rows_max);

/* To be freed; NULL never. */
const struct tags_row **report_tags(const struct report *report, size_t *count);

/* A server, and how often it gave each tag of a row. */
struct tags_server {
	struct endpoint server;
	uint64_t answers[TAGS_MAX];
};

/* Those of a row, in the order of their addresses; how many. */
unsigned report_tags_servers(
	const struct tags_row *row, struct tags_server servers[TAGS_GIVERS]);

/* A section of the page; nothing if no tags were alive at once. */
void report_tags_text(struct page *page, const struct report *report);

#endif
