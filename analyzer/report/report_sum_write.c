#include "analyzer/report/report_sum_parts.h"

#include "analyzer/report/report_metrics.h"
#include "analyzer/report/restore.h"
#include "analyzer/report/report_sum_derived.h"
#include "analyzer/report/report_tables.h"

#include <stdlib.h>

/* Whether the reports tell enough for what is told anew. */
static bool
is_known(const struct report_sum *sum, enum sum_derived which)
{
	switch (which) {
	case DERIVED_SLOW_304:
	case DERIVED_CLOCKS:
		return report_sum_tables_tell_waits(&sum->tables);
	case DERIVED_LIFETIMES:
		return !sum->lacks_patterns &&
		       jsonvalue_get(&sum->options, "stale_max_percent");
	case DERIVED_PATTERNS:
		return !sum->lacks_patterns;
	case DERIVED_TAGS:
		return !sum->lacks_tags;
	default:
		return true;
	}
}

static void
put_key(struct json *json, const char *key, const struct jsonvalue *value)
{
	json_key(json, key);
	jsonvalue_write(json, value);
}

static void
put_member(struct json *json, const struct jsonvalue *member)
{
	json_key_octets(json, member->key);
	jsonvalue_write(json, member);
}

static void
put_more(struct json *json, const struct report_sum *sum, const struct jsonvalue *object,
	size_t rows_max)
{
	json_object(json);
	for (const struct jsonvalue *m = object->first; m; m = m->next) {
		enum sum_derived which = report_sum_derived(m->key);

		if (which) {
			if (is_known(sum, which))
				report_sum_derived_write(
					json, which, &sum->whole, rows_max);
			continue;
		}
		json_key_octets(json, m->key);
		if (slice_eq(m->key, SLICE("time")))
			put_more(json, sum, m, rows_max);
		else
			jsonvalue_write(json, m);
	}
	json_end(json);
}

static void
put_tool(struct json *json, const char *version)
{
	json_put_text(json, "schema", "cachetap-report/1");
	json_key(json, "tool");
	json_object_inline(json);
	json_put_text(json, "name", "cachetap");
	json_put_text(json, "version", version);
	json_end(json);
}

static void
put_capture(struct json *json, const struct report_sum *sum)
{
	const struct jsonvalue *m;

	json_key(json, "capture");
	json_object(json);
	put_key(json, "sources", &sum->sources);
	for (m = sum->capture.first; m && !slice_eq(m->key, SLICE("flows")); m = m->next)
		put_member(json, m);
	if (sum->has_time) {
		json_put_int(json, "first_us", sum->first_us);
		json_put_int(json, "last_us", sum->last_us);
		json_put_int(json, "duration_us", sum->last_us - sum->first_us);
		report_sum_spans_write(&sum->spans, json);
	}
	for (; m; m = m->next)
		put_member(json, m);
	json_end(json);
}

/* Made anew from the sums. */
static void
put_intervals(struct json *json, const struct report_sum *sum)
{
	static const char *const names[] = {
		"R1_conditional_hit.all", "R2_evaluable_hit.all", "R3_recall.all"};
	static const char *const counted[] = {
		"inferred_R1", "inferred_R2", "inferred_R3"};
	const struct jsonvalue *pairs = jsonvalue_get(&sum->quality, "pairs");
	const struct jsonvalue *rates = jsonvalue_get(&sum->metrics, "rates");
	struct doubts doubts = {.validated = restore_count(pairs, "inferred_validated"),
		.lost_answers = restore_count(pairs, "lost_answers"),
		.orphan_304 = restore_count(pairs, "orphan_304"),
		.orphan_full = restore_count(pairs, "orphan_full")};

	for (enum interval_of i = 0; i < INTERVAL_COUNT; i++)
		doubts.counted[i] = restore_count(pairs, counted[i]);
	if (interval_is_needless(&doubts))
		return;
	json_key(json, "intervals");
	json_object(json);
	for (enum interval_of i = 0; i < INTERVAL_COUNT; i++)
		report_interval(json, i, restore_rate(rates, names[i]), &doubts);
	json_end(json);
}

static void
put_warnings(struct json *json, const struct report *report)
{
	json_key(json, "warnings");
	json_array(json);
	for (size_t i = 0; i < report->sentence_count; i++)
		json_text(json, report->sentences[i]);
	json_end(json);
}

static void
put_left_out(struct json *json, const struct report_sum *sum)
{
	if (!sum->left_out_count)
		return;
	json_key(json, "left_out");
	json_array(json);
	for (size_t i = 0; i < sum->left_out_count; i++)
		json_text(json, sum->left_out[i]);
	json_end(json);
}

static void
put_quality(struct json *json, const struct report_sum *sum)
{
	const struct jsonvalue *m;

	json_key(json, "quality");
	json_object(json);
	json_put_bool(json, "exact", !sum->inexact);
	for (m = sum->quality.first; m && !slice_eq(m->key, SLICE("packets"));
		m = m->next)
		put_member(json, m);
	put_intervals(json, sum);
	put_warnings(json, &sum->whole.report);
	put_left_out(json, sum);
	for (; m; m = m->next)
		put_member(json, m);
	json_end(json);
}

static void
put_sum(struct json *json, const struct report_sum *sum, size_t rows_max)
{
	json_object(json);
	put_tool(json, sum->version);
	put_key(json, "options", &sum->options);
	put_capture(json, sum);
	put_key(json, "ledger", &sum->ledger);
	put_key(json, "http", &sum->http);
	put_key(json, "metrics", &sum->metrics);
	json_key(json, "more");
	put_more(json, sum, &sum->more, rows_max);
	if (rows_max == SIZE_MAX)
		report_sum_tables_write(&sum->tables, json);
	else
		report_tables_json(json, &sum->whole.tally->tables, rows_max);
	report_sum_findings_write(&sum->findings, json, rows_max);
	report_sum_fixes_write(&sum->fixes, json);
	put_quality(json, sum);
	json_end(json);
}

void
report_sum_write(struct report_sum *sum, struct out *out)
{
	struct json json;

	report_sum_report(sum);
	json_init(&json, out, true);
	put_sum(&json, sum, SIZE_MAX);
	out_octet(out, '\n');
}

void
report_sum_compact(const struct report_sum *sum, struct out *out, size_t rows_max)
{
	struct json json;

	json_init(&json, out, false);
	put_sum(&json, sum, rows_max);
}

/* ---- as a report ---- */

static void
say(struct report_sum *sum, const struct out *words)
{
	report_sum_whole_say(&sum->whole, out_contents(words));
}

/* What the names of what was left out begin with, and what it is. */
static const struct {
	const char *begin, *what;
} missing[] = {{"options.", "options that differ"},
	{"metrics.shared.lru", "caches of a capacity that not all reports have"},
	{"more.clients.", "how many clients there are, and how many share a key"},
	{"more.distinct.resources", "how many distinct resources there are"},
	{"more.lifetimes", "lifetimes to recommend"},
	{"more.patterns", "lifetimes by URL pattern"},
	{"more.tags", "contents with several tags"},
	{"more.slow_304", "304s that take as long as the answer"},
	{"more.clocks", "the clocks of servers"},
	{"fixes.time.month_octets", "what fixes would save in a month"},
	{"report.", "sections that this version does not know"},
	{"", "numbers that do not say what they are made of"}};

enum {
	MISSING = sizeof missing / sizeof *missing
};

static unsigned
missing_of(const char *name)
{
	unsigned i = 0;

	while (strncmp(name, missing[i].begin, strlen(missing[i].begin)) != 0)
		i++;
	return i;
}

/* In plain words; the names are in `quality.left_out`. */
static void
name_left_out(struct out *words, const struct report_sum *sum)
{
	const char *before = SUM_SAYS_LEFT_OUT;
	bool is_missing[MISSING] = {false};

	for (size_t i = 0; i < sum->left_out_count; i++)
		is_missing[missing_of(sum->left_out[i])] = true;
	for (unsigned i = 0; i < MISSING; i++) {
		if (!is_missing[i])
			continue;
		out_format(words, "%s%s", before, missing[i].what);
		before = "; ";
	}
}

bool
report_sum_says(struct slice sentence)
{
	return slice_has_prefix(sentence, SLICE(SUM_SAYS_OF)) ||
	       slice_has_prefix(sentence, SLICE(SUM_SAYS_LEFT_OUT));
}

/* What the reports said, and what a sum cannot. */
static void
say_limits(struct report_sum *sum)
{
	struct out words;

	for (const struct jsonvalue *w = sum->warnings.first; w; w = w->next)
		if (sum->reports < 2 || !report_sum_says(w->text))
			report_sum_whole_say(&sum->whole, w->text);
	if (sum->reports < 2)
		return;
	out_init_memory(&words);
	out_format(&words,
		SUM_SAYS_OF
		"%zu reports: what a client of one held is not known to the "
		"others, and what only many exchanges tell is as each report had it",
		sum->reports);
	if (sum->spans.count > 1)
		out_format(&words, "; they cover %s within %s",
			text_duration(1000 * report_sum_spans_covered_us(&sum->spans)).s,
			text_duration(1000 * (sum->last_us - sum->first_us)).s);
	say(sum, &words);
	out_clear(&words);
	name_left_out(&words, sum);
	if (words.used)
		say(sum, &words);
	out_fini(&words);
}

/* Of what is told anew, what is not. */
static void
leave_out_unknown(struct report_sum *sum, const struct jsonvalue *object)
{
	for (const struct jsonvalue *m = object->first; m; m = m->next) {
		enum sum_derived which = report_sum_derived(m->key);

		if (which && !is_known(sum, which))
			report_sum_leave_out(sum, "more", m->key);
		else if (which == DERIVED_DISTINCT)
			report_sum_leave_out(sum, "more.distinct", SLICE("resources"));
		else if (slice_eq(m->key, SLICE("time")))
			leave_out_unknown(sum, m);
	}
}

static void
unite(struct report_sum *sum)
{
	const struct jsonvalue *octets = jsonvalue_get(&sum->metrics, "octets");

	report_sum_spans_unite(&sum->spans);
	report_sum_tables_unite(&sum->tables);
	report_sum_findings_unite(&sum->findings);
	report_sum_fixes_unite(&sum->fixes, (int64_t)restore_count(octets, "total"),
		(int64_t)(restore_count(octets, "r_content") +
			  restore_count(octets, "r_framing")));
}

static int64_t
count_or_none(const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	return value && value->type == JSONVALUE_INTEGER ? value->integer : -1;
}

static void
fill_numbers(struct report_sum *sum, struct report_sum_whole *whole)
{
	struct counters *c = &whole->counters;

	restore_counters(c, &sum->capture, &sum->ledger, &sum->quality);
	if (sum->has_time) {
		c->first_ns = sum->first_us * 1000;
		c->last_ns = sum->last_us * 1000;
		whole->report.gap_ns = c->last_ns - c->first_ns -
				       1000 * report_sum_spans_covered_us(&sum->spans);
	}
	restore_evictions(&whole->report.evictions, &sum->quality);
	restore_tally(whole->tally, &sum->http, &sum->metrics, &sum->more, &sum->quality);
	restore_whatif(whole->whatif, &sum->metrics, &sum->more);
	whole->clients.t2_shared_octets = restore_at_most(
		restore_count(&sum->more, "t2_shared"),
		tally_wasted(whole->tally, TIER_2));
	whole->report.kernel_dropped = count_or_none(&sum->capture, "kernel_dropped");
	whole->report.interface_dropped = count_or_none(
		jsonvalue_get(&sum->quality, "packets"), "interface_dropped");
}

static void
fill_lists(struct report_sum *sum, struct report_sum_whole *whole)
{
	report_sum_tables_fill(&sum->tables, &whole->tally->tables);
	report_sum_tags_fill(&sum->tags, whole->tags);
	report_patterns_fill(&sum->patterns, whole->whatif);
	for (size_t i = 0; i < sum->findings.count; i++)
		restore_finding(whole->rules, sum->findings.items[i], &sum->sources,
			&whole->arena);
	for (size_t i = 0; i < sum->fixes.count; i++)
		restore_fix(whole->tally->fixes, sum->fixes.items[i], &sum->sources);
}

static int
by_octets(const void *a, const void *b)
{
	return strcmp(a, b);
}

struct report *
report_sum_report(struct report_sum *sum)
{
	struct report_sum_whole *whole = &sum->whole;

	if (sum->is_finished)
		return &whole->report;
	sum->is_finished = true;
	report_sum_whole_init(whole, sum->version);
	whole->report.sum = sum;
	unite(sum);
	report_sum_whole_sources(whole, &sum->sources);
	report_sum_whole_options(whole, &sum->options);
	fill_numbers(sum, whole);
	fill_lists(sum, whole);
	leave_out_unknown(sum, &sum->more);
	qsort(sum->left_out, sum->left_out_count, sizeof *sum->left_out, by_octets);
	say_limits(sum);
	return &whole->report;
}
