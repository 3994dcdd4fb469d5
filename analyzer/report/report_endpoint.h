/*
 * analyzer/report/report_endpoint.h - an address and a port as reports name them
 *
 *	endpoint = IPv4address ":" port / "[" IPv6address "]:" port
 */
#ifndef ANALYZER_REPORT_REPORT_ENDPOINT_H
#define ANALYZER_REPORT_REPORT_ENDPOINT_H

#include "analyzer/base/text.h"
#include "analyzer/http/exchange.h"

/* "10.77.1.31:80". */
struct text report_server_name(const struct endpoint *server);

/* False if the text is none. */
bool report_endpoint_read(struct slice text, struct endpoint *endpoint);

#endif
