/*
 * analyzer/http/precondition.h - which condition of a request counts
 *
 * If-None-Match with tags decides and If-Modified-Since is then ignored; `*` names no
 * representation; a date counts only on GET and HEAD, alone and valid; If-Match,
 * If-Unmodified-Since and If-None-Match on other methods guard writes.  If-Range is
 * no condition of these kinds.  [RFC9110 13.1, 13.2.2]
 */
#ifndef ANALYZER_HTTP_PRECONDITION_H
#define ANALYZER_HTTP_PRECONDITION_H

#include "analyzer/http/exchange.h"

enum cond precondition_effective(const struct exchange *x);

/* The client insists on an answer from the origin.  [RFC9111 5.2.1, 5.4] */
bool precondition_is_forced(const struct exchange *x);

#endif
