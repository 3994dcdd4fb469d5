/*
 * analyzer/ledger/fix.h - what to do about a waste, with the lines to paste
 *
 * fix.def is the list: a row for each class, cause and party.  The party is who would
 * paste the lines: the server software that the answer names or whose tags have its
 * form, or, for what is the client's fault, the client's software.  Where that is
 * unknown the row of FIX_OTHER is a sentence without lines.
 *
 * Lines are printed only if they have been tried: tests/live/fixes runs the real
 * program before and after, pastes the lines from this table and looks at the capture.
 * What was seen is in docs/FIXES.md.
 */
#ifndef ANALYZER_LEDGER_FIX_H
#define ANALYZER_LEDGER_FIX_H

#include "analyzer/ledger/verdict.h"

enum fix_party {
	FIX_OTHER,
	FIX_NGINX,
	FIX_APACHE,
	FIX_EXPRESS,
	FIX_CURL,
	FIX_WGET,
	FIX_REQUESTS,
	FIX_PARTIES
};

enum {
	FIX_CAUSE_ANY = CAUSE_COUNT
};

struct fix {
	enum waste_class class;
	unsigned cause; /* of enum waste_cause, or FIX_CAUSE_ANY */
	enum fix_party party;
	const char *name;    /* of the fix, never changed */
	const char *what;    /* to do, a sentence */
	const char *lines;   /* to paste, separated by \n; "" if there are none */
	const char *unknown; /* what a capture cannot tell about it; may be "" */
	const char *mind;    /* what it needs, and what else comes of it; may be "" */
};

/* One that is unknown only as long as answers of one address were seen. */
extern const char fix_doubt_machines[];

size_t fix_count(void);
const struct fix *fix_at(size_t index);

/*
 * The row that fits best, or NULL: one of the cause before one of any cause, and of two
 * of them that of the party.  A sentence about the cause is worth more than lines about
 * something else.
 */
const struct fix *fix_find(
	enum waste_class class, enum waste_cause cause, enum fix_party party);

/*
 * Where nobody knows the software: what that party would paste for the same waste, or
 * NULL.  Also NULL if `software`, as it calls itself, is that party after all: then it is
 * one of which the lines are not known to help.
 */
const struct fix *fix_elsewhere(const struct fix *fix, enum waste_cause cause,
	enum fix_party party, struct slice software);

/* Who would have to do something about a waste of that fault in this exchange. */
enum fix_party fix_party_of(const struct exchange *x, enum fault fault);

/* What that party calls itself: Server, X-Powered-By or User-Agent; may be empty. */
struct slice fix_party_value(const struct exchange *x, enum fault fault);

const char *fix_party_name(enum fix_party party); /* NULL for FIX_OTHER */

#endif
