/* Lengths and transfer codings: where messages end [RFC9112 6]. */
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/sides.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"
#include "parsers/list.h"
#include "parsers/number.h"

/* ---- Content-Length ---- */

static bool
is_cl_and_te(const struct view *view, const struct message *m, struct ruling *ruling)
{
	uint64_t body = m->content_bytes + m->framing_bytes;

	if (!message_has(m, FIELD_CONTENT_LENGTH) ||
		!message_has(m, FIELD_TRANSFER_ENCODING))
		return false;
	ruling->a = message_value(m, FIELD_CONTENT_LENGTH);
	ruling->b = message_value(m, FIELD_TRANSFER_ENCODING);
	ruling->n = body;
	if (m == &view->x->r &&
		(m->framing == FRAMING_NONE || m->framing == FRAMING_TUNNEL))
		ruling->severity = SEVERITY_WARNING;
	else if (m->framing == FRAMING_CHUNKED && m->complete && m->length != UINT64_MAX)
		ruling->kind = m->length < body	  ? "cl.te"
			       : m->length > body ? "te.cl"
						  : "equal";
	return true;
}

bool
rule_cl_and_te(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_cl_and_te);
}

static void
show_lengths(const struct message *m, struct ruling *ruling)
{
	ruling->a = message_value(m, FIELD_CONTENT_LENGTH);
	ruling->b = sides_last_line(m, FIELD_CONTENT_LENGTH);
	ruling->n = message_line_count(m, FIELD_CONTENT_LENGTH);
}

static bool
is_length_conflict(
	const struct view *view, const struct message *m, struct ruling *ruling)
{
	(void)view;
	show_lengths(m, ruling);
	return m->flaws & MESSAGE_LENGTH_CONFLICT;
}

bool
rule_content_length_conflict(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_length_conflict);
}

static bool
is_length_repeated(
	const struct view *view, const struct message *m, struct ruling *ruling)
{
	(void)view;
	show_lengths(m, ruling);
	return m->flaws & MESSAGE_LENGTH_REPEATED &&
	       !(m->flaws & MESSAGE_LENGTH_CONFLICT);
}

bool
rule_content_length_repeated(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_length_repeated);
}

static bool
has_octet(struct slice s, uint8_t octet)
{
	return slice_find(s, octet, 0) < s.n;
}

static const char *
flaw_of_length(struct slice value)
{
	uint64_t length;

	if (!value.n)
		return "empty";
	if (chars_are(value, CHARS_DIGIT) &&
		(!number_decimal(value, &length) || length > INT64_MAX))
		return "overflow";
	if (chars_are(value, CHARS_DIGIT))
		return value.n > 1 && value.at[0] == '0' ? "leading-zero" : NULL;
	if (value.at[0] == '+' || value.at[0] == '-')
		return "sign";
	if (value.n > 1 && value.at[0] == '0' && octet_lower(value.at[1]) == 'x')
		return "hex";
	if (has_octet(value, ' ') || has_octet(value, '\t'))
		return "inner-space";
	if (has_octet(value, '_'))
		return "underscore";
	return has_octet(value, '.') ? "decimal" : "text";
}

static enum severity
severity_of_length(const char *flaw)
{
	if (strcmp(flaw, "overflow") == 0)
		return SEVERITY_WARNING;
	return strcmp(flaw, "leading-zero") == 0 ? SEVERITY_ADVICE : SEVERITY_VIOLATION;
}

/* Keeps the worst. */
static void
note_length(struct slice element, struct ruling *ruling)
{
	const char *flaw = flaw_of_length(element);

	if (!flaw || (ruling->kind && severity_of_length(flaw) >= ruling->severity))
		return;
	ruling->kind = flaw;
	ruling->severity = severity_of_length(flaw);
	ruling->a = element;
}

static bool
is_length_invalid(const struct view *view, const struct message *m, struct ruling *ruling)
{
	(void)view;
	if (m->has_plain_length)
		return false;
	for (size_t i = m->first_line[FIELD_CONTENT_LENGTH]; i && i <= m->field_count;
		i++) {
		struct slice rest = m->fields[i - 1].value, element;

		if (m->fields[i - 1].id != FIELD_CONTENT_LENGTH)
			continue;
		if (!rest.n)
			note_length(rest, ruling);
		while (list_next(&rest, &element))
			note_length(element, ruling);
	}
	return ruling->kind;
}

bool
rule_content_length_invalid(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_length_invalid);
}

/* ---- Transfer-Encoding ---- */

struct codings {
	unsigned count, chunked, lines;
	bool last_is_chunked, unknown, no_token, identity, params, empty_element, empty,
		ctl;
};

static bool
is_known_coding(struct slice name)
{
	static const struct slice known[] = {SLICE_INIT("chunked"), SLICE_INIT("gzip"),
		SLICE_INIT("x-gzip"), SLICE_INIT("deflate"), SLICE_INIT("compress"),
		SLICE_INIT("x-compress")};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_eq_nocase(name, known[i]))
			return true;
	return false;
}

static void
read_coding(struct codings *codings, struct slice element)
{
	size_t end = slice_find(element, ';', 0);
	struct slice name = slice_trim(slice_part(element, 0, end));

	codings->count++;
	codings->last_is_chunked = slice_eq_nocase(name, SLICE("chunked"));
	codings->chunked += codings->last_is_chunked;
	if (slice_eq_nocase(name, SLICE("identity")))
		codings->identity = true;
	else if (!is_known_coding(name))
		codings->unknown = true;
	else if (end < element.n)
		codings->params = true;
	codings->no_token |= !chars_are(name, CHARS_TOKEN);
}

static struct codings
read_codings(const struct message *m)
{
	struct codings codings = {0};

	if (message_is_plainly_chunked(m))
		return (struct codings){
			.count = 1, .chunked = 1, .lines = 1, .last_is_chunked = true};
	if (!message_has(m, FIELD_TRANSFER_ENCODING))
		return codings;
	for (size_t i = 0; i < m->field_count; i++) {
		struct slice rest = m->fields[i].value, element;

		if (m->fields[i].id != FIELD_TRANSFER_ENCODING)
			continue;
		codings.lines++;
		for (size_t k = 0; k < rest.n; k++)
			codings.ctl |= (rest.at[k] < ' ' && rest.at[k] != '\t') ||
				       rest.at[k] >= 0x7f;
		codings.empty |= !rest.n;
		codings.empty_element |= rest.n && list_has_empty(rest);
		while (list_next(&rest, &element))
			read_coding(&codings, element);
	}
	return codings;
}

/* Whether the fold that the message has is in this field. */
static bool
is_folded(const struct message *m, enum field_id id)
{
	uint64_t at = m->flaw_at[__builtin_ctz(MESSAGE_FOLDED)];

	for (size_t i = 0; m->flaws & MESSAGE_FOLDED && i < m->field_count; i++) {
		const struct field *f = &m->fields[i];

		if (f->id == id && (uint64_t)(f->name.at - m->head.at) <= at &&
			(uint64_t)(f->value.at + f->value.n - m->head.at) > at)
			return true;
	}
	return false;
}

static bool
is_te_malformed(const struct view *view, const struct message *m, struct ruling *ruling)
{
	struct codings codings = read_codings(m);

	(void)view;
	ruling->a = message_value(m, FIELD_TRANSFER_ENCODING);
	if (codings.ctl)
		ruling->kind = "ctl";
	else if (is_folded(m, FIELD_TRANSFER_ENCODING))
		ruling->kind = "folded";
	else if (codings.chunked > 1)
		ruling->kind = "repeated-chunked";
	else if (codings.unknown && codings.no_token)
		ruling->kind = "unknown";
	else if (codings.empty_element)
		ruling->kind = "empty-element";
	if (ruling->kind)
		return true;
	ruling->severity = SEVERITY_WARNING;
	if (codings.unknown)
		ruling->kind = "unknown";
	else if (codings.identity)
		ruling->kind = "identity";
	else if (codings.params)
		ruling->kind = "params";
	else if (codings.empty)
		ruling->kind = "empty";
	if (ruling->kind)
		return true;
	ruling->severity = SEVERITY_ADVICE;
	ruling->kind = "split";
	return codings.lines > 1;
}

bool
rule_te_malformed(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_te_malformed);
}

static bool
is_bodyless_status(const struct view *view)
{
	unsigned status = view->x->r.status;

	return status / 100 == 1 || status == 204 || view->x->r.framing == FRAMING_TUNNEL;
}

static bool
is_te_not_final(const struct view *view, const struct message *m, struct ruling *ruling)
{
	struct codings codings = read_codings(m);

	ruling->a = message_value(m, FIELD_TRANSFER_ENCODING);
	if (!codings.lines || codings.last_is_chunked)
		return false;
	if (m == &view->x->q)
		return true;
	if (is_bodyless_status(view))
		return false;
	if (view->x->goes_on && !(m->connection & CONNECTION_CLOSE))
		return true;
	ruling->severity = m->framing == FRAMING_NONE ? SEVERITY_ADVICE
						      : SEVERITY_WARNING;
	return codings.chunked || (codings.count && m->framing == FRAMING_NONE);
}

bool
rule_te_not_final_chunked(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_te_not_final);
}

static bool
is_te_on_http10(const struct view *view, const struct message *m, struct ruling *ruling)
{
	const struct message *q = view_side(view, 0);
	bool to_old = m == &view->x->r && q && sides_is_http10(q) &&
		      view->x->pairing == PAIRING_EXACT;

	ruling->a = message_value(m, FIELD_TRANSFER_ENCODING);
	return ruling->a.at && (sides_is_http10(m) || to_old);
}

bool
rule_te_on_http10(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_te_on_http10);
}

static struct slice
without_x(struct slice name)
{
	bool has = name.n > 2 && octet_lower(name.at[0]) == 'x' && name.at[1] == '-';

	return has ? slice_from(name, 2) : name;
}

static struct slice
name_of(struct slice element)
{
	return without_x(slice_trim(slice_part(element, 0, slice_find(element, ';', 0))));
}

/* "q=0", "q=0.0": not wanted. */
static bool
is_refused(struct slice element)
{
	size_t at = slice_find(element, '=', slice_find(element, ';', 0));

	if (at >= element.n)
		return false;
	for (size_t i = at + 1; i < element.n; i++)
		if (element.at[i] != '0' && element.at[i] != '.')
			return false;
	return true;
}

static bool
takes_coding(const struct message *q, struct slice coding)
{
	for (size_t i = 0; i < q->field_count; i++) {
		struct slice rest = q->fields[i].value, element;

		if (q->fields[i].id != FIELD_TE)
			continue;
		while (list_next(&rest, &element))
			if (slice_eq_nocase(name_of(element), coding))
				return !is_refused(element);
	}
	return false;
}

bool
rule_te_compression_not_requested(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;

	ruling->a = message_value(r, FIELD_TRANSFER_ENCODING);
	ruling->b = message_value(&view->x->q, FIELD_TE);
	for (size_t i = 0; i < r->field_count; i++) {
		struct slice rest = r->fields[i].value, element;

		if (r->fields[i].id != FIELD_TRANSFER_ENCODING)
			continue;
		while (list_next(&rest, &element)) {
			struct slice name = name_of(element);

			if (is_known_coding(name) &&
				!slice_eq_nocase(name, SLICE("chunked")) &&
				!takes_coding(&view->x->q, name))
				return true;
		}
	}
	return false;
}

/* ---- messages without a body, and other ends ---- */

bool
rule_framing_header_on_bodyless_status(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->n = x->r.status;
	ruling->a = x->interim_framed;
	if (!ruling->a.at && is_bodyless_status(view)) {
		ruling->a = message_value(&x->r, FIELD_TRANSFER_ENCODING);
		if (!ruling->a.at)
			ruling->a = message_value(&x->r, FIELD_CONTENT_LENGTH);
	}
	return ruling->a.at;
}

bool
rule_body_on_bodyless_response(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->m = x->r.status;
	if (x->r.status == 205 && x->r.content_bytes) {
		ruling->n = x->r.content_bytes;
		return true;
	}
	if (!x->stray_bytes || x->r.status == 304 ||
		(x->r.status != 204 && x->method != METHOD_HEAD) ||
		x->stray_kind == STRAY_NONE)
		return false;
	ruling->kind = view_stray_kind(view);
	if (x->stray_kind == STRAY_CRLF)
		ruling->severity = SEVERITY_ADVICE;
	ruling->n = x->stray_bytes;
	ruling->a = slice_of(x->stray_head, x->stray_head_bytes);
	return true;
}

/* What came is all that was encoded, and the length is that of before. */
static bool
is_of_decoded(const struct message *m)
{
	return m->coded && m->coded->fault == CODED_FINE &&
	       m->coded->out_bytes == m->length && message_has(m, FIELD_CONTENT_ENCODING);
}

static bool
is_short(const struct view *view, const struct message *m, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool answers = m == &x->r;

	if (m->framing != FRAMING_LENGTH || !message_is_cut_off(m) || m->gap_bytes ||
		m->snapped_bytes || x->one_sided || (!answers && x->has_response))
		return false;
	ruling->n = m->length;
	ruling->m = m->content_bytes;
	if (is_of_decoded(m))
		ruling->kind = "length-of-decoded";
	else
		sides_judge_cut(view, m, ruling);
	return true;
}

bool
rule_body_shorter_than_content_length(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_short);
}

bool
rule_close_delimited_response(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	bool old = sides_is_http10(r);

	if (r->framing != FRAMING_CLOSE || message_has(r, FIELD_CONTENT_LENGTH) ||
		message_has(r, FIELD_TRANSFER_ENCODING) ||
		slice_has_prefix(
			message_value(r, FIELD_CONTENT_TYPE), SLICE("text/event-stream")))
		return false;
	ruling->n = r->content_bytes;
	ruling->kind = "plain";
	if (r->end == END_RST && view->x->closer == CLOSER_SERVER)
		ruling->kind = "reset";
	else if (r->connection & CONNECTION_KEEP_ALIVE ||
		 (!old && !(r->connection & CONNECTION_CLOSE)))
		ruling->kind = "keep-alive-contradiction";
	else
		return !old;
	ruling->severity = SEVERITY_WARNING;
	return true;
}

bool
rule_framing_lookalike_field(const struct view *view, struct ruling *ruling)
{
	static const struct slice names[] = {SLICE_INIT("content-length"),
		SLICE_INIT("transfer-encoding"), SLICE_INIT("host"),
		SLICE_INIT("connection")};
	const struct message *q = &view->x->q;

	/* With the letter of one of the names, or with what is taken out. */
	if (!message_has_initial(q,
		    MESSAGE_INITIAL('c') | MESSAGE_INITIAL('t') | MESSAGE_INITIAL('h')))
		return false;
	for (size_t i = 0; i < q->field_count; i++) {
		if (q->fields[i].id != FIELD_OTHER)
			continue;
		ruling->a = q->fields[i].name;
		ruling->b = q->fields[i].value;
		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			if (field_looks_like(ruling->a, names[k]))
				return true;
	}
	return false;
}

bool
rule_content_on_get(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool get = x->method == METHOD_GET || x->method == METHOD_HEAD;

	if (!get && x->method != METHOD_DELETE && x->method != METHOD_CONNECT &&
		x->method != METHOD_TRACE)
		return false;
	ruling->a = x->q.method;
	ruling->n = x->q.content_bytes;
	if (x->method == METHOD_TRACE)
		ruling->severity = SEVERITY_VIOLATION;
	if (x->q.content_bytes)
		return true;
	ruling->kind = "empty-length";
	ruling->severity = SEVERITY_ADVICE;
	return get && x->q.length == 0;
}
