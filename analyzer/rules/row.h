/*
 * analyzer/rules/row.h - the rows of rules.def, and how options name them
 */
#ifndef ANALYZER_RULES_ROW_H
#define ANALYZER_RULES_ROW_H

#include "analyzer/rules/ruling.h"

/* In our own words; see rules_text.def. */
struct rule_text {
	const char *note; /* template, see note.h */
	const char *what, *quiet, *why, *fix;
	const char *example; /* a conversation, one line each */
};

struct row {
	const char *name;
	enum layer layer;
	enum severity severity;
	enum confidence confidence;
	enum fault fault;
	enum counted_by counted_by;
	const char *tier, *kinds, *rfc;
	const struct rule_text *text;
	uint64_t facts;	 /* enum fact, FACT_TRAITS(), FACT_AROUND(): all of them */
	uint64_t fields; /* FIELD_BITs, one of them in one of the messages; 0: any head */
	unsigned likeness; /* enum likeness: all of them */
};

extern const struct row row_table[RULE_COUNT];

/* Of a row what each asking reads: apart, so that four rules share a cache line. */
struct row_question {
	bool (*predicate)(const struct view *view, struct ruling *ruling);
	uint8_t severity, confidence, fault;
};

extern const struct row_question row_questions[RULE_COUNT];

static inline const struct row *
row_of(enum rule_id rule)
{
	return &row_table[rule];
}

/* It rests on RFC 9112: the syntax and the ends of messages. */
bool row_is_of_syntax(const struct row *row);

/* Asked for only if an option grades it: "off" in its tier. */
bool row_is_off(const struct row *row);

/* The kinds that are, as bits: those with a `-` before their name. */
uint64_t row_kinds_off(const struct row *row);

/* RULE_COUNT if there is none; *nearest then is the one that was probably meant. */
enum rule_id row_find(struct slice name, enum rule_id *nearest);

/* How many octets to add, remove or change to make one name of the other. */
size_t row_distance(struct slice a, struct slice b);

/* "RULE", "RULE:KIND" or "RULE=LEVEL", taken apart. */
struct row_reference {
	enum rule_id rule;    /* RULE_COUNT if the name is none */
	enum rule_id nearest; /* then: what was probably meant, or RULE_COUNT */
	bool has_detail;
	struct slice name, detail;
};

struct row_reference row_reference(const char *option, char separator);

enum {
	ROW_NO_KIND = 64
};

/* The place of a kind among those of the rule, or ROW_NO_KIND. */
unsigned row_kind(enum rule_id rule, struct slice kind);

enum {
	ROW_NO_SEVERITY = SEVERITY_ADVICE + 1
};

/* A severity by its name, or ROW_NO_SEVERITY. */
unsigned row_severity(struct slice name);

#endif
