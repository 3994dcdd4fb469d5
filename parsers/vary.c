#include "parsers/vary.h"

#include "parsers/list.h"

bool
vary_next(struct slice *rest, struct slice *name)
{
	return list_next(rest, name);
}

bool
vary_has(struct slice value, struct slice name)
{
	struct slice member;

	while (vary_next(&value, &member))
		if (slice_eq_nocase(member, name))
			return true;
	return false;
}

bool
vary_is_star(struct slice value)
{
	return vary_has(value, SLICE("*"));
}
