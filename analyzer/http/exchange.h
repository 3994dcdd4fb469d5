/*
 * analyzer/http/exchange.h - the facts: a request and its final response
 *
 * An exchange is what one connection shows.  It is const once complete; no
 * history and no judgement is in it.  Its arena owns every octet that its slices
 * point to, so a slice lives as long as the exchange.
 *
 * Octets are those of the reassembled stream, each sequence number once, holes
 * that the framing spans included.  Times are nanoseconds of the capture clock.
 */
#ifndef ANALYZER_HTTP_EXCHANGE_H
#define ANALYZER_HTTP_EXCHANGE_H

#include "analyzer/base/mem.h"
#include "analyzer/base/place.h"
#include "analyzer/http/claim.h"
#include "analyzer/http/coded.h"
#include "parsers/byteranges.h"
#include "parsers/cachecontrol.h"
#include "parsers/chunked.h"
#include "parsers/etag.h"
#include "parsers/field.h"
#include "parsers/httpdate.h"
#include "parsers/segment.h"

struct endpoint {
	struct address address;
	uint16_t port;
};

enum head_state {
	HEAD_CLEAN, /* whole: no gap, no snapshot cut, no conflicting overlap in it */
	HEAD_CUT,   /* the start line is there, the rest is not whole */
	HEAD_DIRTY, /* whole, but octets with conflicting copies are in it */
};

enum framing {
	FRAMING_NONE,	 /* no body by RFC 9112 6.3 items 1 and 2, or none announced */
	FRAMING_LENGTH,	 /* Content-Length */
	FRAMING_CHUNKED, /* Transfer-Encoding with chunked last */
	FRAMING_CLOSE,	 /* until the connection ends (responses only) */
	FRAMING_TUNNEL,	 /* 101, or 2xx to CONNECT: another protocol follows */
	FRAMING_UNKNOWN, /* the head is cut, or contradicts itself */
};

/* Flaws of a message; see also the flaws of its fields. */
enum message_flaw {
	MESSAGE_BARE_LF = 1 << 0,
	MESSAGE_LEADING_CRLF = 1 << 1,
	MESSAGE_LENGTH_INVALID = 1 << 2, /* Content-Length is not 1*DIGIT, or overflows */
	MESSAGE_LENGTH_REPEATED = 1 << 3, /* several equal values */
	MESSAGE_LENGTH_CONFLICT = 1 << 4, /* several different values */
	MESSAGE_LENGTH_AND_TE = 1 << 5,
	MESSAGE_TE_MALFORMED = 1 << 6,	  /* chunked not last, twice, or unknown coding */
	MESSAGE_CHUNK_MALFORMED = 1 << 7, /* the chunked framing broke in the body */
	MESSAGE_BAD_START = 1 << 8,	  /* the start line bends the grammar */
	MESSAGE_HEAD_TOO_LARGE = 1 << 9,
	MESSAGE_FOLDED = 1 << 10,      /* obs-fold in a field */
	MESSAGE_BLANK_FIRST = 1 << 11, /* a blank before the first field; the line is
					  skipped */
};

enum {
	MESSAGE_FLAWS = 12 /* bits of enum message_flaw */
};

/* How a message ended. */
enum message_end {
	END_OPEN,    /* not yet, or the capture ended first */
	END_FRAMING, /* the framing is satisfied */
	END_FIN,     /* by FIN, which completes FRAMING_CLOSE only */
	END_RST,     /* by RST */
	END_LOST,    /* the end lies in octets that were never captured */
	END_TIMEOUT, /* the flow was given up */
};

enum {
	MESSAGE_BEGIN_BYTES = 32,
	MESSAGE_LINE_BYTES = 128,
	MESSAGE_PLAIN_DIGITS = 18, /* of a number that is never too large */
};

struct digest {
	uint64_t high, low; /* XXH3-128, seed 0 */
};

/* The first octets of a content: as many of them, and their digest. */
struct prefix {
	uint64_t octets;
	struct digest digest;
};

enum {
	EXTRA_BYTES = 32
};

/* Octets that follow a message whose end is certain, and begin none. */
struct extra {
	uint64_t bytes;
	uint8_t head[EXTRA_BYTES];
	uint8_t head_bytes;
};

/* Options of Connection. */
enum message_connection {
	CONNECTION_CLOSE = 1 << 0,
	CONNECTION_KEEP_ALIVE = 1 << 1,
};

/* What is looked at with each exchange comes first, what is seldom there last: it is read
 * long after it was written, and each cache line is fetched anew. */
struct message {
	uint16_t status;      /* response; 0 for a request */
	uint8_t major, minor; /* HTTP version */
	enum head_state head_state;
	enum framing framing;
	enum message_end end;
	unsigned flaws;		 /* enum message_flaw */
	uint32_t other_initials; /* of names without an id: see message_initial() */
	uint8_t field_flaws;	 /* of all lines together, enum field_flaw */
	uint8_t connection;	 /* options of Connection, enum message_connection */
	bool has_odd_value;	 /* of a line: it is not plain */
	bool has_plain_length; /* one Content-Length, of MESSAGE_PLAIN_DIGITS at most and
				  without a zero before others */
	bool complete;	       /* the framing is satisfied */
	bool has_digest;       /* complete and every octet captured */
	bool has_digest_decoded;
	uint64_t present, repeated; /* ids with a line, with several: FIELD_BITs */

	uint64_t head_bytes;	/* start line to empty line; leading CRLFs included */
	uint64_t content_bytes; /* transfer coding removed, content coding not */
	uint64_t framing_bytes; /* chunk sizes, CRLFs, last chunk, trailers */
	uint64_t gap_bytes;	/* of these never captured: lost packets */
	uint64_t snapped_bytes; /* of these cut by the snapshot length */
	uint64_t length;	/* announced by a valid Content-Length, else UINT64_MAX */
	struct digest digest, digest_decoded;

	struct slice head;	     /* the captured part of it; folds are spaces */
	struct slice method, target; /* request */
	struct slice reason;	     /* response */

	struct field *fields; /* as sent, in order */
	size_t field_count;
	/* NULL: no coding, or none that was undone, and no gzip either; or it was not
	 * captured whole, and nothing is known to be wrong, nor that the coding is at its
	 * end. */
	const struct coded *coded;
	struct extra extra; /* as far as it came soon */

	struct place first, head_end, last; /* octets: first, last of the head, last */
	int64_t content_ns;		    /* first octet of the body; -1: none came */
	uint16_t first_line[FIELD_COUNT]; /* 1 + index of the first line of an id, or 0 */

	uint64_t flaw_at[MESSAGE_FLAWS]; /* of each, the first: octets from the start line
					  */
	struct chunked chunked;	  /* where the chunks ended, and what was bent in them */
	struct byteranges *parts; /* of a 206 with several; or NULL */
	struct slice trailer;	  /* the first octets of the trailer section */
	struct slice begin; /* of a tagged content, or a coded part: its first octets,
			       MESSAGE_BEGIN_BYTES */
	/* As sent: at the lengths at which other bodies of the target were cut off, and
	 * all that arrived of a content that was cut off itself. */
	const struct prefix *prefixes;
	unsigned prefix_count;
	uint64_t stream_begin, stream_end; /* offsets in its direction */
	uint64_t peer_acked; /* of the other direction, at the first octet */
};

enum pairing {
	PAIRING_EXACT,	  /* by order, from an anchor on */
	PAIRING_INFERRED, /* by acknowledgements after a loss */
	PAIRING_UNKNOWN,
};

enum cond { /* the effective condition, metrics: what the server had to evaluate */
	COND_NONE,
	COND_INM,   /* If-None-Match with tags */
	COND_IMS,   /* only If-Modified-Since, a single valid date, GET or HEAD */
	COND_BOTH,  /* If-None-Match decides, If-Modified-Since is there too */
	COND_STAR,  /* If-None-Match: * on GET or HEAD */
	COND_WRITE, /* If-Match, If-Unmodified-Since, or If-None-Match on other methods */
};

enum method {
	METHOD_OTHER,
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_DELETE,
	METHOD_PATCH,
	METHOD_OPTIONS,
	METHOD_TRACE,
	METHOD_CONNECT,
	METHOD_QUERY,
};

enum freshness_kind {
	FRESHNESS_NONE,
	FRESHNESS_EXPLICIT,
	FRESHNESS_HEURISTIC,
};

/* What a response says about its reuse, as a private cache reads it. */
struct freshness {
	enum freshness_kind kind;
	int64_t lifetime_s;
	int64_t initial_age_ns; /* Age + (r0 - q0)  [RFC9111 4.2.3] */
	bool storable;
	bool no_cache, immutable;
};

enum {
	EXCHANGE_STRAY_BYTES = 32
};

enum closer { /* who ended a connection first, by FIN or RST */
	CLOSER_NONE,
	CLOSER_CLIENT,
	CLOSER_SERVER,
};

/* What the connection showed before a request, or before an answer to none. */
struct past {
	bool asked;	       /* there was a request */
	bool answered;	       /* and had read the beginning of the last one's answer */
	bool faulty;	       /* one whose end was doubtful was answered, before
				  this one was */
	bool junk;	       /* the client sent octets that were no request */
	bool had_content;      /* the last one */
	bool client_closes;    /* one of them said so */
	bool server_closes;    /* a complete answer did */
	bool by_version;       /* only by being HTTP/1.0 without keep-alive */
	enum method method;    /* of the last request */
	unsigned flaws;	       /* of it, enum message_flaw */
	uint64_t answer_begin; /* of the answer to the last request, if it has begun */
	uint64_t close_end;    /* where the answer that closes ended, in its direction */
	int64_t close_ns;      /* and when */
	int64_t answer_ns;     /* last octet of the last answer; -1: none */
};

/* What follows a response that cannot have a body. */
enum stray_kind {
	STRAY_NONE,
	STRAY_CONTENT_LENGTH, /* exactly as many octets as Content-Length says */
	STRAY_CHUNK_TERMINATOR,
	STRAY_CHUNKED,
	STRAY_UNTIL_CLOSE,
	STRAY_JUNK,
	STRAY_CRLF, /* only line ends */
};

/* In the order of struct message: what is looked at with each exchange comes first. */
struct exchange {
	struct arena arena;
	struct endpoint client, server;
	uint64_t connection; /* number of the connection in the capture, from 0 */
	uint32_t trans;	     /* position on it, from 1 */
	bool has_request;    /* false: an orphan response, q is empty */
	bool has_response;   /* false: unanswered */

	bool anchored;	   /* seen from a certain start, no resynchronisation before it */
	bool answer_lost;  /* unanswered; the answer may be in what was not captured */
	bool one_sided;	   /* the other direction is (almost) absent */
	bool tentative;	   /* of a connection with octets that contradict each other */
	bool contradicted; /* they are its own */
	enum pairing pairing;

	bool unasked;	   /* an answer when nothing was asked, nor may have been */
	bool unread;	   /* unanswered: the server had closed before it came */
	bool behind_close; /* an answer before it ends the connection */
	bool early;	   /* the final answer began before the request's end */
	bool reused;	   /* and another request began where that body should go on */
	bool goes_on; /* only the connection's end ends the answer, and yet the answer to
			 a later request seems to begin in it */
	bool interim_late; /* 1xx after the final response, before another request */
	bool settled;	   /* no stray octets may come any more */
	bool is_last; /* no other waited when the connection began to end, and none that
			 is asked later will be answered */
	bool closed_by_reset, server_ended;
	enum closer closer;	/* of the connection, while or soon after */
	int64_t ended_after_ns; /* so soon after this answer, its last, the server ended
				   the connection; -1: it did not, or later */

	/* Read once from the heads, when the exchange is complete. */
	enum method method;
	enum cond cond;
	bool forced;	/* no-cache, no-store, max-age=0, or Pragma: no-cache */
	bool via_cache; /* Age, Cache-Status and the like: a cache may have answered */
	enum claim claim;
	unsigned coding_count;
	enum coding codings[4];	   /* Content-Encoding in order of application */
	int64_t age_s;		   /* -1 if absent or not a number */
	struct slice scheme, host; /* host as sent, default port removed; "" if none */
	struct slice path_query;   /* octets as sent, without fragment */
	struct slice inm, im;	   /* If-None-Match, If-Match: lines joined with ", " */
	struct etag inm_first;	   /* the first member of `inm`; raw.at NULL: none */
	struct slice inm_others;   /* what follows it: see exchange_next_tag() */
	enum etag_condition_form inm_form, im_form;
	struct etag etag;	  /* of the response; raw.at NULL if absent */
	struct httpdate ims, ius; /* form INVALID if absent, repeated or malformed */
	struct httpdate last_modified, date; /* of the response */
	struct cachecontrol q_cc, r_cc;
	struct freshness freshness;

	struct past past;
	uint32_t interim_count; /* 1xx before the final response */
	uint32_t interim_100;	/* of them 100 */
	uint64_t stray_bytes;
	struct slice interim_framed; /* Content-Length or Transfer-Encoding of a 1xx */
	struct slice behind; /* of a request whose end is doubtful: the first octets after
				its head, of whatever messages */
	/* Without a request, or unanswered: the first line that came where it should be
	 * and is no start line, or the beginning of it; MESSAGE_LINE_BYTES at most. */
	struct slice misread;

	struct message q, r;

	int64_t handshake_rtt_ns; /* SYN-ACK to ACK; -1 unknown */
	int64_t wait_ns;      /* last request octet to first response octet; -1 unknown */
	uint64_t hole_after;  /* in the client's octets, the first; UINT64_MAX: none */
	uint64_t early_bytes; /* of the request's body when the answer began */
	uint32_t abandoned;   /* so many were, when the connection ended */
	uint64_t interim_bytes;	    /* of the heads of 1xx; in r_head */
	struct place interim_first; /* first octet of the first of them */
	enum stray_kind stray_kind;
	unsigned stray_head_bytes;
	uint8_t stray_head[EXCHANGE_STRAY_BYTES];

	/* Until settled, the connection holds the pointer *watch to the exchange, which
	 * whoever frees it earlier must clear. */
	struct exchange **watch;
	/* Until its close event is over, octets may contradict it: the connection has
	 * it in a list, newest first. */
	struct exchange *recent_next, **recent_at;
	void *ticket; /* of whoever was told of the exchange first */

	/* Of a twin that is shown instead of an exchange (hiding.h): else NULL. */
	const struct exchange *original;
	const struct hiding *hiding;

	bool uncoded;  /* its content might have been sent compressed: uncoded.h */
	uint8_t *kept; /* then all of the content, unless memory did not allow it */
	size_t kept_bytes, kept_room;
};

/* What a twin is shown instead of, or the exchange. */
static inline const struct exchange *
exchange_real(const struct exchange *x)
{
	return x->original ? x->original : x;
}

/* The first line of a field, trimmed; {NULL, 0} if absent. */
static inline struct slice
message_value(const struct message *m, enum field_id id)
{
	return m->first_line[id] ? m->fields[m->first_line[id] - 1].value
				 : (struct slice){NULL, 0};
}

static inline bool
message_has(const struct message *m, enum field_id id)
{
	return (m->present & FIELD_BIT(id)) != 0;
}

/* It has several lines; or just one. */
static inline bool
message_repeats(const struct message *m, enum field_id id)
{
	return (m->repeated & FIELD_BIT(id)) != 0;
}

static inline bool
message_has_one(const struct message *m, enum field_id id)
{
	return (m->present & ~m->repeated & FIELD_BIT(id)) != 0;
}

/* Transfer-Encoding as nearly all write it. */
static inline bool
message_is_plainly_chunked(const struct message *m)
{
	return message_has_one(m, FIELD_TRANSFER_ENCODING) &&
	       slice_eq(message_value(m, FIELD_TRANSFER_ENCODING), SLICE("chunked"));
}

#define MESSAGE_INITIAL(letter) (UINT32_C(1) << ((letter) - 'a'))
#define MESSAGE_NO_LETTER (UINT32_C(1) << 26)

/* The first letter of a name as a bit, `a` or `A` the lowest; the 27th for all else. */
static inline uint32_t
message_initial(struct slice name)
{
	unsigned letter = name.n ? octet_lower(name.at[0]) - 'a' : 26;

	return letter < 26 ? UINT32_C(1) << letter : MESSAGE_NO_LETTER;
}

/* Names without an id begin with one of these letters, or with none. */
static inline bool
message_has_initial(const struct message *m, uint32_t letters)
{
	return (m->other_initials & (letters | MESSAGE_NO_LETTER)) != 0;
}

/* How many lines a field has: looks through all. */
unsigned message_line_count(const struct message *m, enum field_id id);

/* Notes a flaw, and where it is if it is the first of its kind. */
void message_note(struct message *m, enum message_flaw flaw, uint64_t at);

/* All lines of a field joined with ", "; one line costs nothing.  [RFC9110 5.3] */
struct slice message_values(
	const struct message *m, enum field_id id, struct arena *arena);

/* Metrics' columns of an exchange. */
static inline uint64_t
exchange_r_head(const struct exchange *x)
{
	return x->r.head_bytes + x->interim_bytes;
}

static inline uint64_t
exchange_r_wire(const struct exchange *x)
{
	return x->r.content_bytes + x->r.framing_bytes;
}

/* A message that rules may read: heads without a hole. */
static inline bool
message_is_clean(const struct message *m)
{
	return m->head_state == HEAD_CLEAN;
}

/* The connection ended before the content did, on either side's will. */
static inline bool
message_is_cut_off(const struct message *m)
{
	return !m->complete && (m->end == END_FIN || m->end == END_RST);
}

/* Complete, and every octet of the body captured: it has a digest. */
static inline bool
message_is_whole(const struct message *m)
{
	return m->head_state == HEAD_CLEAN && m->has_digest;
}

/* etag_next() for `inm`, which many ask about: its first member is known. */
static inline bool
exchange_next_tag(const struct exchange *x, struct slice *rest, struct etag *tag)
{
	if (rest->at != x->inm.at)
		return etag_next(rest, tag);
	*tag = x->inm_first;
	*rest = x->inm_others;
	return tag->raw.at != NULL;
}

/* Host and the request target are `host` and `path_query`, octet for octet. */
static inline bool
exchange_is_named_as_sent(const struct exchange *x)
{
	return x->q.target.n == x->path_query.n &&
	       message_value(&x->q, FIELD_HOST).n == x->host.n;
}

/* Fill what is "read once from the heads": the request's part when its head is
 * complete, the response's part at the end. */
void exchange_read_request(struct exchange *x);
void exchange_read_response(struct exchange *x);

/* Two ids in X-Varnish are a hit: this request's and that of the stored answer. */
bool exchange_is_varnish_hit(const struct exchange *x);

/* `account` counts the octets that it takes, until it is let go; or NULL. */
struct exchange *exchange_new(uint64_t *account);

/* Has it and its heads fetched, as far as they are as usual, while something else is
 * done. */
void exchange_expect(const struct exchange *x);

/* Its connection holds it no more: octets that come now are not its own. */
void exchange_let_go(struct exchange *x);
void exchange_free(struct exchange **x);

#endif
