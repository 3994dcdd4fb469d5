/* Start lines, hosts and targets [RFC9112 2.3, 3, 4]. */
#include "analyzer/rules/meant.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"
#include "parsers/number.h"
#include "parsers/target.h"

enum {
	TARGET_LONG_BYTES = 8000,
	METHOD_LONG_BYTES = 32,
	PORT_MAX = 65535,
};

/* The first line of a head, without its line end. */
static struct slice
start_line(const struct message *m)
{
	struct slice line = slice_part(m->head, 0, slice_find(m->head, '\n', 0));

	return line.n && line.at[line.n - 1] == '\r' ? slice_part(line, 0, line.n - 1)
						     : line;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* ---- Host ---- */

static bool
is_http11(const struct message *m)
{
	return m->major > 1 || (m->major == 1 && m->minor >= 1);
}

static bool
lacks_host(const struct view *view)
{
	return is_http11(&view->x->q) && !message_has(&view->x->q, FIELD_HOST);
}

bool
rule_host_missing(const struct view *view, struct ruling *ruling)
{
	if (!lacks_host(view))
		return false;
	ruling->a = start_line(&view->x->q);
	return true;
}

bool
rule_host_repeated(const struct view *view, struct ruling *ruling)
{
	const struct message *q = &view->x->q;
	struct slice value = message_value(q, FIELD_HOST);
	bool equal = true;

	ruling->a = value;
	ruling->n = message_line_count(q, FIELD_HOST);
	if (ruling->n < 2) {
		ruling->kind = "comma";
		ruling->severity = SEVERITY_WARNING;
		return slice_find(value, ',', 0) < value.n;
	}
	for (size_t i = 0; i < q->field_count; i++)
		if (q->fields[i].id == FIELD_HOST)
			equal &= slice_eq(q->fields[i].value, value);
	if (equal)
		ruling->kind = "equal";
	return true;
}

/* What names of hosts are made of. */
static bool
is_plain(uint8_t c)
{
	return chars_is_alpha(c) || chars_is_digit(c) || c == '.' || c == '-';
}

/* Octets of a host that no URI has: blanks, delimiters, controls, beyond ASCII. */
static bool
is_strange(uint8_t c)
{
	static const char delimiters[] = " \t\"<>\\^`{|}/?#@";

	return c < 0x20 || c >= 0x7f || memchr(delimiters, c, sizeof delimiters - 1);
}

static const char *
flaw_of_port(struct slice port)
{
	uint64_t number;

	if (!port.n)
		return NULL;
	if (!number_decimal(port, &number))
		return "port";
	return number > PORT_MAX ? "port-range" : NULL;
}

/* "[...]" and what follows. */
static const char *
flaw_of_literal(struct slice host)
{
	size_t end = slice_find(host, ']', 0);
	struct slice rest = slice_from(host, end + 1);

	for (size_t i = 1; i < end; i++)
		if (!chars_is_digit(host.at[i]) && host.at[i] != ':' &&
			host.at[i] != '.' && host.at[i] != '%' &&
			!chars_is_alpha(host.at[i]))
			return "brackets";
	if (end == host.n || end < 3)
		return "brackets";
	if (!rest.n)
		return NULL;
	return rest.at[0] == ':' ? flaw_of_port(slice_from(rest, 1)) : "brackets";
}

static const char *
flaw_of_host(struct slice host)
{
	size_t colon, i = 0;

	while (i < host.n && is_plain(host.at[i]))
		i++;
	if (i == host.n)
		return NULL;
	for (; i < host.n; i++)
		if (is_strange(host.at[i]))
			return "bad-char";
	if (host.n && host.at[0] == '[')
		return flaw_of_literal(host);
	if (slice_find(host, '[', 0) < host.n || slice_find(host, ']', 0) < host.n)
		return "brackets";
	colon = slice_find(host, ':', 0);
	return flaw_of_port(slice_from(host, colon + 1));
}

static bool
is_origin_form(const struct view *view)
{
	return target_parse(view->x->q.target, view->x->q.method).form == TARGET_ORIGIN;
}

bool
rule_host_invalid(const struct view *view, struct ruling *ruling)
{
	const struct message *q = &view->x->q;

	ruling->a = message_value(q, FIELD_HOST);
	if (!message_has(q, FIELD_HOST) || message_repeats(q, FIELD_HOST))
		return false;
	if (!ruling->a.n) {
		ruling->kind = "empty";
		ruling->severity = SEVERITY_WARNING;
		return is_origin_form(view);
	}
	ruling->kind = flaw_of_host(ruling->a);
	if (ruling->kind && strcmp(ruling->kind, "port-range") == 0)
		ruling->severity = SEVERITY_WARNING;
	if (ruling->kind)
		return true;
	ruling->kind = "underscore";
	ruling->severity = SEVERITY_ADVICE;
	return slice_find(ruling->a, '_', 0) < ruling->a.n;
}

/* Without case, the port that goes without saying, and a last dot. */
static struct slice
plain_host(struct slice authority, struct slice scheme)
{
	struct slice host = target_host_without_default_port(authority, scheme);

	if (host.n && host.at[host.n - 1] == '.')
		host.n--;
	return host;
}

/* The next octet of a host, an escape taken for what it stands for. */
static uint8_t
next_octet(struct slice *host)
{
	uint8_t octet = octet_lower(host->at[0]);
	uint64_t escaped;
	bool is_escape = octet == '%' && host->n > 2 &&
			 number_hex(slice_part(*host, 1, 3), &escaped);

	*host = slice_from(*host, is_escape ? 3 : 1);
	return is_escape ? octet_lower((uint8_t)escaped) : octet;
}

static bool
is_same_host(struct slice a, struct slice b)
{
	while (a.n && b.n)
		if (next_octet(&a) != next_octet(&b))
			return false;
	return !a.n && !b.n;
}

static struct slice
without_port(struct slice host)
{
	size_t colon = slice_find(host, ':', 0);

	return host.n && host.at[0] == '[' ? host : slice_part(host, 0, colon);
}

bool
rule_host_target_mismatch(const struct view *view, struct ruling *ruling)
{
	const struct message *q = &view->x->q;
	struct target target = target_parse(q->target, q->method);
	struct slice host = message_value(q, FIELD_HOST), there, here;

	if (!host.at || !target.authority.at || message_repeats(q, FIELD_HOST) ||
		flaw_of_host(target.authority))
		return false;
	there = plain_host(target.authority, target.scheme);
	here = plain_host(host, target.scheme);
	ruling->a = there;
	ruling->b = host;
	if (view->x->method == METHOD_CONNECT &&
		slice_eq_nocase(here, without_port(here)))
		return !is_same_host(without_port(there), here);
	return !is_same_host(there, here);
}

/* ---- what must be refused ---- */

static bool
has_space_colon(const struct message *q)
{
	for (size_t i = 0; i < q->field_count; i++)
		if (q->fields[i].flaws & FIELD_SPACE_COLON)
			return true;
	return false;
}

/* A length that is none; not one that only is too large. */
static bool
has_bad_length(const struct message *q)
{
	struct slice value = message_value(q, FIELD_CONTENT_LENGTH);

	if (!(q->flaws & MESSAGE_LENGTH_INVALID))
		return false;
	for (size_t i = 0; i < value.n; i++)
		if (!chars_is_digit(value.at[i]))
			return true;
	return !value.n;
}

static const char *
reason_to_refuse(const struct view *view)
{
	const struct message *q = &view->x->q;
	const char *flaw = flaw_of_host(message_value(q, FIELD_HOST));

	if (lacks_host(view))
		return "host-missing";
	if (message_repeats(q, FIELD_HOST))
		return "host-repeated";
	if (flaw && strcmp(flaw, "port-range") != 0)
		return "host-invalid";
	if (has_space_colon(q))
		return "whitespace-before-colon";
	if (q->flaws & MESSAGE_LENGTH_CONFLICT && !(q->flaws & MESSAGE_LENGTH_AND_TE))
		return "content-length-conflict";
	if (has_bad_length(q) && !(q->flaws & MESSAGE_LENGTH_AND_TE))
		return "content-length-invalid";
	if (message_has(q, FIELD_TRANSFER_ENCODING) && q->framing != FRAMING_CHUNKED)
		return "te-not-final-chunked";
	return NULL;
}

bool
rule_bad_request_accepted(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (x->r.status < 200 || x->r.status >= 400)
		return false;
	ruling->kind = reason_to_refuse(view);
	ruling->n = x->r.status;
	return ruling->kind != NULL;
}

/* ---- request lines ---- */

/* What is wrong between the parts; NULL: nothing. */
static const char *
flaw_of_blanks(struct slice line)
{
	unsigned blanks = 0;

	if (line.n && is_blank(line.at[line.n - 1]))
		return "trailing-space";
	if (slice_find(line, '\t', 0) < line.n)
		return "tab";
	for (size_t i = 0; i < line.n; i++) {
		if (line.at[i] != ' ')
			continue;
		if (i && line.at[i - 1] == ' ')
			return "extra-space";
		blanks++;
	}
	return blanks > 2 ? "junk" : NULL;
}

static const char *
flaw_of_no_request(enum meant meant)
{
	if (meant == MEANT_BLANK_FIRST)
		return "leading-whitespace";
	if (meant == MEANT_NO_VERSION)
		return "missing-version";
	return meant == MEANT_NO_TARGET ? "missing-target" : NULL;
}

bool
rule_request_line_malformed(const struct view *view, struct ruling *ruling)
{
	const struct message *q = view_side(view, 0);

	ruling->a = q ? start_line(q) : view->x->misread;
	ruling->kind = q ? flaw_of_blanks(ruling->a)
			 : flaw_of_no_request(meant_request(view->x));
	return ruling->kind != NULL;
}

/* Octets that a target may not have; worst first. */
static const char *
flaw_of_octets(struct slice target, struct ruling *ruling)
{
	size_t query = slice_find(target, '?', 0);
	const char *flaw = NULL;

	for (size_t i = 0; i < target.n; i++) {
		uint8_t c = target.at[i];

		if (chars_is_alpha(c) || chars_is_digit(c) || c == '/')
			continue;
		if (c < 0x20 || c == 0x7f) {
			ruling->severity = SEVERITY_VIOLATION;
			return "bad-char";
		}
		if (c >= 0x80) {
			ruling->severity = SEVERITY_WARNING;
			flaw = "non-ascii";
		} else if (!flaw && memchr(" \"<>\\^`{|}", c, 10)) {
			bool usual = i > query && memchr("|{}\"", c, 4);

			ruling->severity = usual ? SEVERITY_ADVICE : SEVERITY_WARNING;
			flaw = "bad-char";
		}
	}
	return flaw;
}

static bool
has_bad_escape(struct slice target)
{
	for (size_t i = slice_find(target, '%', 0); i < target.n;
		i = slice_find(target, '%', i + 1))
		if ((i + 2 >= target.n || !chars_is_hexdig(target.at[i + 1]) ||
			    !chars_is_hexdig(target.at[i + 2])))
			return true;
	return false;
}

static bool
has_scheme(struct slice target)
{
	size_t colon = slice_find(target, ':', 0);

	return slice_has_prefix(slice_from(target, colon), SLICE("://"));
}

static const char *
flaw_of_form(const struct view *view)
{
	struct slice target = view->x->q.target;
	uint64_t port;
	size_t colon;
	bool is_authority;

	if (target.at[0] == '/' && view->x->method != METHOD_CONNECT)
		return NULL;
	colon = slice_find(target, ':', 0);
	is_authority = target.at[0] != '[' && colon < target.n &&
		       number_decimal(slice_from(target, colon + 1), &port);
	if (view->x->method == METHOD_CONNECT)
		return is_authority || target.at[0] == '[' ? NULL : "connect-form";
	if (slice_eq(target, SLICE("*")))
		return view->x->method == METHOD_OPTIONS ? NULL : "asterisk";
	if (has_scheme(target))
		return NULL;
	return is_authority ? "authority" : "relative";
}

bool
rule_request_target_invalid(const struct view *view, struct ruling *ruling)
{
	struct slice target = view->x->q.target;

	ruling->a = target;
	if (!target.n)
		return false;
	ruling->kind = flaw_of_form(view);
	if (ruling->kind)
		return true;
	ruling->kind = "fragment";
	if (slice_find(target, '#', 0) < target.n)
		return true;
	ruling->kind = flaw_of_octets(target, ruling);
	if (ruling->kind)
		return true;
	ruling->kind = "bad-escape";
	ruling->severity = SEVERITY_WARNING;
	if (has_bad_escape(target))
		return true;
	ruling->kind = "too-long";
	ruling->severity = SEVERITY_ADVICE;
	return target.n > TARGET_LONG_BYTES;
}

/* In other letters than those in which it is registered. */
static bool
is_registered_otherwise(struct slice method)
{
	static const struct slice names[] = {SLICE_INIT("GET"), SLICE_INIT("HEAD"),
		SLICE_INIT("POST"), SLICE_INIT("PUT"), SLICE_INIT("DELETE"),
		SLICE_INIT("CONNECT"), SLICE_INIT("OPTIONS"), SLICE_INIT("TRACE"),
		SLICE_INIT("PATCH"), SLICE_INIT("QUERY"), SLICE_INIT("PROPFIND")};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_eq_nocase(method, names[i]))
			return !slice_eq(method, names[i]);
	return false;
}

bool
rule_method_suspicious(const struct view *view, struct ruling *ruling)
{
	struct slice method = view->x->q.method;

	if (meant_request(view->x) == MEANT_BAD_METHOD) {
		ruling->kind = "not-token";
		ruling->severity = SEVERITY_VIOLATION;
		ruling->a = meant_method(view->x->misread);
		return true;
	}
	ruling->a = method;
	return view_side(view, 0) && view->x->method == METHOD_OTHER &&
	       (is_registered_otherwise(method) || method.n > METHOD_LONG_BYTES);
}

/* ---- versions ---- */

static struct slice
version_of(const struct message *m, bool is_answer)
{
	struct slice line = slice_trim(start_line(m));
	size_t at = 0;

	if (is_answer)
		return slice_part(line, 0, slice_find(line, ' ', 0));
	for (size_t i = 0; i < line.n; i++)
		if (is_blank(line.at[i]))
			at = i + 1;
	return slice_from(line, at);
}

static bool
is_version(struct slice s)
{
	return s.n == 8 && slice_has_prefix(s, SLICE("HTTP/")) &&
	       chars_is_digit(s.at[5]) && s.at[6] == '.' && chars_is_digit(s.at[7]);
}

static bool
is_version_misread(const struct exchange *x, struct ruling *ruling)
{
	ruling->a = meant_version(x->misread);
	ruling->fault = x->has_request ? FAULT_SERVER : FAULT_CLIENT;
	return meant_request(x) == MEANT_BAD_VERSION ||
	       meant_answer(x) == MEANT_BAD_VERSION;
}

bool
rule_http_version_invalid(const struct view *view, struct ruling *ruling)
{
	if (is_version_misread(view->x, ruling))
		return true;
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		if (!m)
			continue;
		ruling->a = version_of(m, side);
		ruling->fault = view_sender(side);
		if (!is_version(ruling->a) || m->major != 1)
			return true;
		if (m->minor > 1) {
			ruling->severity = SEVERITY_ADVICE;
			return true;
		}
	}
	return false;
}

bool
rule_http10_in_http11_path(const struct view *view, struct ruling *ruling)
{
	const struct message *q = &view->x->q, *r = &view->x->r;

	if (q->major != 1 || q->minor != 1 || r->major != 1 || r->minor != 0)
		return false;
	ruling->a = message_value(r, FIELD_SERVER);
	ruling->kind = slice_eq_nocase(
			       message_value(r, FIELD_CONNECTION), SLICE("keep-alive")) &&
				       message_has(r, FIELD_CONTENT_LENGTH)
			       ? "keep-alive"
			       : "close";
	return true;
}

/* ---- status lines ---- */

static bool
has_control(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.at[i] < 0x20 && s.at[i] != '\t') || s.at[i] == 0x7f)
			return true;
	return false;
}

static const char *
flaw_of_meant_answer(enum meant meant)
{
	if (meant == MEANT_BLANK_FIRST)
		return "extra-space";
	if (meant == MEANT_NO_VERSION)
		return "no-version";
	if (meant == MEANT_BAD_STATUS)
		return "code-not-3-digits";
	return meant == MEANT_MARKUP ? "http09" : NULL;
}

bool
rule_status_line_malformed(const struct view *view, struct ruling *ruling)
{
	const struct message *r = view_side(view, 1);
	struct slice line, rest;

	if (!r) {
		ruling->a = view->x->misread;
		ruling->kind = flaw_of_meant_answer(meant_answer(view->x));
		return ruling->kind != NULL;
	}
	ruling->a = line = start_line(r);
	rest = slice_from(line, slice_find(line, ' ', 0) + 1);
	if (rest.n && is_blank(rest.at[0])) {
		ruling->kind = "extra-space";
		return true;
	}
	if (r->status < 100 || r->status > 599) {
		ruling->kind = "code-out-of-range";
		return true;
	}
	if (has_control(slice_from(rest, 3))) {
		ruling->kind = "bad-reason";
		return true;
	}
	ruling->kind = "missing-space";
	ruling->severity = SEVERITY_WARNING;
	return rest.n == 3;
}
