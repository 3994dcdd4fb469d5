/* Pairs, pipelines, persistence, interim answers [RFC9112 9; RFC9110 10.1.1, 15.2]. */
#include "analyzer/config.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/sides.h"
#include "analyzer/rules/view.h"
#include "parsers/http1.h"
#include "parsers/list.h"

#define RACE_NS (100 * CONFIG_MS_NS) /* an acknowledgement proves nothing so soon */
#define DESYNC_NS (5 * CONFIG_S_NS)

/* ---- octets that belong to no message ---- */

static struct slice
extra_head(const struct extra *extra)
{
	return slice_of(extra->head, extra->head_bytes);
}

static bool
is_blank(const struct extra *extra)
{
	return http1_leading_crlf(extra_head(extra)) == extra->bytes;
}

/* Line ends before a start line belong to nothing. */
static void
count_leading(const struct message *m, struct ruling *ruling)
{
	ruling->n = m->head_bytes - m->head.n;
	ruling->a = SLICE("a line end");
}

bool
rule_extra_data_after_response(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct extra *extra = &x->r.extra;
	bool before = x->r.flaws & MESSAGE_LEADING_CRLF && x->past.answer_ns >= 0;
	bool after_304 = x->r.status == 304 && x->stray_kind == STRAY_CRLF;

	ruling->n = extra->bytes ? extra->bytes : x->stray_bytes;
	ruling->a = extra_head(extra);
	if (extra->bytes && !is_blank(extra)) {
		if (slice_has_prefix(ruling->a, SLICE("0\r\n\r\n")))
			ruling->kind = "chunked-leftover";
		else
			ruling->kind = x->r.framing == FRAMING_LENGTH
					       ? "longer-than-content-length"
					       : "junk";
		return true;
	}
	ruling->kind = "crlf";
	ruling->severity = SEVERITY_ADVICE;
	if (before && !ruling->n)
		count_leading(&x->r, ruling);
	return extra->bytes || before || after_304;
}

/* What comes behind may be another protocol that was asked for. */
static bool
may_change_protocol(const struct exchange *x)
{
	return x->method == METHOD_CONNECT ||
	       (message_has(&x->q, FIELD_UPGRADE) &&
		       (!x->has_response || x->r.status == 101));
}

bool
rule_extra_data_after_request(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct extra *extra = &x->q.extra;
	bool before = x->q.flaws & MESSAGE_LEADING_CRLF && x->past.asked;

	ruling->n = extra->bytes;
	ruling->a = extra_head(extra);
	if (slice_has_prefix(ruling->a, SLICE("\x16\x03")) || may_change_protocol(x))
		return false;
	if (extra->bytes && !is_blank(extra)) {
		ruling->kind = message_has(&x->q, FIELD_CONTENT_LENGTH) ||
					       message_has(&x->q, FIELD_TRANSFER_ENCODING)
				       ? "junk"
				       : "body-without-length";
		return true;
	}
	ruling->kind = "crlf";
	ruling->severity = sides_is_http10(&x->q) ? SEVERITY_ADVICE : SEVERITY_WARNING;
	if (!extra->bytes)
		count_leading(&x->q, ruling);
	return extra->bytes || before;
}

/* ---- pairs ---- */

bool
rule_faulty_framing_not_closed(const struct view *view, struct ruling *ruling)
{
	ruling->a = view->x->q.target;
	return view->x->past.faulty;
}

bool
rule_response_without_request(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool closes = x->r.connection & CONNECTION_CLOSE || x->closer == CLOSER_SERVER;
	bool soon = x->past.answer_ns >= 0 &&
		    x->r.first.ts_ns - x->past.answer_ns < DESYNC_NS;

	if (!x->unasked || x->one_sided)
		return false;
	ruling->n = x->r.status;
	ruling->kind = "other";
	if (x->r.status == 408 && closes)
		ruling->kind = "timeout-408";
	else if ((x->r.status == 400 || x->r.status == 503) && closes)
		ruling->kind = "error-close";
	else if (soon && (x->past.faulty || x->past.had_content || x->past.flaws))
		ruling->kind = "second-response";
	if (closes && (x->r.status == 408 || x->r.status == 400 || x->r.status == 503))
		ruling->severity = SEVERITY_ADVICE;
	return true;
}

bool
rule_request_unanswered(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (x->has_response || x->answer_lost || x->one_sided || !x->abandoned ||
		x->q.end != END_FRAMING || !x->server_ended ||
		x->method == METHOD_CONNECT)
		return false;
	ruling->n = x->abandoned;
	ruling->kind = "server-closed";
	if (x->behind_close)
		ruling->kind = "behind-close";
	else if (x->unread)
		ruling->kind = "idle-race";
	if (x->behind_close || x->unread)
		ruling->severity = SEVERITY_ADVICE;
	else if (x->interim_count)
		ruling->kind = "interim-only";
	else if (x->abandoned > 1)
		ruling->kind = "pipelined";
	else if (x->closer == CLOSER_CLIENT)
		ruling->kind = "client-aborted";
	if (x->closer == CLOSER_CLIENT && !x->behind_close)
		ruling->fault = FAULT_CLIENT;
	return true;
}

bool
rule_pipelining_unsafe(const struct view *view, struct ruling *ruling)
{
	const struct past *past = &view->x->past;

	ruling->a = view->x->q.target;
	return past->asked && !past->answered &&
	       (past->method == METHOD_POST || past->method == METHOD_PATCH);
}

/* ---- persistence ---- */

bool
rule_response_before_request_end(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool refused = x->r.status >= 400 && x->r.connection & CONNECTION_CLOSE;

	ruling->n = x->early_bytes;
	ruling->m = x->r.status;
	if (!x->early || refused)
		return false;
	if (message_has(&x->q, FIELD_EXPECT) && !x->early_bytes)
		return false;
	if (x->reused) {
		ruling->kind = "reused";
		ruling->severity = SEVERITY_WARNING;
	}
	return x->reused || message_is_cut_off(&x->q);
}

bool
rule_traffic_after_close(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct past *past = &x->past;
	int64_t delay_ns = x->q.first.ts_ns - past->close_ns;
	bool read = past->server_closes && x->q.peer_acked >= past->close_end;

	ruling->kind = "client";
	ruling->n = past->server_closes && delay_ns > 0
			    ? (uint64_t)delay_ns / CONFIG_MS_NS
			    : 0;
	ruling->a = x->q.target;
	if (past->client_closes)
		return true;
	if (read && delay_ns >= 0) {
		if (past->by_version)
			ruling->severity = SEVERITY_WARNING;
		if (delay_ns < RACE_NS)
			ruling->confidence = CONFIDENCE_LIKELY;
		return true;
	}
	ruling->kind = "server";
	ruling->fault = FAULT_SERVER;
	return x->behind_close && x->has_response && x->pairing == PAIRING_EXACT &&
	       !past->by_version;
}

/* ---- interim answers ---- */

static bool
expects(const struct message *q, struct slice expectation)
{
	for (size_t i = 0; i < q->field_count; i++) {
		struct slice rest = q->fields[i].value, element;

		if (q->fields[i].id != FIELD_EXPECT)
			continue;
		while (list_next(&rest, &element))
			if (slice_eq_nocase(element, expectation))
				return true;
	}
	return false;
}

static bool
announces_content(const struct message *q)
{
	return message_has(q, FIELD_TRANSFER_ENCODING) ||
	       (message_has(q, FIELD_CONTENT_LENGTH) && q->length);
}

static bool
offers(const struct message *q, struct slice protocol)
{
	for (size_t i = 0; i < q->field_count; i++) {
		struct slice rest = q->fields[i].value, element;

		if (q->fields[i].id != FIELD_UPGRADE)
			continue;
		while (list_next(&rest, &element))
			if (slice_eq_nocase(element, protocol))
				return true;
	}
	return false;
}

/* All that the answer switches to was offered.  TLS may name HTTP/1.1 above itself
 * [RFC2817 3.3]. */
static bool
is_offered(const struct exchange *x)
{
	struct slice rest = message_value(&x->r, FIELD_UPGRADE), element;

	while (list_next(&rest, &element))
		if (!offers(&x->q, element) &&
			!slice_eq_nocase(element, SLICE("HTTP/1.1")))
			return false;
	return message_has(&x->q, FIELD_UPGRADE);
}

static const char *
misuse_of_101(const struct exchange *x)
{
	if (sides_is_http10(&x->q))
		return "101-http10";
	if (!message_has(&x->r, FIELD_UPGRADE))
		return "101-no-upgrade";
	if (!is_offered(x))
		return "101-unrequested";
	if (expects(&x->q, SLICE("100-continue")) && !x->interim_100 &&
		announces_content(&x->q) && !x->early_bytes && !x->q.complete)
		return "101-before-100";
	return NULL;
}

bool
rule_interim_misuse(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->n = x->interim_count;
	ruling->m = x->r.status;
	ruling->a = message_value(&x->r, FIELD_UPGRADE);
	if (x->interim_count && sides_is_http10(&x->q))
		ruling->kind = "to-http10";
	else if (x->interim_late)
		ruling->kind = "1xx-after-final";
	else if (x->r.status == 101)
		ruling->kind = misuse_of_101(x);
	if (ruling->kind)
		return true;
	if (x->interim_100 > 1) {
		ruling->kind = "100-repeated";
		ruling->severity = SEVERITY_WARNING;
	} else if (x->interim_100 && !message_has(&x->q, FIELD_EXPECT)) {
		ruling->kind = "100-unrequested";
		ruling->severity = SEVERITY_ADVICE;
	}
	return ruling->kind;
}

static bool
is_late(int64_t ts_ns, const struct exchange *x)
{
	return ts_ns - x->q.head_end.ts_ns >= CONFIG_S_NS;
}

/* The client waited a second for a word. */
static bool
has_waited(const struct exchange *x)
{
	if (sides_is_http10(&x->q) || x->answer_lost || x->pairing != PAIRING_EXACT ||
		!x->has_response)
		return false;
	return (x->q.content_ns < 0 || is_late(x->q.content_ns, x)) &&
	       is_late(x->r.first.ts_ns, x) &&
	       (!x->interim_count || is_late(x->interim_first.ts_ns, x));
}

bool
rule_expect_misuse(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool get = x->method == METHOD_GET || x->method == METHOD_HEAD;

	ruling->a = message_value(&x->q, FIELD_EXPECT);
	if (!ruling->a.at)
		return false;
	if (!slice_eq_nocase(ruling->a, SLICE("100-continue"))) {
		ruling->kind = "unknown";
		ruling->severity = SEVERITY_WARNING;
	} else if (!announces_content(&x->q)) {
		ruling->kind = "no-content";
	} else if (get) {
		ruling->kind = "on-get";
		ruling->severity = SEVERITY_WARNING;
	} else if (has_waited(x)) {
		ruling->kind = "not-answered";
		ruling->severity = SEVERITY_WARNING;
		ruling->fault = FAULT_SERVER;
	}
	return ruling->kind;
}
