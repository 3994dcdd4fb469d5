/*
 * analyzer/report/har_parts.h - the parts of har.c
 */
#ifndef ANALYZER_REPORT_HAR_PARTS_H
#define ANALYZER_REPORT_HAR_PARTS_H

#include "analyzer/report/record.h"

/* "2026-12-01T08:00:00.123456Z" */
void har_put_time(struct json *json, const char *key, int64_t ns);

/* The members `request` and `response`. */
void har_put_messages(struct json *json, const struct record *record,
	const struct record_options *options);

/* The member `cache`. */
void har_put_cache(struct json *json, const struct record *record);

#endif
