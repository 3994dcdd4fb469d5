#include "analyzer/base/out.h"
#include "analyzer/http/hiding.h"
#include "analyzer/http/redact.h"
#include "parsers/chars.h"
#include "parsers/escape.h"
#include "parsers/http1.h"
#include "parsers/paramname.h"

enum {
	QUAD = 4,
	GROUP_DIGITS = 4, /* of an IPv6 address */
	SLASHES = 4,	  /* in front of an authority, two of them in order */
};

/* A text and how far it was read; [begin, end) of it is [out_begin, out_end) of out. */
struct scan {
	const struct hiding *hiding;
	struct slice text;
	enum hiding_text kind;
	bool queries; /* and addresses, not only secrets */
	size_t at, begin, end, out_begin, out_end;
	bool in_url;	 /* in a text: behind something of one */
	bool in_query;	 /* its path is over */
	size_t name_end; /* no name begins in front of it */
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
	size_t shown = out_contents(&scan->out).n, end = scan->at + n;

	if (scan->begin >= scan->at && scan->begin < end)
		scan->out_begin = shown + (scan->begin - scan->at);
	if (scan->end > scan->at && scan->end <= end)
		scan->out_end = shown + (scan->end - scan->at);
	out_slice(&scan->out, slice_part(scan->text, scan->at, end));
	scan->at = end;
}

/* Puts `shown` in place of n octets: it stands for each of them. */
static void
hide(struct scan *scan, size_t n, struct slice shown)
{
	size_t end = scan->at + n;

	if (!n)
		return;
	if (scan->begin >= scan->at && scan->begin < end)
		scan->out_begin = out_contents(&scan->out).n;
	out_slice(&scan->out, shown);
	if (scan->end > scan->at && scan->end <= end)
		scan->out_end = out_contents(&scan->out).n;
	scan->at = end;
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

/* Behind slashes that do not go on from a path: a colon is before them, or two are all
 * and no name is.  The length of the last of them, 0 if no authority begins here. */
static size_t
begins_authority(const struct scan *scan)
{
	size_t at = scan->at, count = 0, n, last;
	uint8_t c;

	if (!at)
		return scan->kind == HIDING_URL;
	last = escape_octet_before(scan->text, at, '/');
	for (n = last; n && count < SLASHES; count++) {
		at -= n;
		n = escape_octet_before(scan->text, at, '/');
	}
	if (!count || n)
		return 0;
	if (escape_octet_before(scan->text, at, ':'))
		return last;
	if (count != 2)
		return 0;
	if (!at || escape_read_before(scan->text, at, &c))
		return last;
	c = scan->text.at[at - 1];
	return is_word(c) || c == '.' ? 0 : last;
}

/* An authority ends at what is written as its slashes were, or plainer: in a password
 * "/" is an escape. */
static bool
ends_authority(const struct scan *scan, size_t at, size_t slash)
{
	struct slice rest = slice_from(scan->text, at);
	uint8_t octet = rest.at[0];
	size_t n = octet == '%' ? escape_read(rest, &octet) : 1;

	if (n == 1 && (ends_url(scan, octet) || (slash > 1 && octet == '&')))
		return true;
	return n && n <= slash && memchr("/?#", octet, 3);
}

/* "name:password@" in front of a host; 0: there is none here.  [RFC3986 3.2.1] */
static size_t
user_length(const struct scan *scan)
{
	size_t slash = begins_authority(scan), found = scan->at;

	if (!slash)
		return 0;
	for (size_t i = scan->at; i < scan->text.n && !ends_authority(scan, i, slash);
		i++)
		if (escape_octet(slice_from(scan->text, i), '@'))
			found = i;
	return found - scan->at;
}

/* ---- secret parameters ---- */

/* What is before an "=" is a secret's name, or looks as if it might be one. */
static bool
may_be_secret(struct slice text, size_t equals)
{
	size_t begin = paramname_begin(text, equals);

	return escape_octet_before(text, equals, ']') ||
	       (begin && text.at[begin - 1] == '%') ||
	       redact_is_secret_parameter(slice_part(text, begin, equals), true);
}

/* A field may be in the value of another one, behind a CR that ends no line. */
static bool
has_bare_cr(struct slice text)
{
	size_t at = slice_find(text, '\r', 0);

	while (at + 1 < text.n && text.at[at + 1] == '\n')
		at = slice_find(text, '\r', at + 1);
	return at < text.n;
}

bool
hiding_may_tell(struct slice text)
{
	if ((text.n && memchr(text.at, '@', text.n)) || has_bare_cr(text))
		return true;
	for (unsigned i = 0; i < 2; i++) {
		size_t at = slice_find(text, (uint8_t) "=%"[i], 0);

		for (; at < text.n; at = slice_find(text, (uint8_t) "=%"[i], at + 1)) {
			struct slice rest = slice_from(text, at);

			if (escape_octet(rest, '@') ||
				(escape_octet(rest, '=') && may_be_secret(text, at)))
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
		return escape_octet(rest, '&') || escape_octet(rest, '#');
	while (c == ';' && n < rest.n && paramname_octet(rest.at[n]))
		n++;
	return c == ';' && (n == rest.n || chars_is_blank(rest.at[n]) ||
				   (n > 1 && rest.at[n] == '='));
}

/* Up to the other quote, which "\\" is not before, or to the end; 0: no quote is here. */
static size_t
quoted_length(struct slice s)
{
	uint8_t quote = escape_octet(s, '"') ? '"' : '\'';
	size_t n = escape_octet(s, quote), close = 0;

	for (; n && n < s.n && !close; n += close ? close : 1) {
		if (s.at[n] == '\\' && n + 1 < s.n)
			n++;
		else
			close = escape_octet(slice_from(s, n), quote);
	}
	return n;
}

static size_t
value_length(const struct scan *scan, size_t from, bool is_coded)
{
	size_t quoted = quoted_length(slice_from(scan->text, from)), at = from;

	while (!quoted && at < scan->text.n && !ends_value(scan, at, is_coded))
		at++;
	return quoted + (at - from);
}

/* None does within an escape, or within a name that has escapes. */
static bool
begins_name(struct scan *scan)
{
	uint8_t octet;

	if (scan->at < scan->name_end)
		return false;
	scan->name_end = scan->at + escape_read(slice_from(scan->text, scan->at), &octet);
	return paramname_may_begin(scan->text, scan->at);
}

/* Shows the name of a secret that begins here and hides its value; false: none does. */
static bool
hide_secret(struct scan *scan)
{
	struct paramname name;
	size_t value;

	if (!begins_name(scan))
		return false;
	paramname_read(scan->text, scan->at, &name);
	if (name.plain.at == name.decoded)
		scan->name_end = name.end;
	value = name.end > scan->at ? paramname_equals(scan->text, name.end) : 0;
	if (!value ||
		!(name.is_long || redact_is_secret_parameter(name.plain,
					  scan->in_url || scan->kind == HIDING_URL)))
		return false;
	show(scan, value - scan->at);
	hide(scan, value_length(scan, value, scan->text.at[value - 1] != '='), REDACTED);
	return true;
}

/* Shows the name of a secret's field that begins behind a bare CR, and hides its value.
 */
static bool
hide_field(struct scan *scan)
{
	struct slice line = slice_from(scan->text, scan->at), name;
	struct field field;

	if (before(scan) != '\r')
		return false;
	line = slice_part(line, 0, slice_find(line, '\r', 0));
	field = http1_field(line);
	if (!redact_is_secret(&field))
		return false;
	name = redact_name(REDACT_SECRETS, &field);
	show(scan, (size_t)(name.at + name.n - line.at));
	hide(scan, line.n - (size_t)(name.at + name.n - line.at), SLICE(": [redacted]"));
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
	return user || hide_field(scan) || hide_secret(scan) ||
	       (scan->queries && is_ipv6_octet(scan->text.at[scan->at]) &&
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
		query = scan->queries && begins_query(scan, c);
		scan->in_url = (scan->in_url && !ends_url(scan, c)) ||
			       memchr("/?#", c, 3) != NULL;
		scan->in_query |= c == '?';
		show(scan, 1);
		if (query)
			hide_query(scan);
	}
}

/* One pass: what is shown of the text, and where the part is in it. */
static struct slice
scan_pass(struct scan *scan, struct slice text, struct slice *part, struct arena *arena)
{
	struct slice shown;

	scan->text = text;
	scan->begin = (size_t)(part->at - text.at);
	scan->end = scan->begin + part->n;
	out_init_memory(&scan->out);
	scan_text(scan);
	shown = arena_copy(arena, out_contents(&scan->out));
	*part = slice_part(shown, scan->out_begin, scan->out_end);
	out_fini(&scan->out);
	return shown;
}

/* Secrets go first: so whatever else is hidden, none of them is shown. */
struct slice
hiding_part(const struct hiding *hiding, struct slice text, struct slice part,
	enum hiding_text kind, struct arena *arena)
{
	if (!part.n || !may_hide(hiding, text))
		return part;
	if (hiding_may_tell(text)) {
		struct scan scan = {.hiding = hiding, .kind = kind};

		text = scan_pass(&scan, text, &part, arena);
	}
	if (!hiding->secrets_only) {
		struct scan scan = {.hiding = hiding, .kind = kind, .queries = true};

		scan_pass(&scan, text, &part, arena);
	}
	return part;
}

struct slice
hiding_text(const struct hiding *hiding, struct slice text, enum hiding_text kind,
	struct arena *arena)
{
	return hiding_part(hiding, text, text, kind, arena);
}
