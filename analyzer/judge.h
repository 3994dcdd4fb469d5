/*
 * analyzer/judge.h - exchange to verdict: history, ledger, rules, numbers, records
 *
 * What needs to know what was before.  Exchanges come in one order, that of the
 * timeline, and each comes twice: judge_open() when its request's head is complete,
 * judge_close() when it is over.  Nothing here knows of packets, or of threads.
 */
#ifndef ANALYZER_JUDGE_H
#define ANALYZER_JUDGE_H

#include "analyzer/http/hiding.h"
#include "analyzer/report/records.h"
#include "analyzer/report/report.h"
#include "analyzer/sieve.h"

/* Exchange records: where they go, and in which form. */
struct judge_records {
	struct out *out;
	const struct record_form *form;
};

struct judge_options {
	uint64_t memory_bytes;	 /* for all of its tables */
	uint64_t seed;		 /* of the run: no output depends on it */
	const char *fingerprint; /* of versioned URLs; NULL: the built-in form */
	const struct thresholds *thresholds;
	struct client_rule client;
	uint32_t history_age_s; /* of --history-max-age; 0: for ever */
	bool conservative_age;
	const struct rules_options *rules; /* their seed is the one above */
	const struct whatif_options *whatif;
	const struct hiding *hiding; /* of what is shown; NULL: nothing is hidden */
	struct sieve *sieve;	     /* is told of flows with findings; or NULL */
	bool live;	 /* not from files: what costs much is done by samples */
	bool visits;	 /* are kept for a report that tells of the worst one */
	bool facts_only; /* nothing is judged: records say what is seen */
	const struct judge_records *records;
	size_t record_count;
	const struct record_options *record_options;
};

struct judge;

struct judge *judge_new(const struct judge_options *options);
void judge_free(struct judge **judge);

/* Reads of the exchange only what the request's head says. */
void judge_open(struct judge *judge, const struct exchange *x, struct before *before);
void judge_close(
	struct judge *judge, const struct exchange *x, const struct before *before);

/* Of records that go out while the capture goes on: records_tick() of each output, and
 * false when one of them is of no use any more. */
bool judge_tick(struct judge *judge, int64_t now_ns, int64_t begun_ns);

/* There are no more; the records go out. */
void judge_finish(struct judge *judge);

/* Fills what it knows of a report; valid until judge_free(). */
void judge_report(const struct judge *judge, struct report *report);

/* The laws of its numbers: a sentence about the first that is broken, or NULL. */
const char *judge_check(const struct judge *judge);

/* Octets of exchanges without the holes in them, for the octet ledger. */
uint64_t judge_captured_octets(const struct judge *judge);

#endif
