/*
 * analyzer/report/har.h - exchanges as an HTTP Archive, HAR 1.2
 *
 * One entry for each request, in the order of their first octets; an answer to a request
 * that was not captured has none, and a request without an answer has the status 0.
 * Contents are not kept, only sizes.
 *
 * `cache` is the format's place for what cachetap infers: what the client held of the
 * resource when it asked, and what it holds since.  As the format says, `null` is "was
 * not cached", and what is not known is left out.  What of a record has no place in the
 * format is in the member `_cachetap`, under the same names.
 *
 * URLs are percent-encoded where they hold octets that no URL may have.
 */
#ifndef ANALYZER_REPORT_HAR_H
#define ANALYZER_REPORT_HAR_H

#include "analyzer/report/record.h"

extern const struct record_form har_form;

#endif
