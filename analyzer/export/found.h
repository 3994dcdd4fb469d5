/*
 * analyzer/export/found.h - the findings of a report, and which of them are new
 *
 * A finding is the same in two reports if rule, kind and subject are; of a resource the
 * subject is the host and the pattern of the path and query (parsers/urlpattern.h).  So
 * what was counted for /a?v=1 yesterday is not new for /a?v=2 today.  Several findings
 * of a report may be the same then.
 *
 * What is the same but weighs more than it did, by severity or by confidence, is not
 * known: a likely finding of yesterday does not hide a certain one of today.
 *
 * Lifetime: borrows the values of the report.
 */
#ifndef ANALYZER_EXPORT_FOUND_H
#define ANALYZER_EXPORT_FOUND_H

#include "analyzer/base/jsonread.h"
#include "analyzer/rules/rule.h"

struct found {
	struct slice rule, kind; /* kind {NULL, 0}: none */
	enum severity severity;
	enum confidence confidence;
	bool tentative;
	uint64_t count, octets;
	struct slice by, subject;  /* "resource", "http://h.test/a2" */
	struct slice host, within; /* "http://h.test", "/a*"; of others "", the subject */
	const struct jsonvalue *value;
};

struct found_list {
	struct found *items; /* in the order of the report */
	size_t count;
	const struct found **sorted;   /* those of a rule and kind together */
	const struct found **distinct; /* the same; of those that are equal in all one */
	size_t distinct_count;
	struct arena arena;
};

void found_list_read(struct found_list *list, const struct jsonvalue *report);
void found_list_fini(struct found_list *list);

enum found_state {
	FOUND_NEW,
	FOUND_RISEN, /* the same is in the other report, and weighed less */
	FOUND_KNOWN,
};

/* What a finding is against those of another report. */
enum found_state found_list_state(
	const struct found_list *list, const struct found *found);

/* It speaks without an if; `likely`: or is at least likely. */
bool found_counts(const struct found *found, bool likely);

#endif
