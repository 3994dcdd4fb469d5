/*
 * parsers/range.h - byte ranges, asked for and given
 *
 *	Range	      = "bytes" "=" 1#( first-pos "-" [ last-pos ] / "-" suffix-length )
 *							[RFC9110 14.1.1, 14.2]
 *	Content-Range = "bytes" SP ( first-pos "-" last-pos "/" ( complete / "*" ) /
 *				     "*" "/" complete )	[RFC9110 14.4]
 *
 * One bad member spoils the whole set, as a server must then ignore it: a position
 * beyond 64 bits, or a last one before the first.  Other units are no byte ranges.
 * The unit's case does not matter.
 */
#ifndef PARSERS_RANGE_H
#define PARSERS_RANGE_H

#include "parsers/slice.h"

enum range_form {
	RANGE_FIRST_LAST, /* 0-99 */
	RANGE_FROM,	  /* 100-; last is UINT64_MAX */
	RANGE_SUFFIX,	  /* -100; last is the length, first is 0 */
};

struct range_spec {
	enum range_form form;
	uint64_t first, last;
};

/*
 * The number of ranges in a Range value, 0 if it is not valid.  That number may be
 * larger than `max`; only the first `max` are stored.
 */
int range_parse(struct slice value, struct range_spec *specs, size_t max);

struct content_range {
	uint64_t first, last; /* 0 if unsatisfied */
	uint64_t complete;    /* 0 if unknown */
	bool complete_known;
	bool unsatisfied; /* bytes * / complete, the form for 416 */
};

bool content_range_parse(struct slice value, struct content_range *range);

#endif
