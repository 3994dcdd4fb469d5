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
 * Bounded: every table has a byte budget; the least recently used entry (of clients and
 * servers nearly that) goes first and is counted in struct history_evictions.
 */
#ifndef ANALYZER_HISTORY_HISTORY_H
#define ANALYZER_HISTORY_HISTORY_H

#include "analyzer/history/clients.h"
#include "analyzer/history/partial.h"
#include "analyzer/history/site.h"
#include "analyzer/http/exchange.h"

/* What digests say of "the same body". */
enum truth {
	TRUTH_UNKNOWN,
	TRUTH_FALSE,
	TRUTH_TRUE,
};

/* What a complete body was.  Of digests that were kept the lower halves are known. */
struct represented {
	bool has_digest, has_digest_decoded;
	struct digest digest, digest_decoded;
	uint64_t r_wire, r_content;
	struct key coding, type; /* of Content-Encoding, Content-Type */
};

/*
 * A body as it was kept under the validator that named it, with the others of that
 * name, newest first: a weak tag may name several.
 */
struct sight;

struct represented sight_read(const struct sight *sight);
const struct sight *sight_older(const struct sight *sight); /* NULL: there is none */

/* The representation that a client holds of a variant. */
struct held {
	struct key variant;
	uint16_t status;
	bool storable;	  /* by its response and its request */
	bool invalidated; /* by a successful unsafe request of this client since */
	bool has_body;	  /* false: made from a 304 that nothing was known of */
	bool has_digest, has_digest_decoded;
	struct digest digest, digest_decoded;
	uint64_t r_wire, r_content;
	bool has_etag, etag_weak;
	struct key etag; /* history_etag_key(), which leaves the weakness out */
	bool has_last_modified;
	int64_t last_modified_s;
	struct freshness freshness; /* as freshened by later 304s */
	bool by_expires;	    /* its explicit lifetime comes from Expires */
	bool has_date;
	int64_t date_s;		 /* Date, else the second of received_ns */
	int64_t received_ns;	 /* r0 of what freshened it last */
	struct key location;	 /* of Location, for redirects */
	struct key coding, type; /* of Content-Encoding, Content-Type */
	uint32_t server;	 /* server_mark() */
	int64_t delivered_ns;	 /* r1 of the 200, or of the 304 it was made from */
	uint32_t confirmed;	 /* by so many 304s since */
	/* Of the request that brought or confirmed it last. */
	struct site site;
	uint32_t connection; /* the low bits of its number */
	uint32_t credentials;
};

/* The closest of the other URIs under which a client had been given a body. */
enum elsewhere {
	ELSEWHERE_NONE,
	ELSEWHERE_QUERY, /* only the query differs */
	ELSEWHERE_HOST,	 /* the same path of another host */
	ELSEWHERE_PATH,
};

/*
 * What a client had been given of the body that it is given now.  "Before" is by the
 * end of the request's head, and, but for `as_sent`, so early that the client can have
 * had it when it asked.  What may not be stored does not count for `as_sent`.
 */
struct delivered {
	bool as_sent;		  /* before, in the same coded octets, under any URI */
	bool here;		  /* before, of this resource */
	bool meanwhile;		  /* of this resource, while the request was under way */
	enum elsewhere elsewhere; /* before, of another resource */
	unsigned paths;		  /* under how many paths so far, this one included */
};

/* What a server once said of a resource: the fields that rules compare. */
struct observation {
	int64_t response_ns;
	struct endpoint server;
	struct key client, variant;
	uint64_t connection;
	uint16_t status;
	bool whole, via_cache, has_authorization, has_cookie, is_head;
	bool until_close;      /* its end is that of the connection */
	struct slice etag_raw; /* the field values as sent; {NULL, 0} if absent */
	struct slice last_modified, date, age, cache_control, expires, vary;
	struct slice content_encoding, content_type, content_language, content_location,
		content_disposition;
	struct slice content_range, via, x_cache, server_field;
	unsigned accepted; /* 1 << enum coding: those that the request takes */
	struct etag etag;  /* parsed, raw points to etag_raw */
	struct httpdate last_modified_date;
	struct freshness freshness;
	uint32_t directives; /* of its Cache-Control, enum cachecontrol_directive */
	uint64_t length;     /* Content-Length, or UINT64_MAX */
	uint64_t body_bytes; /* content octets, before content decoding */
	struct slice begin;  /* its first octets: see struct message */
	bool has_digest, has_digest_decoded;
	struct digest digest, digest_decoded;
};

enum {
	OBSERVATIONS_PER_RESOURCE = 64,
	OBSERVATIONS_WHEN_TIGHT = 16, /* when half of their memory is in use */
};

/* In what answers for a resource may differ. */
enum trait {
	TRAIT_CODING = 1 << 0,
	TRAIT_VARY = 1 << 1,
	TRAIT_POLICY = 1 << 2,	 /* Cache-Control, or Expires */
	TRAIT_LOCATION = 1 << 3, /* Content-Location */
};

struct glance;

/* A resource: its newest observations first to last in time (200, 203, 206 answers). */
struct resource {
	struct key key;
	int64_t changed_ns; /* end of the last successful unsafe request for it, or 0 */
	unsigned observation_count, observation_room;
	bool observations_lost;	      /* there were older ones */
	bool has_tags, has_weak_tags; /* any of them ever had one */
	bool is_plain; /* its name, as it was sent: target_is_plain(), and of the host */
	unsigned differ;       /* enum trait: observations ever did */
	int64_t modified_s;    /* the latest Last-Modified ever observed, or INT64_MIN */
	uint32_t directives;   /* that any of them ever had */
	size_t observed_bytes; /* of all that it owns */
	const struct observation **observations; /* [0] newest */
	struct glance *glances;			 /* of each, in the same order */
};

struct history_evictions {
	uint64_t held, represented, delivered, resources, servers, clients;
};

struct history;

struct history_options {
	uint64_t memory_bytes; /* for all tables together */
	uint64_t seed;
	struct client_rule client;
	uint32_t idle_s;       /* what is not used for longer is forgotten; 0: nothing */
	bool conservative_age; /* Date may make answers older than Age does */
};

struct history *history_new(const struct history_options *options);
void history_free(struct history **history);

/* What is taken at the end of the request's head; owned by the caller. */
struct before {
	struct key client, origin, resource;
	struct key pair;    /* history_pair_key() of client and resource */
	struct key variant; /* of the request, by the Vary known for the resource */
	bool has_held; /* a held entry of this client was selectable for the request */
	struct held held;
	bool held_fresh;	  /* at the request's head, by an explicit lifetime */
	bool held_fresh_for_sure; /* by the server's Date, too: enough to accuse */
	bool held_heuristically_fresh;
	int64_t held_age_ns;
	bool client_has_resource; /* any entry of it, whatever the variant */
	bool has_partial;	  /* parts of it had been delivered to this client */
	struct partial partial;
	void *whatif;	/* what ledger/whatif noted at that time, or NULL; its own */
	uint64_t plain; /* a hash of client and resource that no seed is in */
	bool perhaps_forgotten; /* its entries may have been evicted */
	uint32_t client_number; /* of the key, from 1 */
	uint32_t credentials;	/* of the request: see struct client */
	bool asks_known;	/* about a tag that somebody was given, with its body */
	bool asks_own;		/* about a tag that this client was given */
};

void history_open(
	struct history *history, const struct exchange *x, struct before *before);

/* Updates by a complete exchange; call after all verdicts about it. */
void history_close(
	struct history *history, const struct exchange *x, const struct before *before);

/* What the client holds of the variant by now; false: nothing is known. */
bool history_held(const struct history *history, const struct before *before,
	const struct exchange *x, struct held *held);

/* The resource of an exchange with its observations so far, or NULL. */
const struct resource *history_resource(
	const struct history *history, struct key resource);

/* The field of an answer, all its lines, is as it was observed. */
bool history_same_field(
	struct slice observed, const struct exchange *x, enum field_id id);

/* enum trait: in what an answer and the observations of its resource are not all alike.
 */
unsigned history_differ(const struct resource *resource, const struct exchange *x);

/* Of a resource that is known: the newest 200, 203 or 206 answer whose tag is the same
 * but for W/, or NULL. */
const struct observation *history_known(
	const struct resource *resource, const struct etag *tag);

/* Likewise: the newest 200 or 203 to a GET of the same variant to anybody, or NULL. */
const struct observation *history_peer(const struct resource *resource,
	const struct before *before, const struct exchange *x);

/* What a tag (weakness left out), or a Last-Modified date, names; newest first, or NULL.
 */
const struct sight *history_by_etag(const struct history *history,
	const struct before *before, const struct etag *tag);
const struct sight *history_by_date(const struct history *history,
	const struct before *before, int64_t last_modified_s);

/* What a 304 confirms: its own validator names it, or the request's only one. */
const struct sight *history_named_by_304(const struct history *history,
	const struct before *before, const struct exchange *x);

/* Whether a validator may have named the body that was forgotten for lack of memory. */
bool history_may_have_named(const struct history *history, const struct before *before,
	const struct exchange *x, const struct represented *body);

/* The Content-Length of a 200 to HEAD with that validator, or UINT64_MAX. */
uint64_t history_head_length_by_etag(const struct history *history,
	const struct before *before, const struct etag *tag);
uint64_t history_head_length_by_date(const struct history *history,
	const struct before *before, int64_t last_modified_s);

/* For the answer of an exchange that is over, and not closed; all false for a body that
 * has no digest, or is empty. */
struct delivered history_delivered(const struct history *history,
	const struct before *before, const struct exchange *x);

/* The last answer to this client that broke off, as it is known now; none: 0 octets. */
struct broken history_broken(const struct history *history, const struct before *before);

/* A client and a resource together. */
struct key history_pair_key(struct key client, struct key resource);

/* Names of validators: a tag names octets of the resource, a date of a variant. */
struct key history_etag_key(struct key resource, const struct etag *tag);
struct key history_date_key(struct key variant, int64_t last_modified_s);

/*
 * The variant that a request asks for under a Vary value; false if there is none,
 * because of `*` or too many names.
 */
bool history_variant(const struct before *before, const struct exchange *x,
	struct slice vary, struct key *variant);

/* The response's body; without digests unless all of it was seen beyond doubt. */
struct represented represented_of(const struct exchange *x);
struct represented represented_by(const struct held *held);
enum truth represented_same(const struct represented *a, const struct represented *b);

/* The exchange was booked with so much that rests on the client key. */
void history_book(struct history *history, const struct before *before,
	uint64_t t2_octets, enum client_habit habit);

const struct clients_summary *history_clients(const struct history *history);

/* Exchanges that were captured on two hops. */
struct hops_summary {
	uint64_t pairs;
	struct endpoint outer; /* the server of the first pair's outer one */
};
const struct hops_summary *history_hops(const struct history *history);

/* How many different ones there were. */
struct history_distinct {
	uint64_t clients, resources;
	bool clients_exact, resources_exact;
};
struct history_distinct history_distinct(const struct history *history);

struct history_evictions history_evictions(const struct history *history);

#endif
