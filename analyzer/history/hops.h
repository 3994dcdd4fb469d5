/*
 * analyzer/history/hops.h - exchanges that were captured on both sides of a proxy
 *
 * On the host of a proxy, with `any`, a request is seen on its way in and on its way
 * out, and everything counts twice.  Two exchanges are taken for one if they have the
 * same method, URI and octets, one lies within the other in time with some milliseconds
 * at either end, and the inner one goes from another client to another server.
 *
 * Bounded: the newest exchange of each URI and body, as many as the budget holds.
 */
#ifndef ANALYZER_HISTORY_HOPS_H
#define ANALYZER_HISTORY_HOPS_H

#include "analyzer/history/history.h"

struct hops;

struct hops *hops_new(uint64_t memory_bytes);
void hops_free(struct hops **hops);

void hops_see(struct hops *hops, const struct exchange *x, const struct before *before);

const struct hops_summary *hops_summary(const struct hops *hops);

#endif
