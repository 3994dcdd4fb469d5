/*
 * analyzer/report/report_sum_fixes.h - the fixes of several reports as one list
 *
 * Fixes of the same class, cause and name are one: octets, exchanges, requests and
 * waiting are added, and so are resources, which are then an upper bound if the reports
 * share some.  Shares are made anew, the example is the earliest; what it would be in a
 * month is left out, for nobody knows which hours the parts have in common.
 *
 * Lifetime: borrows the values; they are changed when the list is written.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_FIXES_H
#define ANALYZER_REPORT_REPORT_SUM_FIXES_H

#include "analyzer/base/jsonread.h"

struct report_sum_fixes {
	struct jsonvalue **items;
	size_t count, room;
};

void report_sum_fixes_fini(struct report_sum_fixes *fixes);

/* Whether an array is one of fixes, so that adding it cannot fail.  `array` may be NULL.
 */
bool report_sum_fixes_valid(const struct jsonvalue *array);
void report_sum_fixes_add(struct report_sum_fixes *fixes, const struct jsonvalue *array);

/* Whether it says what they would be in a month. */
bool report_sum_fixes_tell_months(const struct jsonvalue *array);

/* Unites them, the best first; the octets are those of the sum of all reports. */
void report_sum_fixes_unite(
	struct report_sum_fixes *fixes, int64_t stream_octets, int64_t body_octets);

/* Then: the member "fixes". */
void report_sum_fixes_write(const struct report_sum_fixes *fixes, struct json *json);

#endif
