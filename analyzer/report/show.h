/*
 * analyzer/report/show.h - exchanges as a list for people: one line each
 *
 * The columns have fixed widths, so that a line can go out before the next is known; the
 * URL, which has any length, comes last.  On a terminal the list fits its width: columns
 * that matter less are left out where there is no room, and the URL loses its middle.
 * Elsewhere nothing is left out or cut.  Times are UTC; a heading tells the day, again
 * whenever it changes.
 *
 * Verbose, each line is followed by both heads and what was found, marked as curl does:
 * ">" was asked, "<" was answered, "*" is what is said of it.
 */
#ifndef ANALYZER_REPORT_SHOW_H
#define ANALYZER_REPORT_SHOW_H

#include "analyzer/report/record.h"

extern const struct record_form show_list;

#endif
