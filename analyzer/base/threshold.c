#include "analyzer/base/threshold.h"

static const struct {
	const char *name, *meaning;
	uint64_t most;
} rows[] = {
#define THRESHOLD(id, name, usual, most, meaning) {name, meaning, most},
#include "analyzer/base/threshold.def"
#undef THRESHOLD
};

const struct thresholds thresholds_usual = {{
#define THRESHOLD(id, name, usual, most, meaning) usual,
#include "analyzer/base/threshold.def"
#undef THRESHOLD
}};

const char *
threshold_name(enum threshold which)
{
	return rows[which].name;
}

const char *
threshold_meaning(enum threshold which)
{
	return rows[which].meaning;
}

static bool
read_number(struct slice text, uint64_t most, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.n && *number <= most; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*number = *number * 10 + (text.at[i] - '0');
	}
	return text.n && *number <= most;
}

bool
threshold_set(struct thresholds *thresholds, struct slice text)
{
	size_t end = slice_find(text, '=', 0);
	struct slice name = slice_part(text, 0, end);
	uint64_t number;

	for (unsigned i = 0; i < THRESHOLD_COUNT; i++)
		if (slice_eq(name, slice_of(rows[i].name, strlen(rows[i].name))) &&
			read_number(slice_from(text, end + 1), rows[i].most, &number)) {
			thresholds->of[i] = number;
			return true;
		}
	return false;
}
