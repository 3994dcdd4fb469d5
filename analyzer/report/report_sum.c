#include "analyzer/report/report_sum.h"

#include "analyzer/base/jsonread.h"
#include "analyzer/report/report_metrics.h"
#include "analyzer/report/report_patterns.h"
#include "analyzer/report/report_read.h"
#include "analyzer/report/report_sum_derived.h"
#include "analyzer/report/report_sum_findings.h"
#include "analyzer/report/report_sum_fixes.h"
#include "analyzer/report/report_sum_tables.h"
#include "analyzer/report/report_sum_tags.h"
#include "analyzer/report/report_sum_values.h"
#include "analyzer/report/report_sum_whatif.h"

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
	struct report_sum_tags tags;
	struct report_patterns patterns;
	struct report_sum_whole whole;	 /* when it is written */
	bool lacks_tags, lacks_patterns; /* a report does not tell all of them */
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
	report_sum_tags_fini(&(*sum)->tags);
	report_patterns_fini(&(*sum)->patterns);
	arena_fini(&(*sum)->arena);
	mem_free(*sum);
	*sum = NULL;
}

/* ---- adding ---- */

static void
leave_out(void *context, const char *section, struct slice key)
{
	struct report_sum *sum = context;
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

static void
add_section(struct report_sum *sum, struct jsonvalue *into, struct jsonvalue *report,
	const char *name)
{
	struct jsonvalue *section = jsonvalue_get(report, name);

	report_sum_values_prune(section, name, leave_out, sum);
	report_sum_values_add(into, section);
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

/* Lists that are read whole; older versions do not tell enough. */
static void
add_lists(struct report_sum *sum, const struct jsonvalue *report)
{
	const struct jsonvalue *more = jsonvalue_get(report, "more");
	const struct jsonvalue *evictions = jsonvalue_get(
		jsonvalue_get(report, "quality"), "evictions");
	const struct jsonvalue *tags = jsonvalue_get(more, "tags");
	const struct jsonvalue *patterns = jsonvalue_get(more, "patterns");
	const struct jsonvalue *left_out = jsonvalue_get(evictions, "patterns");

	if (tags && report_sum_tags_valid(tags))
		report_sum_tags_add(&sum->tags, tags);
	else
		sum->lacks_tags = true;
	if (patterns && report_patterns_valid(patterns))
		report_patterns_add(&sum->patterns, patterns);
	else
		sum->lacks_patterns = true;
	sum->lacks_patterns |= !left_out || left_out->integer;
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
	add_lists(sum, report);
	add_section(sum, &sum->more, report, "more");
	report_sum_tables_add(&sum->tables, jsonvalue_get(report, "tables"));
	report_sum_findings_add(&sum->findings, jsonvalue_get(report, "findings"));
	report_sum_fixes_add(&sum->fixes, jsonvalue_get(report, "fixes"));
	if (report_sum_fixes_tell_months(jsonvalue_get(report, "fixes")))
		leave_out(sum, "fixes.time", SLICE("month_octets"));
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
put_member(struct json *json, const struct jsonvalue *member)
{
	json_key_octets(json, member->key);
	jsonvalue_write(json, member);
}

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
put_more(struct json *json, struct report_sum *sum, const struct jsonvalue *object)
{
	json_object(json);
	for (const struct jsonvalue *m = object->first; m; m = m->next) {
		enum sum_derived which = report_sum_derived(m->key);

		if (which && is_known(sum, which)) {
			report_sum_derived_write(json, which, &sum->whole);
			if (which == DERIVED_DISTINCT)
				leave_out(sum, "more.distinct", SLICE("resources"));
		} else if (which) {
			leave_out(sum, "more", m->key);
		} else {
			json_key_octets(json, m->key);
			if (slice_eq(m->key, SLICE("time")))
				put_more(json, sum, m);
			else
				jsonvalue_write(json, m);
		}
	}
	json_end(json);
}

/* What is told anew is told of this. */
static void
make_whole(struct report_sum *sum)
{
	const struct jsonvalue *percent = jsonvalue_get(
		&sum->options, "stale_max_percent");
	struct report_sum_whole *whole = &sum->whole;

	report_sum_whole_init(whole);
	report_sum_tables_unite(&sum->tables);
	report_sum_tables_fill(&sum->tables, &whole->tally->tables);
	report_sum_tags_fill(&sum->tags, whole->tags);
	report_patterns_fill(&sum->patterns, whole->whatif);
	if (percent && percent->integer > 0)
		whole->report.thresholds.of[THRESHOLD_STALE] = (uint64_t)percent->integer;
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
	}
	for (; m; m = m->next)
		put_member(json, m);
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
put_warnings(struct json *json, const struct report_sum *sum)
{
	json_key(json, "warnings");
	json_array(json);
	for (const struct jsonvalue *w = sum->warnings.first; w; w = w->next)
		jsonvalue_write(json, w);
	put_limits(json, sum);
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
	put_warnings(json, sum);
	for (; m; m = m->next)
		put_member(json, m);
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

	make_whole(sum);
	json_init(&json, out, true);
	json_object(&json);
	put_tool(&json, sum->version);
	put_key(&json, "options", &sum->options);
	put_capture(&json, sum);
	put_key(&json, "ledger", &sum->ledger);
	put_key(&json, "http", &sum->http);
	put_key(&json, "metrics", &sum->metrics);
	json_key(&json, "more");
	put_more(&json, sum, &sum->more);
	report_sum_tables_write(&sum->tables, &json);
	report_sum_findings_write(&sum->findings, &json);
	put_fixes(&json, sum);
	put_quality(&json, sum);
	json_end(&json);
	out_octet(out, '\n');
	report_sum_whole_fini(&sum->whole);
}
