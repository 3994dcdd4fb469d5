#include "analyzer/export/diff.h"

#include "analyzer/ledger/verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- verdicts ---- */

/* Of the standard normal distribution, 95 % in the middle. */
static const double z = 1.959964;

struct bounds {
	double low, share, high;
};

/* Wilson's interval: it stays within 0 and 1, and is right for few cases, too. */
static struct bounds
wilson(struct measured m)
{
	double n = (double)m.den, p = (double)m.num / n;
	double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

	return (struct bounds){middle - half, p, middle + half};
}

static double
square(double x)
{
	return x * x;
}

bool
diff_is_chance(struct measured before, struct measured after)
{
	struct bounds a = wilson(after), b = wilson(before);
	double difference = a.share - b.share;
	double low = difference -
		     sqrt(square(a.share - a.low) + square(b.high - b.share));
	double high = difference +
		      sqrt(square(a.high - a.share) + square(b.share - b.low));

	return low <= 0 && high >= 0;
}

static enum diff_verdict
judge(const struct diff_line *line, enum measure_better better)
{
	const struct measured *before = &line->sides[DIFF_BEFORE];
	const struct measured *after = &line->sides[DIFF_AFTER];
	int order;

	if (!before->known || !after->known)
		return DIFF_UNKNOWN;
	order = measure_compare(after->num, after->den, before->num, before->den);
	if (!order)
		return DIFF_EQUAL;
	if (line->is_tested && diff_is_chance(*before, *after))
		return DIFF_CHANCE;
	if (better == MEASURE_NEITHER)
		return DIFF_OTHER;
	return (order > 0) == (better == MEASURE_HIGHER) ? DIFF_BETTER : DIFF_WORSE;
}

/* A proportion; some rates of a report are no part of a whole. */
static bool
is_proportion(const struct diff_line *line)
{
	for (unsigned side = 0; side < DIFF_SIDES; side++)
		if (line->sides[side].num > line->sides[side].den)
			return false;
	return true;
}

static void
add_rates(struct diff *diff)
{
	const struct measure *measure;

	for (size_t i = 0; (measure = measure_at(i)); i++) {
		struct diff_line line = {.measure = measure,
			.name = slice_of(measure->name, strlen(measure->name))};

		if (!measure_is_rate(measure))
			continue;
		for (unsigned side = 0; side < DIFF_SIDES; side++)
			line.sides[side] = measure_of(measure, diff->reports[side]);
		if (!line.sides[DIFF_BEFORE].known && !line.sides[DIFF_AFTER].known)
			continue;
		line.is_tested = measure->kind == MEASURE_SHARE && is_proportion(&line);
		line.verdict = judge(&line, measure->better);
		diff->rates = mem_grow(
			diff->rates, (diff->rate_count + 1) * sizeof *diff->rates);
		diff->rates[diff->rate_count++] = line;
	}
}

static uint64_t
class_octets(const struct jsonvalue *report, const char *class)
{
	const struct jsonvalue *tier = measure_place(report, "metrics/waste");
	uint64_t octets = 0;

	for (tier = tier ? tier->first : NULL; tier; tier = tier->next)
		octets += measure_integer(tier, class);
	return octets;
}

static void
add_classes(struct diff *diff)
{
	diff->classes = mem_alloc(WASTE_COUNT * sizeof *diff->classes);
	for (unsigned i = 0; i < WASTE_COUNT; i++) {
		struct diff_line line = {
			.name = slice_of(waste_name(i), strlen(waste_name(i)))};

		for (unsigned side = 0; side < DIFF_SIDES; side++) {
			const struct jsonvalue *report = diff->reports[side];
			uint64_t all = measure_integer(report, "metrics/octets/total");

			line.sides[side] = (struct measured){.known = all,
				.num = class_octets(report, waste_name(i)),
				.den = all};
		}
		if (!line.sides[DIFF_BEFORE].num && !line.sides[DIFF_AFTER].num)
			continue;
		line.verdict = judge(&line, MEASURE_LOWER);
		diff->classes[diff->class_count++] = line;
	}
}

static enum diff_verdict
verdict_of(const struct diff *diff, const char *name)
{
	for (size_t i = 0; i < diff->rate_count; i++)
		if (strcmp(diff->rates[i].measure->name, name) == 0)
			return diff->rates[i].verdict;
	return DIFF_UNKNOWN;
}

/* Better if one of the two is and none is worse. */
static enum diff_verdict
judge_all(const struct diff *diff)
{
	enum diff_verdict recall = verdict_of(diff, "recall");
	enum diff_verdict wasted = verdict_of(diff, "wasted_share");
	bool better = recall == DIFF_BETTER || wasted == DIFF_BETTER;
	bool worse = recall == DIFF_WORSE || wasted == DIFF_WORSE;

	if (better || worse)
		return better && worse ? DIFF_OTHER : better ? DIFF_BETTER : DIFF_WORSE;
	return recall == DIFF_UNKNOWN ? wasted : recall;
}

const char *
diff_verdict_name(enum diff_verdict verdict)
{
	static const char *const names[] = {[DIFF_UNKNOWN] = "unknown",
		[DIFF_EQUAL] = "equal",
		[DIFF_CHANCE] = "chance",
		[DIFF_BETTER] = "better",
		[DIFF_WORSE] = "worse",
		[DIFF_OTHER] = "different"};

	return names[verdict];
}

bool
diff_is_only_in(const struct diff *diff, unsigned side, const struct found *found)
{
	enum found_state state = found_list_state(&diff->findings[!side], found);

	return side == DIFF_AFTER ? state != FOUND_KNOWN : state == FOUND_NEW;
}

/* ---- what speaks against comparing ---- */

static void add_reason(struct diff *diff, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void
add_reason(struct diff *diff, const char *format, ...)
{
	va_list args;

	diff->reasons = mem_grow(
		diff->reasons, (diff->reason_count + 1) * sizeof *diff->reasons);
	va_start(args, format);
	vsnprintf(diff->reasons[diff->reason_count++], DIFF_REASON_BYTES, format, args);
	va_end(args);
}

/* Options of one side that the other does not have so. */
static void
compare_options(struct diff *diff, unsigned side)
{
	const struct jsonvalue *mine = jsonvalue_get(diff->reports[side], "options");
	const struct jsonvalue *other = jsonvalue_get(diff->reports[!side], "options");

	for (const struct jsonvalue *m = mine->first; m; m = m->next) {
		const struct jsonvalue *same = jsonvalue_find(other, m->key);

		if (same && (side == DIFF_AFTER || jsonvalue_eq(m, same)))
			continue;
		add_reason(diff, "the option %.*s is not the same",
			(int)(m->key.n < 64 ? m->key.n : 64), (const char *)m->key.at);
	}
}

static void
compare_quality(struct diff *diff, unsigned side)
{
	static const char *const which[] = {"before", "after"};
	const struct jsonvalue *report = diff->reports[side];
	const struct jsonvalue *exact = measure_place(report, "quality/exact");
	uint64_t requests = measure_integer(report, "http/requests");
	uint64_t complete = measure_integer(report, "quality/complete_share/num");
	uint64_t dropped = measure_integer(report, "capture/kernel_dropped") +
			   measure_integer(report, "quality/packets/interface_dropped");

	if (!requests)
		add_reason(diff, "%s: no requests", which[side]);
	if (dropped)
		add_reason(diff, "%s: %llu packets were dropped while it was captured",
			which[side], (unsigned long long)dropped);
	if (exact && !exact->boolean)
		add_reason(diff, "%s: some figures are lower bounds", which[side]);
	if (measure_place(report, "quality/intervals"))
		add_reason(diff, "%s: not all pairs of request and answer are certain",
			which[side]);
	else if (complete < requests)
		add_reason(diff, "%s: %llu of %llu exchanges are not complete",
			which[side], (unsigned long long)(requests - complete),
			(unsigned long long)requests);
}

static int
by_text(const void *a, const void *b)
{
	return slice_order(*(const struct slice *)a, *(const struct slice *)b);
}

/* Without a name: those of requests that named none. */
static struct slice
host_of(const struct jsonvalue *row)
{
	const struct jsonvalue *key = jsonvalue_get(row, "key");

	return key ? key->text : (struct slice){NULL, 0};
}

static bool
have_common_host(const struct jsonvalue *mine, const struct jsonvalue *theirs)
{
	struct slice *names = mem_alloc((mine->count + 1) * sizeof *names);
	const struct jsonvalue *row = mine->first;
	bool is_common = false;

	for (size_t i = 0; row; row = row->next)
		names[i++] = host_of(row);
	qsort(names, mine->count, sizeof *names, by_text);
	for (row = theirs->first; row && !is_common; row = row->next) {
		struct slice name = host_of(row);

		is_common = bsearch(&name, names, mine->count, sizeof *names, by_text);
	}
	mem_free(names);
	return is_common;
}

static void
compare_hosts(struct diff *diff)
{
	const struct jsonvalue *mine = measure_place(
		diff->reports[DIFF_BEFORE], "tables/host");
	const struct jsonvalue *theirs = measure_place(
		diff->reports[DIFF_AFTER], "tables/host");

	if (mine && theirs && mine->first && theirs->first &&
		!have_common_host(mine, theirs))
		add_reason(diff, "they have no host in common");
}

static void
compare_versions(struct diff *diff)
{
	const struct jsonvalue *before = measure_place(
		diff->reports[DIFF_BEFORE], "tool/version");
	const struct jsonvalue *after = measure_place(
		diff->reports[DIFF_AFTER], "tool/version");

	if (!before || !after || !slice_eq(before->text, after->text))
		add_reason(diff, "they were made by different versions of cachetap");
}

void
diff_make(struct diff *diff, const char *const names[DIFF_SIDES],
	const struct jsonvalue *const reports[DIFF_SIDES])
{
	*diff = (struct diff){.verdict = DIFF_UNKNOWN};
	for (unsigned side = 0; side < DIFF_SIDES; side++) {
		diff->names[side] = names[side];
		diff->reports[side] = reports[side];
		found_list_read(&diff->findings[side], reports[side]);
	}
	compare_versions(diff);
	compare_hosts(diff);
	for (unsigned side = 0; side < DIFF_SIDES; side++) {
		compare_options(diff, side);
		compare_quality(diff, side);
	}
	add_rates(diff);
	add_classes(diff);
	diff->verdict = judge_all(diff);
}

void
diff_fini(struct diff *diff)
{
	mem_free(diff->rates);
	mem_free(diff->classes);
	mem_free(diff->reasons);
	for (unsigned side = 0; side < DIFF_SIDES; side++)
		found_list_fini(&diff->findings[side]);
}
