/* Where the two ends may read different messages [RFC9112 9.2, 11.1, 11.2]. */
#include "analyzer/http/message.h"
#include "analyzer/rules/neighbour.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"
#include "parsers/chunked.h"
#include "parsers/http1.h"
#include "parsers/list.h"
#include "parsers/mediatype.h"
#include "parsers/number.h"

enum {
	READINGS_MAX = 16, /* of one request's end */
	ESCAPED_BYTES = 2048,
	INJECTED_MIN_BYTES = 4,
};

/* ---- requests within requests ---- */

/* Where a body ends, by one reading and another. */
struct readings {
	uint64_t ends[READINGS_MAX];
	unsigned count;
	uint64_t longest;
};

static void
add_reading(struct readings *readings, uint64_t end)
{
	if (readings->count < READINGS_MAX)
		readings->ends[readings->count++] = end;
	if (end > readings->longest)
		readings->longest = end;
}

/* Numbers as lenient readers take them: a sign is forgiven. */
static void
read_lengths(struct readings *readings, struct slice value)
{
	struct slice element;
	uint64_t length;

	while (list_next(&value, &element)) {
		if (element.n && (element.at[0] == '+' || element.at[0] == '-'))
			element = slice_from(element, 1);
		if (number_decimal(element, &length))
			add_reading(readings, length);
	}
}

/* Where chunks end, if they do in what is there. */
static void
read_chunks(struct readings *readings, struct slice s)
{
	struct chunked chunked = {0};
	struct slice rest = s;

	while (rest.n && !chunked_is_over(&chunked)) {
		size_t n = chunked.left < rest.n ? (size_t)chunked.left : rest.n;

		if (n)
			chunked_content(&chunked, n);
		else
			n = chunked_framing(&chunked, rest);
		rest = slice_from(rest, n);
	}
	if (chunked.state == CHUNKED_DONE)
		add_reading(readings, s.n - rest.n);
}

static struct readings
readings_of(const struct exchange *x)
{
	const struct message *q = &x->q;
	struct readings readings = {.count = 1}; /* one: there is no body */
	bool chunks = false;

	for (size_t i = 0; i < q->field_count; i++) {
		const struct field *f = &q->fields[i];

		if (field_looks_like(f->name, field_name(FIELD_CONTENT_LENGTH)))
			read_lengths(&readings, f->value);
		else if (field_looks_like(f->name, field_name(FIELD_TRANSFER_ENCODING)))
			chunks |= slice_contains_nocase(f->value, SLICE("chunked"));
	}
	if (chunks)
		read_chunks(&readings, x->behind);
	if (q->end == END_FRAMING)
		add_reading(&readings, q->content_bytes + q->framing_bytes);
	return readings;
}

/* A request that everybody would take for one; *host is what it says. */
static bool
is_request(struct slice s, struct slice *line, struct slice *host)
{
	struct start_line start;
	struct slice field_line;
	bool bare_lf;

	s = slice_from(s, http1_leading_crlf(s));
	if (!http1_line(&s, line, &bare_lf) || !http1_request_line(*line, &start) ||
		start.major != 1 || method_find(start.method) == METHOD_OTHER)
		return false;
	*host = slice_of("", 0);
	while (http1_line(&s, &field_line, &bare_lf) && field_line.n) {
		struct field field = http1_field(field_line);

		if (field.id == FIELD_HOST)
			*host = field.value;
	}
	return true;
}

/* Content that is made of messages, or may hold any file. */
static bool
holds_messages(const struct message *q)
{
	static const struct slice types[] = {
		SLICE_INIT("application/http"), SLICE_INIT("application/warc")};
	struct slice type = mediatype_essence(message_value(q, FIELD_CONTENT_TYPE));

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_eq_nocase(type, types[i]))
			return true;
	return slice_eq_nocase(slice_part(type, 0, 8), SLICE("message/")) ||
	       slice_eq_nocase(slice_part(type, 0, 10), SLICE("multipart/"));
}

bool
rule_request_in_body(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct readings readings;

	if (!x->behind.n || holds_messages(&x->q))
		return false;
	readings = readings_of(x);
	ruling->m = readings.longest;
	for (unsigned i = 0; i < readings.count; i++) {
		uint64_t end = readings.ends[i];

		ruling->n = end;
		if (end < readings.longest && end < x->behind.n &&
			is_request(slice_from(x->behind, (size_t)end), &ruling->a,
				&ruling->b))
			return true;
	}
	return false;
}

/* ---- answers to the wrong requests ---- */

bool
rule_pairing_order_suspect(const struct view *view, struct ruling *ruling)
{
	const struct neighbour *before = view->previous;

	if (!before)
		return false;
	ruling->n = neighbour_signs(view, view->now, before);
	ruling->a = SLICE("the answer");
	ruling->b = SLICE("the request before it");
	if (ruling->n >= NEIGHBOUR_SIGNS_MIN)
		return true;
	ruling->n = neighbour_signs(view, before, view->now);
	ruling->a = SLICE("the answer before");
	ruling->b = SLICE("this request");
	return ruling->n >= NEIGHBOUR_SIGNS_MIN;
}

/* ---- line ends that come back ---- */

/* What escapes stand for; false if there are none, or too much. */
static bool
unescape(struct slice s, uint8_t out[ESCAPED_BYTES], struct slice *result)
{
	uint64_t octet;
	size_t n = 0;

	if (s.n > ESCAPED_BYTES || slice_find(s, '%', 0) == s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		struct slice digits = slice_part(s, i + 1, i + 3);

		if (s.at[i] == '%' && digits.n == 2 && number_hex(digits, &octet)) {
			out[n++] = (uint8_t)octet;
			i += 2;
		} else {
			out[n++] = s.at[i];
		}
	}
	*result = slice_of(out, n);
	return true;
}

/* Fields that an answer has anyway, with values that anybody can guess. */
static bool
is_usual(const struct message *r, const struct field *field)
{
	static const enum field_id ids[] = {FIELD_DATE, FIELD_VARY, FIELD_PRAGMA,
		FIELD_SERVER, FIELD_EXPIRES, FIELD_CONNECTION, FIELD_KEEP_ALIVE,
		FIELD_CONTENT_TYPE, FIELD_ACCEPT_RANGES, FIELD_CACHE_CONTROL,
		FIELD_CONTENT_LENGTH, FIELD_CONTENT_ENCODING, FIELD_CONTENT_LANGUAGE,
		FIELD_TRANSFER_ENCODING};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (field->id == ids[i])
			return !message_repeats(r, ids[i]);
	return false;
}

static bool
has_line(const struct message *r, struct slice line, struct ruling *ruling)
{
	struct field wanted = http1_field(line);

	if (line.n < INJECTED_MIN_BYTES || wanted.flaws || !wanted.value.n)
		return false;
	for (size_t i = 0; i < r->field_count; i++) {
		const struct field *f = &r->fields[i];

		if (!slice_eq_nocase(f->name, wanted.name) ||
			!slice_has_prefix(f->value, wanted.value) || is_usual(r, f))
			continue;
		ruling->a = f->name;
		ruling->b = f->value;
		return true;
	}
	return false;
}

/* A line behind a line end in the text begins one of the answer's head. */
static bool
is_reflected(const struct message *r, struct slice text, struct ruling *ruling)
{
	size_t at = 0;

	for (;;) {
		size_t begin;

		while (at < text.n && text.at[at] != '\r' && text.at[at] != '\n')
			at++;
		at += http1_leading_crlf(slice_from(text, at));
		if (at >= text.n)
			return false;
		for (begin = at; at < text.n && !chars_is_ctl(text.at[at]); at++)
			;
		if (has_line(r, slice_part(text, begin, at), ruling))
			return true;
	}
}

/* An escaped line end, or what may become one when its escapes are undone. */
static bool
may_hold_line_end(struct slice s)
{
	for (size_t at = slice_find(s, '%', 0); at < s.n;
		at = slice_find(s, '%', at + 1)) {
		struct slice digits = slice_part(s, at + 1, at + 3);

		if (!chars_are(digits, CHARS_HEXDIG) || digits.n < 2 ||
			digits.at[0] == '0' || slice_eq(digits, SLICE("25")))
			return true;
	}
	return slice_find(s, '\r', 0) < s.n || slice_find(s, '\n', 0) < s.n;
}

static bool
is_injected(const struct message *r, struct slice sent, struct ruling *ruling)
{
	uint8_t once[ESCAPED_BYTES], twice[ESCAPED_BYTES];
	struct slice text;

	return slice_find(sent, '%', 0) < sent.n && may_hold_line_end(sent) &&
	       unescape(sent, once, &text) &&
	       (is_reflected(r, text, ruling) ||
		       (unescape(text, twice, &text) && is_reflected(r, text, ruling)));
}

bool
rule_crlf_injection_reflected(const struct view *view, struct ruling *ruling)
{
	const struct message *q = &view->x->q, *r = &view->x->r;

	if (slice_find(q->head, '%', 0) == q->head.n)
		return false;
	if (is_injected(r, q->target, ruling))
		return true;
	for (size_t i = 0; i < q->field_count; i++)
		if (is_injected(r, q->fields[i].value, ruling))
			return true;
	return false;
}
