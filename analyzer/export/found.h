/*
 * analyzer/export/found.h - the findings of a report, and which of them are new
 *
 * A finding is the same in two reports if rule, kind and subject are: what was counted
 * for a URL yesterday is not new today.
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
	struct slice by, subject; /* "resource", "http://h.test/a" */
	const struct jsonvalue *value;
};

struct found_list {
	struct found *items; /* in the order of the report */
	size_t count;
	const struct found **sorted;
};

void found_list_read(struct found_list *list, const struct jsonvalue *report);
void found_list_fini(struct found_list *list);

/* The same finding in another report, or NULL. */
const struct found *found_list_same(
	const struct found_list *list, const struct found *found);

/* It speaks without an if; `likely`: or is at least likely. */
bool found_counts(const struct found *found, bool likely);

/* By octets, as lists of names are sorted: less than, equal to or greater than 0. */
int found_text_order(struct slice a, struct slice b);

#endif
