/*
 * tests/lib/book.h - verdicts about short histories, told in one line
 *
 * A book is a history and a ledger in which exchanges are entered one after another; a
 * row is such a history with the verdict about its last exchange:
 *
 *	outcome; class part octets tier fault [cause]; ...; saving; note ...
 *
 * Exchanges that overlap are opened and closed one by one.
 */
#ifndef TESTS_LIB_BOOK_H
#define TESTS_LIB_BOOK_H

#include "analyzer/ledger/verdict.h"

#include "tests/lib/make_exchange.h"

enum {
	BOOK_STEPS = 6,
	BOOK_LATE = 8
};

struct book_row {
	const char *name;
	struct making steps[BOOK_STEPS];
	const char *verdict;
};

/* What the ledger told of earlier exchanges. */
struct book_late {
	unsigned count;
	uint64_t tickets[BOOK_LATE], octets[BOOK_LATE];
	bool needless[BOOK_LATE];
	unsigned probe_count;
	uint64_t probe_ticket, probe_octets; /* of the last HEAD */
	int64_t probe_first_ns;
};

struct book {
	struct history *history;
	struct ledger *ledger;
	struct book_late late;
};

struct book book_new(void);
struct book book_new_with(const struct ledger_options *options);
void book_free(struct book *book);

/* The request's head, and the end of the response, which frees the exchange. */
struct exchange *book_open(
	struct book *book, const struct making *making, struct before *before);
struct verdict book_close(
	struct book *book, struct exchange *x, const struct before *before);

/* Both at once. */
struct verdict book_enter(struct book *book, const struct making *making);

/* A test of a row. */
void book_judges(void **state);

/* Compares a verdict with what a row says of it. */
void book_assert(const struct verdict *verdict, const char *told);

#endif
