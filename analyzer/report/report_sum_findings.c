#include "analyzer/report/report_sum_findings.h"

#include "analyzer/rules/rule.h"

#include <stdlib.h>

void
report_sum_findings_fini(struct report_sum_findings *findings)
{
	mem_free(findings->items);
	*findings = (struct report_sum_findings){0};
}

/* ---- members ---- */

static struct slice
text_of(const struct jsonvalue *finding, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(finding, key);

	return value ? value->text : (struct slice){NULL, 0};
}

static int64_t
integer_of(const struct jsonvalue *finding, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(finding, key);

	return value ? value->integer : 0;
}

static const struct jsonvalue *
subject_of(const struct jsonvalue *finding)
{
	static const char *const names[] = {"resource", "server", "client"};
	const struct jsonvalue *subject = NULL;

	for (unsigned i = 0; i < 3 && !subject; i++)
		subject = jsonvalue_get(finding, names[i]);
	return subject;
}

static bool
is_finding(const struct jsonvalue *finding)
{
	static const char *const integers[] = {"count", "octets", "last_us"};
	const struct jsonvalue *first = jsonvalue_get(finding, "first");
	const struct jsonvalue *subject = subject_of(finding);

	for (unsigned i = 0; i < 3; i++) {
		const struct jsonvalue *value = jsonvalue_get(finding, integers[i]);

		if (!value || value->type != JSONVALUE_INTEGER)
			return false;
	}
	return text_of(finding, "rule").n && subject &&
	       subject->type == JSONVALUE_STRING && jsonvalue_get(first, "ts_us");
}

bool
report_sum_findings_valid(const struct jsonvalue *array)
{
	const struct jsonvalue *item;

	for (item = array->first; item; item = item->next)
		if (!is_finding(item))
			return false;
	return true;
}

void
report_sum_findings_add(
	struct report_sum_findings *findings, const struct jsonvalue *array)
{
	for (struct jsonvalue *item = array->first; item; item = item->next) {
		if (findings->count == findings->room) {
			findings->room = findings->room ? 2 * findings->room : 64;
			findings->items = mem_grow(findings->items,
				findings->room * sizeof *findings->items);
		}
		findings->items[findings->count++] = item;
	}
}

/* ---- order ---- */

static int64_t
first_us(const struct jsonvalue *finding)
{
	return integer_of(jsonvalue_get(finding, "first"), "ts_us");
}

static int
compare_subjects(const struct jsonvalue *x, const struct jsonvalue *y)
{
	const struct jsonvalue *a = subject_of(x), *b = subject_of(y);
	int order = slice_order(text_of(x, "rule"), text_of(y, "rule"));

	if (!order)
		order = slice_order(text_of(x, "kind"), text_of(y, "kind"));
	if (!order)
		order = slice_order(a->key, b->key);
	return order ? order : slice_order(a->text, b->text);
}

/* Equal subjects together, the first in time first; then by its evidence. */
static int
by_subject(const void *a, const void *b)
{
	const struct jsonvalue *x = *(struct jsonvalue *const *)a;
	const struct jsonvalue *y = *(struct jsonvalue *const *)b;
	int order = compare_subjects(x, y);

	if (order)
		return order;
	if (first_us(x) != first_us(y))
		return first_us(x) < first_us(y) ? -1 : 1;
	return slice_order(text_of(jsonvalue_get(x, "first"), "flow"),
		text_of(jsonvalue_get(y, "first"), "flow"));
}

static int
severity_of(const struct jsonvalue *finding)
{
	struct slice text = text_of(finding, "severity");
	int severity = SEVERITY_VIOLATION;

	for (; severity < SEVERITY_ADVICE; severity++) {
		const char *name = severity_name((enum severity)severity);

		if (slice_eq(text, slice_of(name, strlen(name))))
			break;
	}
	return severity;
}

static int
confidence_of(const struct jsonvalue *finding)
{
	struct slice text = text_of(finding, "confidence");
	int confidence = CONFIDENCE_CERTAIN;

	for (; confidence < CONFIDENCE_HINT; confidence++) {
		const char *name = confidence_name((enum confidence)confidence);

		if (slice_eq(text, slice_of(name, strlen(name))))
			break;
	}
	return confidence;
}

/* Those of other versions come last. */
static int
rule_of(const struct jsonvalue *finding)
{
	struct slice text = text_of(finding, "rule");
	int rule = 0;

	for (; rule < RULE_COUNT; rule++) {
		const char *name = rule_name((enum rule_id)rule);

		if (slice_eq(text, slice_of(name, strlen(name))))
			break;
	}
	return rule;
}

static int
by_weight(const void *a, const void *b)
{
	const struct jsonvalue *x = *(struct jsonvalue *const *)a;
	const struct jsonvalue *y = *(struct jsonvalue *const *)b;
	int64_t count = integer_of(x, "count") - integer_of(y, "count");

	if (severity_of(x) != severity_of(y))
		return severity_of(x) - severity_of(y);
	if (count)
		return count > 0 ? -1 : 1;
	if (rule_of(x) != rule_of(y))
		return rule_of(x) - rule_of(y);
	if (first_us(x) != first_us(y))
		return first_us(x) < first_us(y) ? -1 : 1;
	return compare_subjects(x, y);
}

/* ---- the sum ---- */

static void
add_integer(struct jsonvalue *into, const struct jsonvalue *from, const char *key)
{
	struct jsonvalue *sum = jsonvalue_get(into, key);

	sum->integer = jsonvalue_sum(sum->integer, integer_of(from, key));
}

static void
replace_text(struct jsonvalue *into, const struct jsonvalue *from, const char *key)
{
	struct jsonvalue *to = jsonvalue_get(into, key);

	if (to)
		to->text = text_of(from, key);
}

static void
unite(struct jsonvalue *into, const struct jsonvalue *from)
{
	struct jsonvalue *tentative = jsonvalue_get(into, "tentative");
	const struct jsonvalue *other = jsonvalue_get(from, "tentative");

	add_integer(into, from, "count");
	add_integer(into, from, "octets");
	if (severity_of(from) < severity_of(into))
		replace_text(into, from, "severity");
	if (confidence_of(from) < confidence_of(into))
		replace_text(into, from, "confidence");
	if (tentative && other)
		tentative->boolean &= other->boolean;
	if (integer_of(from, "last_us") > integer_of(into, "last_us"))
		jsonvalue_get(into, "last_us")->integer = integer_of(from, "last_us");
}

void
report_sum_findings_unite(struct report_sum_findings *findings)
{
	struct jsonvalue **items = findings->items;
	size_t n = 0;

	if (findings->count)
		qsort(items, findings->count, sizeof *items, by_subject);
	for (size_t i = 0; i < findings->count; i++) {
		if (n && compare_subjects(items[n - 1], items[i]) == 0)
			unite(items[n - 1], items[i]);
		else
			items[n++] = items[i];
	}
	findings->count = n;
	if (n)
		qsort(items, n, sizeof *items, by_weight);
}

void
report_sum_findings_write(
	const struct report_sum_findings *findings, struct json *json, size_t rows_max)
{
	json_key(json, "findings");
	json_array(json);
	for (size_t i = 0; i < findings->count && i < rows_max; i++)
		jsonvalue_write(json, findings->items[i]);
	json_end(json);
}
