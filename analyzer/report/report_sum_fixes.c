#include "analyzer/report/report_sum_fixes.h"

#include "analyzer/base/mem.h"

#include <stdlib.h>

void
report_sum_fixes_fini(struct report_sum_fixes *fixes)
{
	mem_free(fixes->items);
	*fixes = (struct report_sum_fixes){0};
}

/* ---- members ---- */

static const char *const sums[] = {"octets_T1", "octets_T2", "octets_T3", "octets_alone",
	"exchanges", "resources", "requests_avoided"};

/* Names with numbers. */
static const char *const lists[] = {"software", "url", "server"};

enum {
	SUMS = sizeof sums / sizeof *sums,
	LISTS = sizeof lists / sizeof *lists,
};

static bool
is_integer(const struct jsonvalue *value)
{
	return value && value->type == JSONVALUE_INTEGER;
}

static int64_t
integer_of(const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	return is_integer(value) ? value->integer : 0;
}

static struct slice
text_of(const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	return value && value->type == JSONVALUE_STRING ? value->text
							: (struct slice){NULL, 0};
}

/* Of names that are not UTF-8: see json.h. */
static bool
is_latin1_mark(const struct jsonvalue *value)
{
	return value->type == JSONVALUE_BOOL && slice_eq(value->key, SLICE("latin1"));
}

static bool
is_list(const struct jsonvalue *list)
{
	const struct jsonvalue *name = list ? list->first : NULL;

	for (; name; name = name->next)
		if (!is_integer(name) && !is_latin1_mark(name))
			return false;
	return true;
}

static bool
is_fix(const struct jsonvalue *fix)
{
	for (unsigned i = 0; i < SUMS; i++)
		if (!is_integer(jsonvalue_get(fix, sums[i])))
			return false;
	for (unsigned i = 0; i < LISTS; i++)
		if (!is_list(jsonvalue_get(fix, lists[i])))
			return false;
	return text_of(fix, "class").n && jsonvalue_get(fix, "example");
}

bool
report_sum_fixes_valid(const struct jsonvalue *array)
{
	const struct jsonvalue *item = array ? array->first : NULL;

	for (; item; item = item->next)
		if (!is_fix(item))
			return false;
	return !array || array->type == JSONVALUE_ARRAY;
}

bool
report_sum_fixes_tell_months(const struct jsonvalue *array)
{
	const struct jsonvalue *item = array ? array->first : NULL;

	for (; item; item = item->next)
		if (jsonvalue_get(jsonvalue_get(item, "time"), "month_octets"))
			return true;
	return false;
}

void
report_sum_fixes_add(struct report_sum_fixes *fixes, const struct jsonvalue *array)
{
	struct jsonvalue *item = array ? array->first : NULL;

	for (; item; item = item->next) {
		if (fixes->count == fixes->room) {
			fixes->room = fixes->room ? 2 * fixes->room : 64;
			fixes->items = mem_grow(
				fixes->items, fixes->room * sizeof *fixes->items);
		}
		fixes->items[fixes->count++] = item;
	}
}

/* ---- order ---- */

static int
compare_names(const struct jsonvalue *x, const struct jsonvalue *y)
{
	int order = slice_order(text_of(x, "class"), text_of(y, "class"));

	if (!order)
		order = slice_order(text_of(x, "cause"), text_of(y, "cause"));
	return order ? order : slice_order(text_of(x, "name"), text_of(y, "name"));
}

static int
by_name(const void *a, const void *b)
{
	const struct jsonvalue *x = *(struct jsonvalue *const *)a;
	const struct jsonvalue *y = *(struct jsonvalue *const *)b;
	const struct jsonvalue *first = jsonvalue_get(x, "example");
	const struct jsonvalue *second = jsonvalue_get(y, "example");
	int order = compare_names(x, y);

	if (order)
		return order;
	if (integer_of(first, "ts_us") != integer_of(second, "ts_us"))
		return integer_of(first, "ts_us") < integer_of(second, "ts_us") ? -1 : 1;
	return slice_order(text_of(first, "flow"), text_of(second, "flow"));
}

static int64_t
saving_of(const struct jsonvalue *fix)
{
	return jsonvalue_sum(integer_of(fix, "octets_T1"), integer_of(fix, "octets_T2"));
}

static int
by_saving(const void *a, const void *b)
{
	const struct jsonvalue *x = *(struct jsonvalue *const *)a;
	const struct jsonvalue *y = *(struct jsonvalue *const *)b;

	if (saving_of(x) != saving_of(y))
		return saving_of(x) > saving_of(y) ? -1 : 1;
	if (integer_of(x, "octets_T3") != integer_of(y, "octets_T3"))
		return integer_of(x, "octets_T3") > integer_of(y, "octets_T3") ? -1 : 1;
	return compare_names(x, y);
}

/* ---- the sum ---- */

static void
add_integer(struct jsonvalue *into, const struct jsonvalue *from, const char *key)
{
	struct jsonvalue *sum = jsonvalue_get(into, key);

	if (is_integer(sum))
		sum->integer = jsonvalue_sum(sum->integer, integer_of(from, key));
}

/* Names stand in the order of their octets. */
static void
add_names(struct jsonvalue *into, struct jsonvalue *from)
{
	struct jsonvalue **at = &into->first, *name;

	while ((name = jsonvalue_shift(from))) {
		while (*at && slice_order((*at)->key, name->key) < 0)
			at = &(*at)->next;
		if (*at && slice_eq((*at)->key, name->key)) {
			(*at)->integer = jsonvalue_sum((*at)->integer, name->integer);
			continue;
		}
		name->next = *at;
		*at = name;
		into->count++;
	}
}

static void
unite(struct jsonvalue *into, struct jsonvalue *from)
{
	for (unsigned i = 0; i < SUMS; i++)
		add_integer(into, from, sums[i]);
	add_integer(jsonvalue_get(into, "time"), jsonvalue_get(from, "time"),
		"wait_avoided_us");
	for (unsigned i = 0; i < LISTS; i++) {
		struct jsonvalue *list = jsonvalue_get(from, lists[i]);

		if (list && jsonvalue_get(into, lists[i]))
			add_names(jsonvalue_get(into, lists[i]), list);
	}
}

static void
set_rate(struct jsonvalue *fix, const char *key, int64_t num, int64_t den)
{
	struct jsonvalue *rate = jsonvalue_get(fix, key);
	struct jsonvalue *value = jsonvalue_get(rate, "value");

	if (!value || !is_integer(jsonvalue_get(rate, "num")) ||
		!is_integer(jsonvalue_get(rate, "den")))
		return;
	jsonvalue_get(rate, "num")->integer = num;
	jsonvalue_get(rate, "den")->integer = den;
	value->type = den ? JSONVALUE_REAL : JSONVALUE_NULL;
	value->real = den ? (double)num / (double)den : 0;
}

static void
set_shares(struct jsonvalue *fix, int64_t stream_octets, int64_t body_octets)
{
	struct jsonvalue *time = jsonvalue_get(fix, "time");

	if (time) {
		jsonvalue_take(time, "month_octets");
		jsonvalue_take(time, "month_note");
	}
	set_rate(fix, "share", saving_of(fix), stream_octets);
	set_rate(fix, "share_of_bodies", saving_of(fix), body_octets);
}

void
report_sum_fixes_unite(
	struct report_sum_fixes *fixes, int64_t stream_octets, int64_t body_octets)
{
	struct jsonvalue **items = fixes->items;
	size_t n = 0;

	if (fixes->count)
		qsort(items, fixes->count, sizeof *items, by_name);
	for (size_t i = 0; i < fixes->count; i++) {
		if (n && compare_names(items[n - 1], items[i]) == 0)
			unite(items[n - 1], items[i]);
		else
			items[n++] = items[i];
	}
	fixes->count = n;
	if (n)
		qsort(items, n, sizeof *items, by_saving);
	for (size_t i = 0; i < n; i++)
		set_shares(items[i], stream_octets, body_octets);
}

void
report_sum_fixes_write(const struct report_sum_fixes *fixes, struct json *json)
{
	json_key(json, "fixes");
	json_array(json);
	for (size_t i = 0; i < fixes->count; i++)
		jsonvalue_write(json, fixes->items[i]);
	json_end(json);
}
