/*
 * analyzer/report/report_clocks.h - how far servers' clocks are from the capture's
 *
 * The median of arrival minus Date over the answers of a server without Age and Via, in
 * seconds [metrics 5.1]: positive if the server's clock is behind.  A diagnostic: Date
 * has whole seconds, and a capture that was replayed or made anonymous is shifted.
 */
#ifndef ANALYZER_REPORT_REPORT_CLOCKS_H
#define ANALYZER_REPORT_REPORT_CLOCKS_H

#include "analyzer/base/json.h"
#include "analyzer/report/report.h"

enum {
	CLOCKS_OFF_S = 2, /* and more is told to people */
};

/* A member "clocks" of the open object; servers by octets. */
void report_clocks_json(struct json *json, const struct report *report);

/* A note for each of the few servers that are off. */
void report_clocks_notes(
	const struct report *report, report_warning *note, void *context);

#endif
