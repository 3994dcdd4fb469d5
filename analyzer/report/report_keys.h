/*
 * analyzer/report/report_keys.h - what is known of the clients and of their keys
 */
#ifndef ANALYZER_REPORT_REPORT_KEYS_H
#define ANALYZER_REPORT_REPORT_KEYS_H

#include "analyzer/base/json.h"
#include "analyzer/report/report.h"

/* The member "key_quality" of "metrics". */
void report_key_quality(struct json *json, const struct tally *tally);

/* Members of "more". */
void report_keys(struct json *json, const struct report *report);

/* Sentences about keys on which T2 had better not rest. */
void report_keys_warnings(
	const struct report *report, report_warning *warning, void *context);

#endif
