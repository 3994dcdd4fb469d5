#include "analyzer/ledger/verdict.h"

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
#define OUTCOME(id, name) [OUTCOME_##id] = name,
#include "analyzer/ledger/outcome.def"
#undef OUTCOME
	};

	return names[outcome];
}

const char *waste_name(enum waste_class class)
{
	static const char *const names[] = {
#define WASTE(id, name, tier, fault, summary) [WASTE_##id] = name,
#include "analyzer/ledger/waste.def"
#undef WASTE
	};

	return names[class];
}

const char *
cause_name(enum waste_cause cause)
{
	static const char *const names[] = {
		[CAUSE_NONE] = NULL,
#define CAUSE(id, name, summary) [CAUSE_##id] = name,
#include "analyzer/ledger/cause.def"
#undef CAUSE
	};

	return names[cause];
}

const char *
part_name(enum waste_part part)
{
	static const char *const names[] = {"body", "head", "stray"};

	return names[part];
}

const char *
tier_name(enum tier tier)
{
	static const char *const names[] = {
		[TIER_1] = "T1", [TIER_2] = "T2", [TIER_3] = "T3"};

	return names[tier];
}

const char *
fault_name(enum fault fault)
{
	static const char *const names[] = {
		[FAULT_UNKNOWN] = "unknown",
		[FAULT_CLIENT] = "client",
		[FAULT_SERVER] = "server",
		[FAULT_INTERMEDIARY] = "intermediary",
		[FAULT_POLICY] = "policy",
		[FAULT_USER] = "user",
	};

	return names[fault];
}

const char *
saving_source_name(enum saving_source source)
{
	static const char *const names[] = {
		[SAVING_NONE] = NULL,
		[SAVING_OWN] = "own",
		[SAVING_SEEN] = "seen",
		[SAVING_DECLARED] = "declared",
		[SAVING_HEAD] = "head",
		[SAVING_LATER] = "later",
		[SAVING_UNKNOWN] = "unknown",
		[SAVING_HEAD_METHOD] = "head-method",
	};

	return names[source];
}

const char *
cond_name(enum cond cond)
{
	static const char *const names[] = {
		[COND_NONE] = NULL,
		[COND_INM] = "inm",
		[COND_IMS] = "ims",
		[COND_BOTH] = "both",
		[COND_STAR] = "star",
		[COND_WRITE] = "write",
	};

	return names[cond];
}
