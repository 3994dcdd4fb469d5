#include "parsers/cookie.h"

bool
cookie_next(struct slice *rest, struct slice *name, struct slice *value)
{
	while (rest->n) {
		size_t end = slice_find(*rest, ';', 0), equals;
		struct slice pair = slice_trim(slice_part(*rest, 0, end));

		*rest = slice_from(*rest, end + 1);
		if (!pair.n)
			continue;
		equals = slice_find(pair, '=', 0);
		if (equals == pair.n) {
			*name = slice_part(pair, 0, 0);
			*value = pair;
			return true;
		}
		*name = slice_trim(slice_part(pair, 0, equals));
		*value = slice_trim(slice_from(pair, equals + 1));
		return true;
	}
	return false;
}
