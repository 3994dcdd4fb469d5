/*
 * analyzer/ledger/cause.h - why a tag or a date did not do its work
 */
#ifndef ANALYZER_LEDGER_CAUSE_H
#define ANALYZER_LEDGER_CAUSE_H

#include "analyzer/ledger/verdict.h"

/* Why a matching condition was not honoured. */
enum waste_cause cause_of_ignored_match(const struct exchange *x);

/* Why the validator of unchanged octets changed; `old` is the tag that named them. */
enum waste_cause cause_of_churn(const struct exchange *x, const struct etag *old);

#endif
