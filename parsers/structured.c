#include "parsers/structured.h"

#include "parsers/chars.h"

enum {
	INTEGER_DIGITS = 15,
	DECIMAL_DIGITS = 12,
	FRACTION_DIGITS = 3
};

static bool
is_at(struct slice s, uint8_t c)
{
	return s.n && s.at[0] == c;
}

static size_t
count_digits(struct slice s)
{
	size_t n = 0;

	while (n < s.n && chars_is_digit(s.at[n]))
		n++;
	return n;
}

/* ( integer / decimal )  [RFC9651 4.2.4] */
static size_t
number_length(struct slice s, struct structured *item)
{
	size_t sign = is_at(s, '-'), digits = count_digits(slice_from(s, sign)), fraction;

	if (!digits || digits > INTEGER_DIGITS)
		return 0;
	item->type = STRUCTURED_INTEGER;
	for (size_t i = 0; i < digits; i++)
		item->integer = item->integer * 10 + (s.at[sign + i] - '0');
	if (sign)
		item->integer = -item->integer;
	if (!is_at(slice_from(s, sign + digits), '.'))
		return sign + digits;
	fraction = count_digits(slice_from(s, sign + digits + 1));
	item->type = STRUCTURED_DECIMAL;
	if (!fraction || fraction > FRACTION_DIGITS || digits > DECIMAL_DIGITS)
		return 0;
	return sign + digits + 1 + fraction;
}

/* DQUOTE *( unescaped / "\" ( DQUOTE / "\" ) ) DQUOTE */
static size_t
string_length(struct slice s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.at[i] == '"')
			return i + 1;
		if (s.at[i] < 0x20 || s.at[i] > 0x7e)
			return 0;
		if (s.at[i] == '\\' &&
			(++i == s.n || (s.at[i] != '"' && s.at[i] != '\\')))
			return 0;
	}
	return 0;
}

static size_t
token_length(struct slice s)
{
	size_t n = 1;

	while (n < s.n && (chars_is_token(s.at[n]) || s.at[n] == ':' || s.at[n] == '/'))
		n++;
	return n;
}

/* ":" *base64 ":" */
static size_t
binary_length(struct slice s)
{
	for (size_t i = 1; i < s.n; i++) {
		uint8_t c = s.at[i];

		if (c == ':')
			return i + 1;
		if (!chars_is_alpha(c) && !chars_is_digit(c) && c != '+' && c != '/' &&
			c != '=')
			return 0;
	}
	return 0;
}

static size_t
boolean_length(struct slice s, struct structured *item)
{
	if (s.n < 2 || (s.at[1] != '0' && s.at[1] != '1'))
		return 0;
	item->is_true = s.at[1] == '1';
	return 2;
}

static size_t
bare_length(struct slice s, struct structured *item)
{
	size_t n;

	if (is_at(s, '-') || chars_is_digit(s.n ? s.at[0] : 0))
		return number_length(s, item);
	if (is_at(s, '"')) {
		item->type = STRUCTURED_STRING;
		return string_length(s);
	}
	if (is_at(s, '*') || chars_is_alpha(s.n ? s.at[0] : 0)) {
		item->type = STRUCTURED_TOKEN;
		return token_length(s);
	}
	if (is_at(s, ':')) {
		item->type = STRUCTURED_BINARY;
		return binary_length(s);
	}
	if (is_at(s, '?')) {
		item->type = STRUCTURED_BOOLEAN;
		return boolean_length(s, item);
	}
	if (is_at(s, '@')) {
		n = number_length(slice_from(s, 1), item);
		n = item->type == STRUCTURED_INTEGER && n ? n + 1 : 0;
		item->type = STRUCTURED_DATE;
		return n;
	}
	if (is_at(s, '%') && is_at(slice_from(s, 1), '"')) {
		item->type = STRUCTURED_DISPLAY;
		n = string_length(slice_from(s, 1));
		return n ? n + 1 : 0;
	}
	return 0;
}

static bool
bare_item(struct slice *rest, struct structured *item)
{
	size_t n;

	*item = (struct structured){0};
	n = bare_length(*rest, item);
	item->text = slice_part(*rest, 0, n);
	*rest = slice_from(*rest, n);
	return n > 0;
}

/* "(" ... ")", whose items nobody looks at; quotes may hide a parenthesis. */
static bool
inner_list(struct slice *rest, struct structured *item)
{
	bool quoted = false;

	*item = (struct structured){.type = STRUCTURED_INNER_LIST};
	for (size_t i = 1; i < rest->n; i++) {
		if (rest->at[i] == '"')
			quoted = !quoted;
		if (quoted || rest->at[i] != ')')
			continue;
		item->text = slice_part(*rest, 0, i + 1);
		*rest = slice_from(*rest, i + 1);
		return true;
	}
	return false;
}

static bool
value(struct slice *rest, struct structured *item)
{
	return is_at(*rest, '(') ? inner_list(rest, item) : bare_item(rest, item);
}

static struct slice
skip_blanks(struct slice s)
{
	while (is_at(s, ' ') || is_at(s, '\t'))
		s = slice_from(s, 1);
	return s;
}

/* ( lcalpha / "*" ) *( lcalpha / DIGIT / "_" / "-" / "." / "*" ) */
static bool
take_key(struct slice *rest, struct slice *key)
{
	size_t n = 0;

	while (n < rest->n) {
		uint8_t c = rest->at[n];
		bool begins = (c >= 'a' && c <= 'z') || c == '*';

		if (!begins &&
			(!n || (!chars_is_digit(c) && c != '_' && c != '-' && c != '.')))
			break;
		n++;
	}
	*key = slice_part(*rest, 0, n);
	*rest = slice_from(*rest, n);
	return n > 0;
}

/* What stands between members: nothing before the first, a comma before others. */
static enum structured_next
separate(struct slice *rest, bool first)
{
	struct slice s = skip_blanks(*rest);

	if (!first) {
		if (!s.n)
			return STRUCTURED_END;
		if (!is_at(s, ','))
			return STRUCTURED_BAD;
		s = skip_blanks(slice_from(s, 1));
		if (!s.n)
			return STRUCTURED_BAD;
	}
	*rest = s;
	return s.n ? STRUCTURED_NEXT : STRUCTURED_END;
}

enum structured_next
structured_member(struct slice *rest, bool first, struct structured *item)
{
	enum structured_next next = separate(rest, first);

	if (next == STRUCTURED_NEXT && !value(rest, item))
		return STRUCTURED_BAD;
	return next;
}

static bool
take_value(struct slice *rest, struct structured *item, bool lists)
{
	if (!is_at(*rest, '=')) {
		*item = (struct structured){.type = STRUCTURED_BOOLEAN, .is_true = true};
		return true;
	}
	*rest = slice_from(*rest, 1);
	return lists ? value(rest, item) : bare_item(rest, item);
}

enum structured_next
structured_entry(
	struct slice *rest, bool first, struct slice *key, struct structured *item)
{
	enum structured_next next = separate(rest, first);

	if (next != STRUCTURED_NEXT)
		return next;
	return take_key(rest, key) && take_value(rest, item, true) ? STRUCTURED_NEXT
								   : STRUCTURED_BAD;
}

enum structured_next
structured_parameter(struct slice *rest, struct slice *key, struct structured *item)
{
	struct slice s = *rest;

	if (!is_at(s, ';'))
		return STRUCTURED_END;
	s = slice_from(s, 1);
	while (is_at(s, ' '))
		s = slice_from(s, 1);
	*rest = s;
	return take_key(rest, key) && take_value(rest, item, false) ? STRUCTURED_NEXT
								    : STRUCTURED_BAD;
}
