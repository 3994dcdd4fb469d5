/*
 * analyzer/http/freshness.h - how long an answer may be reused
 *
 * As a private cache reads it: max-age, else Expires - Date, else a tenth of
 * Date - Last-Modified.  What is there but unreadable is a lifetime of 0.  Only
 * differences of one clock and values of the origin's clock are mixed.
 * [RFC9111 3, 4.2]
 */
#ifndef ANALYZER_HTTP_FRESHNESS_H
#define ANALYZER_HTTP_FRESHNESS_H

#include "analyzer/http/exchange.h"

/* Statuses whose answers may be kept without being told so.  [RFC9110 15.1] */
bool freshness_is_heuristic(uint16_t status);

/* These, and the final statuses that are kept with explicit permission only. */
bool freshness_is_understood(uint16_t status);

struct freshness freshness_read(const struct exchange *x);

/* By the origin's clock: Date, else when the answer came. */
int64_t freshness_date_s(const struct exchange *x);

/* From one second to another, as a lifetime: never negative, CACHECONTROL_MAX_S at most.
 */
int64_t freshness_between_s(int64_t begin_s, int64_t end_s);

/* Age at a later time of the capture clock.  [RFC9111 4.2.3] */
int64_t freshness_age_ns(
	const struct freshness *freshness, int64_t received_ns, int64_t now_ns);

#endif
