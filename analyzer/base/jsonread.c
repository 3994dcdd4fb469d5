#include "analyzer/base/jsonread.h"

#include "analyzer/base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	NUMBER_BYTES = 64 /* longer ones are no numbers of ours */
};

struct input {
	struct slice octets;
	size_t at;
	struct arena *arena;
	unsigned depth;
};

static struct jsonvalue *read_value(struct input *in);

static int
peek(const struct input *in)
{
	return in->at < in->octets.n ? in->octets.at[in->at] : -1;
}

static bool
take(struct input *in, char octet)
{
	if (peek(in) != octet)
		return false;
	in->at++;
	return true;
}

static void
skip_space(struct input *in)
{
	while (peek(in) == ' ' || peek(in) == '\n' || peek(in) == '\r' ||
		peek(in) == '\t')
		in->at++;
}

static struct jsonvalue *
make(struct input *in, enum jsonvalue_type type)
{
	struct jsonvalue *value = arena_alloc(in->arena, sizeof *value);

	value->type = type;
	return value;
}

/* ---- strings ---- */

static bool
read_hex(struct input *in, uint32_t *code)
{
	*code = 0;
	for (unsigned i = 0; i < 4; i++) {
		int octet = peek(in);

		if (octet >= '0' && octet <= '9')
			*code = *code << 4 | (uint32_t)(octet - '0');
		else if ((octet | 0x20) >= 'a' && (octet | 0x20) <= 'f')
			*code = *code << 4 | (uint32_t)((octet | 0x20) - 'a' + 10);
		else
			return false;
		in->at++;
	}
	return true;
}

/* After "\u"; a high surrogate must be followed by a low one. */
static bool
read_unicode(struct input *in, uint32_t *code)
{
	uint32_t low;

	if (!read_hex(in, code) || (*code >= 0xdc00 && *code < 0xe000))
		return false;
	if (*code < 0xd800 || *code >= 0xdc00)
		return true;
	if (!take(in, '\\') || !take(in, 'u') || !read_hex(in, &low) || low < 0xdc00 ||
		low >= 0xe000)
		return false;
	*code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static bool
read_escape(struct input *in, uint32_t *code)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	int octet = peek(in);
	const char *letter = octet > 0 ? strchr(letters, octet) : NULL;

	if (octet != 'u' && !letter)
		return false;
	in->at++;
	if (octet == 'u')
		return read_unicode(in, code);
	*code = (uint32_t)(uint8_t)meanings[letter - letters];
	return true;
}

/* Where the string ends, for its room: escapes only get shorter. */
static size_t
string_room(const struct input *in)
{
	size_t at = in->at;

	while (at < in->octets.n && in->octets.at[at] != '"')
		at += in->octets.at[at] == '\\' ? 2 : 1;
	return at - in->at;
}

static bool
read_string(struct input *in, struct slice *text)
{
	uint8_t *to;
	size_t n = 0;

	if (!take(in, '"'))
		return false;
	to = arena_alloc(in->arena, string_room(in) + 1);
	while (!take(in, '"')) {
		struct slice rest = slice_from(in->octets, in->at);
		uint32_t code;
		size_t length;

		if (!rest.n || rest.at[0] < 0x20)
			return false;
		if (take(in, '\\')) {
			if (!read_escape(in, &code))
				return false;
		} else if ((length = utf8_next(rest, &code))) {
			in->at += length;
		} else {
			return false;
		}
		n += utf8_put(to + n, code);
	}
	*text = slice_of(to, n);
	return true;
}

/* ---- numbers ---- */

static bool
take_digits(struct input *in)
{
	size_t begin = in->at;

	while (peek(in) >= '0' && peek(in) <= '9')
		in->at++;
	return in->at > begin;
}

/* number = [ "-" ] int [ frac ] [ exp ]	[RFC8259 6] */
static bool
take_number(struct input *in, bool *whole)
{
	take(in, '-');
	if (!take(in, '0') && !take_digits(in))
		return false;
	*whole = true;
	if (take(in, '.')) {
		*whole = false;
		if (!take_digits(in))
			return false;
	}
	if (take(in, 'e') || take(in, 'E')) {
		*whole = false;
		if (!take(in, '+'))
			take(in, '-');
		if (!take_digits(in))
			return false;
	}
	return true;
}

static struct jsonvalue *
read_number(struct input *in)
{
	char digits[NUMBER_BYTES];
	size_t begin = in->at, n;
	struct jsonvalue *value;
	bool whole;

	if (!take_number(in, &whole))
		return NULL;
	n = in->at - begin;
	if (n >= sizeof digits) {
		in->at = begin;
		return NULL;
	}
	memcpy(digits, in->octets.at + begin, n);
	digits[n] = '\0';
	value = make(in, JSONVALUE_INTEGER);
	errno = 0;
	if (whole)
		value->integer = strtoll(digits, NULL, 10);
	if (whole && !errno)
		return value;
	value->type = JSONVALUE_REAL;
	value->real = strtod(digits, NULL);
	if (value->real - value->real != 0) /* too large for a double */
		return NULL;
	return value;
}

/* ---- the rest ---- */

static bool
take_word(struct input *in, const char *word)
{
	struct slice rest = slice_from(in->octets, in->at);

	if (!slice_has_prefix(rest, slice_of(word, strlen(word))))
		return false;
	in->at += strlen(word);
	return true;
}

static struct jsonvalue *
read_word(struct input *in)
{
	struct jsonvalue *value;

	if (take_word(in, "null"))
		return make(in, JSONVALUE_NULL);
	if (peek(in) == 't' ? !take_word(in, "true") : !take_word(in, "false"))
		return NULL;
	value = make(in, JSONVALUE_BOOL);
	value->boolean = in->octets.at[in->at - 2] == 'u';
	return value;
}

/* A member with its key and colon, or an item. */
static struct jsonvalue *
read_part(struct input *in, bool object)
{
	struct slice key = {NULL, 0};
	struct jsonvalue *value;

	skip_space(in);
	if (object) {
		if (!read_string(in, &key))
			return NULL;
		skip_space(in);
		if (!take(in, ':'))
			return NULL;
		skip_space(in);
	}
	value = read_value(in);
	if (value)
		value->key = key;
	skip_space(in);
	return value;
}

static struct jsonvalue *
read_parts(struct input *in, bool object)
{
	struct jsonvalue *whole = make(in, object ? JSONVALUE_OBJECT : JSONVALUE_ARRAY);
	struct jsonvalue **end = &whole->first;
	char close = object ? '}' : ']';

	in->at++;
	skip_space(in);
	if (take(in, close))
		return whole;
	do {
		*end = read_part(in, object);
		if (!*end)
			return NULL;
		end = &(*end)->next;
		whole->count++;
	} while (take(in, ','));
	return take(in, close) ? whole : NULL;
}

static struct jsonvalue *
read_value(struct input *in)
{
	struct jsonvalue *value;
	struct slice text;

	switch (peek(in)) {
	case '{':
	case '[':
		if (in->depth == JSONREAD_DEPTH_MAX)
			return NULL;
		in->depth++;
		value = read_parts(in, peek(in) == '{');
		in->depth--;
		return value;
	case '"':
		if (!read_string(in, &text))
			return NULL;
		value = make(in, JSONVALUE_STRING);
		value->text = text;
		return value;
	case 't':
	case 'f':
	case 'n':
		return read_word(in);
	default:
		return read_number(in);
	}
}

struct jsonvalue *
jsonread(struct slice octets, struct arena *arena, size_t *at)
{
	struct input in = {.octets = octets, .arena = arena};
	struct jsonvalue *value;

	skip_space(&in);
	value = read_value(&in);
	if (value)
		skip_space(&in);
	*at = in.at;
	return in.at == octets.n ? value : NULL;
}

struct jsonvalue *
jsonvalue_find(const struct jsonvalue *object, struct slice key)
{
	struct jsonvalue *value;

	if (!object || object->type != JSONVALUE_OBJECT)
		return NULL;
	for (value = object->first; value; value = value->next)
		if (slice_eq(value->key, key))
			break;
	return value;
}

struct jsonvalue *
jsonvalue_get(const struct jsonvalue *object, const char *key)
{
	return jsonvalue_find(object, slice_of(key, strlen(key)));
}

static int64_t
clamp(int64_t integer)
{
	int64_t most = INT64_MAX / 4;

	return integer > most ? most : integer < -most ? -most : integer;
}

int64_t
jsonvalue_sum(int64_t a, int64_t b)
{
	return clamp(clamp(a) + clamp(b));
}

struct jsonvalue *
jsonvalue_take(struct jsonvalue *object, const char *key)
{
	struct jsonvalue *member = jsonvalue_get(object, key), **at = &object->first;

	if (!member)
		return NULL;
	while (*at != member)
		at = &(*at)->next;
	*at = member->next;
	member->next = NULL;
	object->count--;
	return member;
}

struct jsonvalue *
jsonvalue_shift(struct jsonvalue *whole)
{
	struct jsonvalue *part = whole->first;

	if (!part)
		return NULL;
	whole->first = part->next;
	whole->count--;
	part->next = NULL;
	return part;
}

static struct jsonvalue **
end_of(struct jsonvalue *whole)
{
	struct jsonvalue **end = &whole->first;

	while (*end)
		end = &(*end)->next;
	return end;
}

void
jsonvalue_append(struct jsonvalue *whole, struct jsonvalue *part)
{
	part->next = NULL;
	*end_of(whole) = part;
	whole->count++;
}

void
jsonvalue_append_all(struct jsonvalue *whole, struct jsonvalue *parts)
{
	*end_of(whole) = parts->first;
	whole->count += parts->count;
	parts->first = NULL;
	parts->count = 0;
}

bool
jsonvalue_eq(const struct jsonvalue *a, const struct jsonvalue *b)
{
	const struct jsonvalue *x = a->first, *y = b->first;

	if (a->type != b->type || a->count != b->count)
		return false;
	if (a->boolean != b->boolean || a->integer != b->integer || a->real != b->real ||
		!slice_eq(a->text, b->text))
		return false;
	for (; x; x = x->next, y = y->next)
		if (!slice_eq(x->key, y->key) || !jsonvalue_eq(x, y))
			return false;
	return true;
}

static void
write_parts(struct json *json, const struct jsonvalue *value)
{
	for (const struct jsonvalue *part = value->first; part; part = part->next) {
		if (value->type == JSONVALUE_OBJECT)
			json_key_octets(json, part->key);
		jsonvalue_write(json, part);
	}
	json_end(json);
}

/* Numbers in a row, and pairs of name and number, stand on one line. */
static bool
is_short(const struct jsonvalue *value)
{
	if (value->type == JSONVALUE_OBJECT)
		return jsonvalue_get(value, "num") || jsonvalue_get(value, "p50_us");
	for (const struct jsonvalue *part = value->first; part; part = part->next)
		if (part->type != JSONVALUE_INTEGER && part->type != JSONVALUE_REAL)
			return false;
	return value->first != NULL;
}

void
jsonvalue_write(struct json *json, const struct jsonvalue *value)
{
	switch (value->type) {
	case JSONVALUE_NULL:
		json_null(json);
		break;
	case JSONVALUE_BOOL:
		json_bool(json, value->boolean);
		break;
	case JSONVALUE_INTEGER:
		json_int(json, value->integer);
		break;
	case JSONVALUE_REAL:
		json_double(json, value->real);
		break;
	case JSONVALUE_STRING:
		json_octets(json, value->text);
		break;
	case JSONVALUE_ARRAY:
		is_short(value) ? json_array_inline(json) : json_array(json);
		write_parts(json, value);
		break;
	case JSONVALUE_OBJECT:
		is_short(value) ? json_object_inline(json) : json_object(json);
		write_parts(json, value);
		break;
	}
}
