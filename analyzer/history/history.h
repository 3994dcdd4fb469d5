/*
 * analyzer/history/history.h - what was known before an exchange
 *
 * Two moments of an exchange touch the history.  history_open() at the end of
 * the request's head takes the snapshot by which the client is judged; a
 * response still in flight does not count.  history_close() at the end of the
 * response updates what the client holds and what the server said.  Between
 * them, when the response has ended, ledger/ and rules/ read the snapshot and
 * the tables, all const.
 *
 * Bounded: every table has a byte budget; the least recently used entry goes
 * first and is counted in struct history_evictions.
 */
#ifndef ANALYZER_HISTORY_HISTORY_H
#define ANALYZER_HISTORY_HISTORY_H

#include "analyzer/base/key.h"
#include "analyzer/http/exchange.h"

/* The representation that a client holds of a variant. */
struct held {
	struct key client, resource, variant;
	uint16_t status;
	bool storable;	  /* by its response and its request */
	bool invalidated; /* by a successful unsafe request of this client since */
	bool has_body;	  /* false: made from a 304 that nothing was known of */
	bool has_digest, has_digest_decoded;
	struct digest digest, digest_decoded;
	uint64_t r_wire, r_content;
	bool has_etag, etag_weak;
	struct key etag; /* of the opaque part, weakness left out */
	bool has_last_modified;
	int64_t last_modified_s;
	struct freshness freshness; /* as freshened by later 304s */
	int64_t received_ns;	    /* r0 of what freshened it last */
	struct key location;	    /* of Location, for redirects */
	struct key coding, type;    /* of Content-Encoding, Content-Type */
	struct endpoint server;
	int64_t delivered_ns; /* r1 of the 200 */
};

/* What a server once said of a resource: the fields that rules compare. */
struct observation {
	int64_t request_ns, response_ns, end_ns;
	struct endpoint server;
	struct key client, variant;
	uint64_t connection;
	uint16_t status;
	bool whole, via_cache, has_authorization, has_cookie, is_head;
	struct slice etag_raw; /* the field values as sent; {NULL, 0} if absent */
	struct slice last_modified, date, age, cache_control, expires, vary;
	struct slice content_encoding, content_type, content_language, content_location;
	struct slice via, x_cache, server_field;
	struct etag etag; /* parsed, raw points to etag_raw */
	struct httpdate last_modified_date;
	struct freshness freshness;
	uint64_t length;     /* Content-Length, or UINT64_MAX */
	uint64_t body_bytes; /* content octets, before content decoding */
	bool has_digest, has_digest_decoded;
	struct digest digest, digest_decoded;
};

enum {
	OBSERVATIONS_PER_RESOURCE = 16,
	RESOURCE_TAGS = 8
};

/* A resource: its newest observations first to last in time (200, 203, 206 answers). */
struct resource {
	struct key key;
	bool evicted_before; /* older observations were dropped: "never" is undecided */
	unsigned observation_count;
	const struct observation
		*observations[OBSERVATIONS_PER_RESOURCE]; /* [0] newest */
};

/* What a representation named by (resource, validator) was.  Any client. */
struct represented {
	bool has_digest, has_digest_decoded;
	struct digest digest, digest_decoded;
	uint64_t r_wire, r_content;
	struct key coding, type;
};

struct history_evictions {
	uint64_t held, represented, resources, clients;
};

struct history;

struct history_options {
	uint64_t memory_bytes; /* for all tables together */
	uint64_t seed;
};

struct history *history_new(const struct history_options *options);
void history_free(struct history **history);

/* What is taken at the end of the request's head; owned by the caller. */
struct before {
	struct key client, resource;
	bool has_held; /* a held entry of this client was selectable for the request */
	struct held held;
	bool held_fresh; /* at the request's head, by an explicit lifetime */
	bool held_heuristically_fresh;
	int64_t held_age_ns;
	bool client_has_resource; /* any entry of it, whatever the variant */
};

void history_open(
	struct history *history, const struct exchange *x, struct before *before);

/* Updates by a complete exchange; call after all verdicts about it. */
void history_close(
	struct history *history, const struct exchange *x, const struct before *before);

/* The resource of an exchange with its observations so far, or NULL. */
const struct resource *history_resource(
	const struct history *history, struct key resource);

/* The representation that a tag (opaque part), or a Last-Modified date, names; or NULL.
 */
const struct represented *history_by_etag(
	const struct history *history, const struct before *before, struct slice opaque);
const struct represented *history_by_date(const struct history *history,
	const struct before *before, int64_t last_modified_s);

struct history_evictions history_evictions(const struct history *history);

#endif
