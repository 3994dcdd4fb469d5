/*
 * analyzer/report/records.h - exchange records in the order of their requests
 *
 * Exchanges become complete in the order of their ends; their lines are printed
 * in the order of their first octets (time, then file, frame and position on the
 * connection).  A line waits for those before it, for a saving that only a
 * later answer tells, and for the GET that makes a HEAD needless, as long as the memory
 * budget lasts.  When it is spent the oldest lines go out as they are.  records_evicted()
 * counts the harm: lines that went out while something was still open, and lines that
 * came too late for their place.
 *
 * Cost: one copy of each line, O(log n) a line.
 */
#ifndef ANALYZER_REPORT_RECORDS_H
#define ANALYZER_REPORT_RECORDS_H

#include "analyzer/report/record.h"

struct records;

/* `form` and `options` must outlive the records. */
struct records *records_new(struct out *out, const struct record_form *form,
	const struct record_options *options, uint64_t memory_bytes);
void records_free(struct records **records);

void records_add(struct records *records, const struct record *record);
void records_late_saving(struct records *records, uint64_t ticket, uint64_t octets);
void records_late_waste(
	struct records *records, uint64_t ticket, const struct waste *waste);

/* Prints all that is left. */
void records_finish(struct records *records);

uint64_t records_evicted(const struct records *records);

#endif
