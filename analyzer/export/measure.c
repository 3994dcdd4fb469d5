#include "analyzer/export/measure.h"

static const struct measure measures[] = {
#define MEASURE(name, kind, better, place, what)                                         \
	{name, MEASURE_##kind, MEASURE_##better, place, what},
#include "analyzer/export/measure.def"
#undef MEASURE
};

enum {
	MEASURES = sizeof measures / sizeof *measures
};

const struct measure *
measure_at(size_t index)
{
	return index < MEASURES ? &measures[index] : NULL;
}

/* "metrics.rates.R3_recall.all" for "metrics/rates/R3_recall.all". */
static bool
is_place(struct slice name, struct slice place)
{
	bool equal = name.n == place.n;

	for (size_t i = 0; equal && i < name.n; i++)
		equal = name.at[i] == (place.at[i] == '/' ? '.' : place.at[i]);
	return equal;
}

/* The last key says what it is, unless it is one of several of that name. */
static bool
is_last_key(struct slice name, const char *place)
{
	const char *last = strrchr(place, '/') + 1;
	size_t namesakes = 0;

	if (!slice_eq(name, slice_of(last, strlen(last))))
		return false;
	for (size_t i = 0; i < MEASURES; i++)
		namesakes += strcmp(last, strrchr(measures[i].place, '/') + 1) == 0;
	return namesakes == 1;
}

const struct measure *
measure_named(struct slice name)
{
	for (size_t i = 0; i < MEASURES; i++) {
		const struct measure *m = &measures[i];

		if (slice_eq(name, slice_of(m->name, strlen(m->name))))
			return m;
	}
	for (size_t i = 0; i < MEASURES; i++) {
		const struct measure *m = &measures[i];

		if (is_place(name, slice_of(m->place, strlen(m->place))) ||
			is_last_key(name, m->place))
			return m;
	}
	return NULL;
}

bool
measure_is_rate(const struct measure *measure)
{
	return measure->kind == MEASURE_SHARE || measure->kind == MEASURE_OCTET_SHARE;
}

const struct jsonvalue *
measure_place(const struct jsonvalue *report, const char *place)
{
	struct slice rest = slice_of(place, strlen(place));

	while (report && rest.n) {
		size_t end = slice_find(rest, '/', 0);
		struct slice key = slice_part(rest, 0, end);
		const struct jsonvalue *member = report->type == JSONVALUE_OBJECT
							 ? report->first
							 : NULL;

		while (member && !slice_eq(member->key, key))
			member = member->next;
		report = member;
		rest = slice_from(rest, end + 1);
	}
	return report;
}

static bool
read_integer(const struct jsonvalue *value, uint64_t *integer)
{
	*integer = 0;
	if (!value || value->type != JSONVALUE_INTEGER)
		return false;
	*integer = value->integer > 0 ? (uint64_t)value->integer : 0;
	return true;
}

uint64_t
measure_integer(const struct jsonvalue *report, const char *place)
{
	uint64_t integer;

	read_integer(measure_place(report, place), &integer);
	return integer;
}

struct measured
measure_of(const struct measure *measure, const struct jsonvalue *report)
{
	const struct jsonvalue *value = measure_place(report, measure->place);
	struct measured m = {.den = 1};

	if (!measure_is_rate(measure)) {
		m.known = read_integer(value, &m.num);
		return m;
	}
	m.known = read_integer(jsonvalue_get(value, "num"), &m.num) &&
		  read_integer(jsonvalue_get(value, "den"), &m.den) && m.den;
	return m;
}

int
measure_compare(uint64_t num, uint64_t den, uint64_t other_num, uint64_t other_den)
{
	/* Whole parts, then the fractions that are left, turned over: Euclid. */
	for (;;) {
		uint64_t whole = num / den, other = other_num / other_den, a, b;

		if (whole != other)
			return whole < other ? -1 : 1;
		num %= den;
		other_num %= other_den;
		if (!num || !other_num)
			return (num > 0) - (other_num > 0);
		a = num;
		b = den;
		num = other_den;
		den = other_num;
		other_num = b;
		other_den = a;
	}
}
