/*
 * analyzer/report/report_fixes.h - the fixes, the best first, with the lines to paste
 *
 * `share` and `share_of_bodies` are T1 + T2 of a fix in all octets of HTTP, and in those
 * of answers' bodies.  What that is in a month is said only of captures that last an hour
 * or more; the time of day is in it if they last less than a day.
 */
#ifndef ANALYZER_REPORT_REPORT_FIXES_H
#define ANALYZER_REPORT_REPORT_FIXES_H

#include "analyzer/base/json.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

/* The member "fixes": all that wasted octets are due to, so that the rows add up. */
void report_fixes_json(struct json *json, const struct report *report);

/* The section "Top fixes": a few, or all of them for -v; nothing if there are none. */
void report_fixes_text(struct page *page, const struct report *report);

/* ---- words that every form shares ---- */

/* All rows, the best first; to be freed. */
const struct fixes_row **report_fixes_ranked(const struct report *report);

/* What a row is ranked by: T1 + T2, or else T3. */
uint64_t report_fix_octets(const struct fixes_row *row);

/* "ignored-match, coding-suffix: Apache httpd". */
void report_fix_name(struct out *words, const struct fixes_row *row);

/* How much, of what, and how often it need not have been asked.  Safe for terminals. */
void report_fix_facts(
	struct out *words, const struct fixes_row *row, const struct report *report);

/*
 * What no capture tells about its fix; NULL if there is nothing, or if this one does:
 * then `words` get the servers that answered.
 */
const char *report_fix_unknown(
	struct out *words, const struct fixes_row *row, const struct report *report);

/*
 * Where it was: the first of a list, the largest first, and whether there are more.  All
 * that is safe for terminals: "host/a, host/b and others on 10.0.0.1:80".
 */
enum {
	REPORT_FIX_PLACES = 3
};
unsigned report_fix_places(const struct fixes_row *row, enum fixes_list list,
	struct slice places[REPORT_FIX_PLACES], bool *more);
void report_fix_where(struct out *words, const struct fixes_row *row);

/* If the software is not known: what that party would paste; or NULL. */
const struct fix *report_fix_elsewhere(const struct fixes_row *row, enum fix_party party);

/* The example dressed as a finding, for what prints evidence. */
struct finding report_fix_evidence(const struct fixes_row *row);

#endif
