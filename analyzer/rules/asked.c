#include "analyzer/rules/asked.h"

struct asked
asked_read(struct slice range)
{
	struct asked asked = {0};
	int count = range_parse(range, asked.specs, ASKED_RANGES);

	asked.count = (unsigned)count;
	return asked;
}

static bool
resolve(const struct range_spec *spec, uint64_t length, uint64_t *first, uint64_t *last)
{
	if (spec->form == RANGE_SUFFIX) {
		*first = spec->last < length ? length - spec->last : 0;
		*last = length - 1;
		return spec->last > 0 && length > 0;
	}
	*first = spec->first;
	*last = spec->last < length ? spec->last : length - 1;
	return spec->first < length;
}

bool
asked_resolve(struct asked *asked, uint64_t length)
{
	asked->satisfiable = 0;
	if (asked->count > ASKED_RANGES)
		return false;
	for (unsigned i = 0; i < asked->count; i++)
		asked->satisfiable += resolve(&asked->specs[i], length,
			&asked->first[asked->satisfiable],
			&asked->last[asked->satisfiable]);
	return true;
}

/* Puts the resolved ranges into the order of their first octets; they are few. */
static void
sort(struct asked *asked)
{
	for (unsigned i = 1; i < asked->satisfiable; i++) {
		uint64_t first = asked->first[i], last = asked->last[i];
		unsigned at = i;

		for (; at && asked->first[at - 1] > first; at--) {
			asked->first[at] = asked->first[at - 1];
			asked->last[at] = asked->last[at - 1];
		}
		asked->first[at] = first;
		asked->last[at] = last;
	}
}

uint64_t
asked_octets(const struct asked *asked)
{
	struct asked sorted = *asked;
	uint64_t octets = 0, next = 0; /* the first octet that is not counted yet */

	sort(&sorted);
	for (unsigned i = 0; i < sorted.satisfiable; i++) {
		uint64_t first = sorted.first[i] > next ? sorted.first[i] : next;

		if (sorted.last[i] < first)
			continue;
		octets += sorted.last[i] - first + 1;
		next = sorted.last[i] + 1;
	}
	return octets;
}

static bool
overlap(const struct range_spec *a, const struct range_spec *b)
{
	if (a->form == RANGE_SUFFIX || b->form == RANGE_SUFFIX)
		return a->form == b->form;
	return a->first <= b->last && b->first <= a->last;
}

unsigned
asked_overlapping(const struct asked *asked)
{
	unsigned kept = asked->count < ASKED_RANGES ? asked->count : ASKED_RANGES;
	unsigned overlapping = 0;

	for (unsigned i = 0; i < kept; i++) {
		unsigned j = 0;

		while (j < kept &&
			(j == i || !overlap(&asked->specs[i], &asked->specs[j])))
			j++;
		overlapping += j < kept;
	}
	return overlapping;
}
