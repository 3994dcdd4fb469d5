/*
 * analyzer/history/partial.h - what a client was given of a resource in parts
 *
 * Ranges that were delivered under one strong tag [RFC9110 8.8.3], and the last 200
 * that broke off.  The complete 200s are those of held.h; one of them makes this
 * entry pointless, and removes it.
 *
 * Bounded: a few spans; those that touch become one, and of too many the shortest is
 * forgotten, so what is known is never more than what was delivered.
 */
#ifndef ANALYZER_HISTORY_PARTIAL_H
#define ANALYZER_HISTORY_PARTIAL_H

#include "analyzer/base/key.h"
#include "analyzer/base/table.h"
#include "analyzer/history/site.h"
#include "analyzer/http/exchange.h"

enum {
	PARTIAL_SPANS = 8
};

/* Octets of a representation, the end not included. */
struct span {
	uint64_t begin, end;
};

/* A 200 that ended before its content did. */
struct broken {
	uint64_t octets; /* of the content, from its first on; 0: there is none */
	bool has_digest; /* of these octets */
	struct digest digest;
	bool has_tag; /* a strong one */
	struct key tag;
	bool storable, resumable; /* by what it said itself */
	bool answered;		  /* they were sent again, or the rest was */
};

struct partial {
	struct key tag; /* of the spans */
	bool storable;	/* every answer that brought one */
	unsigned span_count;
	struct span spans[PARTIAL_SPANS]; /* in order, none touches another */
	struct broken broken;
	int64_t delivered_ns; /* the last octet of them all */
	uint64_t mark;	      /* for the filter of what was evicted */
	struct site site;     /* from whose page the last of them was asked for */
};

struct before;

struct table *partial_new(uint64_t budget_bytes);

/* What the client can have had when it asked; false if there is nothing. */
bool partial_select(struct table *table, const struct before *before,
	const struct exchange *x, struct partial *partial);

/* The last answer that broke off, as it is known now; none: 0 octets. */
struct broken partial_broken(const struct table *table, const struct before *before);

void partial_learn(
	struct table *table, const struct before *before, const struct exchange *x);

/* The octets that a 206 delivered; false if it has several parts, or does not say. */
bool partial_span(const struct exchange *x, struct span *span);

/* How many of these octets are among those that were delivered. */
uint64_t partial_overlap(const struct partial *partial, struct span span);

/*
 * How many octets of the answer that broke off this 200 has sent again: proven by
 * their digest, or, where none was taken at that length, by equal strong tags.
 */
uint64_t partial_repeated(const struct broken *broken, const struct exchange *x,
	const struct before *before);

/* Whether this exchange repeats all of the answer that broke off, or continues it. */
bool partial_answers(const struct broken *broken, const struct exchange *x,
	const struct before *before);

/* A 200 to GET that broke off, and is not just the beginning of what `broken` had. */
bool partial_breaks_off(const struct broken *broken, const struct exchange *x,
	const struct before *before);

#endif
