/*
 * analyzer/report/report_robots.h - what search engines and other robots fetch
 *
 * A robot comes back to everything: whether it asks with a condition, whether it is told
 * 304, and what was sent to it for nothing, by the name that its User-Agent has (see
 * parsers/robot.h).
 */
#ifndef ANALYZER_REPORT_REPORT_ROBOTS_H
#define ANALYZER_REPORT_REPORT_ROBOTS_H

#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

struct robot_row {
	const char *name;
	const struct sums *sums;
};

/* Those that were there, the most octets first; how many. */
unsigned report_robots(
	const struct tables *tables, struct robot_row rows[TABLES_KIND_ROWS]);

/* A section of the page; nothing if there were none. */
void report_robots_text(struct page *page, const struct tables *tables);

#endif
