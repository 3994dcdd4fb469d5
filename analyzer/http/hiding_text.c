#include "analyzer/base/out.h"
#include "analyzer/http/hiding.h"
#include "analyzer/http/redact.h"
#include "parsers/chars.h"

enum {
	QUAD = 4,
	GROUP_DIGITS = 4, /* of an IPv6 address */
	NESTED = 3	  /* URLs in URLs, each in its parameter */
};

/* A text and how far it was read; what is shown of [begin, end) of it goes to out. */
struct scan {
	const struct hiding *hiding;
	struct slice text;
	enum hiding_text kind;
	size_t at, begin, end;
	bool in_url;   /* in a text: behind something of one */
	bool in_query; /* its path is over */
	struct out out;
};

static bool
is_word(uint8_t c)
{
	return chars_is_digit(c) || chars_is_alpha(c);
}

static uint8_t
before(const struct scan *scan)
{
	return scan->at ? scan->text.at[scan->at - 1] : ' ';
}

static bool
ends_url(const struct scan *scan, uint8_t c)
{
	return scan->kind == HIDING_TEXT || scan->kind == HIDING_PRODUCTS
		       ? c <= ' ' || c == '"' || c == '<' || c == '>'
		       : false;
}

static void
show(struct scan *scan, size_t n)
{
	size_t begin = scan->at < scan->begin ? scan->begin : scan->at;

	scan->at += n;
	if (begin < scan->at)
		out_slice(&scan->out, slice_part(slice_part(scan->text, 0, scan->end),
					      begin, scan->at));
}

/* Puts `shown` in place of n octets, if any of them is wanted. */
static void
hide(struct scan *scan, size_t n, struct slice shown)
{
	if (n && scan->at < scan->end && scan->at + n > scan->begin)
		out_slice(&scan->out, shown);
	scan->at += n;
}

/* ---- addresses ---- */

/* Four numbers with points, zeros in front allowed; their octets, 0 if they are none. */
static size_t
read_quad(struct slice s, uint8_t octets[QUAD])
{
	size_t n = 0;

	for (unsigned i = 0; i < QUAD; i++) {
		unsigned number = 0, digits = 0;

		if (i && (n == s.n || s.at[n++] != '.'))
			return 0;
		for (; n < s.n && chars_is_digit(s.at[n]) && digits < 3; digits++)
			number = number * 10 + (s.at[n++] - '0');
		if (!digits || number > UINT8_MAX)
			return 0;
		octets[i] = (uint8_t)number;
	}
	return n < s.n && chars_is_digit(s.at[n]) ? 0 : n;
}

/* "Chrome/120.0.0.0" */
static bool
is_version(const struct scan *scan)
{
	return scan->kind == HIDING_PRODUCTS && scan->at > 1 && before(scan) == '/' &&
	       is_word(scan->text.at[scan->at - 2]);
}

static size_t
read_ipv4(const struct scan *scan, struct address *address)
{
	struct slice rest = slice_from(scan->text, scan->at);
	uint8_t octets[QUAD];
	size_t n;

	if (!chars_is_digit(rest.at[0]) || chars_is_digit(before(scan)) ||
		is_version(scan))
		return 0;
	n = read_quad(rest, octets);
	if (n)
		*address = address_of_ipv4(octets);
	return n;
}

static bool
is_ipv6_octet(uint8_t c)
{
	return c == ':' || c == '.' || chars_is_hexdig(c);
}

static size_t
count_hexdig(struct slice s)
{
	size_t n = 0;

	while (n < s.n && chars_is_hexdig(s.at[n]))
		n++;
	return n;
}

/*
 * Letters around an address are not of it: "addr2001:db8::1x".  Then it has a group in
 * front, of four digits if the letter is one, too, and a number in it, which Foo::Bar
 * has not.
 */
static bool
is_glued_ipv6(const struct scan *scan, struct slice run)
{
	size_t group = count_hexdig(run);
	bool number = false;

	for (size_t i = 0; i < run.n; i++)
		number |= chars_is_digit(run.at[i]);
	return number && group &&
	       (group == GROUP_DIGITS || !chars_is_hexdig(before(scan)));
}

/* What follows an address may belong to its octets, "fe80::1:", "fe80::1.", or to itself:
 * "fe80::". */
static size_t
read_ipv6(const struct scan *scan, struct address *address)
{
	struct slice rest = slice_from(scan->text, scan->at);
	size_t n = 0, words;

	if (rest.at[0] == '.' || before(scan) == ':')
		return 0;
	while (n < rest.n && n < ADDRESS_TEXT_BYTES && is_ipv6_octet(rest.at[n]))
		n++;
	if (!memchr(rest.at, ':', n))
		return 0;
	if ((is_word(before(scan)) || (n < rest.n && is_word(rest.at[n]))) &&
		!is_glued_ipv6(scan, slice_part(rest, 0, n)))
		return 0;
	for (words = n; words && !is_word(rest.at[words - 1]);)
		words--;
	if (slice_has_prefix(slice_part(rest, words, n), SLICE("::")) &&
		address_parse(slice_part(rest, 0, words + 2), address))
		return words + 2;
	return address_parse(slice_part(rest, 0, words), address) ? words : 0;
}

/* Puts the pseudonym of an address that begins here; false if none does. */
static bool
hide_address(struct scan *scan)
{
	char text[ADDRESS_TEXT_BYTES], shown[ADDRESS_TEXT_BYTES + 2];
	struct address address;
	size_t n = read_ipv4(scan, &address), length;
	bool brackets = n && before(scan) != '[';

	if (!n)
		n = read_ipv6(scan, &address);
	if (!n)
		return false;
	address = hiding_address(scan->hiding, &address);
	brackets &= !address_is_ipv4(&address);
	length = address_text(&address, text);
	memcpy(shown + 1, text, length);
	shown[0] = '[';
	shown[length + 1] = ']';
	hide(scan, n,
		brackets ? slice_of(shown, length + 2) : slice_of(shown + 1, length));
	return true;
}

/* ---- user information ---- */

/* Behind the "//" of a URL, which does not go on from a path, or at the begin of one. */
static bool
begins_authority(const struct scan *scan)
{
	uint8_t c;

	if (!scan->at)
		return scan->kind == HIDING_URL;
	if (scan->at < 2 || before(scan) != '/' || scan->text.at[scan->at - 2] != '/')
		return false;
	c = scan->at > 2 ? scan->text.at[scan->at - 3] : ':';
	return !is_word(c) && c != '/' && c != '.';
}

/* "name:password@" in front of a host; 0: there is none here.  [RFC3986 3.2.1] */
static size_t
user_length(const struct scan *scan)
{
	struct slice rest = slice_from(scan->text, scan->at);
	bool is_authority = begins_authority(scan);
	size_t at = 0;

	for (size_t i = 0; is_authority && i < rest.n; i++) {
		if (memchr("/?#", rest.at[i], 3) || ends_url(scan, rest.at[i]))
			break;
		if (rest.at[i] == '@')
			at = i;
	}
	return at;
}

/* ---- secret parameters ---- */

static bool
is_name_octet(uint8_t c)
{
	return is_word(c) || c == '-' || c == '_' || c == '.' || c == '$';
}

/* What is left of a percent sign that was written as one: "25". */
static bool
is_percent(struct slice s, size_t at)
{
	return at + 2 <= s.n && s.at[at] == '2' && s.at[at + 1] == '5';
}

/* The octet, or %XX for it, or %25XX in a URL in a URL in a URL; 0: another one. */
static size_t
read_octet(struct slice s, uint8_t octet)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 1;

	if (s.n && s.at[0] == octet)
		return 1;
	if (!s.n || s.at[0] != '%')
		return 0;
	for (unsigned i = 1; i < NESTED && is_percent(s, n); i++)
		n += 2;
	if (n + 2 > s.n || s.at[n] != digits[octet >> 4] ||
		octet_lower(s.at[n + 1]) != digits[octet & 15])
		return 0;
	return n + 2;
}

/* A name may begin there: nothing of one is before it, but perhaps "%3F". */
static bool
is_name_begin(struct slice text, size_t at)
{
	if (!at || !is_name_octet(text.at[at - 1]))
		return true;
	if (at < 3 || !chars_is_hexdig(text.at[at - 2]) ||
		!chars_is_hexdig(text.at[at - 1]))
		return false;
	at -= 2;
	for (unsigned i = 1; i < NESTED && at > 2 && is_percent(text, at - 2); i++)
		at -= 2;
	return text.at[at - 1] == '%';
}

/* Where the name of a parameter begins that ends there. */
static size_t
name_begin(struct slice text, size_t end)
{
	while (!is_name_begin(text, end))
		end--;
	return end;
}

/* Behind the "=" there, which may have the "]" of "user[token]" before it; 0: none. */
static size_t
read_equals(struct slice text, size_t at)
{
	size_t bracket = read_octet(slice_from(text, at), ']');
	size_t equals = read_octet(slice_from(text, at + bracket), '=');

	return equals ? at + bracket + equals : 0;
}

/* Where the "]" in front of an "=" begins, or the "=" itself. */
static size_t
before_bracket(struct slice text, size_t equals)
{
	size_t n = 1;

	for (; n <= 1 + 2 * NESTED && n <= equals; n += 2)
		if (read_octet(slice_part(text, equals - n, equals), ']') == n)
			return equals - n;
	return equals;
}

bool
hiding_may_tell(struct slice text)
{
	if (text.n && memchr(text.at, '@', text.n))
		return true;
	for (unsigned i = 0; i < 2; i++) {
		size_t at = slice_find(text, (uint8_t) "=%"[i], 0);

		for (; at < text.n; at = slice_find(text, (uint8_t) "=%"[i], at + 1)) {
			size_t end = before_bracket(text, at);

			if (read_octet(slice_from(text, at), '=') &&
				redact_is_secret_parameter(
					slice_part(text, name_begin(text, end), end),
					true))
				return true;
		}
	}
	return false;
}

/* A value ends where another parameter begins; "a;b" may be all of one. */
static bool
ends_value(const struct scan *scan, size_t at, bool is_coded)
{
	struct slice rest = slice_from(scan->text, at);
	uint8_t c = rest.at[0];
	size_t n = 1;

	if (ends_url(scan, c) || c == '&')
		return true;
	if (scan->kind == HIDING_URL &&
		(c == '#' || (!scan->in_query && (c == '/' || c == '?'))))
		return true;
	if (c == ',' && scan->kind == HIDING_TEXT)
		return rest.n == 1 || chars_is_blank(rest.at[1]);
	if (is_coded && c == '%')
		return read_octet(rest, '&') || read_octet(rest, '#');
	while (c == ';' && n < rest.n && is_name_octet(rest.at[n]))
		n++;
	return c == ';' && (n == rest.n || chars_is_blank(rest.at[n]) ||
				   (n > 1 && rest.at[n] == '='));
}

static size_t
value_length(const struct scan *scan, size_t from, bool is_coded)
{
	size_t at = from;

	if (at < scan->text.n && scan->text.at[at] == '"') {
		at = slice_find(scan->text, '"', at + 1);
		return (at < scan->text.n ? at + 1 : at) - from;
	}
	while (at < scan->text.n && !ends_value(scan, at, is_coded))
		at++;
	return at - from;
}

/* Shows the name of a secret that begins here and hides its value; false: none does. */
static bool
hide_secret(struct scan *scan)
{
	size_t end = scan->at, value;

	if (!is_name_begin(scan->text, scan->at))
		return false;
	while (end < scan->text.n && is_name_octet(scan->text.at[end]))
		end++;
	value = end > scan->at ? read_equals(scan->text, end) : 0;
	if (!value || !redact_is_secret_parameter(slice_part(scan->text, scan->at, end),
			      scan->in_url || scan->kind == HIDING_URL))
		return false;
	show(scan, value - scan->at);
	hide(scan, value_length(scan, value, scan->text.at[value - 1] != '='), REDACTED);
	return true;
}

/* ---- queries ---- */

/* Names stay; what has none is a value. */
static void
hide_query(struct scan *scan)
{
	size_t end = scan->at;

	while (end < scan->text.n && !ends_url(scan, scan->text.at[end]))
		end++;
	while (scan->at < end) {
		struct slice rest = slice_part(scan->text, scan->at, end);
		size_t n = 0, equals;

		while (n < rest.n && rest.at[n] != '&' && rest.at[n] != ';')
			n++;
		equals = slice_find(slice_part(rest, 0, n), '=', 0);
		if (equals < n) {
			show(scan, equals + 1);
			n -= equals + 1;
		}
		hide(scan, n, REDACTED);
		show(scan, scan->at < end);
	}
}

/* A boolean of a structured field, "?0" or "?1", is no query.  [RFC8941 3.3.6] */
static bool
is_boolean(const struct scan *scan)
{
	struct slice rest = slice_from(scan->text, scan->at + 1);
	uint8_t last = before(scan);

	return scan->kind == HIDING_TEXT && rest.n &&
	       (*rest.at == '0' || *rest.at == '1') && (last == ' ' || last == '=') &&
	       (rest.n == 1 || memchr(";, \t", rest.at[1], 4));
}

/* A fragment may have tokens in the form of a query; in a text only those count.
 * [RFC6749 4.2.2] */
static bool
is_fragment(const struct scan *scan)
{
	struct slice rest = slice_from(scan->text, scan->at + 1);
	size_t n = 0;

	while (n < rest.n && rest.at[n] != '=' && rest.at[n] != '#' &&
		!ends_url(scan, rest.at[n]))
		n++;
	return scan->kind == HIDING_URL || (n < rest.n && rest.at[n] == '=');
}

static bool
begins_query(const struct scan *scan, uint8_t c)
{
	return (c == '#' && is_fragment(scan)) || (c == '?' && !is_boolean(scan));
}

/* ---- the whole ---- */

static bool
may_hide(const struct hiding *hiding, struct slice text)
{
	if (hiding->secrets_only)
		return hiding_may_tell(text);
	for (size_t i = 0; i < text.n; i++)
		if (chars_is_digit(text.at[i]) || memchr("?:#@=", text.at[i], 5))
			return true;
	return false;
}

/* Hides a name, a secret or an address that begins here; false if none does. */
static bool
hide_name(struct scan *scan)
{
	size_t user = user_length(scan);

	hide(scan, user, REDACTED);
	return user || hide_secret(scan) ||
	       (!scan->hiding->secrets_only && is_ipv6_octet(scan->text.at[scan->at]) &&
		       hide_address(scan));
}

static void
scan_text(struct scan *scan)
{
	while (scan->at < scan->text.n) {
		uint8_t c = scan->text.at[scan->at];
		bool query;

		if (hide_name(scan))
			continue;
		query = !scan->hiding->secrets_only && begins_query(scan, c);
		scan->in_url = (scan->in_url && !ends_url(scan, c)) ||
			       memchr("/?#", c, 3) != NULL;
		scan->in_query |= c == '?';
		show(scan, 1);
		if (query)
			hide_query(scan);
	}
}

struct slice
hiding_part(const struct hiding *hiding, struct slice text, struct slice part,
	enum hiding_text kind, struct arena *arena)
{
	struct scan scan = {.hiding = hiding, .text = text, .kind = kind};
	struct slice shown;

	if (!may_hide(hiding, text))
		return part;
	scan.begin = (size_t)(part.at - text.at);
	scan.end = scan.begin + part.n;
	out_init_memory(&scan.out);
	scan_text(&scan);
	shown = arena_copy(arena, out_contents(&scan.out));
	out_fini(&scan.out);
	return shown;
}

struct slice
hiding_text(const struct hiding *hiding, struct slice text, enum hiding_text kind,
	struct arena *arena)
{
	return hiding_part(hiding, text, text, kind, arena);
}
