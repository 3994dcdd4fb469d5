#include "analyzer/report/report_sum.h"

#include "analyzer/base/jsonread.h"
#include "analyzer/report/report_distribution.h"
#include "analyzer/report/report_metrics.h"
#include "analyzer/report/report_read.h"
#include "analyzer/report/report_sum_findings.h"
#include "analyzer/report/report_sum_whatif.h"
#include "analyzer/report/report_sum_fixes.h"
#include "analyzer/report/report_sum_tables.h"

enum {
	LEFT_OUT_MAX = 32, /* names that are listed */
	WARNINGS_MAX = 256,
	NAME_BYTES = 96,
};

struct report_sum {
	const char *version;
	struct arena arena;
	size_t reports;
	struct jsonvalue options, capture, ledger, http, metrics, more, quality;
	struct jsonvalue sources, warnings;
	struct report_sum_findings findings;
	struct report_sum_fixes fixes;
	struct report_sum_tables tables;
	bool has_time, inexact;
	int64_t first_us, last_us;
	char left_out[LEFT_OUT_MAX][NAME_BYTES];
	size_t left_out_count;
};

struct report_sum *
report_sum_new(const char *version)
{
	struct report_sum *sum = mem_alloc(sizeof *sum);

	sum->version = version;
	sum->options.type = sum->capture.type = sum->ledger.type = sum->http.type =
		sum->metrics.type = sum->more.type = sum->quality.type = JSONVALUE_OBJECT;
	sum->sources.type = sum->warnings.type = JSONVALUE_ARRAY;
	return sum;
}

void
report_sum_free(struct report_sum **sum)
{
	if (!*sum)
		return;
	report_sum_findings_fini(&(*sum)->findings);
	report_sum_fixes_fini(&(*sum)->fixes);
	report_sum_tables_fini(&(*sum)->tables);
	arena_fini(&(*sum)->arena);
	mem_free(*sum);
	*sum = NULL;
}

/* ---- adding ---- */

static void
leave_out(struct report_sum *sum, const char *section, struct slice key)
{
	struct out name;
	struct slice text;

	out_init_memory(&name);
	out_format(&name, "%s.", section);
	out_slice(&name, key);
	text = slice_part(out_contents(&name), 0,
		name.used < NAME_BYTES ? name.used : NAME_BYTES - 1);
	for (size_t i = 0; i <= sum->left_out_count && i < LEFT_OUT_MAX; i++) {
		if (i == sum->left_out_count) {
			memcpy(sum->left_out[i], text.at, text.n);
			sum->left_out[i][text.n] = '\0';
			sum->left_out_count++;
			break;
		}
		if (slice_eq(slice_of(sum->left_out[i], strlen(sum->left_out[i])), text))
			break;
	}
	out_fini(&name);
}

static bool
is_rate(const struct jsonvalue *value)
{
	const struct jsonvalue *num = jsonvalue_get(value, "num");
	const struct jsonvalue *den = jsonvalue_get(value, "den");

	return num && den && num->type == JSONVALUE_INTEGER &&
	       den->type == JSONVALUE_INTEGER && jsonvalue_get(value, "value");
}

static void
add_rate(struct jsonvalue *into, const struct jsonvalue *from)
{
	struct jsonvalue *num = jsonvalue_get(into, "num"),
			 *den = jsonvalue_get(into, "den"),
			 *value = jsonvalue_get(into, "value");

	num->integer = jsonvalue_sum(num->integer, jsonvalue_get(from, "num")->integer);
	den->integer = jsonvalue_sum(den->integer, jsonvalue_get(from, "den")->integer);
	value->type = den->integer ? JSONVALUE_REAL : JSONVALUE_NULL;
	value->real = den->integer ? (double)num->integer / (double)den->integer : 0;
}

/* Without its buckets. */
static bool
is_distribution(const struct jsonvalue *value)
{
	return jsonvalue_get(value, "p50") || jsonvalue_get(value, "p50_us");
}

/* The same client, or resource, may be in several reports. */
static bool
is_of_distinct_things(const struct jsonvalue *value)
{
	return value->type == JSONVALUE_OBJECT &&
	       (slice_eq(value->key, SLICE("clients")) ||
		       slice_eq(value->key, SLICE("distinct")) ||
		       slice_eq(value->key, SLICE("urls_below_90")));
}

/* What of a single report may stand in a sum. */
static bool
adds_up(const struct jsonvalue *value)
{
	if (is_of_distinct_things(value))
		return false;
	return value->type == JSONVALUE_INTEGER || value->type == JSONVALUE_NULL ||
	       report_sum_is_prediction(value) || report_distribution_is(value) ||
	       (value->type == JSONVALUE_OBJECT && !is_distribution(value));
}

/* Takes out what does not add up. */
static void
prune(struct report_sum *sum, const char *section, struct jsonvalue *object)
{
	struct jsonvalue **at = &object->first;

	if (is_rate(object) || report_sum_is_cache(object) ||
		report_distribution_is(object))
		return;
	while (*at) {
		if (adds_up(*at)) {
			prune(sum, section, *at);
			at = &(*at)->next;
			continue;
		}
		leave_out(sum, section, (*at)->key);
		*at = (*at)->next;
		object->count--;
	}
}

/* Where a new member goes: numbers in their order, names after the one before them. */
static struct jsonvalue **
place_of(struct jsonvalue *into, struct jsonvalue **after, struct slice key)
{
	struct jsonvalue **at = &into->first;

	if (!key.n || key.at[0] < '0' || key.at[0] > '9')
		return after;
	while (*at && (*at)->key.n == key.n && memcmp((*at)->key.at, key.at, key.n) < 0)
		at = &(*at)->next;
	return at;
}

static void add_object(struct jsonvalue *into, struct jsonvalue *from);

/* Two values under one name; what was null becomes the other. */
static void
add_value(struct jsonvalue *into, struct jsonvalue *from)
{
	struct jsonvalue *next = into->next;

	if (into->type == JSONVALUE_NULL) {
		*into = *from;
		into->next = next;
	} else if (is_rate(into) && is_rate(from)) {
		add_rate(into, from);
	} else if (report_distribution_is(into) && report_distribution_is(from)) {
		report_distribution_sum(into, from);
	} else if (report_sum_is_prediction(into) && report_sum_is_prediction(from)) {
		report_sum_add_prediction(into, from);
	} else if (into->type == JSONVALUE_OBJECT && from->type == JSONVALUE_OBJECT) {
		add_object(into, from);
		if (report_sum_is_cache(into))
			report_sum_renew_cache(into);
	} else if (into->type == JSONVALUE_INTEGER && from->type == JSONVALUE_INTEGER) {
		into->integer = jsonvalue_sum(into->integer, from->integer);
	}
}

/* Member by member; `from` is used up. */
static void
add_object(struct jsonvalue *into, struct jsonvalue *from)
{
	struct jsonvalue **after = &into->first, *member, *next;

	for (member = from->first; member; member = next) {
		struct jsonvalue **at = &into->first;

		next = member->next;
		while (*at && !slice_eq((*at)->key, member->key))
			at = &(*at)->next;
		if (*at) {
			add_value(*at, member);
		} else {
			at = place_of(into, after, member->key);
			member->next = *at;
			*at = member;
			into->count++;
		}
		after = &(*at)->next;
	}
}

static void
add_section(struct report_sum *sum, struct jsonvalue *into, struct jsonvalue *report,
	const char *name)
{
	struct jsonvalue *section = jsonvalue_get(report, name);

	prune(sum, name, section);
	add_object(into, section);
}

/* ---- sections that have more than sums ---- */

/* Options hold for the sum if they were the same for all. */
static void
add_options(struct report_sum *sum, struct jsonvalue *options)
{
	struct jsonvalue **at = &sum->options.first;
	const struct jsonvalue *member;

	if (!sum->reports) {
		sum->options = *options;
		return;
	}
	for (member = options->first; member; member = member->next)
		if (!jsonvalue_find(&sum->options, member->key))
			leave_out(sum, "options", member->key);
	while (*at) {
		member = jsonvalue_find(options, (*at)->key);
		if (member && jsonvalue_eq(*at, member)) {
			at = &(*at)->next;
			continue;
		}
		leave_out(sum, "options", (*at)->key);
		*at = (*at)->next;
		sum->options.count--;
	}
}

/* Caches of one capacity are of one kind: if not all had them, they are left out. */
static void
align_capacities(struct report_sum *sum, struct jsonvalue *report)
{
	bool dropped;

	if (jsonvalue_get(&sum->options, "shared_lru"))
		return;
	dropped = report_sum_drop_capacities(&sum->metrics, &sum->more);
	dropped |= report_sum_drop_capacities(
		jsonvalue_get(report, "metrics"), jsonvalue_get(report, "more"));
	if (dropped)
		leave_out(sum, "metrics", SLICE("shared.lru"));
}

static void
add_capture(struct report_sum *sum, struct jsonvalue *report)
{
	struct jsonvalue *capture = jsonvalue_get(report, "capture");
	struct jsonvalue *sources = jsonvalue_take(capture, "sources"), *source;
	struct jsonvalue *first_us = jsonvalue_take(capture, "first_us");
	struct jsonvalue *last_us = jsonvalue_take(capture, "last_us");

	jsonvalue_take(capture, "duration_us");
	if (first_us && last_us) {
		if (!sum->has_time || first_us->integer < sum->first_us)
			sum->first_us = first_us->integer;
		if (!sum->has_time || last_us->integer > sum->last_us)
			sum->last_us = last_us->integer;
		sum->has_time = true;
	}
	while (sources && (source = jsonvalue_shift(sources)))
		jsonvalue_append(&sum->sources, source);
	add_section(sum, &sum->capture, report, "capture");
}

static void
add_warnings(struct report_sum *sum, struct jsonvalue *warnings)
{
	struct jsonvalue *warning;

	while (warnings && (warning = jsonvalue_shift(warnings))) {
		const struct jsonvalue *known = sum->warnings.first;

		while (known && !slice_eq(known->text, warning->text))
			known = known->next;
		if (!known && warning->type == JSONVALUE_STRING &&
			sum->warnings.count < WARNINGS_MAX)
			jsonvalue_append(&sum->warnings, warning);
	}
}

static void
add_quality(struct report_sum *sum, struct jsonvalue *report)
{
	struct jsonvalue *quality = jsonvalue_get(report, "quality");
	const struct jsonvalue *exact = jsonvalue_take(quality, "exact");

	sum->inexact |= !exact || !exact->boolean;
	add_warnings(sum, jsonvalue_take(quality, "warnings"));
	jsonvalue_take(quality, "intervals"); /* made anew */
	add_section(sum, &sum->quality, report, "quality");
}

/* What has no part in a sum, and sections of later versions. */
static void
leave_out_the_rest(struct report_sum *sum, const struct jsonvalue *report)
{
	static const char *const known[] = {"schema", "tool", "options", "capture",
		"ledger", "http", "metrics", "more", "tables", "findings", "fixes",
		"quality"};
	enum {
		KNOWN = sizeof known / sizeof *known
	};

	for (const struct jsonvalue *m = report->first; m; m = m->next) {
		unsigned i = 0;

		while (i < KNOWN &&
			!slice_eq(m->key, slice_of(known[i], strlen(known[i]))))
			i++;
		if (i == KNOWN)
			leave_out(sum, "report", m->key);
	}
}

int
report_sum_add(
	struct report_sum *sum, struct slice octets, const char *path, struct err *err)
{
	struct jsonvalue *report = report_read(octets, &sum->arena, path, err);

	if (!report)
		return -1;
	add_options(sum, jsonvalue_get(report, "options"));
	align_capacities(sum, report);
	add_capture(sum, report);
	add_section(sum, &sum->ledger, report, "ledger");
	add_section(sum, &sum->http, report, "http");
	add_section(sum, &sum->metrics, report, "metrics");
	add_section(sum, &sum->more, report, "more");
	report_sum_tables_add(&sum->tables, jsonvalue_get(report, "tables"));
	leave_out(sum, "tables", SLICE("wait_p50_us"));
	report_sum_findings_add(&sum->findings, jsonvalue_get(report, "findings"));
	report_sum_fixes_add(&sum->fixes, jsonvalue_get(report, "fixes"));
	add_quality(sum, report);
	leave_out_the_rest(sum, report);
	sum->reports++;
	return 0;
}

/* ---- writing ---- */

static void
put_key(struct json *json, const char *key, const struct jsonvalue *value)
{
	json_key(json, key);
	jsonvalue_write(json, value);
}

static void
put_members(struct json *json, const struct jsonvalue *object)
{
	for (const struct jsonvalue *m = object->first; m; m = m->next) {
		json_key_octets(json, m->key);
		jsonvalue_write(json, m);
	}
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
	json_key(json, "capture");
	json_object(json);
	put_key(json, "sources", &sum->sources);
	if (sum->has_time) {
		json_put_int(json, "first_us", sum->first_us);
		json_put_int(json, "last_us", sum->last_us);
		json_put_int(json, "duration_us", sum->last_us - sum->first_us);
	}
	put_members(json, &sum->capture);
	json_end(json);
}

/* What a sum cannot say. */
static void
put_limits(struct json *json, const struct report_sum *sum)
{
	struct out words;

	if (sum->reports < 2)
		return;
	out_init_memory(&words);
	out_format(&words,
		"the sum of %zu reports: what a client of one held is not known to the "
		"others, and what only many exchanges tell is as each report had it",
		sum->reports);
	json_octets(json, out_contents(&words));
	out_clear(&words);
	for (size_t i = 0; i < sum->left_out_count; i++)
		out_format(&words, "%s%s",
			i ? ", " : "left out, for it does not add up: ",
			sum->left_out[i]);
	if (sum->left_out_count)
		json_octets(json, out_contents(&words));
	out_fini(&words);
}

static uint64_t
count_of(const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	return value && value->integer > 0 ? (uint64_t)value->integer : 0;
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
	struct doubts doubts = {.validated = count_of(pairs, "inferred_validated"),
		.lost_answers = count_of(pairs, "lost_answers"),
		.orphan_304 = count_of(pairs, "orphan_304"),
		.orphan_full = count_of(pairs, "orphan_full")};

	for (enum interval_of i = 0; i < INTERVAL_COUNT; i++)
		doubts.counted[i] = count_of(pairs, counted[i]);
	if (interval_is_needless(&doubts))
		return;
	json_key(json, "intervals");
	json_object(json);
	for (enum interval_of i = 0; i < INTERVAL_COUNT; i++) {
		const struct jsonvalue *rate = jsonvalue_get(rates, names[i]);

		report_interval(json, i,
			(struct rate){count_of(rate, "num"), count_of(rate, "den")},
			&doubts);
	}
	json_end(json);
}

static void
put_quality(struct json *json, const struct report_sum *sum)
{
	json_key(json, "quality");
	json_object(json);
	json_put_bool(json, "exact", !sum->inexact);
	put_members(json, &sum->quality);
	put_intervals(json, sum);
	json_key(json, "warnings");
	json_array(json);
	for (const struct jsonvalue *w = sum->warnings.first; w; w = w->next)
		jsonvalue_write(json, w);
	put_limits(json, sum);
	json_end(json);
	json_end(json);
}

static void
put_fixes(struct json *json, struct report_sum *sum)
{
	const struct jsonvalue *octets = jsonvalue_get(&sum->metrics, "octets");

	report_sum_fixes_write(&sum->fixes, json, (int64_t)count_of(octets, "total"),
		(int64_t)(count_of(octets, "r_content") + count_of(octets, "r_framing")));
}

void
report_sum_write(struct report_sum *sum, struct out *out)
{
	struct json json;

	json_init(&json, out, true);
	json_object(&json);
	put_tool(&json, sum->version);
	put_key(&json, "options", &sum->options);
	put_capture(&json, sum);
	put_key(&json, "ledger", &sum->ledger);
	put_key(&json, "http", &sum->http);
	put_key(&json, "metrics", &sum->metrics);
	put_key(&json, "more", &sum->more);
	report_sum_tables_write(&sum->tables, &json);
	report_sum_findings_write(&sum->findings, &json);
	put_fixes(&json, sum);
	put_quality(&json, sum);
	json_end(&json);
	out_octet(out, '\n');
}
