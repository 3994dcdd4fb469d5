#include "analyzer/report/report_sum_parts.h"

#include "analyzer/report/report_read.h"
#include "analyzer/report/restore.h"
#include "analyzer/report/report_sum_values.h"
#include "analyzer/report/report_sum_whatif.h"

enum {
	WARNINGS_MAX = 256
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
	report_sum_spans_fini(&(*sum)->spans);
	if ((*sum)->is_finished)
		report_sum_whole_fini(&(*sum)->whole);
	arena_fini(&(*sum)->arena);
	mem_free(*sum);
	*sum = NULL;
}

/* ---- adding ---- */

static void
leave_out(struct report_sum *sum, struct slice name)
{
	struct slice text = slice_part(name, 0, SUM_NAME_BYTES - 1);

	for (size_t i = 0; i <= sum->left_out_count && i < SUM_LEFT_OUT_MAX; i++) {
		if (i == sum->left_out_count) {
			memcpy(sum->left_out[i], text.at, text.n);
			sum->left_out[i][text.n] = '\0';
			sum->left_out_count++;
			break;
		}
		if (slice_eq(slice_of(sum->left_out[i], strlen(sum->left_out[i])), text))
			break;
	}
}

void
report_sum_leave_out(void *sum, const char *section, struct slice key)
{
	struct out name;

	out_init_memory(&name);
	out_format(&name, "%s.", section);
	out_slice(&name, key);
	leave_out(sum, out_contents(&name));
	out_fini(&name);
}

static void
add_section(struct report_sum *sum, struct jsonvalue *into, struct jsonvalue *report,
	const char *name)
{
	struct jsonvalue *section = jsonvalue_get(report, name);

	report_sum_values_prune(section, name, report_sum_leave_out, sum);
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
			report_sum_leave_out(sum, "options", member->key);
	while (*at) {
		member = jsonvalue_find(options, (*at)->key);
		if (member && jsonvalue_eq(*at, member)) {
			at = &(*at)->next;
			continue;
		}
		report_sum_leave_out(sum, "options", (*at)->key);
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
		report_sum_leave_out(sum, "metrics", SLICE("shared.lru"));
}

static void
add_capture(struct report_sum *sum, struct jsonvalue *report)
{
	struct jsonvalue *capture = jsonvalue_get(report, "capture");
	struct jsonvalue *sources = jsonvalue_take(capture, "sources");
	int64_t first_us = restore_time_ns(capture, "first_us") / 1000;
	int64_t last_us = restore_time_ns(capture, "last_us") / 1000;
	bool has_first, has_last;

	report_sum_spans_add(&sum->spans, capture);
	has_first = jsonvalue_take(capture, "first_us") != NULL;
	has_last = jsonvalue_take(capture, "last_us") != NULL;
	jsonvalue_take(capture, "duration_us");
	if (has_first && has_last) {
		if (!sum->has_time || first_us < sum->first_us)
			sum->first_us = first_us;
		if (!sum->has_time || last_us > sum->last_us)
			sum->last_us = last_us;
		sum->has_time = true;
	}
	if (sources)
		jsonvalue_append_all(&sum->sources, sources);
	add_section(sum, &sum->capture, report, "capture");
}

/* Of sums those of the first are kept, for it may be alone. */
static void
add_warnings(struct report_sum *sum, struct jsonvalue *warnings)
{
	struct jsonvalue *warning;

	while (warnings && (warning = jsonvalue_shift(warnings))) {
		const struct jsonvalue *known = sum->warnings.first;

		while (known && !slice_eq(known->text, warning->text))
			known = known->next;
		if (!known && warning->type == JSONVALUE_STRING &&
			!(sum->reports && report_sum_says(warning->text)) &&
			sum->warnings.count < WARNINGS_MAX)
			jsonvalue_append(&sum->warnings, warning);
	}
}

/* What a sum that is added did without. */
static void
add_left_out(struct report_sum *sum, const struct jsonvalue *names)
{
	const struct jsonvalue *name = names ? names->first : NULL;

	for (; name; name = name->next)
		if (name->type == JSONVALUE_STRING)
			leave_out(sum, name->text);
}

static void
add_quality(struct report_sum *sum, struct jsonvalue *report)
{
	struct jsonvalue *quality = jsonvalue_get(report, "quality");
	const struct jsonvalue *exact = jsonvalue_take(quality, "exact");

	sum->inexact |= !exact || !exact->boolean;
	add_warnings(sum, jsonvalue_take(quality, "warnings"));
	add_left_out(sum, jsonvalue_take(quality, "left_out"));
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
			report_sum_leave_out(sum, "report", m->key);
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
		report_sum_leave_out(sum, "fixes.time", SLICE("month_octets"));
	add_quality(sum, report);
	leave_out_the_rest(sum, report);
	sum->reports++;
	return 0;
}
