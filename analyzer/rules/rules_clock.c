/* Dates and ages: Date, Expires, Age and the rest [RFC9110 5.6.7, RFC9111 5]. */
#include "analyzer/config.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"
#include "parsers/list.h"
#include "parsers/number.h"

enum {
	APART_S = 60, /* Expires and max-age may differ so much, or by a tenth */
};

/* A date somewhere in one of the two messages. */
struct dated {
	enum field_id id;
	struct slice value;
	unsigned side;
};

/* The n-th of the fields that are dates, if it is there and its head is clean. */
static bool
date_at(const struct view *view, unsigned n, struct dated *dated)
{
	static const struct {
		enum field_id id;
		unsigned side;
	} fields[] = {
		{FIELD_DATE, 1},
		{FIELD_LAST_MODIFIED, 1},
		{FIELD_RETRY_AFTER, 1},
		{FIELD_SUNSET, 1},
		{FIELD_DATE, 0},
		{FIELD_IF_RANGE, 0},
		{FIELD_EXPIRES, 1},
		{FIELD_IF_MODIFIED_SINCE, 0},
		{FIELD_IF_UNMODIFIED_SINCE, 0},
	};
	const struct message *m = view_side(view, fields[n].side);

	*dated = (struct dated){.id = fields[n].id, .side = fields[n].side};
	if (!m || !message_has(m, dated->id))
		return false;
	dated->value = message_value(m, dated->id);
	return true;
}

enum {
	DATES_WITHOUT_OWN_RULE = 6,
	DATES = 9
};

/* A number of seconds, or a tag: not meant as a date. */
static bool
is_no_date(const struct dated *dated)
{
	uint64_t seconds;
	struct etag tag;

	if (dated->id == FIELD_RETRY_AFTER)
		return number_decimal(dated->value, &seconds);
	if (dated->id != FIELD_IF_RANGE)
		return false;
	tag = etag_parse(dated->value);
	return etag_is_valid(&tag) || slice_find(dated->value, '"', 0) < dated->value.n ||
	       !chars_is_alpha(dated->value.n ? dated->value.at[0] : 0) ||
	       slice_find(dated->value, ':', 0) == dated->value.n;
}

/* Dates that the exchange has read already are not read again. */
static struct httpdate
parse(const struct view *view, const struct dated *dated)
{
	const struct exchange *x = view->x;
	const struct httpdate *known = NULL;

	if (dated->side && dated->id == FIELD_DATE)
		known = &x->date;
	else if (dated->id == FIELD_LAST_MODIFIED)
		known = &x->last_modified;
	else if (dated->id == FIELD_IF_MODIFIED_SINCE)
		known = &x->ims;
	else if (dated->id == FIELD_IF_UNMODIFIED_SINCE)
		known = &x->ius;
	if (known && known->form != HTTPDATE_INVALID)
		return *known;
	return httpdate_parse(dated->value, x->q.first.ts_ns / CONFIG_S_NS);
}

static void
fill(const struct dated *dated, struct ruling *ruling)
{
	ruling->a = field_name(dated->id);
	ruling->b = dated->value;
	ruling->fault = view_sender(dated->side);
}

bool
rule_http_date_invalid(const struct view *view, struct ruling *ruling)
{
	for (unsigned i = 0; i < DATES_WITHOUT_OWN_RULE; i++) {
		struct dated dated;

		if (!date_at(view, i, &dated) || is_no_date(&dated) ||
			parse(view, &dated).form != HTTPDATE_INVALID)
			continue;
		fill(&dated, ruling);
		ruling->kind = httpdate_defect_name(httpdate_defect(dated.value));
		return true;
	}
	return false;
}

/* What the server sent as Last-Modified, octet for octet. */
static bool
is_echo(const struct view *view, const struct dated *dated)
{
	const struct resource *resource = view->resource;

	if (dated->side)
		return false;
	for (unsigned i = 0; i < recent_count(view); i++)
		if (slice_eq(resource->observations[i]->last_modified, dated->value) ||
			slice_eq(resource->observations[i]->date, dated->value))
			return true;
	return slice_eq(message_value(&view->x->r, FIELD_LAST_MODIFIED), dated->value);
}

bool
rule_http_date_obsolete(const struct view *view, struct ruling *ruling)
{
	for (unsigned i = 0; i < DATES; i++) {
		struct dated dated;
		enum httpdate_form form;

		if (!date_at(view, i, &dated))
			continue;
		form = parse(view, &dated).form;
		if (form != HTTPDATE_RFC850 && form != HTTPDATE_ASCTIME)
			continue;
		fill(&dated, ruling);
		ruling->kind = form == HTTPDATE_RFC850 ? "rfc850" : "asctime";
		if (is_echo(view, &dated))
			ruling->fault = FAULT_SERVER;
		return true;
	}
	return false;
}

bool
rule_http_date_bad_weekday(const struct view *view, struct ruling *ruling)
{
	for (unsigned i = 0; i < DATES; i++) {
		struct dated dated;
		struct httpdate date;

		if (!date_at(view, i, &dated))
			continue;
		date = parse(view, &dated);
		if (date.form == HTTPDATE_INVALID || date.weekday_ok)
			continue;
		fill(&dated, ruling);
		if (is_echo(view, &dated))
			ruling->fault = FAULT_SERVER;
		return true;
	}
	return false;
}

/* Date, else the time of the answer on the wire. */
static int64_t
made_s(const struct exchange *x)
{
	return x->date.form != HTTPDATE_INVALID ? x->date.unix_s
						: x->r.first.ts_ns / CONFIG_S_NS;
}

bool
rule_expires_invalid(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct slice value = message_value(&x->r, FIELD_EXPIRES);
	int64_t meant_s;

	if (!message_has(&x->r, FIELD_EXPIRES) ||
		httpdate_parse(value, made_s(x)).form != HTTPDATE_INVALID)
		return false;
	ruling->a = value;
	ruling->kind = httpdate_defect_name(httpdate_defect(value));
	if (x->r_cc.present & CC_MAX_AGE) {
		ruling->severity = SEVERITY_ADVICE;
	} else if (httpdate_lenient(value, made_s(x), &meant_s) && meant_s > made_s(x)) {
		ruling->severity = SEVERITY_VIOLATION;
		ruling->kind = "future-but-invalid";
	}
	return true;
}

bool
rule_expires_contradicts_max_age(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct cachecontrol *cc = &x->r_cc;
	struct slice value = message_value(&x->r, FIELD_EXPIRES);
	struct httpdate expires;
	int64_t lifetime_s = -1, apart_s, allowed_s;

	if (!(cc->present & CC_MAX_AGE) || cc->invalid & CC_MAX_AGE ||
		!message_has(&x->r, FIELD_EXPIRES) || x->date.form == HTTPDATE_INVALID)
		return false;
	expires = httpdate_parse(value, x->date.unix_s);
	if (expires.form != HTTPDATE_INVALID)
		lifetime_s = expires.unix_s - x->date.unix_s;
	apart_s = cc->max_age_s - lifetime_s;
	allowed_s = cc->max_age_s / 10 > APART_S ? cc->max_age_s / 10 : APART_S;
	if (x->age_s > 0)
		allowed_s += x->age_s;
	ruling->a = value;
	ruling->n = (uint64_t)cc->max_age_s;
	return (cc->max_age_s > 0) != (lifetime_s > 0) || apart_s > allowed_s ||
	       -apart_s > allowed_s;
}

/* What a proxy makes need not have a clock. */
static bool
is_of_origin(const struct exchange *x)
{
	return x->r.status != 407 && !(x->method == METHOD_CONNECT && x->r.status < 300);
}

bool
rule_date_missing(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (message_has(&x->r, FIELD_DATE) || x->r.status == 304 || x->r.status < 200 ||
		x->r.status >= 500 || !is_of_origin(x))
		return false;
	ruling->a = message_value(&x->r, FIELD_SERVER);
	if (message_has(&x->r, FIELD_LAST_MODIFIED) || message_has(&x->r, FIELD_EXPIRES))
		ruling->kind = "with-date-fields";
	if (!aggregate_has_clock(view->aggregate, &x->server)) {
		ruling->severity = SEVERITY_WARNING;
		ruling->confidence = CONFIDENCE_LIKELY;
	}
	return true;
}

static const char *
flaw_of_age(struct slice s)
{
	if (s.n && s.at[0] == '-')
		return "negative";
	if (slice_find(s, ',', 0) < s.n)
		return "list";
	if (slice_find(s, ';', 0) < s.n)
		return "parameter";
	if (s.n && chars_is_digit(s.at[0]) && slice_find(s, '.', 0) < s.n)
		return "decimal";
	return "text";
}

/* All members of all lines are one and the same number. */
static bool
is_one_number(const struct message *r)
{
	struct slice first = {NULL, 0}, member;

	for (size_t i = 0; i < r->field_count; i++) {
		struct slice rest = r->fields[i].value;

		if (r->fields[i].id != FIELD_AGE)
			continue;
		while (list_next(&rest, &member)) {
			if (!first.at)
				first = member;
			if (!chars_are(member, CHARS_DIGIT) || !slice_eq(member, first))
				return false;
		}
	}
	return first.at != NULL;
}

bool
rule_age_invalid(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;

	if (!message_has(r, FIELD_AGE))
		return false;
	ruling->a = message_value(r, FIELD_AGE);
	if (message_has_one(r, FIELD_AGE) && chars_are(ruling->a, CHARS_DIGIT))
		return false;
	ruling->kind = message_repeats(r, FIELD_AGE) ? "list" : flaw_of_age(ruling->a);
	if (is_one_number(r))
		ruling->severity = SEVERITY_WARNING;
	return true;
}
