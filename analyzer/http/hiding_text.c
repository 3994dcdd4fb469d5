#include "analyzer/base/out.h"
#include "analyzer/http/hiding.h"
#include "analyzer/http/redact.h"

enum {
	QUAD = 4
};

/* A text and how far it was read; what is shown of it goes to out. */
struct scan {
	const struct hiding *hiding;
	struct slice text;
	enum hiding_text kind;
	size_t at;
	struct out out;
};

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(uint8_t c)
{
	return is_digit(c) || (octet_lower(c) >= 'a' && octet_lower(c) <= 'z');
}

static uint8_t
before(const struct scan *scan)
{
	return scan->at ? scan->text.at[scan->at - 1] : ' ';
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
		for (; n < s.n && is_digit(s.at[n]) && digits < 3; digits++)
			number = number * 10 + (s.at[n++] - '0');
		if (!digits || number > UINT8_MAX)
			return 0;
		octets[i] = (uint8_t)number;
	}
	return n < s.n && is_digit(s.at[n]) ? 0 : n;
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

	if (!is_digit(rest.at[0]) || is_word(before(scan)) || is_version(scan))
		return 0;
	n = read_quad(rest, octets);
	if (n)
		*address = address_of_ipv4(octets);
	return n;
}

static bool
is_ipv6_octet(uint8_t c)
{
	return is_digit(c) || c == ':' || c == '.' ||
	       (octet_lower(c) >= 'a' && octet_lower(c) <= 'f');
}

/* What follows an address may belong to its octets, "fe80::1:", "fe80::1.", or to itself:
 * "fe80::". */
static size_t
read_ipv6(const struct scan *scan, struct address *address)
{
	struct slice rest = slice_from(scan->text, scan->at);
	size_t n = 0, words;

	if (rest.at[0] == '.' || is_word(before(scan)) || before(scan) == ':')
		return 0;
	while (n < rest.n && n < ADDRESS_TEXT_BYTES && is_ipv6_octet(rest.at[n]))
		n++;
	if ((n < rest.n && is_word(rest.at[n])) || !memchr(rest.at, ':', n))
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
	char text[ADDRESS_TEXT_BYTES];
	struct address address;
	size_t n = read_ipv4(scan, &address);
	bool brackets = n && before(scan) != '[';

	if (!n)
		n = read_ipv6(scan, &address);
	if (!n)
		return false;
	address = hiding_address(scan->hiding, &address);
	brackets &= !address_is_ipv4(&address);
	address_text(&address, text);
	out_format(&scan->out, brackets ? "[%s]" : "%s", text);
	scan->at += n;
	return true;
}

/* ---- user information ---- */

static bool
ends_url(const struct scan *scan, uint8_t c)
{
	return scan->kind == HIDING_TEXT || scan->kind == HIDING_PRODUCTS
		       ? c <= ' ' || c == '"' || c == '<' || c == '>'
		       : false;
}

/* "name:password@" in front of a host; 0: there is none here.  [RFC3986 3.2.1] */
static size_t
user_length(const struct scan *scan)
{
	struct slice rest = slice_from(scan->text, scan->at);
	bool is_authority = scan->at ? scan->at > 1 && before(scan) == '/' &&
					       scan->text.at[scan->at - 2] == '/'
				     : scan->kind == HIDING_URL;
	size_t at = 0;

	for (size_t i = 0; is_authority && i < rest.n; i++) {
		if (memchr("/?#", rest.at[i], 3) || ends_url(scan, rest.at[i]))
			break;
		if (rest.at[i] == '@')
			at = i;
	}
	return at;
}

/* ---- queries ---- */

/* Names stay; what has none is a value. */
static void
hide_query(struct scan *scan)
{
	struct slice rest = slice_from(scan->text, scan->at);
	size_t end = 0;

	while (end < rest.n && !ends_url(scan, rest.at[end]))
		end++;
	scan->at += end;
	rest = slice_part(rest, 0, end);
	while (rest.n) {
		size_t n = 0, equals;

		while (n < rest.n && rest.at[n] != '&' && rest.at[n] != ';')
			n++;
		equals = slice_find(slice_part(rest, 0, n), '=', 0);
		if (equals < n)
			out_slice(&scan->out, slice_part(rest, 0, equals + 1));
		if (n && equals + 1 != n)
			out_slice(&scan->out, REDACTED);
		out_slice(&scan->out, slice_part(rest, n, n + 1));
		rest = slice_from(rest, n + 1);
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
may_hide(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (is_digit(text.at[i]) || memchr("?:#@", text.at[i], 4))
			return true;
	return false;
}

/* Puts what stands for a name or an address that begins here; false if none does. */
static bool
hide_name(struct scan *scan)
{
	size_t user = user_length(scan);

	if (user)
		out_slice(&scan->out, REDACTED);
	scan->at += user;
	return user || (is_ipv6_octet(scan->text.at[scan->at]) && hide_address(scan));
}

static void
scan_text(struct scan *scan)
{
	if (scan->kind == HIDING_QUERY)
		hide_query(scan);
	while (scan->at < scan->text.n) {
		uint8_t c = scan->text.at[scan->at];

		if (hide_name(scan))
			continue;
		out_octet(&scan->out, c);
		if (begins_query(scan, c)) {
			scan->at++;
			hide_query(scan);
		} else {
			scan->at++;
		}
	}
}

struct slice
hiding_text(const struct hiding *hiding, struct slice text, enum hiding_text kind,
	struct arena *arena)
{
	struct scan scan = {.hiding = hiding, .text = text, .kind = kind};
	struct slice shown;

	if (kind != HIDING_QUERY && !may_hide(text))
		return text;
	out_init_memory(&scan.out);
	scan_text(&scan);
	shown = arena_copy(arena, out_contents(&scan.out));
	out_fini(&scan.out);
	return shown;
}
