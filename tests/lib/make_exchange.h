/*
 * tests/lib/make_exchange.h - an exchange by hand, read as the analyser reads one
 *
 *	make_exchange(&(struct making){
 *		.at_s = 60,
 *		.request = "GET /a\nIf-None-Match: \"v1\"",
 *		.response = "200\nETag: \"v1\"",
 *		.body = "octets"});
 *
 * Heads are lines without CR; the version, a reason, Host: example.test and
 * User-Agent: t/1 are added, Content-Length too where the body needs it and the head
 * has no framing of its own.  Times count from 2026-01-01T00:00:00Z; the head of the
 * response comes 20 ms after the request, its last octet 10 ms later.
 *
 * Ownership: the caller frees it with exchange_free().
 */
#ifndef TESTS_LIB_MAKE_EXCHANGE_H
#define TESTS_LIB_MAKE_EXCHANGE_H

#include "analyzer/http/exchange.h"

#define MAKE_EPOCH_S INT64_C(1767225600)

struct making {
	const char *request;
	const char *response; /* NULL: unanswered */
	const char *body;     /* content octets as sent; NULL: none */

	int64_t at_s;
	int64_t lasts_ns; /* from the first to the last octet; 0: 10 ms */
	int64_t rtt_ns;	  /* of the handshake; 0: not seen */

	unsigned client;      /* last octet of its address; 0 is 1 */
	unsigned server_port; /* 0 is 80 */
	const char *agent;    /* NULL: t/1 */

	uint64_t framing_bytes; /* as if chunked */
	uint64_t stray_bytes;
	uint64_t sampled_at; /* length at which other bodies were cut off; 0: none */
	bool unkept;	     /* no room for content that might be measured */
	bool aborted;	     /* the response ended before its framing did */
	bool gap;	     /* one octet of the body was never captured */
	bool tentative;
	bool unanchored;		/* after a resynchronisation */
	bool unknown_pairing;		/* which request was answered is a guess */
	bool cut_request, cut_response; /* the heads were not captured whole */
};

struct exchange *make_exchange(const struct making *making);

#endif
