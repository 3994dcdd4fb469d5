#include "analyzer/export/gate.h"

#include "analyzer/base/text.h"

/* ---- findings ---- */

static bool
is_meant(const struct gate *gate, const struct found *found)
{
	const char *rule;

	if (gate->about == GATE_SEVERITY)
		return found->severity <= (enum severity)gate->which;
	rule = rule_name(gate->which);
	return slice_eq(found->rule, slice_of(rule, strlen(rule))) &&
	       (!gate->kind.n || slice_eq(found->kind, gate->kind));
}

/* "3 findings in 12 exchanges, first 304-with-body of http://h.test/a" */
static void
say_findings(
	struct out *out, const struct found *first, uint64_t findings, uint64_t exchanges)
{
	out_format(out, "%s finding%s in %s exchange%s, first ", text_count(findings).s,
		findings == 1 ? "" : "s", text_count(exchanges).s,
		exchanges == 1 ? "" : "s");
	text_safe(out, first->rule);
	out_text(out, " of ");
	text_safe(out, first->subject);
}

static bool
check_findings(const struct gate *gate, const struct found_list *findings,
	const struct found_list *known, bool likely, struct out *out)
{
	const struct found *first = NULL;
	uint64_t count = 0, exchanges = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct found *found = &findings->items[i];

		if (!is_meant(gate, found) || !found_counts(found, likely) ||
			(known && found_list_state(known, found) == FOUND_KNOWN))
			continue;
		if (!first)
			first = found;
		count++;
		exchanges += found->count;
	}
	if (first)
		say_findings(out, first, count, exchanges);
	return first;
}

/* ---- the capture ---- */

static bool
check_damage(const struct jsonvalue *report, struct out *out)
{
	const struct jsonvalue *source = measure_place(report, "capture/sources");
	uint64_t cut = 0, troubled = 0;
	uint64_t records = measure_integer(report, "quality/packets/damaged_records");

	for (source = source ? source->first : NULL; source; source = source->next) {
		const struct jsonvalue *tail = jsonvalue_get(source, "truncated_tail");

		cut += tail && tail->boolean;
		troubled += jsonvalue_get(source, "trouble") != NULL;
	}
	if (!records && !cut && !troubled)
		return false;
	out_format(out, "%s damaged records, %s files cut or damaged",
		text_count(records).s, text_count(troubled > cut ? troubled : cut).s);
	return true;
}

static bool
check_drops(const struct jsonvalue *report, struct out *out)
{
	uint64_t dropped = measure_integer(report, "capture/kernel_dropped");
	uint64_t lost = measure_integer(report, "quality/packets/interface_dropped");

	if (dropped || lost)
		out_format(out, "%s packets dropped, %s captured",
			text_count(dropped + lost).s,
			text_count(measure_integer(report, "capture/packets")).s);
	return dropped || lost;
}

/* ---- numbers ---- */

static struct measured
waste_of(const char *class, const struct jsonvalue *report)
{
	const struct jsonvalue *tier = measure_place(report, "metrics/waste");
	struct measured m = {.known = tier, .den = 1};

	for (tier = tier ? tier->first : NULL; tier; tier = tier->next)
		m.num += measure_integer(tier, class);
	return m;
}

static struct measured
number_of(const struct gate *gate, const struct jsonvalue *report)
{
	const struct jsonvalue *outcomes = measure_place(report, "metrics/outcomes");

	if (gate->about == GATE_MEASURE)
		return measure_of(gate->measure, report);
	if (gate->about == GATE_WASTE)
		return waste_of(waste_name(gate->which), report);
	return (struct measured){.known = outcomes,
		.num = measure_integer(outcomes, outcome_name(gate->which)),
		.den = 1};
}

/* Two integers: those of a rate, or a number and what it is a part of. */
static void
say_number(struct out *out, const struct gate *gate, struct measured m,
	const struct jsonvalue *report)
{
	enum measure_kind kind = gate->about == GATE_WASTE     ? MEASURE_OCTETS
				 : gate->about == GATE_OUTCOME ? MEASURE_COUNT
							       : gate->measure->kind;

	switch (kind) {
	case MEASURE_SHARE:
	case MEASURE_OCTET_SHARE:
		out_format(out, "%s of %s (%s)", text_count(m.num).s, text_count(m.den).s,
			text_share(m.num, m.den).s);
		break;
	case MEASURE_OCTETS:
		out_format(out, "%s of %s octets", text_count(m.num).s,
			text_count(measure_integer(report, "metrics/octets/total")).s);
		break;
	case MEASURE_COUNT:
		out_format(out, "%s, of %s requests", text_count(m.num).s,
			text_count(measure_integer(report, "http/requests")).s);
		break;
	case MEASURE_TIME:
	case MEASURE_QUANTILE:
		out_format(out, "%s microseconds, in %s requests", text_count(m.num).s,
			text_count(measure_integer(report, "http/requests")).s);
	}
}

static bool
check_number(const struct gate *gate, const struct jsonvalue *report, struct out *out)
{
	struct measured m = number_of(gate, report);
	int order;

	if (!m.known)
		return false;
	order = measure_compare(m.num, m.den, gate->limit_num, gate->limit_den);
	if (order ? (order < 0) != gate->less : !gate->or_equal)
		return false;
	say_number(out, gate, m, report);
	return true;
}

bool
gate_holds(const struct gate *gate, const struct jsonvalue *report,
	const struct found_list *findings, const struct found_list *known, bool likely,
	struct out *out)
{
	switch (gate->about) {
	case GATE_SEVERITY:
	case GATE_RULE:
		return check_findings(gate, findings, known, likely, out);
	case GATE_DAMAGED:
		return check_damage(report, out);
	case GATE_DROPS:
		return check_drops(report, out);
	default:
		return check_number(gate, report, out);
	}
}
