/*
 * analyzer/report/fixes.h - what each fix would have saved
 *
 * Waste entries summed by class, cause and fix: the *ledger saving* of the fix.  It is
 * additive, because every octet is in one class: all rows together are the waste.  Each
 * row keeps its earliest exchange as an example and the software it was seen with.
 *
 * What a fix would save by itself, if it were the only one, is more: precedence gives it
 * to others.  That is kept beside, and never added to anything.
 *
 * An exchange whose heads are wasted whole need not have happened at all: it counts as
 * a request avoided, with the time that somebody waited for it.
 *
 * Bounded: there are no more rows than classes times causes times parties; distinct
 * resources are counted up to FIXES_RESOURCES, beyond them `resources` is a lower bound;
 * of each list of names the FIXES_NAMES largest are kept, in the way of Space-Saving.
 */
#ifndef ANALYZER_REPORT_FIXES_H
#define ANALYZER_REPORT_FIXES_H

#include "analyzer/ledger/fix.h"

enum {
	FIXES_RESOURCES = 65536, /* of all rows together, if the budget allows */
	FIXES_NAMES = 8,	 /* of a list, in a row */
	FIXES_NAME_BYTES = 128,
};

/* What a row was seen with: software by exchanges, the others by octets. */
enum fixes_list {
	FIXES_SOFTWARE,
	FIXES_URLS,    /* host and pattern, as the table of URLs has them */
	FIXES_SERVERS, /* address and port */
	FIXES_LISTS
};

struct fixes_name {
	uint64_t count;
	unsigned n;
	char octets[FIXES_NAME_BYTES];
};

struct fixes_names {
	unsigned count;
	struct fixes_name names[FIXES_NAMES];
};

/* An exchange as evidence; times and places as in struct finding. */
struct fixes_example {
	int64_t first_ns;
	struct endpoint client, server;
	struct place request_first, request_last, response_first, response_last;
};

struct fixes_row {
	enum waste_class class;
	enum waste_cause cause;
	const struct fix *fix; /* NULL: nobody knows one */
	uint64_t octets[TIER_3 + 1], exchanges, resources;
	uint64_t hidden;   /* octets of all tiers that others took */
	uint64_t requests; /* that need not have been made */
	int64_t wait_ns;   /* for them */
	bool several;	   /* versions of one URL were seen: see fixes_fix() */
	struct fixes_names lists[FIXES_LISTS];
	struct fixes_example example;
};

struct fixes;

struct fixes *fixes_new(uint64_t memory_bytes);
void fixes_free(struct fixes **fixes);

/* Of one exchange, all that was booked for it, if anything. */
void fixes_add(struct fixes *fixes, const struct exchange *x, struct key resource,
	const struct waste *waste, unsigned count);

/* What other classes have taken of it. */
void fixes_add_hidden(struct fixes *fixes, const struct exchange *x,
	const struct waste *hidden, unsigned count);

/* A row as it was in another run. */
void fixes_restore(struct fixes *fixes, const struct fixes_row *row);

/* Of those that took something themselves. */
size_t fixes_count(const struct fixes *fixes);

/* All rows, the largest T1 + T2 first, then T3; `rows` holds fixes_count() of them. */
void fixes_ranked(const struct fixes *fixes, const struct fixes_row **rows);

/*
 * The fix to tell.  That a URL is for ever is told to be declared only if two versions of
 * it were seen: before that its digits may as well be a part of the name.
 */
const struct fix *fixes_fix(const struct fixes_row *row);

uint64_t fixes_saving(const struct fixes_row *row); /* T1 + T2 */
uint64_t fixes_alone(const struct fixes_row *row);  /* all tiers, without the others */

/* The software that was seen most; may be empty. */
struct slice fixes_software(const struct fixes_row *row);

/* The names of a list in their order, or the largest first; how many. */
unsigned fixes_names(const struct fixes_row *row, enum fixes_list list,
	const struct fixes_name *names[FIXES_NAMES]);
unsigned fixes_largest(const struct fixes_row *row, enum fixes_list list,
	const struct fixes_name *names[FIXES_NAMES]);

/* Exchanges whose resource had no room in the count of some row; 0: all are exact. */
uint64_t fixes_uncounted(const struct fixes *fixes);

#endif
