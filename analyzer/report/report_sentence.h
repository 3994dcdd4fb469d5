/*
 * analyzer/report/report_sentence.h - the report in one sentence, or a few
 *
 * Three figures that are never added: what is proven, what is likely if client keys are
 * caches, and what compression would have taken off.  Savings are those that had to be
 * asked for.  The share of answered revalidations is an interval where not all could be
 * decided, with the integers of its upper end.
 */
#ifndef ANALYZER_REPORT_REPORT_SENTENCE_H
#define ANALYZER_REPORT_REPORT_SENTENCE_H

#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

enum {
	REPORT_FEW_CASES = 100 /* conditional requests below which a rate says little */
};

void report_sentence(struct page *page, const struct report *report);

/* Its words but the first fix: safe for terminals, some tied by PAGE_TIE. */
void report_sentence_words(struct out *words, const struct report *report);

/* What would save the most, to be told last; NULL if there is nothing to save. */
const struct fixes_row *report_sentence_fix(const struct report *report);

/* T1, and T2 unless only proven waste counts, without what could be compressed. */
uint64_t report_sent_in_vain(const struct report *report);

#endif
