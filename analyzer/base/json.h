/*
 * analyzer/base/json.h - JSON that is valid whatever the wire held
 *
 * Strings are made of arbitrary octets.  A string that is UTF-8 is kept; in any
 * other each octet above 0x7f becomes the character U+00xx, and the innermost
 * object around it gets a last member "latin1": true, so that a reader knows to
 * turn it back.  Controls and characters that confuse terminals are escaped.
 *
 * A writer is pretty (a line a member, two spaces a level) or compact; an inline
 * container and all in it stay on one line in either case.
 *
 * Usage faults (a value without key in an object, unbalanced ends) are asserted.
 */
#ifndef ANALYZER_BASE_JSON_H
#define ANALYZER_BASE_JSON_H

#include "analyzer/base/out.h"

enum {
	JSON_DEPTH_MAX = 16
};

struct json {
	struct out *out;
	bool pretty;
	bool keyed; /* a key was written, its value is due */
	unsigned depth;
	const char *latin1_key; /* "latin1"; of some formats it must be another */
	struct json_level {
		bool object, empty, is_inline, latin1;
	} levels[JSON_DEPTH_MAX + 1];
};

void json_init(struct json *json, struct out *out, bool pretty);

void json_object(struct json *json);
void json_object_inline(struct json *json);
void json_array(struct json *json);
void json_array_inline(struct json *json);
void json_end(struct json *json); /* of the innermost object or array */

void json_key(struct json *json, const char *key);
void json_key_octets(struct json *json, struct slice key);

void json_uint(struct json *json, uint64_t value);
void json_int(struct json *json, int64_t value);
void json_double(struct json *json, double value); /* finite */
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
void json_text(struct json *json, const char *text); /* NULL: null */
void json_octets(struct json *json, struct slice octets);

/* The value is written next, past this writer, as valid JSON. */
void json_raw(struct json *json);

/* A key and its value. */
void json_put_uint(struct json *json, const char *key, uint64_t value);
void json_put_int(struct json *json, const char *key, int64_t value);
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_text(struct json *json, const char *key, const char *text);
void json_put_octets(struct json *json, const char *key, struct slice octets);

#endif
