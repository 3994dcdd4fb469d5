#include "analyzer/rules/roster.h"

static const uint16_t ignored_conditions[] = {RULE_200_DESPITE_INM_MATCH,
	RULE_INM_WEAK_MATCH_MISSED, RULE_ETAG_CODING_SUFFIX_MISMATCH,
	RULE_INM_QUOTE_MISMATCH, RULE_200_DESPITE_IMS_MATCH};
static const uint16_t wrong_304s[] = {RULE_304_ETAG_NOT_REQUESTED,
	RULE_304_LAST_MODIFIED_AFTER_IMS, RULE_304_ON_INVALID_IMS,
	RULE_304_CONTENT_LENGTH_MISMATCH};

#define LIST(array)                                                                      \
	{                                                                                \
		array, sizeof(array) / sizeof *(array)                                   \
	}

const struct rule_list roster_ignored_conditions = LIST(ignored_conditions);
const struct rule_list roster_wrong_304s = LIST(wrong_304s);

static void
need_all(bool *needed, struct rule_list list)
{
	for (size_t i = 0; i < list.count; i++)
		needed[list.rules[i]] = true;
}

/* What may silence a rule that is needed is needed. */
static void
need_speakers(bool *needed)
{
	static const struct {
		uint16_t speaks, silent;
	} pairs[] = {
#define SUPPRESS(speaks, silent) {RULE_##speaks, RULE_##silent},
#include "analyzer/rules/suppress.def"
#undef SUPPRESS
	};
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
			if (needed[pairs[i].silent] && !needed[pairs[i].speaks])
				more = needed[pairs[i].speaks] = true;
	}
}

static void
find_needed(const bool *is_on, bool *needed)
{
	bool any = false;

	for (unsigned i = 0; i < RULE_COUNT; i++)
		any |= needed[i] = is_on[i];
	if (!any)
		return;
	need_all(needed, roster_ignored_conditions);
	need_all(needed, roster_wrong_304s);
	needed[RULE_PAIRING_ORDER_SUSPECT] = true; /* others are tentative then */
	need_speakers(needed);
}

static bool
is_same_need(const struct facts *a, const struct facts *b)
{
	return a->facts == b->facts && a->fields == b->fields;
}

/* All rules that need the same as this one, in their own order. */
static void
add_group(struct roster *roster, bool *left, unsigned first)
{
	struct group *group = &roster->groups[roster->group_count++];
	uint16_t asked = group == roster->groups ? 0 : group[-1].end;

	*group = (struct group){facts_needed(row_of(first)), asked, asked};
	for (unsigned i = first; i < RULE_COUNT; i++) {
		struct facts needed = facts_needed(row_of(i));

		if (!left[i] || !is_same_need(&needed, &group->needed))
			continue;
		left[i] = false;
		roster->asked[group->end++] = (struct asked){row_of(i), i};
	}
}

void
roster_build(struct roster *roster, const bool *is_on)
{
	bool left[RULE_COUNT];

	find_needed(is_on, left);
	for (unsigned many = 0; many < 2; many++) {
		for (unsigned i = 0; i < RULE_COUNT; i++)
			if (left[i] && (many || !(row_of(i)->facts & FACT_MANY)))
				add_group(roster, left, i);
		if (!many)
			roster->many_from = roster->group_count;
	}
}
