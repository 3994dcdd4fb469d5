#include "analyzer/rules/row.h"

#include <assert.h>
#include <string.h>

/* A rule without a text does not compile: its TEXT_X is not there. */
enum {
#define TEXT(id, note, what, quiet, why, fix, example) TEXT_##id,
#include "analyzer/rules/rules_text.def"
#undef TEXT
	TEXT_COUNT
};

_Static_assert((int)TEXT_COUNT == (int)RULE_COUNT, "a text without a rule");

static const struct rule_text texts[TEXT_COUNT] = {
#define TEXT(id, note, what, quiet, why, fix, example)                                   \
	[TEXT_##id] = {note, what, quiet, why, fix, example},
#include "analyzer/rules/rules_text.def"
#undef TEXT
};

/* The facts as rules.def spells them. */
enum {
	Q = FACT_Q,
	R = FACT_R,
	PAIR = FACT_PAIR,
	WHOLE = FACT_WHOLE,
	HISTORY = FACT_HISTORY,
	MANY = FACT_MANY,
	ON_GET = FACT_ON_GET,
	ON_CONDITION = FACT_ON_CONDITION,
	ON_FULL = FACT_ON_FULL,
	ON_206 = FACT_ON_206,
	ON_304 = FACT_ON_304,
	ON_412 = FACT_ON_412,
	ON_RANGE = FACT_ON_RANGE,
	ON_ODD_HEAD = FACT_ON_ODD_HEAD,
	ON_FLAW = FACT_ON_FLAW,
	ORPHAN = FACT_ORPHAN,
	OR_ORPHAN = FACT_OR_ORPHAN,
	ON_ODD_DIRECTIVE = FACT_ON_ODD_DIRECTIVE,
	ON_ODD_DATE = FACT_ON_ODD_DATE,
	ON_EDGE = FACT_ON_EDGE,
	ON_ODD_START = FACT_ON_ODD_START,
	ON_ODD_VALUE = FACT_ON_ODD_VALUE,
	ON_ODD_REQUEST = FACT_ON_ODD_REQUEST,
	ON_ODD_TAG = FACT_ON_ODD_TAG,
	ON_UNUSUAL = FACT_ON_UNUSUAL,
	ON_CONTENT = FACT_ON_CONTENT,
	ON_FAR = FACT_ON_FAR,
	ON_ODD_POLICY = FACT_ON_ODD_POLICY,
	ON_NO_LIFETIME = FACT_ON_NO_LIFETIME,
	ON_RELOAD = FACT_ON_RELOAD,
};

#define ON_CODINGS FACT_TRAITS(TRAIT_CODING)
#define ON_VARIES FACT_TRAITS(TRAIT_VARY)
#define ON_POLICIES FACT_TRAITS(TRAIT_POLICY)
#define ON_LOCATIONS FACT_TRAITS(TRAIT_LOCATION)
#define ON_HELD FACT_AROUND(AROUND_HELD)
#define ON_FRESH FACT_AROUND(AROUND_FRESH)
#define ON_FORBIDDEN FACT_AROUND(AROUND_FORBIDDEN)
#define ON_END FACT_AROUND(AROUND_END)
#define ON_UNTAGGED FACT_AROUND(AROUND_UNTAGGED)
#define ON_UNASKED FACT_AROUND(AROUND_UNASKED)
#define ON_OTHER_TAG FACT_AROUND(AROUND_OTHER_TAG)
#define ON_BOTH FACT_AROUND(AROUND_BOTH)
#define ON_NEWER FACT_AROUND(AROUND_NEWER)
#define ON_NOW FACT_AROUND(AROUND_NOW)
#define ON_NO_STORE FACT_AROUND(AROUND_NO_STORE)
#define ON_LIFETIME FACT_AROUND(AROUND_LIFETIME)
#define ON_UNCODED FACT_AROUND(AROUND_UNCODED)
#define ON_IMMUTABLE FACT_AROUND(AROUND_IMMUTABLE)
#define ON_OTHER_DATE FACT_AROUND(AROUND_OTHER_DATE)
#define ON_DATE_ALONE FACT_AROUND(AROUND_DATE_ALONE)
#define ON_LATER FACT_AROUND(AROUND_LATER)
#define ON_NAMED FACT_AROUND(AROUND_NAMED)
#define ON_TAG_MISSING FACT_AROUND(AROUND_TAG_MISSING)
#define ON_CODED FACT_AROUND(AROUND_CODED)
#define ON_ODD_PAIR FACT_AROUND(AROUND_ODD_PAIR)
#define ON_IGNORED FACT_AROUND(AROUND_IGNORED)
#define ON_SKEWED FACT_AROUND(AROUND_SKEWED)
#define ON_STEADY FACT_AROUND(AROUND_STEADY)
#define ON_INCONSISTENT FACT_AROUND(AROUND_INCONSISTENT)
#define ON_BUSTED FACT_AROUND(AROUND_BUSTED)
#define ON_SHARED FACT_AROUND(AROUND_SHARED)
#define ON_VALIDATED FACT_AROUND(AROUND_VALIDATED)
#define ON_UNKEPT FACT_AROUND(AROUND_UNKEPT)

/* Behind the facts: the fields without which the predicate is not true. */
#define HAS(one_of) , .fields = (one_of)
#define F(id) FIELD_BIT(FIELD_##id)

/* Likewise: what of enum likeness. */
#define LIKE(id) , .likeness = LIKENESS_##id

const struct row row_table[RULE_COUNT] = {
#define RULE(id, predicate, name, layer, severity, confidence, fault, by, facts, tier,   \
	kinds, rfc)                                                                      \
	[RULE_##id] = {name, LAYER_##layer, SEVERITY_##severity,                         \
		CONFIDENCE_##confidence, FAULT_##fault, COUNTED_BY_##by, tier, kinds,    \
		rfc, &texts[TEXT_##id], facts},
#include "analyzer/rules/rules.def"
#undef RULE
};

const struct row_question row_questions[RULE_COUNT] = {
#define RULE(id, predicate, name, layer, severity, confidence, fault, by, facts, tier,   \
	kinds, rfc)                                                                      \
	[RULE_##id] = {                                                                  \
		predicate, SEVERITY_##severity, CONFIDENCE_##confidence, FAULT_##fault},
#include "analyzer/rules/rules.def"
#undef RULE
};

bool
row_is_of_syntax(const struct row *row)
{
	return strstr(row->rfc, "RFC 9112");
}

bool
row_is_off(const struct row *row)
{
	return strstr(row->tier, "off") != NULL;
}

uint64_t
row_kinds_off(const struct row *row)
{
	uint64_t off = 0, bit = 1;

	for (const char *at = row->kinds; *at; at++) {
		if (*at == '-' && (at == row->kinds || at[-1] == ' '))
			off |= bit;
		else if (*at == ' ')
			bit <<= 1;
	}
	return off;
}

static struct slice
row_name(unsigned rule)
{
	return slice_of(row_table[rule].name, strlen(row_table[rule].name));
}

enum {
	NAME_MAX_BYTES = 64
};

size_t
row_distance(struct slice a, struct slice b)
{
	size_t line[NAME_MAX_BYTES + 1];

	if (a.n > NAME_MAX_BYTES || b.n > NAME_MAX_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		line[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = line[0];

		line[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (a.at[i - 1] != b.at[j - 1]);

			diagonal = line[j];
			if (line[j] + 1 < best)
				best = line[j] + 1;
			if (line[j - 1] + 1 < best)
				best = line[j - 1] + 1;
			line[j] = best;
		}
	}
	return line[b.n];
}

enum rule_id
row_find(struct slice name, enum rule_id *nearest)
{
	size_t closest = name.n / 2 + 1;

	*nearest = RULE_COUNT;
	for (unsigned i = 0; i < RULE_COUNT; i++)
		if (slice_eq(name, row_name(i)))
			return i;
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		size_t distance = row_distance(name, row_name(i));

		if (distance < closest) {
			closest = distance;
			*nearest = i;
		}
	}
	return RULE_COUNT;
}

struct row_reference
row_reference(const char *option, char separator)
{
	struct slice all = slice_of(option, strlen(option));
	size_t at = slice_find(all, (uint8_t)separator, 0);
	struct row_reference r = {
		.has_detail = at < all.n,
		.name = slice_part(all, 0, at),
		.detail = slice_from(all, at + 1),
	};

	r.rule = row_find(r.name, &r.nearest);
	return r;
}

unsigned
row_kind(enum rule_id rule, struct slice kind)
{
	struct slice rest = slice_of(
		row_table[rule].kinds, strlen(row_table[rule].kinds));

	for (unsigned i = 0; rest.n; i++) {
		size_t end = slice_find(rest, ' ', 0);
		struct slice name = slice_part(rest, rest.at[0] == '-', end);

		if (slice_eq(name, kind))
			return i;
		rest = slice_from(rest, end + 1);
	}
	return ROW_NO_KIND;
}

unsigned
row_severity(struct slice name)
{
	for (unsigned i = 0; i < ROW_NO_SEVERITY; i++) {
		const char *known = severity_name(i);

		if (slice_eq(name, slice_of(known, strlen(known))))
			return i;
	}
	return ROW_NO_SEVERITY;
}
