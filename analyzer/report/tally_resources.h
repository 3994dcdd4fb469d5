/*
 * analyzer/report/tally_resources.h - sums by resource, in bounded room
 *
 * At most TALLY_RESOURCES rows.  When they are full the lesser half, by wasted
 * octets and then by requests, is added to one row "other": a flood of addresses
 * costs a sort each few thousand rows and never pushes out a row that matters.
 */
#ifndef ANALYZER_REPORT_TALLY_RESOURCES_H
#define ANALYZER_REPORT_TALLY_RESOURCES_H

#include "analyzer/report/tally.h"

void tally_resources_init(struct tally_resources *resources);
void tally_resources_fini(struct tally_resources *resources);

/* The row of the exchange's resource; valid until the next call. */
struct tally_resource *tally_resources_get(
	struct tally_resources *resources, struct key key, const struct exchange *x);

/* More wasted octets first, then more avoidable ones, requests, and age. */
int tally_resource_order(const struct tally_resource *a, const struct tally_resource *b);

#endif
