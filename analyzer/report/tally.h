/*
 * analyzer/report/tally.h - the only place where exchanges become numbers
 *
 * One struct of sums, filled by tally_add() and read by every report.  Rates are
 * kept as their two integers; a report divides when it prints.
 *
 * Orphan responses count as responses, in by_status and in orphan_responses, and
 * nowhere else: their octets are unparsed octets of the connection.
 *
 * Bounded: methods and rows of tables that do not fit are summed up under one name,
 * and the report says so.  Nothing here depends on the value of a key, or, unless rows
 * had to be given up, on the order of independent connections.
 */
#ifndef ANALYZER_REPORT_TALLY_H
#define ANALYZER_REPORT_TALLY_H

#include "analyzer/ledger/verdict.h"
#include "analyzer/report/distribution.h"
#include "analyzer/report/fixes.h"
#include "analyzer/report/interval.h"
#include "analyzer/report/spreads.h"
#include "analyzer/report/tables.h"
#include "analyzer/report/tally_keys.h"
#include "analyzer/report/visits.h"

enum {
	TALLY_STATUSES = 1000,
	TALLY_METHODS = 32, /* distinct names; all others are "other" */
	TALLY_METHOD_BYTES = 24,
};

struct tally_method {
	char name[TALLY_METHOD_BYTES];
	uint64_t count;
};

struct tally_http {
	uint64_t requests, responses, interim, unanswered, orphan_responses, incomplete;
	uint64_t by_status[TALLY_STATUSES];
	struct tally_method methods[TALLY_METHODS];
	unsigned method_count;
	uint64_t other_methods;
	uint64_t cut_heads; /* of requests and final answers */
};

struct tally_octets { /* metrics 1.2 */
	uint64_t q_head, q_body, r_head, r_content, r_framing, stray;
};

enum tally_asker { /* R1, R2 and R3 are given for each */
	ASKER_GET,
	ASKER_HEAD,
	ASKER_COUNT
};

struct tally_conditional { /* of the population C, by method */
	uint64_t asked;	   /* |C| */
	uint64_t validated, missed_match, missed_churn;
	uint64_t changed, presumed; /* presumed: of changed, without digests */
	uint64_t changed_same, indeterminate, mismatched;
};

enum tally_strength {
	STRENGTH_STRONG,
	STRENGTH_WEAK,
	STRENGTH_MIXED,
	STRENGTH_COUNT
};

struct tally_validators { /* of 200 and 203 answers to GET */
	uint64_t responses, etag_strong, etag_weak, lm, both, etag_only, lm_only, none;
};

struct tally_saved {
	uint64_t count[SAVING_SOURCES], octets[SAVING_SOURCES];
};

struct tally_needless { /* savings that need not have been asked for */
	uint64_t octets, unknown;
};

struct tally_waste {
	uint64_t exchanges, octets[TIER_3 + 1];
	unsigned faults; /* bits of enum fault */
	bool via_cache;	 /* a cache may have given some of the answers */
};

struct tally_bodies {		  /* what is beside the classes of waste */
	uint64_t aborted_octets;  /* of 200s that broke off */
	uint64_t answered_octets; /* of these: sent again, or gone on with */
	uint64_t unanalysed_exchanges, unanalysed_octets;
	struct verdict_uncoded uncoded;
};

struct tally_writes { /* write conditions: on what they were, and what came of them */
	uint64_t asked, ok, failed, other; /* 2xx; 412 */
	struct rate guarded;		   /* of PUT, PATCH and DELETE */
};

enum tally_wait { /* distributions of the waiting time */
	WAIT_VALIDATED,
	WAIT_MISSED,
	WAIT_CHANGED,
	WAIT_ALL,	/* answered exchanges */
	WAIT_AT_CLIENT, /* validated, with the round trip of the handshake: an estimate */
	WAIT_COUNT
};

struct tally {
	struct tally_http http;
	struct tally_octets octets;
	uint64_t outcomes[OUTCOME_COUNT];

	struct tally_conditional conditional[ASKER_COUNT];
	struct rate by_form[COND_BOTH + 1]; /* COND_INM, COND_IMS, COND_BOTH */
	struct rate by_strength[STRENGTH_COUNT];
	struct rate share_of_gets, conditional_share, uptake,
		matched_recall; /* R4-R6, R8 */

	struct rate known_recall; /* R3 of those whose validator names octets seen */
	struct tally_writes writes;
	struct tally_validators validators;
	struct tally_saved saved;
	struct tally_needless needless;	   /* of `saved` */
	uint64_t suspect_304, current_412; /* see enum verdict_note */
	uint64_t ok_get_wire_octets;	   /* r_wire of 2xx answers to GET */
	uint64_t validated_head_octets;	   /* heads of validated 304s */
	int64_t revalidation_wait_ns;
	int64_t avoidable_wait_ns[TIER_3 + 1]; /* of what need not have happened */
	struct distribution waits[WAIT_COUNT]; /* microseconds */

	struct tally_waste waste[WASTE_COUNT][CAUSE_COUNT];
	uint64_t waste_by_class[TIER_3 + 1][WASTE_COUNT];
	uint64_t headline_body_octets, headline_head_octets; /* body includes stray */
	uint64_t missed_304_octets;
	struct tally_bodies bodies;

	struct tally_keys keys;
	struct doubts doubts; /* for what the report says about itself */
	uint64_t gap_exchanges;
	struct tables tables;
	struct spreads spreads;
	struct fixes *fixes;
	struct visits *visits; /* NULL: nobody asks for them */
};

/* Where clocks jump, waits may be as long as can be: a sum of them stays at its most. */
static inline void
tally_add_ns(int64_t *sum_ns, int64_t ns)
{
	if (__builtin_add_overflow(*sum_ns, ns, sum_ns))
		*sum_ns = INT64_MAX;
}

struct tally *tally_new(const struct tables_options *options);
void tally_free(struct tally **tally);

/* From here on visits are kept, too. */
void tally_keep_visits(struct tally *tally, const struct tables_options *options);

/* Of an orphan response `before` and `verdict` are not read and may be NULL. */
void tally_add(struct tally *tally, const struct exchange *x, const struct before *before,
	const struct verdict *verdict);

/* A saving that was added as unknown is known now. */
void tally_late_saving(
	struct tally *tally, uint64_t ticket, uint64_t octets, bool needless);

/* A HEAD that was added before turned out to be waste; `head` as ledger_late says. */
void tally_late_probe(struct tally *tally, uint64_t ticket, const struct exchange *head,
	const struct before *before, const struct waste *waste);

uint64_t tally_octets_total(const struct tally *tally);
uint64_t tally_wasted(const struct tally *tally, enum tier tier);
uint64_t tally_headline(const struct tally *tally); /* T1 + T2 */
uint64_t tally_saved_octets(const struct tally *tally);
uint64_t tally_saved_known(const struct tally *tally); /* 304s with a known saving */

/* What needed revalidations saved, of that and of what better ones would have saved. */
struct rate tally_revalidation_efficiency(const struct tally *tally);

/*
 * What compression would save of contents that were not measured, by those that were;
 * false if there is nothing to go by.
 */
bool tally_uncompressed_estimated(const struct tally *tally, uint64_t *octets);

/*
 * The laws of metrics 3.9 and of the counts of messages: what is counted in several
 * ways is the same.  A sentence about the first that is broken, or NULL.
 */
const char *tally_check(const struct tally *tally);

/* Sums over both methods. */
struct tally_conditional tally_conditional_all(const struct tally *tally);
struct rate tally_hit(const struct tally_conditional *c);	    /* R1 */
struct rate tally_evaluable_hit(const struct tally_conditional *c); /* R2 */
struct rate tally_recall(const struct tally_conditional *c);	    /* R3 */
struct rate tally_rate(const struct tally *tally, enum interval_of which);
struct rate tally_recall_low(const struct tally_conditional *c); /* lower end of R3 */

/* URL patterns of which R3 is below nine in ten, of those that have one. */
struct rate tally_below_goal(const struct tally *tally);

/* URL patterns with waste; rows that were given up left out. */
size_t tally_wasteful(const struct tally *tally);

#endif
