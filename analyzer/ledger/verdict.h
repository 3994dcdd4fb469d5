/*
 * analyzer/ledger/verdict.h - what an exchange was worth: outcome, waste, saving
 *
 * Made from the facts and the history before them when the response has ended.
 * Every stream octet is either not wasted or in exactly one waste entry.
 */
#ifndef ANALYZER_LEDGER_VERDICT_H
#define ANALYZER_LEDGER_VERDICT_H

#include "analyzer/base/threshold.h"
#include "analyzer/history/history.h"

enum outcome {
#define OUTCOME(id, name) OUTCOME_##id,
#include "analyzer/ledger/outcome.def"
#undef OUTCOME
	OUTCOME_COUNT
};

enum waste_class {
#define WASTE(id, name, tier, fault, summary) WASTE_##id,
#include "analyzer/ledger/waste.def"
#undef WASTE
	WASTE_COUNT
};

enum waste_cause {
	CAUSE_NONE,
#define CAUSE(id, name, summary) CAUSE_##id,
#include "analyzer/ledger/cause.def"
#undef CAUSE
	CAUSE_COUNT
};

enum waste_part {
	PART_BODY,
	PART_HEAD,
	PART_STRAY,
};

enum tier {	    /* how good the evidence is */
	TIER_1 = 1, /* proven */
	TIER_2,	    /* likely: rests on the client key */
	TIER_3,	    /* avoidable by policy, user or design */
};

enum fault {
	FAULT_UNKNOWN,
	FAULT_CLIENT,
	FAULT_SERVER,
	FAULT_INTERMEDIARY,
	FAULT_POLICY,
	FAULT_USER,
};

struct waste {
	enum waste_class class;
	enum waste_part part;
	enum tier tier;
	enum fault fault;
	enum waste_cause cause;
	uint64_t octets;
};

enum saving_source {
	SAVING_NONE, /* not a validated 304 */
	SAVING_OWN,
	SAVING_SEEN,
	SAVING_DECLARED,
	SAVING_HEAD,
	SAVING_LATER,
	SAVING_UNKNOWN,
	SAVING_HEAD_METHOD,
	SAVING_SOURCES
};

struct saving {
	enum saving_source source;
	uint64_t octets;
};

enum verdict_note {
	NOTE_RECODED = 1 << 0,	    /* `changed`: the same content in another coding */
	NOTE_RELABELLED = 1 << 1,   /* `changed`: the same content as another type */
	NOTE_CACHE_BUSTER = 1 << 2, /* a condition that nothing can satisfy */
	NOTE_SUFFIX_304 = 1 << 3,   /* `validated`: only a coding suffix differs */
	/* `validated`, though the same server gave somebody else a newer one before */
	NOTE_SUSPECT_304 = 1 << 4,
	/* 412 to an If-Match that names the tag that is current as far as is known */
	NOTE_CURRENT_412 = 1 << 5,
};

enum {
	VERDICT_WASTE_MAX = 8,
	VERDICT_HIDDEN_MAX = 16
};

/* Octets of an answer that might have been sent compressed. */
struct verdict_uncoded {
	uint64_t measured, loss; /* the loss: 0 if it is not worth while */
	uint64_t unmeasured;
};

struct verdict {
	enum outcome outcome;
	bool presumed;	     /* `changed` because the validators differ, no digests */
	unsigned notes;	     /* of enum verdict_note */
	bool in_conditional; /* member of C: answered GET or HEAD, INM with tags or IMS */
	bool validator_matched; /* the response's own validator satisfies the condition */
	bool validator_compared; /* it carries one that can be compared */
	bool perhaps_unnamed;	 /* what its body was called before may be forgotten */
	enum truth identical;	 /* to what the request's validator named */
	bool names_known;   /* a validator of the request names octets with digests */
	bool had_validator; /* GET by a client that held a storable 200 with a validator
			     */
	bool redundant;	    /* the client had been given the body in these very octets */
	struct saving saving;
	bool needless;		  /* what was saved need not have been asked for */
	uint64_t saving_ticket;	  /* nonzero: unknown unless a later 200 tells */
	uint64_t probe_ticket;	  /* nonzero: waste if a GET follows soon */
	bool unanalysed;	  /* a 206 with several parts, or unclear ones */
	uint64_t aborted_octets;  /* a 200 that broke off: its content */
	uint64_t answered_octets; /* of an earlier one: sent again, or gone on with */
	struct verdict_uncoded uncoded; /* of what no class before had taken */
	unsigned waste_count;
	struct waste waste[VERDICT_WASTE_MAX];
	/* What else each class would have taken if there were no others. */
	unsigned hidden_count;
	struct waste hidden[VERDICT_HIDDEN_MAX];
};

const char *outcome_name(enum outcome outcome);
const char *waste_name(enum waste_class class);
const char *cause_name(enum waste_cause cause); /* NULL for CAUSE_NONE */
const char *part_name(enum waste_part part);
const char *tier_name(enum tier tier); /* "T1" */
const char *fault_name(enum fault fault);
const char *saving_source_name(enum saving_source source);
const char *cond_name(enum cond cond); /* NULL for COND_NONE */

/* The usual tier and fault of a class, without a cause. */
struct waste waste_of_class(
	enum waste_class class, enum waste_part part, uint64_t octets);

struct ledger;

struct ledger_options {
	uint64_t memory_bytes;	 /* for what waits for a later exchange, and sizes */
	const char *fingerprint; /* POSIX extended, of versioned URLs; NULL: built in */
	const struct thresholds *thresholds; /* NULL: the usual ones */
	bool live;			     /* measure by samples only */
};

/* What ledger_close() tells of earlier exchanges: each ticket at most once. */
struct ledger_late {
	void *context;
	void (*saving)(void *context, uint64_t ticket, uint64_t octets, bool needless);
	/* An earlier HEAD was waste.  Of `head` what a GET of the same client and
	 * resource shares is that of the GET; octets, times, places and endpoints are its
	 * own. */
	void (*probe)(void *context, uint64_t ticket, const struct exchange *head,
		const struct waste *waste);
};

struct ledger *ledger_new(const struct ledger_options *options);
void ledger_free(struct ledger **ledger);

/* The verdict about a complete exchange; `history` as it was before it. */
void ledger_judge(struct ledger *ledger, const struct history *history,
	const struct before *before, const struct exchange *x, struct verdict *verdict);

/* Reads the exchange for what earlier ones wait for; call after ledger_judge(). */
void ledger_close(struct ledger *ledger, const struct before *before,
	const struct exchange *x, const struct verdict *verdict,
	const struct ledger_late *late);

/* What was given up to stay within the budget: validators whose open savings no answer
 * can fill now, and requests by HEAD that no GET can make needless. */
uint64_t ledger_evictions(const struct ledger *ledger);

#endif
