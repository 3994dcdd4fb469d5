/*
 * analyzer/export/gate.h - conditions under which a run fails (--fail-on)
 *
 *	EXPR = "violation" / "warning" / "advice" / "damaged" / "drops"
 *	     / RULE [":" KIND]
 *	     / NAME ("<" / "<=" / ">" / ">=") NUMBER [UNIT]
 *
 * NAME is one of measure.def, a class of waste (its octets in all tiers) or an outcome
 * (its exchanges).  Of rates the number may be a percentage; octets may have kB, MB, GB
 * or KiB, MiB, GiB, times us, ms, s.  A severity means that one or a worse one.  A rate
 * without cases and a number that the report does not have hold no condition.
 *
 * All comparisons are of integers and exact.
 */
#ifndef ANALYZER_EXPORT_GATE_H
#define ANALYZER_EXPORT_GATE_H

#include "analyzer/base/err.h"
#include "analyzer/base/out.h"
#include "analyzer/export/found.h"
#include "analyzer/export/measure.h"
#include "analyzer/ledger/verdict.h"

struct gate {
	const char *text; /* as given */
	enum gate_about {
		GATE_SEVERITY,
		GATE_RULE,
		GATE_DAMAGED,
		GATE_DROPS,
		GATE_MEASURE,
		GATE_WASTE,
		GATE_OUTCOME,
	} about;
	unsigned which; /* severity, rule, class or outcome */
	struct slice kind;
	const struct measure *measure;
	bool less, or_equal;
	uint64_t limit_num, limit_den;
};

/* -1 with EXIT_USAGE and the nearest name.  Borrows the text. */
int gate_parse(struct gate *gate, const char *text, struct err *err);

/*
 * Whether it holds; if so `out` gets one line that says by how much.  `known`: findings
 * that do not count, or NULL.
 */
bool gate_holds(const struct gate *gate, const struct jsonvalue *report,
	const struct found_list *findings, const struct found_list *known, bool likely,
	struct out *out);

#endif
