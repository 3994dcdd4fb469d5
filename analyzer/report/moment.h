/*
 * analyzer/report/moment.h - times of the capture as people read them
 *
 * Of nanoseconds since 1970, rounded down, in UTC: the same capture is printed with the
 * same octets wherever that happens.
 */
#ifndef ANALYZER_REPORT_MOMENT_H
#define ANALYZER_REPORT_MOMENT_H

#include "analyzer/base/text.h"

struct text moment_day(int64_t ns);			 /* 2026-12-01 */
struct text moment_clock(int64_t ns, unsigned decimals); /* 08:00:00.123; 1 to 9 */

#endif
