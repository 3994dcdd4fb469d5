/*
 * analyzer/report/report_claims.h - what caches say they did, against what the wire shows
 *
 * A hit that took as long as a miss, a revalidation that came as a whole answer, a cache
 * that passes everything on: the rows are what the cache next to the client claims
 * (http/claim), the columns what came of the exchange.  Exchanges of which no cache
 * speaks are left out.
 */
#ifndef ANALYZER_REPORT_REPORT_CLAIMS_H
#define ANALYZER_REPORT_REPORT_CLAIMS_H

#include "analyzer/base/json.h"
#include "analyzer/report/page.h"
#include "analyzer/report/tables.h"

/* A member "claims" of the open object: exchanges by claim and outcome. */
void report_claims_json(struct json *json, const struct tables *tables);

/* A section of the page; nothing if no cache speaks. */
void report_claims_text(struct page *page, const struct tables *tables);

#endif
