/*
 * analyzer/base/jsonread.h - JSON as values, read strictly
 *
 *	value = false / null / true / object / array / number / string	[RFC8259 3]
 *
 * For files that this program wrote and others may have touched: what is not JSON to
 * the letter is refused, with the place.  No comments, no trailing commas, no lone
 * surrogates, no octets that are not UTF-8, nothing after the value, no deeper than
 * JSONREAD_DEPTH_MAX.  Names that occur twice are kept both; the first is found.
 *
 * A number without fraction and exponent that fits is an integer, any other a real.
 *
 * Lifetime: values live in the caller's arena.  Cost: one pass; strings are copied.
 */
#ifndef ANALYZER_BASE_JSONREAD_H
#define ANALYZER_BASE_JSONREAD_H

#include "analyzer/base/json.h"
#include "analyzer/base/mem.h"

enum {
	JSONREAD_DEPTH_MAX = JSON_DEPTH_MAX
};

enum jsonvalue_type {
	JSONVALUE_NULL,
	JSONVALUE_BOOL,
	JSONVALUE_INTEGER,
	JSONVALUE_REAL,
	JSONVALUE_STRING,
	JSONVALUE_ARRAY,
	JSONVALUE_OBJECT,
};

struct jsonvalue {
	enum jsonvalue_type type;
	bool boolean;
	int64_t integer;
	double real;
	struct slice text; /* of a string, in UTF-8 */

	struct slice key;	 /* of a member of an object */
	struct jsonvalue *next;	 /* in its array or object */
	struct jsonvalue *first; /* of an array or object */
	size_t count;		 /* of its values */
};

/* NULL for what is not JSON; `at` is then the offset of the first octet that is wrong. */
struct jsonvalue *jsonread(struct slice octets, struct arena *arena, size_t *at);

/* The member of an object, or NULL; also if `object` is NULL or none. */
struct jsonvalue *jsonvalue_get(const struct jsonvalue *object, const char *key);
struct jsonvalue *jsonvalue_find(const struct jsonvalue *object, struct slice key);

/* Of two integers; it stays within a quarter of what 64 bits hold. */
int64_t jsonvalue_sum(int64_t a, int64_t b);

/* Takes the first member of that name out of an object; NULL if there is none. */
struct jsonvalue *jsonvalue_take(struct jsonvalue *object, const char *key);

/* Takes the first value out of an array or object; NULL if it has none. */
struct jsonvalue *jsonvalue_shift(struct jsonvalue *whole);

/* Puts a value at the end of an array, or a member with its key at that of an object;
 * walks there. */
void jsonvalue_append(struct jsonvalue *whole, struct jsonvalue *part);

/* The same with all values of another one, which then has none; walks there once. */
void jsonvalue_append_all(struct jsonvalue *whole, struct jsonvalue *parts);

bool jsonvalue_eq(const struct jsonvalue *a, const struct jsonvalue *b);

/* Writes a value; objects and arrays as the writer is set. */
void jsonvalue_write(struct json *json, const struct jsonvalue *value);

#endif
