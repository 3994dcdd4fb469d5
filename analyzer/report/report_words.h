/*
 * analyzer/report/report_words.h - words that every form of report shares
 *
 * Each adds to `words` what is safe for terminals, so that all forms of one run say the
 * same.
 */
#ifndef ANALYZER_REPORT_REPORT_WORDS_H
#define ANALYZER_REPORT_REPORT_WORDS_H

#include "analyzer/base/text.h"
#include "analyzer/report/report.h"

bool report_has_http(const struct report *report);

/* "s" of the plural. */
/* How long there was traffic to be seen: what a sum's reports do not cover is out. */
int64_t report_captured_ns(const struct report *report);

const char *report_plural(uint64_t count);

/* The file in at most `columns` columns, or how many there are. */
void report_subject(struct out *words, const struct report *report, unsigned columns);

/* How long, how much; `gap` is between them. */
void report_extent(struct out *words, const struct report *report, const char *gap);

/* "at least 87.4 kB saved by 304s". */
void report_saved(struct out *words, const struct tally *tally);

/* Why there is no answer. */
void report_no_http(struct out *words, const struct report *report);

/* Whether the figures are exact, how many exchanges are complete. */
const char *report_exactness(const struct report *report);
void report_completeness(struct out *words, const struct report *report);

/* What is wrong with sources, a sentence each. */
void report_troubles(const struct report *report, report_warning *warning, void *context);

#endif
