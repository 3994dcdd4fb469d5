/*
 * analyzer/rules/rule.h - the rule engine: exchanges in, findings out
 *
 * rules.def is the list.  A rule is a row there, a pure predicate over struct view
 * (rules_304.c, rules_validator.c and so on), a text in rules_text.def and a
 * transcript in tests/rules.  The row names the facts that the predicate reads; the
 * engine calls it only if the capture has them, so a hole cannot make a rule lie.
 *
 * Three things are decided here and not by the rules: which of two rules that are
 * true of one message speaks (suppress.def), that an HTTP/1.0 sender and an unknown
 * method count for less, and that what is found again is counted, not repeated.
 * Text is formatted once for each finding, when it is first seen.
 *
 * Some rules are about many exchanges: that a host never answers 304, that a server
 * has a clock.  Their findings wait inside until they are true, and rules_finish()
 * looks at them again.
 *
 * Bounded: findings beyond the budget are not kept and are counted.
 * Cost: a few comparisons for an exchange without findings.
 */
#ifndef ANALYZER_RULES_RULE_H
#define ANALYZER_RULES_RULE_H

#include "analyzer/base/err.h"
#include "analyzer/http/redact.h"
#include "analyzer/ledger/verdict.h"

enum rule_id {
#define RULE(id, predicate, name, layer, severity, confidence, fault, by, facts, tier,   \
	kinds, rfc)                                                                      \
	RULE_##id,
#include "analyzer/rules/rules.def"
#undef RULE
	RULE_COUNT
};

enum layer { /* what a rule is about */
	LAYER_MESSAGE,
	LAYER_REQUEST,
	LAYER_RESPONSE,
	LAYER_EXCHANGE,
	LAYER_RESOURCE,
	LAYER_CONNECTION,
};

enum severity { /* the worst first: the order of the report */
	SEVERITY_VIOLATION,
	SEVERITY_WARNING,
	SEVERITY_ADVICE,
};

enum confidence { /* the surest first */
	CONFIDENCE_CERTAIN,
	CONFIDENCE_LIKELY,
	CONFIDENCE_HINT,
};

/* What equal findings share, and are counted by. */
enum counted_by {
	COUNTED_BY_RESOURCE, /* "http://h.test/a" */
	COUNTED_BY_SERVER,   /* "192.0.2.80:80" */
	COUNTED_BY_CLIENT,   /* "192.0.2.1 curl/7.88" */
	COUNTED_BY_HOST,     /* "http://h.test"; printed as a resource */
};

/* What a predicate may read: one complete exchange and what was known before it. */
struct aggregate;
struct habits;
struct aliases;
struct aggregated;
struct neighbour;
struct view_memo;

struct view {
	const struct exchange *x;
	const struct exchange *shown; /* what is kept of it as evidence; NULL: it */
	const struct hiding *hiding;  /* what of quotes is not; NULL: nothing */
	const struct before *before;
	const struct verdict *verdict;
	const struct resource *resource; /* NULL if nothing was observed of it */
	const struct history *history;
	const struct aggregate *aggregate; /* filled by the engine, as are these */
	const struct habits *habits;
	const struct aliases *aliases;
	struct key server_key;
	struct key tag_key; /* aggregate_tag_key() of the answer's, if it has one */
	const struct aggregated *known;	  /* this exchange included; NULL before it is */
	const struct neighbour *now;	  /* this exchange, if its pair is certain */
	const struct neighbour *previous; /* on its connection, likewise; or NULL */
	unsigned differ;		  /* history_differ() of it */
	struct view_memo *memo;		  /* what was asked for already; may be NULL */
};

/* The request's variant by some answer's Vary. */
struct view_variant {
	struct slice vary;
	struct key key;
	bool is_read, is_known; /* is_known: the Vary is not `*` */
};

/* Answers of view.h that several rules want. */
struct view_memo {
	struct view_variant variant; /* the last one asked for */
	bool has_policy_ref, has_extension, has_recent, has_match;
	const struct observation *policy_ref;
	bool extension; /* there is a condition of another specification */
	bool match_is_first;
	unsigned match; /* enum view_match: view_inm_match() */
	/* Of the recent observations, as bits: */
	unsigned same, other;	    /* their octets */
	unsigned tag, date, client; /* the same ETag but for W/, Last-Modified, client */
};

/* A finding of one exchange, for its record. */
struct hit {
	enum rule_id rule;
	const char *kind; /* static; NULL without one */
	enum severity severity;
	enum confidence confidence;
	enum fault fault;
	bool tentative;
	const struct observation *ref; /* an earlier answer that it rests on, or NULL; as
					  long as the history does not change */
};

enum {
	HITS_MAX = RULE_COUNT
};

struct finding {
	enum rule_id rule;
	const char *kind;
	enum severity severity; /* the worst seen; confidence the best seen */
	enum confidence confidence;
	enum fault fault;
	bool tentative; /* all of them were */
	bool via_cache; /* a cache may have answered: "server or intermediary" */
	bool folded;	/* its host is in a finding of host-ignores-conditionals */

	uint64_t count;	 /* exchanges */
	uint64_t octets; /* that the ledger booked for them, all tiers */
	enum counted_by counted_by;
	struct slice counted;	   /* as text */
	int64_t first_ns, last_ns; /* first request octets */

	/* The first one, as evidence. */
	struct endpoint client, server;
	uint64_t connection;
	struct place request_first, request_last, response_first, response_last;
	struct slice request_head, response_head; /* as sent, secrets redacted */
	const char *note;			  /* printable ASCII; "" if none */
};

struct rules_options {
	const char *const *disabled; /* "RULE" or "RULE:KIND" */
	size_t disabled_count;
	const char *const *severities; /* "RULE=LEVEL" */
	size_t severity_count;
	uint64_t seed;	    /* of the run, for keys */
	enum redact redact; /* the heads of the evidence */
	struct client_rule client;
};

struct rules;

/* -1 for a rule, kind or level that is none; names the nearest one that is. */
int rules_check_options(const struct rules_options *options, struct err *err);

/* `options` must have passed the check, and may go away; NULL: all defaults. */
struct rules *rules_new(const struct rules_options *options, uint64_t memory_bytes);
void rules_free(struct rules **rules);

/*
 * Once for each complete exchange, after ledger_judge() and before history_close().
 * Returns how many hits it stored; HITS_MAX of them always fit.  Fills of the view what
 * is the engine's.
 */
size_t rules_judge(struct rules *rules, struct view *view, struct hit *hits, size_t max);

/* rules_judge() for it will come: what that reads is fetched meanwhile. */
void rules_expect(const struct rules *rules, const struct view *view);

/* An answer without a request: what comes after it on its connection proves less. */
void rules_note_orphan(struct rules *rules, const struct exchange *x);

/* Decides what had to wait and puts the findings in order.  May be called again. */
void rules_finish(struct rules *rules);

/* A finding as it was in another run, behind the others.  For a report that is read. */
void rules_restore(struct rules *rules, const struct finding *finding);

/* As of the last rules_finish(): by severity, then count, then rule. */
size_t rules_finding_count(const struct rules *rules);
const struct finding *rules_finding(const struct rules *rules, size_t index);

/* Findings, not exchanges, that the budget had no room for; entries forgotten. */
uint64_t rules_dropped(const struct rules *rules);
uint64_t rules_evictions(const struct rules *rules);

const char *rule_name(enum rule_id rule);
const char *rule_rfc(enum rule_id rule);
const char *severity_name(enum severity severity);
const char *confidence_name(enum confidence confidence);

#endif
