#include "analyzer/export/found.h"

#include "parsers/urlpattern.h"

#include <stdlib.h>

static struct slice
text_of(const struct jsonvalue *finding, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(finding, key);

	return value && value->type == JSONVALUE_STRING ? value->text
							: (struct slice){NULL, 0};
}

static uint64_t
count_of(const struct jsonvalue *finding, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(finding, key);

	return value && value->type == JSONVALUE_INTEGER && value->integer > 0
		       ? (uint64_t)value->integer
		       : 0;
}

static bool
is_named(struct slice text, const char *name)
{
	return slice_eq(text, slice_of(name, strlen(name)));
}

/* What this version does not know counts least. */
static enum severity
severity_of(struct slice text)
{
	unsigned i = SEVERITY_VIOLATION;

	while (i < SEVERITY_ADVICE && !is_named(text, severity_name(i)))
		i++;
	return i;
}

static enum confidence
confidence_of(struct slice text)
{
	unsigned i = CONFIDENCE_CERTAIN;

	while (i < CONFIDENCE_HINT && !is_named(text, confidence_name(i)))
		i++;
	return i;
}

static void
read_subject(struct found *found)
{
	static const char *const names[] = {"resource", "server", "client"};

	for (unsigned i = 0; i < 3; i++) {
		const struct jsonvalue *value = jsonvalue_get(found->value, names[i]);

		if (!value)
			continue;
		found->by = value->key;
		found->subject = value->text;
		return;
	}
}

/* "http://h.test" | "/a" */
static void
read_place(struct found *found, struct arena *arena)
{
	uint8_t pattern[URLPATTERN_BYTES];
	struct slice name = found->subject;
	size_t path, n;

	found->host = slice_part(name, 0, 0);
	found->within = name;
	if (!slice_eq(found->by, SLICE("resource")))
		return;
	path = slice_find(name, '/', slice_find(name, '/', 0) + 2);
	found->host = slice_part(name, 0, path);
	n = urlpattern(slice_from(name, path), pattern, sizeof pattern);
	found->within = arena_copy(arena, slice_of(pattern, n));
}

static struct found
read_one(const struct jsonvalue *finding, struct arena *arena)
{
	const struct jsonvalue *tentative = jsonvalue_get(finding, "tentative");
	struct found found = {.rule = text_of(finding, "rule"),
		.kind = text_of(finding, "kind"),
		.severity = severity_of(text_of(finding, "severity")),
		.confidence = confidence_of(text_of(finding, "confidence")),
		.tentative = tentative && tentative->boolean,
		.count = count_of(finding, "count"),
		.octets = count_of(finding, "octets"),
		.value = finding};

	read_subject(&found);
	read_place(&found, arena);
	return found;
}

/* ---- which is which ---- */

static int
by_identity(const void *a, const void *b)
{
	const struct found *x = *(const struct found *const *)a;
	const struct found *y = *(const struct found *const *)b;
	int order = slice_order(x->rule, y->rule);

	if (!order)
		order = slice_order(x->kind, y->kind);
	if (!order)
		order = slice_order(x->by, y->by);
	if (!order)
		order = slice_order(x->host, y->host);
	return order ? order : slice_order(x->within, y->within);
}

static int
by_identity_and_weight(const void *a, const void *b)
{
	const struct found *x = *(const struct found *const *)a;
	const struct found *y = *(const struct found *const *)b;
	int order = by_identity(a, b);

	if (!order)
		order = (int)x->severity - (int)y->severity;
	if (!order)
		order = (int)x->confidence - (int)y->confidence;
	return order ? order : x->tentative - y->tentative;
}

/* So what is the same is at most a few: all combinations of weights. */
static void
pick_distinct(struct found_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (!kept || by_identity_and_weight(
				     &list->distinct[kept - 1], &list->sorted[i]) != 0)
			list->distinct[kept++] = list->sorted[i];
	list->distinct_count = kept;
}

void
found_list_read(struct found_list *list, const struct jsonvalue *report)
{
	const struct jsonvalue *findings = jsonvalue_get(report, "findings"), *item;
	size_t n = 0;

	*list = (struct found_list){.count = findings->count};
	list->items = mem_alloc((list->count + 1) * sizeof *list->items);
	list->sorted = mem_alloc((list->count + 1) * sizeof *list->sorted);
	list->distinct = mem_alloc((list->count + 1) * sizeof *list->distinct);
	for (item = findings->first; item; item = item->next) {
		list->items[n] = read_one(item, &list->arena);
		list->sorted[n] = &list->items[n];
		n++;
	}
	qsort(list->sorted, n, sizeof *list->sorted, by_identity_and_weight);
	pick_distinct(list);
}

void
found_list_fini(struct found_list *list)
{
	mem_free(list->items);
	mem_free(list->sorted);
	mem_free(list->distinct);
	arena_fini(&list->arena);
	*list = (struct found_list){0};
}

static bool
weighs_at_least(const struct found *found, const struct found *other)
{
	return found->severity <= other->severity &&
	       found->confidence <= other->confidence &&
	       (!found->tentative || other->tentative);
}

enum found_state
found_list_state(const struct found_list *list, const struct found *found)
{
	const struct found **end = list->distinct + list->distinct_count;
	const struct found **at = bsearch(&found, list->distinct, list->distinct_count,
		sizeof *list->distinct, by_identity);

	if (!at)
		return FOUND_NEW;
	while (at > list->distinct && by_identity(&found, at - 1) == 0)
		at--;
	for (; at < end && by_identity(&found, at) == 0; at++)
		if (weighs_at_least(*at, found))
			return FOUND_KNOWN;
	return FOUND_RISEN;
}

bool
found_counts(const struct found *found, bool likely)
{
	return likely ? found->confidence <= CONFIDENCE_LIKELY
		      : found->confidence == CONFIDENCE_CERTAIN && !found->tentative;
}
