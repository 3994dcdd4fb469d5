#include "parsers/range.h"

#include "parsers/list.h"
#include "parsers/number.h"

/* What follows the unit and `separator`, or {NULL, 0} if the unit is another. */
static struct slice
after_unit(struct slice value, struct slice separator)
{
	static const struct slice unit = SLICE_INIT("bytes");
	struct slice rest = slice_from(value, unit.n);

	if (!slice_eq_nocase(slice_part(value, 0, unit.n), unit) ||
		!slice_has_prefix(rest, separator))
		return (struct slice){NULL, 0};
	return slice_from(rest, separator.n);
}

/* int-range / suffix-range  [RFC9110 14.1.2] */
static bool
range_spec_parse(struct slice s, struct range_spec *spec)
{
	size_t dash = slice_find(s, '-', 0);
	struct slice first = slice_part(s, 0, dash), last = slice_from(s, dash + 1);

	if (dash == s.n)
		return false;
	if (first.n == 0) {
		*spec = (struct range_spec){.form = RANGE_SUFFIX};
		return number_decimal(last, &spec->last);
	}
	*spec = (struct range_spec){.form = RANGE_FROM, .last = UINT64_MAX};
	if (!number_decimal(first, &spec->first))
		return false;
	if (last.n == 0)
		return true;
	spec->form = RANGE_FIRST_LAST;
	return number_decimal(last, &spec->last) && spec->first <= spec->last;
}

int
range_parse(struct slice value, struct range_spec *specs, size_t max)
{
	struct slice rest = after_unit(value, SLICE("="));
	struct slice member;
	struct range_spec spec;
	int count = 0;

	for (; list_next(&rest, &member); count++) {
		if (!range_spec_parse(member, &spec) || count == INT32_MAX)
			return 0;
		if ((size_t)count < max)
			specs[count] = spec;
	}
	return count;
}

bool
content_range_parse(struct slice value, struct content_range *range)
{
	struct slice rest = after_unit(value, SLICE(" "));
	size_t slash = slice_find(rest, '/', 0);
	struct slice part = slice_part(rest, 0, slash);
	struct slice complete = slice_from(rest, slash + 1);
	struct range_spec spec = {0};

	*range = (struct content_range){.unsatisfied = slice_eq(part, SLICE("*"))};
	if (!range->unsatisfied &&
		(!range_spec_parse(part, &spec) || spec.form != RANGE_FIRST_LAST))
		return false;
	range->first = spec.first;
	range->last = spec.last;
	if (slice_eq(complete, SLICE("*")))
		return !range->unsatisfied;
	range->complete_known = number_decimal(complete, &range->complete);
	return range->complete_known &&
	       (range->unsatisfied || range->last < range->complete);
}
