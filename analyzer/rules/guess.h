/*
 * analyzer/rules/guess.h - which of the names that are was probably meant
 */
#ifndef ANALYZER_RULES_GUESS_H
#define ANALYZER_RULES_GUESS_H

#include "parsers/slice.h"

/* Keeps the closest of the names that it is shown. */
struct guess {
	struct slice name; /* as given */
	bool has_all;	   /* the nearest has all words of it: nearer than any slip */
	size_t distance;
	const char *nearest; /* NULL: none is near */
};

/* What is farther than half of the name away was not meant, unless it has its words. */
struct guess guess_of(struct slice name);
void guess_try(struct guess *guess, const char *name);

#endif
