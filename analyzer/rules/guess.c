#include "analyzer/rules/guess.h"

#include "analyzer/rules/row.h"

struct guess
guess_of(struct slice name)
{
	return (struct guess){.name = name, .distance = name.n / 2 + 1};
}

/* What stands between the hyphens of `words` occurs in the name, in whatever order. */
static bool
has_words(struct slice name, struct slice words)
{
	size_t count = 0;

	while (words.n) {
		size_t end = slice_find(words, '-', 0);

		if (!slice_contains_nocase(name, slice_part(words, 0, end)))
			return false;
		count += end > 0;
		words = slice_from(words, end + 1);
	}
	return count > 0;
}

void
guess_try(struct guess *guess, const char *name)
{
	struct slice candidate = slice_of(name, strlen(name));
	size_t distance = row_distance(guess->name, candidate);
	bool has_all = has_words(candidate, guess->name);

	if (has_all > guess->has_all ||
		(has_all == guess->has_all && distance < guess->distance)) {
		guess->has_all = has_all;
		guess->distance = distance;
		guess->nearest = name;
	}
}
