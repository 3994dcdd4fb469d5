/*
 * analyzer/rules/ruling.h - what a predicate answers, and the prototypes of all
 *
 * A predicate is asked only if the facts that its row names were captured.  It
 * finds *ruling filled from the row and changes what its case makes different.
 * It neither remembers nor formats anything: what it leaves in n, m, a, b and ref
 * is for the note of the rule in rules_text.def.
 */
#ifndef ANALYZER_RULES_RULING_H
#define ANALYZER_RULES_RULING_H

#include "analyzer/rules/rule.h"

enum fact {
	FACT_Q = 1 << 0,       /* a request whose head is clean */
	FACT_R = 1 << 1,       /* a final response whose head is clean */
	FACT_PAIR = 1 << 2,    /* they belong together beyond doubt; nothing was lost
				  before them on the connection */
	FACT_WHOLE = 1 << 3,   /* every octet of the response's body */
	FACT_HISTORY = 1 << 4, /* earlier answers of the resource */
	FACT_MANY = 1 << 5,    /* asked last: reads what many exchanges say together */

	/* In which cases a predicate can be true at all: it is asked only then. */
	FACT_ON_GET = 1 << 6,	    /* GET, HEAD or QUERY */
	FACT_ON_CONDITION = 1 << 7, /* a field of RFC 9110 13.1 in the request */
	FACT_ON_FULL = 1 << 8,	    /* 200 or 203 */
	FACT_ON_206 = 1 << 9,
	FACT_ON_304 = 1 << 10,
	FACT_ON_412 = 1 << 11,
	FACT_ON_RANGE = 1 << 12,	 /* Range in the request */
	FACT_ON_ODD_HEAD = 1 << 13,	 /* a large head, a field that stands twice or in
					    the other direction, a name that is not
					    known and may be meant to be, a percent
					    sign in the request's */
	FACT_ON_FLAW = 1 << 14,		 /* a flaw of a message or of a field line; a
					    Content-Length not as one writes it;
					    Trailer; a Transfer-Encoding that is more
					    than chunked, or with flaws in the chunks,
					    trailers, or HTTP/1.0 on either side */
	FACT_ORPHAN = 1 << 15,		 /* a response and no request; then the only rules
					    that are asked are those that name it */
	FACT_OR_ORPHAN = 1 << 16,	 /* such an answer, too */
	FACT_ON_ODD_DIRECTIVE = 1 << 17, /* a Cache-Control that is not plain */
	FACT_ON_ODD_DATE = 1 << 18,	 /* a date that may not be as one writes them, or
					    lies ahead of Date, or no Date */
	FACT_ON_EDGE = 1 << 19,		 /* something around or between the messages, or
					    an end before the end */
	FACT_ON_ODD_START = 1 << 20,	 /* a start line that bends the grammar, of
					    another version or with a method that is
					    not known, or none */
	FACT_ON_ODD_VALUE = 1 << 21,	 /* a field value beyond VCHAR and SP */
	FACT_REQUEST = 1 << 22,		 /* there is one; goes without saying */
	FACT_ON_ODD_REQUEST = 1 << 23,	 /* its line, its host or its framing is not
					    what nearly all have */
	FACT_ON_ODD_TAG = 1 << 24,	 /* If-Match or If-None-Match that is not one
					    well-formed tag, or a long one; an ETag
					    that is not well-formed, or bends it */
	FACT_ON_UNUSUAL = 1 << 25,	 /* not a GET without content, answered by 200 or
					    304 in HTTP/1.1 with an end */
	FACT_ON_CONTENT = 1 << 26,	 /* 200, 203 or 206 */
	FACT_ON_FAR = 1 << 27,		 /* Expires, the largest Age, or a Cache-Control
					    that is not plain: it may be far away */
	FACT_ON_ODD_POLICY = 1 << 28,	 /* more than one directive in the answer, one
					    that says little alone, or that belongs into
					    the other direction, or is not plain; or
					    Expires, Pragma, Warning, Surrogate-Control */
	FACT_ON_NO_LIFETIME = 1 << 29,	 /* the answer does not say how long it is fresh,
					    nor that it is not */
	FACT_ON_RELOAD = 1 << 30,	 /* no-cache or no-store in the request */
};

/* More that may be so, and what is known around an exchange: what was before, and what
 * many say together. */
enum around {
	AROUND_HELD = 1 << 0,	    /* the client held an entry for the request */
	AROUND_FRESH = 1 << 1,	    /* and it was fresh by an explicit lifetime */
	AROUND_FORBIDDEN = 1 << 2,  /* an answer of the resource had no-store */
	AROUND_END = 1 << 3,	    /* the connection ended, or the answer tells of it */
	AROUND_ODD_PAIR = 1 << 4,   /* its answer, or the one before it on the connection,
				       does not quite fit its request */
	AROUND_UNTAGGED = 1 << 5,   /* the answer has no ETag */
	AROUND_UNASKED = 1 << 6,    /* the request has no field of RFC 9110 13.1 */
	AROUND_OTHER_TAG = 1 << 7,  /* If-None-Match is not just the answer's tag */
	AROUND_BOTH = 1 << 8,	    /* If-None-Match and a valid If-Modified-Since */
	AROUND_NEWER = 1 << 9,	    /* Last-Modified is later than If-Modified-Since */
	AROUND_NOW = 1 << 10,	    /* Last-Modified is Date, or next to it */
	AROUND_NO_STORE = 1 << 11,  /* in the answer */
	AROUND_LIFETIME = 1 << 12,  /* the answer says how long it is fresh */
	AROUND_UNCODED = 1 << 13,   /* it was measured what compression would save */
	AROUND_IMMUTABLE = 1 << 14, /* an answer of the resource had immutable */
	AROUND_OTHER_DATE = 1 << 15,  /* a valid If-Modified-Since is not the date of what
					 the client holds */
	AROUND_DATE_ALONE = 1 << 16,  /* the condition is If-Modified-Since alone, though
					 an answer of the resource had a tag */
	AROUND_LATER = 1 << 17,	      /* an answer of the resource had a later
					 Last-Modified */
	AROUND_NAMED = 1 << 18,	      /* If-None-Match may have the answer's tag */
	AROUND_CODED = 1 << 19,	      /* an answer of the resource, or this one, has
					 another content coding than the others, or any */
	AROUND_TAG_MISSING = 1 << 20, /* the answer has no ETag, though If-None-Match is
					 there or an answer of the resource had one */

	/* By many, with this exchange: known when the other rules have spoken. */
	AROUND_IGNORED = 1 << 21,      /* a condition of its host's newest answer */
	AROUND_SKEWED = 1 << 22,       /* the clock of its server was, some time */
	AROUND_STEADY = 1 << 23,       /* the content, over several validations */
	AROUND_INCONSISTENT = 1 << 24, /* the answers to one validator */
	AROUND_BUSTED = 1 << 25,       /* the same content under another parameter */
	AROUND_SHARED = 1 << 26,       /* the content, by several resources */
	AROUND_MANY_SHIFT = 21,
	AROUND_MANY_CASES = 1 << 6,
	AROUND_BY_MANY = AROUND_IGNORED | AROUND_SKEWED | AROUND_STEADY |
			 AROUND_INCONSISTENT | AROUND_BUSTED | AROUND_SHARED,

	AROUND_VALIDATED = 1 << 27, /* the client was told that its copy is good */
	AROUND_UNKEPT = 1 << 28,    /* the answer has no-store, or no-cache and nothing to
				       validate */
};

/*
 * What a full answer to GET, wholly captured, and the recent ones of its resource have in
 * common; of others nothing is so.  It spares some of the rules that the other facts
 * have picked, but for those with FACT_MANY.
 */
enum likeness {
	LIKENESS_RESENT = 1 << 0,   /* one to this client had the same octets, not none */
	LIKENESS_CHANGED = 1 << 1,  /* one had other octets */
	LIKENESS_TAG_KEPT = 1 << 2, /* one of those had this tag but for W/ */
	LIKENESS_DATE_KEPT = 1 << 3, /* one of those had this Last-Modified */
	LIKENESS_TAG_MOVED = 1 << 4, /* one with the same octets had not this tag */
	LIKENESS_CASES = 1 << 5
};

/* In this the answers of the resource, this one and those before it, are not all alike:
 * enum trait, above the bits of enum fact. */
#define FACT_TRAITS(traits) ((uint64_t)(traits) << 31)

/* enum around, above those. */
#define FACT_AROUND(around) ((uint64_t)(around) << 35)

_Static_assert(
	FACT_TRAITS(1) > FACT_ON_RELOAD && FACT_AROUND(1) > FACT_TRAITS(TRAIT_LOCATION),
	"none is another");
_Static_assert(
	FACT_AROUND(AROUND_UNKEPT) >> 35 == AROUND_UNKEPT, "the last one has room");
_Static_assert(AROUND_BY_MANY == (AROUND_MANY_CASES - 1) << AROUND_MANY_SHIFT,
	"a case of each of them, so or not");

struct ruling {
	const char *kind;
	enum severity severity;
	enum confidence confidence;
	enum fault fault;
	bool pending;	 /* it depends on what is still to come: see rules_finish() */
	uint64_t count;	 /* exchanges that this one makes known, itself included */
	uint64_t octets; /* of them */

	const struct observation *ref; /* the earlier answer that it rests on */
	uint64_t n, m;
	struct slice a, b;
};

#define RULE(id, predicate, name, layer, severity, confidence, fault, by, facts, tier,   \
	kinds, rfc)                                                                      \
	bool predicate(const struct view *view, struct ruling *ruling);
#include "analyzer/rules/rules.def"
#undef RULE

#endif
