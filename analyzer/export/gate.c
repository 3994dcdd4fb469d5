#include "analyzer/export/gate.h"

#include "analyzer/base/text.h"
#include "analyzer/rules/guess.h"
#include "analyzer/rules/row.h"

enum {
	DECIMALS_MAX = 9
};

/* ---- what is compared ---- */

static unsigned
find_name(struct slice name, unsigned count, const char *(*name_of)(unsigned))
{
	unsigned i = 0;

	while (i < count && !slice_eq(name, slice_of(name_of(i), strlen(name_of(i)))))
		i++;
	return i;
}

static const char *
name_of_waste(unsigned i)
{
	return waste_name(i);
}

static const char *
name_of_outcome(unsigned i)
{
	return outcome_name(i);
}

static const char *
name_of_severity(unsigned i)
{
	return severity_name(i);
}

static int
refuse_number(struct slice name, struct err *err)
{
	struct guess guess = guess_of(name);

	for (size_t i = 0; measure_at(i); i++)
		guess_try(&guess, measure_at(i)->name);
	for (unsigned i = 0; i < WASTE_COUNT; i++)
		guess_try(&guess, waste_name(i));
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		guess_try(&guess, outcome_name(i));
	err_set(err, EXIT_USAGE, "--fail-on: no number has the name '%.*s'", (int)name.n,
		(const char *)name.at);
	return err_hint(
		err, "%s", guess.nearest ? guess.nearest : "recall, wasted_share");
}

static int
find_number(struct gate *gate, struct slice name, struct err *err)
{
	gate->about = GATE_MEASURE;
	gate->measure = measure_named(name);
	if (gate->measure)
		return 0;
	gate->about = GATE_WASTE;
	gate->which = find_name(name, WASTE_COUNT, name_of_waste);
	if (gate->which < WASTE_COUNT)
		return 0;
	gate->about = GATE_OUTCOME;
	gate->which = find_name(name, OUTCOME_COUNT, name_of_outcome);
	return gate->which < OUTCOME_COUNT ? 0 : refuse_number(name, err);
}

/* ---- with what ---- */

static bool
is_of(const struct gate *gate, enum measure_kind kind)
{
	if (gate->about == GATE_WASTE)
		return kind == MEASURE_OCTETS;
	if (gate->about == GATE_OUTCOME)
		return kind == MEASURE_COUNT;
	if (gate->measure->kind == MEASURE_QUANTILE)
		return kind == MEASURE_TIME;
	return gate->measure->kind == kind;
}

struct unit {
	enum measure_kind kind;
	const char *name;
	uint64_t times, parts;
};

static const struct unit units[] = {
	{MEASURE_SHARE, "%", 1, 100},
	{MEASURE_OCTET_SHARE, "%", 1, 100},
	{MEASURE_OCTETS, "B", 1, 1},
	{MEASURE_OCTETS, "kB", 1000, 1},
	{MEASURE_OCTETS, "KB", 1000, 1},
	{MEASURE_OCTETS, "MB", 1000000, 1},
	{MEASURE_OCTETS, "GB", 1000000000, 1},
	{MEASURE_OCTETS, "KiB", 1 << 10, 1},
	{MEASURE_OCTETS, "MiB", 1 << 20, 1},
	{MEASURE_OCTETS, "GiB", 1 << 30, 1},
	{MEASURE_TIME, "us", 1, 1},
	{MEASURE_TIME, "ms", 1000, 1},
	{MEASURE_TIME, "s", 1000000, 1},
};

static bool
read_unit(struct gate *gate, struct slice name)
{
	if (!name.n)
		return true;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		const struct unit *unit = &units[i];

		if (!is_of(gate, unit->kind) ||
			!slice_eq(name, slice_of(unit->name, strlen(unit->name))))
			continue;
		if (gate->limit_num > UINT64_MAX / unit->times)
			return false;
		gate->limit_num *= unit->times;
		gate->limit_den *= unit->parts;
		return true;
	}
	return false;
}

/* "0.9", "5%", "1.5MB" as a fraction; few digits, so nothing overflows unseen. */
static bool
read_limit(struct gate *gate, struct slice text)
{
	bool point = false, digits = false;
	unsigned decimals = 0;
	size_t i = 0;

	gate->limit_num = 0;
	gate->limit_den = 1;
	for (; i < text.n; i++) {
		uint8_t c = text.at[i];

		if (c == '.' && !point && digits) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		if (gate->limit_num > UINT64_MAX / 10 - 1 ||
			(point && ++decimals > DECIMALS_MAX))
			return false;
		gate->limit_num = gate->limit_num * 10 + (c - '0');
		gate->limit_den *= point ? 10 : 1;
		digits = true;
	}
	return digits && (!point || decimals) && read_unit(gate, slice_from(text, i));
}

static int
parse_comparison(struct gate *gate, struct slice text, size_t at, struct err *err)
{
	struct slice limit = slice_from(text, at + 1);

	gate->less = text.at[at] == '<';
	gate->or_equal = limit.n && limit.at[0] == '=';
	if (gate->or_equal)
		limit = slice_from(limit, 1);
	if (find_number(gate, slice_part(text, 0, at), err) < 0)
		return -1;
	if (read_limit(gate, limit))
		return 0;
	err_set(err, EXIT_USAGE, "--fail-on %s: that is no number to compare it with",
		gate->text);
	return err_hint(err, "%.*s%c%s", (int)at, gate->text, text.at[at],
		is_of(gate, MEASURE_OCTETS)  ? "10MB"
		: is_of(gate, MEASURE_TIME)  ? "500ms"
		: is_of(gate, MEASURE_COUNT) ? "10"
					     : "5% or 0.05");
}

/* ---- words ---- */

static int
refuse_word(struct slice word, struct err *err)
{
	struct guess guess = guess_of(word);

	if (measure_named(word)) {
		err_set(err, EXIT_USAGE, "--fail-on %.*s: that is a number to compare",
			(int)word.n, (const char *)word.at);
		return err_hint(err, "%.*s<NUMBER or %.*s>NUMBER", (int)word.n,
			(const char *)word.at, (int)word.n, (const char *)word.at);
	}
	for (unsigned i = 0; i < RULE_COUNT; i++)
		guess_try(&guess, rule_name(i));
	for (unsigned i = SEVERITY_VIOLATION; i <= SEVERITY_ADVICE; i++)
		guess_try(&guess, severity_name(i));
	guess_try(&guess, "damaged");
	guess_try(&guess, "drops");
	err_set(err, EXIT_USAGE, "--fail-on: there is no rule '%.*s'", (int)word.n,
		(const char *)word.at);
	return err_hint(err, "%s",
		guess.nearest ? guess.nearest
			      : "violation, warning, a rule, recall<0.9, wasted>10MB");
}

static int
parse_rule(struct gate *gate, struct err *err)
{
	struct row_reference r = row_reference(gate->text, ':');

	gate->about = GATE_RULE;
	gate->which = r.rule;
	gate->kind = r.detail;
	if (r.rule == RULE_COUNT)
		return refuse_word(r.name, err);
	if (!r.has_detail || row_kind(r.rule, r.detail) != ROW_NO_KIND)
		return 0;
	err_set(err, EXIT_USAGE, "--fail-on %s: the rule has no such kind", gate->text);
	return err_hint(err, "%s",
		*row_of(r.rule)->kinds ? row_of(r.rule)->kinds : rule_name(r.rule));
}

int
gate_parse(struct gate *gate, const char *text, struct err *err)
{
	struct slice all = slice_of(text, strlen(text));
	size_t at = strcspn(text, "<>");

	*gate = (struct gate){.text = text};
	if (at < all.n)
		return parse_comparison(gate, all, at, err);
	gate->about = GATE_DAMAGED;
	if (strcmp(text, "damaged") == 0)
		return 0;
	gate->about = GATE_DROPS;
	if (strcmp(text, "drops") == 0)
		return 0;
	gate->about = GATE_SEVERITY;
	gate->which = find_name(all, SEVERITY_ADVICE + 1, name_of_severity);
	return gate->which <= SEVERITY_ADVICE ? 0 : parse_rule(gate, err);
}
