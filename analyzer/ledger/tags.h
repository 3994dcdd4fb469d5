/*
 * analyzer/ledger/tags.h - which tags one content has, and what they go with
 *
 * Back ends that are not of one mind give the same octets several entity-tags: a client
 * that comes back to another one is sent everything again [RFC9110 8.8.3.3].  Of each
 * variant of a resource for which that happened (validator-churn) this keeps the tags of
 * its contents, who gave them, and when.  A capture that shows no such thing costs
 * nothing but the question.
 *
 * A tag is alive from the first to the last answer that carried it, be it a body or a
 * 304.  Tags go with a mark of the answers - the server's address, Via, Server - if each
 * value of it has a tag of its own for the same content.
 *
 * Bounded: TAGS_MAX tags of a variant, TAGS_GIVERS pairs of tag and giver, the stalest
 * go first; variants have a byte budget, and those that went are counted.  What was
 * before the first loss is known as far as the history's observations go back.
 */
#ifndef ANALYZER_LEDGER_TAGS_H
#define ANALYZER_LEDGER_TAGS_H

#include "analyzer/ledger/verdict.h"

enum {
	TAGS_MAX = 8,
	TAGS_GIVERS = 32,
	TAGS_TEXT_BYTES = 64,
	TAGS_NONE = UINT8_MAX,
};

struct tags_tag {
	struct key tag;		    /* of its octets, W/ left out */
	uint64_t content;	    /* of the decoded octets' digest; 0: not seen */
	char text[TAGS_TEXT_BYTES]; /* as it may be shown, cut */
	unsigned n;
	int64_t first_ns, last_ns;
	uint64_t answers;
};

/* By the values of what tags may go with. */
enum tags_mark {
	TAGS_BY_SERVER,
	TAGS_BY_VIA,
	TAGS_BY_SOFTWARE, /* the field Server */
	TAGS_MARKS
};

struct tags_giver {
	uint8_t tag; /* index */
	struct endpoint server;
	uint32_t marks[TAGS_MARKS];
	uint64_t answers;
	int64_t last_ns;
};

/* A variant of a resource. */
struct tags_row {
	struct slice url;	    /* owned: scheme, host and target */
	uint64_t lost, lost_octets; /* 304s that were bodies instead */
	uint64_t by_cause[CAUSE_COUNT];
	unsigned tag_count, giver_count;
	bool forgotten; /* there were more tags, or more givers */
	struct tags_tag tags[TAGS_MAX];
	struct tags_giver givers[TAGS_GIVERS];
};

struct tags;

/* The hiding is borrowed; NULL: tags are shown as sent. */
struct tags *tags_new(uint64_t memory_bytes, const struct hiding *hiding);
void tags_free(struct tags **tags);

/* An exchange that is over, with the history as it was before it. */
void tags_add(struct tags *tags, const struct history *history,
	const struct before *before, const struct exchange *x,
	const struct verdict *verdict);

/* A row as it was in another run; its URL is copied. */
void tags_restore(struct tags *tags, const struct tags_row *row);

/* The rows that lost most octets: at most `count`, into `rows`; how many. */
size_t tags_rows(const struct tags *tags, const struct tags_row **rows, size_t count);

/* The most tags of one content that were alive at one time. */
unsigned tags_alive(const struct tags_row *row);

/* The first mark that they go with; TAGS_MARKS: none. */
enum tags_mark tags_go_with(const struct tags_row *row);

/* The cause of most losses. */
enum waste_cause tags_cause(const struct tags_row *row);

const char *tags_mark_name(enum tags_mark mark); /* NULL for TAGS_MARKS */

uint64_t tags_count(const struct tags *tags);
uint64_t tags_evictions(const struct tags *tags);

#endif
