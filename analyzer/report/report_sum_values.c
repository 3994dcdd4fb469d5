#include "analyzer/report/report_sum_values.h"

#include "analyzer/report/report_distribution.h"
#include "analyzer/report/report_sum_derived.h"
#include "analyzer/report/report_sum_whatif.h"

#include <stdio.h>

enum {
	PATH_BYTES = 96
};

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

/* The same client may be in several reports: keys and what they are called. */
static bool
is_of_keys(const char *path, const struct jsonvalue *value)
{
	return strcmp(path, "more.clients") == 0 &&
	       !slice_eq(value->key, SLICE("hasty_refetches"));
}

/* What of a single report may stand in a sum. */
static bool
adds_up(const char *path, const struct jsonvalue *value)
{
	if (is_of_keys(path, value))
		return false;
	return value->type == JSONVALUE_INTEGER || value->type == JSONVALUE_NULL ||
	       value->type == JSONVALUE_BOOL || report_sum_is_prediction(value) ||
	       report_distribution_is(value) ||
	       (value->type == JSONVALUE_OBJECT && !is_distribution(value));
}

/* What is told anew keeps its place only. */
static bool
is_told_anew(const char *path, struct jsonvalue *value)
{
	bool is_there = strcmp(path, "more") == 0 || strcmp(path, "more.time") == 0;

	if (!is_there || !report_sum_derived(value->key))
		return false;
	value->type = JSONVALUE_NULL;
	value->first = NULL;
	value->count = 0;
	return true;
}

void
report_sum_values_prune(struct jsonvalue *object, const char *path,
	report_sum_left_out *left_out, void *context)
{
	struct jsonvalue **at = &object->first;
	char name[PATH_BYTES];

	if (is_rate(object) || report_sum_is_cache(object) ||
		report_distribution_is(object))
		return;
	while (*at) {
		if (is_told_anew(path, *at) || adds_up(path, *at)) {
			snprintf(name, sizeof name, "%s.%.*s", path, (int)(*at)->key.n,
				(*at)->key.n ? (const char *)(*at)->key.at : "");
			report_sum_values_prune(*at, name, left_out, context);
			at = &(*at)->next;
			continue;
		}
		left_out(context, path, (*at)->key);
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
		report_sum_values_add(into, from);
		if (report_sum_is_cache(into))
			report_sum_renew_cache(into);
	} else if (into->type == JSONVALUE_INTEGER && from->type == JSONVALUE_INTEGER) {
		into->integer = jsonvalue_sum(into->integer, from->integer);
	} else if (into->type == JSONVALUE_BOOL && from->type == JSONVALUE_BOOL) {
		into->boolean |= from->boolean;
	}
}

void
report_sum_values_add(struct jsonvalue *into, struct jsonvalue *from)
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
