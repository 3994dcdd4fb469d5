#include "analyzer/report/interval.h"

const char *
interval_name(enum interval_of which)
{
	static const char *const names[] = {"R1", "R2", "R3"};

	return names[which];
}

bool
interval_is_needless(const struct doubts *d)
{
	return !d->counted[INTERVAL_R1] && !d->lost_answers && !d->orphan_304 &&
	       !d->orphan_full;
}

/* Never below nothing, whatever a file says that these numbers were read from. */
static uint64_t
less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

struct interval
interval(enum interval_of which, struct rate rate, const struct doubts *d)
{
	uint64_t num = less(rate.num, d->validated);
	uint64_t den = less(rate.den, d->counted[which]);
	uint64_t open = d->counted[INTERVAL_R1] + d->lost_answers;

	return (struct interval){
		.low = {num, den + open + d->orphan_full},
		.high = {num + open + d->orphan_304, den + open + d->orphan_304},
	};
}
