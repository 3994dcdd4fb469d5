/*
 * analyzer/report/html_sections.h - the sections of the page, in their order
 *
 * Each has a file of its own.  A section that has nothing to say is left out, and with
 * it its line of the contents: html_has_X() tells.
 */
#ifndef ANALYZER_REPORT_HTML_SECTIONS_H
#define ANALYZER_REPORT_HTML_SECTIONS_H

#include "analyzer/base/html.h"
#include "analyzer/report/report.h"

/* Three figures, a sentence, and what they are worth. */
void html_answer(struct html *html, const struct report *report);

/* What to do, the most octets first, with lines to paste. */
bool html_has_fixes(const struct report *report);
void html_fixes(struct html *html, const struct report *report);

/* Octets sent, needed, wasted; those that 304s saved. */
bool html_has_traffic(const struct report *report);
void html_traffic(struct html *html, const struct report *report);

/* Requests, 304 rate and waste over time. */
bool html_has_timeline(const struct report *report);
void html_timeline(struct html *html, const struct report *report);

/* Classes and causes of waste, and whose job they are. */
bool html_has_waste(const struct report *report);
void html_waste(struct html *html, const struct report *report);

/* URL patterns. */
bool html_has_resources(const struct report *report);
void html_resources(struct html *html, const struct report *report);

/* By rule, with both heads. */
bool html_has_findings(const struct report *report);
void html_findings(struct html *html, const struct report *report);

/* Lifetimes that answers have, and what came of what clients had. */
bool html_has_freshness(const struct report *report);
void html_freshness(struct html *html, const struct report *report);

/* Resources whose back ends are not of one mind, as a matrix. */
bool html_has_tags(const struct report *report);
void html_tags(struct html *html, const struct report *report);

/* Hosts and servers; clients and their software. */
bool html_has_places(const struct report *report);
void html_places(struct html *html, const struct report *report);
bool html_has_clients(const struct report *report);
void html_clients(struct html *html, const struct report *report);

/* What one client fetched in one go, and wasted most. */
bool html_has_waterfall(const struct report *report);
void html_waterfall(struct html *html, const struct report *report);

/* What caches on the way say they did, and what came. */
bool html_has_claims(const struct report *report);
void html_claims(struct html *html, const struct report *report);

/* How long people wait; every rate, every outcome. */
bool html_has_rates(const struct report *report);
void html_rates(struct html *html, const struct report *report);

/* Lifetimes, and caches that are not there. */
bool html_has_whatif(const struct report *report);
void html_whatif(struct html *html, const struct report *report);

/* What the capture cannot tell, how it was counted, with which options. */
void html_method(struct html *html, const struct report *report);

#endif
