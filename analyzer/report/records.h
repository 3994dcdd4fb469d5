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
 * Where somebody reads along (options' wait_ns), a line goes out as soon as nothing can
 * change it and no exchange before it is under way, and in any case so long after its
 * exchange ended.  What is lost by that is no harm and not counted: an exchange that took
 * longer comes when it is over, behind others that began later.
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

/*
 * Somebody reads along: capture time has come to `now_ns`, and exchanges whose lines are
 * still to come began at `begun_ns` or later, as far as is known.  False when nobody can
 * read what is printed.
 */
bool records_tick(struct records *records, int64_t now_ns, int64_t begun_ns);

/* Prints all that is left. */
void records_finish(struct records *records);

uint64_t records_evicted(const struct records *records);

#endif
