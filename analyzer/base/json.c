#include "analyzer/base/json.h"

#include "analyzer/base/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

void
json_init(struct json *json, struct out *out, bool pretty)
{
	*json = (struct json){.out = out, .pretty = pretty, .latin1_key = "latin1"};
	json->levels[0].empty = true;
}

static struct json_level *
innermost(struct json *json)
{
	return &json->levels[json->depth];
}

/* The end of a line, after a comma or not, and the indentation of the next. */
static void
new_line(struct json *json, bool comma)
{
	char line[2 + 2 * JSON_DEPTH_MAX] = ",\n";

	memset(line + 2, ' ', 2 * json->depth);
	out_write(json->out, line + !comma, 1 + comma + 2 * json->depth);
}

static bool
has_lines(struct json *json)
{
	return json->pretty && !innermost(json)->is_inline;
}

/* The separator before a member of an object, or before an item of an array. */
static void
separate(struct json *json)
{
	struct json_level *level = innermost(json);
	bool comma = !level->empty;

	level->empty = false;
	if (json->depth && has_lines(json))
		new_line(json, comma);
	else if (comma)
		out_write(json->out, ", ", json->pretty && level->is_inline ? 2 : 1);
}

static void
before_value(struct json *json)
{
	assert(innermost(json)->object == json->keyed);
	if (!json->keyed)
		separate(json);
	json->keyed = false;
}

static void
begin(struct json *json, bool object, bool is_inline)
{
	bool outer_inline = innermost(json)->is_inline;

	assert(json->depth < JSON_DEPTH_MAX);
	before_value(json);
	out_octet(json->out, object ? '{' : '[');
	json->depth++;
	*innermost(json) = (struct json_level){
		.object = object,
		.empty = true,
		.is_inline = is_inline || outer_inline,
	};
}

void
json_object(struct json *json)
{
	begin(json, true, false);
}

void
json_object_inline(struct json *json)
{
	begin(json, true, true);
}

void
json_array(struct json *json)
{
	begin(json, false, false);
}

void
json_array_inline(struct json *json)
{
	begin(json, false, true);
}

void
json_end(struct json *json)
{
	struct json_level level = *innermost(json);

	assert(json->depth > 0 && !json->keyed);
	if (level.object && level.latin1) {
		json_put_bool(json, json->latin1_key, true);
		level.empty = false;
	}
	json->depth--;
	if (!level.object && level.latin1)
		innermost(json)->latin1 = true;
	if (!level.empty && !level.is_inline && has_lines(json))
		new_line(json, false);
	out_octet(json->out, level.object ? '}' : ']');
}

static void
put_escaped(struct out *out, uint32_t code)
{
	if (code == '"')
		out_write(out, "\\\"", 2);
	else if (code == '\\')
		out_write(out, "\\\\", 2);
	else if (code == '\n')
		out_write(out, "\\n", 2);
	else if (code == '\r')
		out_write(out, "\\r", 2);
	else if (code == '\t')
		out_write(out, "\\t", 2);
	else if (code > 0xffff)
		out_format(out, "\\u%04x\\u%04x",
			(unsigned)(0xd800 + ((code - 0x10000) >> 10)),
			(unsigned)(0xdc00 + ((code - 0x10000) & 0x3ff)));
	else
		out_format(out, "\\u%04x", (unsigned)code);
}

static void
put_code(struct out *out, uint32_t code)
{
	uint8_t encoded[4];

	if (code == '"' || code == '\\' || utf8_is_unsafe(code))
		put_escaped(out, code);
	else
		out_write(out, encoded, utf8_put(encoded, code));
}

static bool
is_plain(uint8_t octet)
{
	return octet >= 0x20 && octet < 0x7f && octet != '"' && octet != '\\';
}

/* Eight octets at a time. */
static bool
are_plain(const uint8_t *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t s, odd;

	memcpy(&s, at, sizeof s);
	odd = s | (s - ones * 0x20) | ((s ^ ones * 0x7f) - ones) |
	      ((s ^ ones * '"') - ones) | ((s ^ ones * '\\') - ones);
	return !(odd & ones << 7);
}

static size_t
plain_length(struct slice s)
{
	size_t n = 0;

	while (n + 8 <= s.n && are_plain(s.at + n))
		n += 8;
	if (s.n >= 8 && n + 8 > s.n && are_plain(s.at + s.n - 8)) /* some once more */
		return s.n;
	while (n < s.n && is_plain(s.at[n]))
		n++;
	return n;
}

/* What is left of a string from its first character on that is not plain. */
static void
put_rest(struct json *json, struct slice s, bool utf8)
{
	while (s.n) {
		uint32_t code = s.at[0];
		size_t plain;

		s = slice_from(s, utf8 ? utf8_next(s, &code) : 1);
		put_code(json->out, code);
		plain = plain_length(s);
		out_write(json->out, s.at, plain);
		s = slice_from(s, plain);
	}
}

static void
put_string(struct json *json, struct slice s)
{
	size_t plain = plain_length(s);

	out_octet(json->out, '"');
	out_write(json->out, s.at, plain);
	if (plain < s.n) {
		bool utf8 = utf8_is_valid(slice_from(s, plain));

		if (!utf8)
			innermost(json)->latin1 = true;
		put_rest(json, slice_from(s, plain), utf8);
	}
	out_octet(json->out, '"');
}

void
json_key_octets(struct json *json, struct slice key)
{
	assert(innermost(json)->object && !json->keyed);
	separate(json);
	put_string(json, key);
	out_write(json->out, ": ", json->pretty ? 2 : 1);
	json->keyed = true;
}

void
json_key(struct json *json, const char *key)
{
	json_key_octets(json, slice_of(key, strlen(key)));
}

void
json_uint(struct json *json, uint64_t value)
{
	before_value(json);
	out_number(json->out, value);
}

void
json_int(struct json *json, int64_t value)
{
	before_value(json);
	if (value < 0)
		out_octet(json->out, '-');
	out_number(json->out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void
json_double(struct json *json, double value)
{
	assert(isfinite(value));
	before_value(json);
	out_format(json->out, "%.9g", value);
}

void
json_bool(struct json *json, bool value)
{
	before_value(json);
	out_text(json->out, value ? "true" : "false");
}

void
json_null(struct json *json)
{
	before_value(json);
	out_text(json->out, "null");
}

void
json_octets(struct json *json, struct slice octets)
{
	before_value(json);
	put_string(json, octets);
}

void
json_text(struct json *json, const char *text)
{
	if (text)
		json_octets(json, slice_of(text, strlen(text)));
	else
		json_null(json);
}

void
json_raw(struct json *json)
{
	before_value(json);
}

void
json_put_uint(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_uint(json, value);
}

void
json_put_int(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	json_int(json, value);
}

void
json_put_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	json_bool(json, value);
}

void
json_put_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_text(json, text);
}

void
json_put_octets(struct json *json, const char *key, struct slice octets)
{
	json_key(json, key);
	json_octets(json, octets);
}
