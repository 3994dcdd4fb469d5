#include "parsers/http1.h"

#include "parsers/chars.h"

enum {
	METHOD_BYTES_MAX = 32,
	VERSION_BYTES = 8, /* HTTP/1.1 */
	VERSION_DIGITS = 2,
	CONTROL_BYTES = 1024, /* are enough to tell a binary from a long target */
};

/* Length of a number of one or two digits at s.at[from], or 0. */
static size_t
http1_number(struct slice s, size_t from, uint8_t *number)
{
	size_t n = 0;

	*number = 0;
	while (n < VERSION_DIGITS && from + n < s.n && chars_is_digit(s.at[from + n]))
		*number = (uint8_t)(*number * 10 + s.at[from + n++] - '0');
	return n;
}

/*
 * HTTP-version = "HTTP/" DIGIT "." DIGIT  [RFC9112 2.3]
 *
 * Length of the version at the start, or 0.  A second digit, as in HTTP/1.01, is
 * bent; so is any major version but 1, which nobody should write in text.
 */
static size_t
http1_version(struct slice s, struct start_line *start)
{
	size_t major, minor, at = 5;

	if (!slice_has_prefix(s, SLICE("HTTP/")))
		return 0;
	major = http1_number(s, at, &start->major);
	at += major;
	if (!major || at >= s.n || s.at[at++] != '.')
		return 0;
	minor = http1_number(s, at, &start->minor);
	start->bent = major != 1 || minor != 1 || start->major != 1;
	return minor ? at + minor : 0;
}

/* Eight octets at a time: nearly everything is VCHAR and blanks. */
static bool
http1_is_plain(struct slice s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t odd = 0, part;
	size_t at = 0;

	for (; at + sizeof part <= s.n; at += sizeof part) {
		memcpy(&part, s.at + at, sizeof part);
		odd |= part | (part - ones * 0x20) | ((part ^ ones * 0x7f) - ones);
	}
	for (; at < s.n; at++)
		odd |= s.at[at] < 0x20 || s.at[at] >= 0x7f ? highs : 0;
	return !(odd & highs);
}

/* White space is forgiven, other control octets never occur [RFC9112 2.2]. */
static bool
http1_has_control(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (chars_is_ctl(s.at[i]) && s.at[i] != '\t')
			return true;
	return false;
}

bool
http1_request_line(struct slice line, struct start_line *start)
{
	size_t method = 0, version, end = line.n, target;

	*start = (struct start_line){0};
	while (method < line.n && chars_is_token(line.at[method]))
		method++;
	if (!method || method > METHOD_BYTES_MAX || method == line.n ||
		!chars_is_blank(line.at[method]))
		return false;
	while (end > method && chars_is_blank(line.at[end - 1]))
		end--;
	if (end < method + VERSION_BYTES + 2)
		return false;
	version = end;
	while (!chars_is_blank(line.at[version - 1]))
		version--;
	if (version < method + 2 ||
		http1_version(slice_part(line, version, end), start) != end - version)
		return false;
	start->method = slice_part(line, 0, method);
	target = method + 1;
	start->target = slice_trim(slice_part(line, target, version - 1));
	start->bent |= end != line.n || slice_find(line, '\t', 0) < line.n ||
		       start->target.n != version - 1 - target ||
		       slice_find(start->target, ' ', 0) < start->target.n;
	return start->target.n > 0 &&
	       (http1_is_plain(start->target) || !http1_has_control(start->target));
}

bool
http1_status_line(struct slice line, struct start_line *start)
{
	struct slice rest;
	size_t version;

	*start = (struct start_line){0};
	version = http1_version(line, start);
	if (!version || line.n < version + 4 || !chars_is_blank(line.at[version]))
		return false;
	rest = slice_trim(slice_from(line, version));
	start->bent |= line.at[version] != ' ' || chars_is_blank(line.at[version + 1]);
	if (rest.n < 3 || !chars_is_digit(rest.at[0]) || !chars_is_digit(rest.at[1]) ||
		!chars_is_digit(rest.at[2]) ||
		(rest.n > 3 && !chars_is_blank(rest.at[3])))
		return false;
	start->status = (uint16_t)((rest.at[0] - '0') * 100 + (rest.at[1] - '0') * 10 +
				   rest.at[2] - '0');
	start->reason = slice_trim(slice_from(rest, 3));
	start->bent |= (rest.n == 3 && line.at[line.n - 1] != ' ') ||
		       http1_has_control(start->reason);
	return true;
}

bool
http1_cut_status_line(struct slice part, struct start_line *start)
{
	if (!http1_status_line(part, start))
		return false;
	start->reason = (struct slice){NULL, 0};
	start->bent = false;
	return true;
}

/* The start of a status line is told from its first twelve octets. */
static enum http1_start
http1_sniff_response(struct slice s)
{
	static const char shape[] = "HTTP/1.d ddd";
	size_t n = s.n < sizeof shape - 1 ? s.n : sizeof shape - 1;

	for (size_t i = 0; i < n; i++) {
		bool fits = shape[i] == 'd' ? chars_is_digit(s.at[i])
					    : s.at[i] == (uint8_t)shape[i];

		if (!fits && !(i == VERSION_BYTES && s.at[i] == '\t'))
			return HTTP1_FOREIGN;
	}
	if (s.n <= n)
		return s.n == sizeof shape - 1 ? HTTP1_RESPONSE : HTTP1_MORE;
	return chars_is_blank(s.at[n]) || s.at[n] == '\r' || s.at[n] == '\n'
		       ? HTTP1_RESPONSE
		       : HTTP1_FOREIGN;
}

enum http1_start
http1_sniff(struct slice s)
{
	struct start_line start;
	struct slice line;
	size_t method = 0, end;

	if (s.n && s.at[0] == 'H' &&
		slice_has_prefix(s, slice_part(SLICE("HTTP/"), 0, s.n)))
		return http1_sniff_response(s);
	while (method < s.n && method <= METHOD_BYTES_MAX && chars_is_token(s.at[method]))
		method++;
	if (method == s.n && method <= METHOD_BYTES_MAX)
		return HTTP1_MORE;
	if (!method || method > METHOD_BYTES_MAX || !chars_is_blank(s.at[method]))
		return HTTP1_FOREIGN;
	end = slice_find(s, '\n', method);
	line = slice_part(s, 0, end);
	if (end == s.n) /* binaries stop here; the last octet may be the CR */
		return http1_has_control(slice_part(
			       s, method, s.n <= CONTROL_BYTES ? s.n - 1 : CONTROL_BYTES))
			       ? HTTP1_FOREIGN
			       : HTTP1_MORE;
	if (line.n && line.at[line.n - 1] == '\r')
		line.n--;
	if (!http1_request_line(line, &start))
		return HTTP1_FOREIGN;
	if (start.major == 2 && slice_eq(start.method, SLICE("PRI")))
		return HTTP1_PREFACE;
	return HTTP1_REQUEST;
}

enum http1_start
http1_sniff_answer(struct slice s)
{
	struct slice name = SLICE("HTTP/");
	struct start_line start;
	size_t at = name.n, digits = 0;

	if (!slice_has_prefix(s, slice_part(name, 0, s.n)))
		return HTTP1_FOREIGN;
	while (at < s.n && (chars_is_digit(s.at[at]) || s.at[at] == '.'))
		at++;
	if (at < s.n && http1_version(slice_part(s, 0, at), &start) != at)
		return HTTP1_FOREIGN;
	if (at - name.n > 2 * VERSION_DIGITS + 1 ||
		(at < s.n && !chars_is_blank(s.at[at])))
		return HTTP1_FOREIGN;
	while (at < s.n && chars_is_blank(s.at[at]))
		at++;
	while (at < s.n && digits < 3 && chars_is_digit(s.at[at])) {
		at++;
		digits++;
	}
	if (at >= s.n)
		return HTTP1_MORE;
	return digits == 3 && (chars_is_blank(s.at[at]) || s.at[at] == '\r' ||
				      s.at[at] == '\n')
		       ? HTTP1_RESPONSE
		       : HTTP1_FOREIGN;
}

size_t
http1_head_end(struct slice s, size_t *resume)
{
	size_t at = *resume;

	for (;;) {
		at = slice_find(s, '\n', at);
		*resume = at;
		if (at + 1 >= s.n)
			return 0;
		if (s.at[at + 1] == '\n')
			return at + 2;
		if (s.at[at + 1] == '\r') {
			if (at + 2 >= s.n)
				return 0;
			if (s.at[at + 2] == '\n')
				return at + 3;
		}
		at++;
	}
}

bool
http1_line(struct slice *rest, struct slice *line, bool *bare_lf)
{
	size_t end = slice_find(*rest, '\n', 0);

	if (end == rest->n)
		return false;
	*line = slice_part(*rest, 0, end);
	*rest = slice_from(*rest, end + 1);
	*bare_lf = !line->n || line->at[line->n - 1] != '\r';
	if (!*bare_lf)
		line->n--;
	return true;
}

/* Of a name that is not known as it stands: it may be bent. */
static void
http1_name(struct field *field)
{
	size_t good = 0;

	while (good < field->name.n && chars_is_token(field->name.at[good]))
		good++;
	if (good < field->name.n) {
		field->name = slice_trim(field->name);
		field->flaws |= good == field->name.n ? FIELD_SPACE_COLON
						      : FIELD_BAD_NAME;
		field->id = (uint8_t)field_find(field->name);
	} else if (!good) {
		field->flaws |= FIELD_BAD_NAME;
	}
}

struct field
http1_field(struct slice line)
{
	size_t colon = slice_find(line, ':', 0);
	struct field field = {.name = slice_part(line, 0, colon)};

	if (colon == line.n) {
		field.name = slice_trim(line);
		field.value = slice_of(line.at + line.n, 0);
		field.flaws = FIELD_NO_COLON;
		return field;
	}
	field.value = slice_trim(slice_from(line, colon + 1));
	field.id = (uint8_t)field_find(field.name);
	if (!field.id)
		http1_name(&field);
	field.plain = http1_is_plain(field.value);
	if (!field.plain && http1_has_control(field.value))
		field.flaws |= FIELD_BAD_VALUE;
	return field;
}

size_t
http1_leading_crlf(struct slice s)
{
	size_t n = 0;

	while (n < s.n && (s.at[n] == '\r' || s.at[n] == '\n'))
		n++;
	return n;
}
