#include "analyzer/rules/meant.h"

#include "analyzer/http/message.h"
#include "parsers/chars.h"
#include "parsers/http1.h"

static const struct slice protocol = SLICE_INIT("HTTP/");

/* Up to the next blank. */
static struct slice
first_word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && !chars_is_blank(s.at[n]))
		n++;
	return slice_part(s, 0, n);
}

static struct slice
last_word(struct slice s)
{
	size_t at = s.n;

	while (at && !chars_is_blank(s.at[at - 1]))
		at--;
	return slice_from(s, at);
}

static bool
names_protocol(struct slice word)
{
	return slice_eq_nocase(slice_part(word, 0, protocol.n), protocol);
}

/* HTTP/1.0, HTTP/1.1 */
static bool
is_version(struct slice word)
{
	return word.n == protocol.n + 3 && slice_has_prefix(word, SLICE("HTTP/1.")) &&
	       chars_is_digit(word.at[protocol.n + 2]);
}

struct slice
meant_method(struct slice line)
{
	return first_word(slice_trim(line));
}

struct slice
meant_version(struct slice line)
{
	line = slice_trim(line);
	return names_protocol(line) ? first_word(line) : last_word(line);
}

static bool
is_target(struct slice s)
{
	return s.n && (s.at[0] == '/' || slice_eq(s, SLICE("*")) ||
			      slice_contains_nocase(s, SLICE("://")));
}

/* With a method that is known. */
static enum meant
meant_known(struct slice line, struct slice method, bool whole)
{
	struct slice rest = slice_trim(slice_from(line, method.n));
	struct slice last = last_word(rest);

	if (names_protocol(last))
		return last.n == rest.n	  ? MEANT_NO_TARGET
		       : is_version(last) ? MEANT_NOTHING
					  : MEANT_BAD_VERSION;
	return whole && last.n == rest.n && is_target(rest) ? MEANT_NO_VERSION
							    : MEANT_NOTHING;
}

enum meant
meant_request(const struct exchange *x)
{
	struct slice line = slice_trim(x->misread), method = first_word(line);
	bool whole = x->misread.n < MESSAGE_LINE_BYTES;
	struct start_line start;

	if (x->has_request || !line.n)
		return MEANT_NOTHING;
	if (line.at != x->misread.at && http1_request_line(line, &start) &&
		method_find(method) != METHOD_OTHER)
		return MEANT_BLANK_FIRST;
	if (method_find(method) != METHOD_OTHER)
		return meant_known(line, method, whole);
	return !chars_are(method, CHARS_TOKEN) && is_version(last_word(line)) &&
			       is_target(
				       first_word(slice_trim(slice_from(line, method.n))))
		       ? MEANT_BAD_METHOD
		       : MEANT_NOTHING;
}

enum meant
meant_answer(const struct exchange *x)
{
	struct slice line = slice_trim(x->misread), word = first_word(line);
	struct start_line start;

	if (x->has_response || !x->has_request || !line.n)
		return MEANT_NOTHING;
	if (line.at[0] == '<')
		return MEANT_MARKUP;
	if (line.at != x->misread.at && http1_status_line(line, &start))
		return MEANT_BLANK_FIRST;
	if (names_protocol(word))
		return is_version(word) ? MEANT_BAD_STATUS : MEANT_BAD_VERSION;
	return slice_eq_nocase(word, SLICE("HTTP")) ||
			       slice_eq_nocase(word, SLICE("Status:"))
		       ? MEANT_NO_VERSION
		       : MEANT_NOTHING;
}
