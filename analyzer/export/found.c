#include "analyzer/export/found.h"

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

static struct found
read_one(const struct jsonvalue *finding)
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
	return found;
}

/* ---- which is which ---- */

int
found_text_order(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int
by_identity(const void *a, const void *b)
{
	const struct found *x = *(const struct found *const *)a;
	const struct found *y = *(const struct found *const *)b;
	int order = found_text_order(x->rule, y->rule);

	if (!order)
		order = found_text_order(x->kind, y->kind);
	if (!order)
		order = found_text_order(x->by, y->by);
	return order ? order : found_text_order(x->subject, y->subject);
}

void
found_list_read(struct found_list *list, const struct jsonvalue *report)
{
	const struct jsonvalue *findings = jsonvalue_get(report, "findings"), *item;
	size_t n = 0;

	list->count = findings->count;
	list->items = mem_alloc((list->count + 1) * sizeof *list->items);
	list->sorted = mem_alloc((list->count + 1) * sizeof *list->sorted);
	for (item = findings->first; item; item = item->next) {
		list->items[n] = read_one(item);
		list->sorted[n] = &list->items[n];
		n++;
	}
	qsort(list->sorted, n, sizeof *list->sorted, by_identity);
}

void
found_list_fini(struct found_list *list)
{
	mem_free(list->items);
	mem_free(list->sorted);
	*list = (struct found_list){0};
}

const struct found *
found_list_same(const struct found_list *list, const struct found *found)
{
	const struct found **at = bsearch(
		&found, list->sorted, list->count, sizeof *list->sorted, by_identity);

	return at ? *at : NULL;
}

bool
found_counts(const struct found *found, bool likely)
{
	return likely ? found->confidence <= CONFIDENCE_LIKELY
		      : found->confidence == CONFIDENCE_CERTAIN && !found->tentative;
}
