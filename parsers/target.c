#include "parsers/target.h"

#include "parsers/chars.h"
#include "parsers/number.h"

/* Length of `scheme` before "://", or 0.  [RFC3986 3.1] */
static size_t
scheme_length(struct slice s)
{
	size_t i = 0;

	if (s.n == 0 || !chars_is_alpha(s.at[0]))
		return 0;
	while (i < s.n && (chars_is_alpha(s.at[i]) || chars_is_digit(s.at[i]) ||
				  s.at[i] == '+' || s.at[i] == '-' || s.at[i] == '.'))
		i++;
	return slice_has_prefix(slice_from(s, i), SLICE("://")) ? i : 0;
}

/* The last @ ends the userinfo, as for those who read what follows as the host. */
static struct slice
without_userinfo(struct slice authority)
{
	for (size_t i = authority.n; i > 0; i--)
		if (authority.at[i - 1] == '@')
			return slice_from(authority, i);
	return authority;
}

static struct target
absolute_form(struct slice uri, size_t scheme)
{
	struct slice rest = slice_from(uri, scheme + 3);
	size_t end = 0;

	while (end < rest.n && rest.at[end] != '/' && rest.at[end] != '?')
		end++;
	return (struct target){
		.form = TARGET_ABSOLUTE,
		.scheme = slice_part(uri, 0, scheme),
		.authority = without_userinfo(slice_part(rest, 0, end)),
		.path_query = end < rest.n ? slice_from(rest, end) : SLICE("/"),
	};
}

struct target
target_parse(struct slice request_target, struct slice method)
{
	struct slice all = slice_part(
		request_target, 0, slice_find(request_target, '#', 0));
	struct target target = {.path_query = all, .form = TARGET_OTHER};
	size_t scheme = scheme_length(all);

	if (slice_eq(method, SLICE("CONNECT")))
		return (struct target){
			.authority = without_userinfo(all), .form = TARGET_AUTHORITY};
	if (scheme)
		return absolute_form(all, scheme);
	if (slice_has_prefix(all, SLICE("/")))
		target.form = TARGET_ORIGIN;
	else if (slice_eq(all, SLICE("*")))
		target.form = TARGET_ASTERISK;
	return target;
}

/* The colon before the port, or s.n; colons of an IPv6 address are none. */
static size_t
port_colon(struct slice host)
{
	bool bracketed = slice_has_prefix(host, SLICE("["));
	size_t from = bracketed ? slice_find(host, ']', 0) : 0;
	size_t colon = slice_find(host, ':', from);

	return slice_find(host, ':', colon + 1) == host.n ? colon : host.n;
}

struct slice
target_host_without_default_port(struct slice authority, struct slice scheme)
{
	struct slice host = without_userinfo(authority);
	size_t colon = port_colon(host);
	struct slice digits = slice_from(host, colon + 1);
	uint64_t port = 0, implied = 0;

	if (scheme.n == 0 || slice_eq_nocase(scheme, SLICE("http")))
		implied = 80;
	else if (slice_eq_nocase(scheme, SLICE("https")))
		implied = 443;
	if (digits.n && !(implied && number_decimal(digits, &port) && port == implied))
		return host;
	return slice_part(host, 0, colon);
}

/* What is plain in a host, and in a target.  Letters are as in ASCII. */
enum {
	PLAIN_HOST = 1 << 0,
	PLAIN_TARGET = 1 << 1,
	PLAIN = PLAIN_HOST | PLAIN_TARGET
};

#define PLAIN5(c)                                                                        \
	[c] = PLAIN, [c + 1] = PLAIN, [c + 2] = PLAIN, [c + 3] = PLAIN, [c + 4] = PLAIN
#define PLAIN26(c)                                                                       \
	PLAIN5(c), PLAIN5(c + 5), PLAIN5(c + 10), PLAIN5(c + 15), PLAIN5(c + 20),        \
		[c + 25] = PLAIN

static const uint8_t plain[256] = {
	['.'] = PLAIN,
	['-'] = PLAIN,
	['/'] = PLAIN_TARGET,
	['_'] = PLAIN_TARGET,
	['?'] = PLAIN_TARGET,
	['='] = PLAIN_TARGET,
	['&'] = PLAIN_TARGET,
	PLAIN5('0'),
	PLAIN5('5'),
	PLAIN26('A'),
	PLAIN26('a'),
};

/* Four at a time, to the end: nearly all are. */
static bool
is_plain(struct slice s, unsigned where)
{
	unsigned all = where;
	size_t i = 0;

	for (; i + 4 <= s.n; i += 4)
		all &= plain[s.at[i]] & plain[s.at[i + 1]] & plain[s.at[i + 2]] &
		       plain[s.at[i + 3]];
	for (; i < s.n; i++)
		all &= plain[s.at[i]];
	return all && s.n;
}

bool
target_host_is_plain(struct slice authority)
{
	return is_plain(authority, PLAIN_HOST);
}

bool
target_is_plain(struct slice request_target)
{
	return request_target.n <= TARGET_PLAIN_BYTES &&
	       is_plain(request_target, PLAIN_TARGET) && request_target.at[0] == '/';
}
