#include "analyzer/rules/guess.h"

#include "analyzer/rules/row.h"

struct guess
guess_of(struct slice name)
{
	return (struct guess){name, name.n / 2 + 1, NULL};
}

void
guess_try(struct guess *guess, const char *name)
{
	size_t distance = row_distance(guess->name, slice_of(name, strlen(name)));

	if (distance < guess->distance) {
		guess->distance = distance;
		guess->nearest = name;
	}
}
