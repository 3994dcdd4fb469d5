/*
 * analyzer/history/client.h - which cache a request comes from
 *
 * A client key stands for one cache.  It is the client's address and its
 * User-Agent: ports change with every connection, and several programs behind one
 * address have caches of their own.  Nothing else in the program asks who the
 * client is, so another rule for the key goes here.
 */
#ifndef ANALYZER_HISTORY_CLIENT_H
#define ANALYZER_HISTORY_CLIENT_H

#include "analyzer/base/key.h"
#include "analyzer/http/exchange.h"

struct key client_key(uint64_t seed, const struct exchange *x);

#endif
