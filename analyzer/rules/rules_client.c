/* What clients send as conditions, and what they do after the answer [RFC9110 13]. */
#include "analyzer/config.h"
#include "analyzer/history/glance.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/habit.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"
#include "parsers/list.h"

enum {
	MEMBERS_MANY = 20, /* of If-None-Match, and its octets */
	BYTES_MANY = 1024,
	IMF_BYTES = 29,
	CLOCK_TOLERANCE_S = 60,
};

#define RECEIPT_NS (2 * CONFIG_S_NS)

static bool
has(const struct view *view, enum field_id id)
{
	return message_has(&view->x->q, id);
}

/* Whether some answer, this one included, had the field value, octet for octet. */
static bool
was_sent(const struct view *view, struct slice value, bool as_etag)
{
	const struct resource *resource = view->resource;
	enum field_id id = as_etag ? FIELD_ETAG : FIELD_LAST_MODIFIED;

	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];

		if (slice_eq(as_etag ? o->etag_raw : o->last_modified, value))
			return true;
	}
	return message_has(&view->x->r, id) &&
	       slice_eq(message_value(&view->x->r, id), value);
}

/* ---- the syntax of lists of tags ---- */

static const char *
kind_of_flaws(unsigned flaws)
{
	static const struct {
		unsigned flaws;
		const char *kind;
	} kinds[] = {
		{ETAG_LOWERCASE_WEAK, "lowercase-weak"},
		{ETAG_WEAK_UNQUOTED | ETAG_WEAK_SYNTAX, "weak-unquoted"},
		{ETAG_SINGLE_QUOTED, "single-quoted"},
		{ETAG_UNTERMINATED, "unterminated"},
		{ETAG_BAD_CHAR, "bad-char"},
		{ETAG_UNQUOTED | ETAG_ESCAPED, "unquoted"},
		{ETAG_MISSING_COMMA, "missing-comma"},
		{ETAG_EMPTY, "empty"},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (flaws & kinds[i].flaws)
			return kinds[i].kind;
	return NULL;
}

static bool
judge_list(const struct view *view, struct slice list, enum etag_condition_form form,
	struct ruling *ruling)
{
	struct slice rest = list;
	struct etag tag;

	ruling->a = list;
	while (etag_next(&rest, &tag)) {
		if (etag_is_valid(&tag) || was_sent(view, tag.raw, true))
			continue;
		ruling->kind = kind_of_flaws(tag.flaws);
		if (!view->x->has_response) /* it might have shown an echo */
			ruling->severity = SEVERITY_WARNING;
		return ruling->kind != NULL;
	}
	ruling->severity = SEVERITY_ADVICE;
	ruling->kind = form == ETAG_LIST_EMPTY ? "empty" : "empty-element";
	return list_has_empty(list);
}

static bool
is_list_like(enum etag_condition_form form)
{
	return form != ETAG_STAR && form != ETAG_STAR_IN_LIST;
}

bool
rule_inm_malformed(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	return (view_has_inm(view) && is_list_like(x->inm_form) &&
		       judge_list(view, x->inm, x->inm_form, ruling)) ||
	       (has(view, FIELD_IF_MATCH) && is_list_like(x->im_form) &&
		       judge_list(view, x->im, x->im_form, ruling));
}

bool
rule_precondition_star_in_list(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool inm = view_has_inm(view) && x->inm_form == ETAG_STAR_IN_LIST;

	ruling->a = inm ? x->inm : x->im;
	return inm || (has(view, FIELD_IF_MATCH) && x->im_form == ETAG_STAR_IN_LIST);
}

bool
rule_inm_star_on_get(const struct view *view, struct ruling *ruling)
{
	ruling->a = view->x->q.method;
	return view_is_get_or_head(view) && view_inm_is_star(view);
}

bool
rule_inm_list_too_long(const struct view *view, struct ruling *ruling)
{
	struct slice rest = view->x->inm;
	struct etag tag;

	if (!view_has_inm(view) || view_inm_is_star(view))
		return false;
	while (exchange_next_tag(view->x, &rest, &tag))
		ruling->n++;
	ruling->m = view->x->inm.n;
	return ruling->n > MEMBERS_MANY || ruling->m > BYTES_MANY;
}

/* ---- the syntax of dates ---- */

/* A date, a comma, and more. */
static bool
is_several_dates(struct slice value)
{
	return value.n > IMF_BYTES && value.at[IMF_BYTES] == ',' &&
	       httpdate_parse(slice_part(value, 0, IMF_BYTES), 0).form !=
		       HTTPDATE_INVALID;
}

bool
rule_conditional_header_repeated(const struct view *view, struct ruling *ruling)
{
	static const enum field_id singles[] = {
		FIELD_IF_MODIFIED_SINCE, FIELD_IF_UNMODIFIED_SINCE, FIELD_IF_RANGE};
	const struct message *q = &view->x->q;

	for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
		struct slice value = message_value(q, singles[i]);

		if (!message_has(q, singles[i]))
			continue;
		ruling->a = field_name(singles[i]);
		ruling->b = value;
		ruling->n = message_line_count(q, singles[i]);
		if (ruling->n > 1 || is_several_dates(value) ||
			(singles[i] == FIELD_IF_RANGE &&
				etag_parse(value).flaws & ETAG_SEVERAL))
			return true;
	}
	return false;
}

static bool
judge_date(const struct view *view, enum field_id id, struct ruling *ruling)
{
	const struct message *q = &view->x->q;
	struct slice value = message_value(q, id);
	enum httpdate_defect defect;

	if (!message_has(q, id) || message_repeats(q, id) || is_several_dates(value))
		return false;
	if ((id == FIELD_IF_MODIFIED_SINCE ? view->x->ims : view->x->ius).form !=
		HTTPDATE_INVALID)
		return false;
	defect = httpdate_defect(value);
	ruling->kind = httpdate_defect_name(defect);
	ruling->a = value;
	if (defect == HTTPDATE_DEFECT_LENIENT)
		ruling->severity = SEVERITY_WARNING;
	if (was_sent(view, value, false))
		ruling->fault = FAULT_SERVER;
	return defect != HTTPDATE_DEFECT_NONE;
}

bool
rule_ims_invalid_date(const struct view *view, struct ruling *ruling)
{
	return judge_date(view, FIELD_IF_MODIFIED_SINCE, ruling) ||
	       judge_date(view, FIELD_IF_UNMODIFIED_SINCE, ruling);
}

/* The server's clock at the answer, as well as one can tell, and how sure that is. */
static int64_t
server_now_s(const struct view *view)
{
	const struct exchange *x = view->x;
	bool cached = x->via_cache && x->age_s < 0;

	if (!x->has_response || x->date.form == HTTPDATE_INVALID || cached)
		return x->q.first.ts_ns / CONFIG_S_NS + CLOCK_TOLERANCE_S;
	return x->date.unix_s + (x->age_s > 0 ? x->age_s : 0) + 1;
}

bool
rule_ims_in_future(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct slice value = message_value(&x->q, FIELD_IF_MODIFIED_SINCE);
	int64_t now_s = server_now_s(view);

	if (x->ims.form == HTTPDATE_INVALID || x->ims.unix_s <= now_s)
		return false;
	ruling->a = value;
	ruling->n = (uint64_t)(x->ims.unix_s - now_s);
	if (was_sent(view, value, false))
		ruling->fault = FAULT_SERVER;
	return true;
}

/* ---- conditions where they mean nothing ---- */

bool
rule_ims_on_non_get_head(const struct view *view, struct ruling *ruling)
{
	struct slice method = view->x->q.method;

	ruling->a = method;
	if (slice_eq(method, SLICE("REPORT")) || slice_eq(method, SLICE("SEARCH")))
		ruling->severity = SEVERITY_ADVICE;
	return view_has_ims(view) && !view_is_conditional_get(view);
}

bool
rule_precondition_on_wrong_method(const struct view *view, struct ruling *ruling)
{
	enum method method = view->x->method;

	ruling->a = view->x->q.method;
	return method == METHOD_CONNECT || method == METHOD_OPTIONS ||
	       method == METHOD_TRACE;
}

bool
rule_conditional_head(const struct view *view, struct ruling *ruling)
{
	ruling->a = view_has_inm(view)
			    ? view->x->inm
			    : message_value(&view->x->q, FIELD_IF_MODIFIED_SINCE);
	return view->x->method == METHOD_HEAD &&
	       (view_has_inm(view) || view_has_ims(view));
}

/* The names below begin with one of these, perhaps behind punctuation. */
#define MEANT_INITIALS                                                                   \
	(MESSAGE_INITIAL('i') | MESSAGE_INITIAL('h') | MESSAGE_INITIAL('x'))

/* The field that a name was meant to be, without its punctuation. */
static enum field_id
meant_by(struct slice name)
{
	static const struct {
		const char *letters;
		enum field_id id;
	} names[] = {
		{"ifnonematch", FIELD_IF_NONE_MATCH},
		{"ifmodifiedsince", FIELD_IF_MODIFIED_SINCE},
		{"ifmatch", FIELD_IF_MATCH},
		{"ifunmodifiedsince", FIELD_IF_UNMODIFIED_SINCE},
		{"ifrange", FIELD_IF_RANGE},
		{"ifnonematched", FIELD_IF_NONE_MATCH},
		{"ifnotmatch", FIELD_IF_NONE_MATCH},
		{"ifnotmodifiedsince", FIELD_IF_MODIFIED_SINCE},
		{"ifmodified", FIELD_IF_MODIFIED_SINCE},
		{"ifmodifiedafter", FIELD_IF_MODIFIED_SINCE},
		{"xifnonematch", FIELD_IF_NONE_MATCH},
		{"httpifnonematch", FIELD_IF_NONE_MATCH},
		{"httpifmodifiedsince", FIELD_IF_MODIFIED_SINCE},
	};
	char letters[24];
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		if (name.at[i] == '-' || name.at[i] == '_' || name.at[i] == ' ')
			continue;
		if (n == sizeof letters)
			return FIELD_OTHER;
		letters[n++] = (char)octet_lower(name.at[i]);
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (n == strlen(names[i].letters) &&
			memcmp(letters, names[i].letters, n) == 0)
			return names[i].id;
	return FIELD_OTHER;
}

bool
rule_conditional_header_misspelled(const struct view *view, struct ruling *ruling)
{
	const struct message *q = &view->x->q;

	if (!message_has(q, FIELD_ETAG) && !message_has_initial(q, MEANT_INITIALS))
		return false;
	for (size_t i = 0; i < q->field_count; i++) {
		const struct field *field = &q->fields[i];
		enum field_id meant = FIELD_OTHER;

		if (field->id == FIELD_OTHER)
			meant = meant_by(field->name);
		else if (field->id == FIELD_ETAG && view->x->method == METHOD_GET)
			meant = FIELD_IF_NONE_MATCH;
		if (meant == FIELD_OTHER)
			continue;
		ruling->a = field->name;
		ruling->b = field->value;
		if (message_has(q, meant) &&
			slice_eq(message_value(q, meant), field->value))
			ruling->severity = SEVERITY_ADVICE;
		return true;
	}
	return false;
}

/* ---- conditions against what the client was given ---- */

/* The only tag of If-None-Match. */
static bool
only_tag(const struct view *view, struct etag *tag)
{
	struct slice rest = view->x->inm;
	struct etag other;

	return view_inm_is_list(view) && exchange_next_tag(view->x, &rest, tag) &&
	       !exchange_next_tag(view->x, &rest, &other);
}

static bool
is_delivery(const struct view *view, const struct observation *o)
{
	return !o->is_head && (o->status == 200 || o->status == 203) &&
	       key_eq(o->client, view->before->client);
}

static bool
is_behind_proxy(const struct view *view)
{
	return has(view, FIELD_VIA) || has(view, FIELD_X_FORWARDED_FOR) ||
	       has(view, FIELD_FORWARDED);
}

/* When this client last got the resource, INT64_MIN if it did not. */
static int64_t
delivered_ns(const struct view *view)
{
	const struct resource *resource = view->resource;

	for (unsigned i = 0; i < resource->observation_count; i++)
		if (is_delivery(view, resource->observations[i]))
			return resource->observations[i]->response_ns;
	return INT64_MIN;
}

/* Years that nanoseconds cannot hold are as far away as the last that they can. */
static int64_t
date_ns(int64_t unix_s)
{
	int64_t most = INT64_MAX / 2 / CONFIG_S_NS;

	return (unix_s < -most ? -most : unix_s > most ? most : unix_s) * CONFIG_S_NS;
}

static const char *
kind_of_own_date(const struct view *view)
{
	const struct resource *resource = view->resource;
	int64_t ims_s = view->x->ims.unix_s;

	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];
		int64_t off_ns = o->response_ns - date_ns(ims_s);
		struct httpdate date = httpdate_parse(o->date, ims_s);

		if (date.form != HTTPDATE_INVALID && date.unix_s == ims_s)
			return "from-date";
		if (is_delivery(view, o) && off_ns >= -RECEIPT_NS && off_ns <= RECEIPT_NS)
			return "from-receipt";
	}
	return "own-clock";
}

/* If-Modified-Since is that of what the client holds, or no date. */
static bool
is_held_date(const struct view *view)
{
	const struct before *before = view->before;
	const struct httpdate *ims = &view->x->ims;

	return ims->form == HTTPDATE_INVALID ||
	       (before->has_held && before->held.has_last_modified &&
		       before->held.last_modified_s == ims->unix_s);
}

bool
rule_ims_not_a_last_modified(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct resource *resource = view->resource;
	int64_t begin_ns = habits_begin_ns(view->habits);

	if (is_held_date(view) || is_behind_proxy(view) ||
		date_ns(x->ims.unix_s) < begin_ns - CONFIG_S_NS ||
		delivered_ns(view) == INT64_MIN || !view_remembers_since(view, begin_ns))
		return false;
	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct httpdate *date = &resource->observations[i]
						       ->last_modified_date;

		if (date->form != HTTPDATE_INVALID && date->unix_s == x->ims.unix_s)
			return false;
	}
	ruling->kind = kind_of_own_date(view);
	ruling->a = message_value(&x->q, FIELD_IF_MODIFIED_SINCE);
	return true;
}

/* Whether what a client holds goes by this tag, perhaps since a 304. */
static bool
holds_tag(const struct view *view, const struct etag *tag)
{
	const struct before *before = view->before;

	return before->has_held && before->held.has_etag &&
	       key_eq(before->held.etag, history_etag_key(before->resource, tag));
}

/* The client was given all of the variant once, and what came since is known. */
static bool
is_fill_known(const struct view *view)
{
	const struct habit *habit = habits_of(view->habits, view->before);

	return habit && habit->was_filled &&
	       habit->variant == view->before->variant.low &&
	       view_remembers_since(view, habit->filled_ns);
}

bool
rule_inm_never_served(const struct view *view, struct ruling *ruling)
{
	struct slice rest = view->x->inm;
	struct etag tag;

	if (!view_inm_is_list(view) || !view_is_get_or_head(view) ||
		is_behind_proxy(view))
		return false;
	while (exchange_next_tag(view->x, &rest, &tag)) {
		if (etag_weak_eq(&tag, &view->x->etag) || holds_tag(view, &tag) ||
			view_known(view, &tag))
			continue;
		if (!is_fill_known(view))
			return false;
		ruling->a = tag.raw;
		if (aggregate_knows_tag(view->aggregate, view, &tag))
			ruling->kind = "other-url";
		return true;
	}
	return false;
}

/* The delivery to this client that If-Modified-Since names. */
static const struct observation *
delivery_of_date(const struct view *view)
{
	const struct resource *resource = view->resource;

	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (is_delivery(view, o) && view_same_variant(view, o))
			return o->last_modified_date.form != HTTPDATE_INVALID &&
					       o->last_modified_date.unix_s ==
						       view->x->ims.unix_s
				       ? o
				       : NULL;
	}
	return NULL;
}

bool
rule_ims_without_known_etag(const struct view *view, struct ruling *ruling)
{
	if (view->x->cond != COND_IMS || is_behind_proxy(view))
		return false;
	ruling->ref = delivery_of_date(view);
	if (!ruling->ref || !ruling->ref->etag.raw.at ||
		!etag_is_valid(&ruling->ref->etag))
		return false;
	ruling->a = ruling->ref->etag_raw;
	return true;
}

bool
rule_inm_without_ims(const struct view *view, struct ruling *ruling)
{
	struct etag tag;

	ruling->a = view->x->inm;
	return view->before->has_held && view->before->held.has_last_modified &&
	       only_tag(view, &tag) && holds_tag(view, &tag) && !view_has_ims(view) &&
	       !has(view, FIELD_RANGE);
}

bool
rule_validator_pair_mismatch(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct resource *resource = view->resource;
	struct etag tag;
	bool dated = false;
	uint64_t wanted;

	if (is_held_date(view) || !only_tag(view, &tag))
		return false;
	wanted = glance_tag(resource->key, &tag);
	for (unsigned i = 0; wanted && i < resource->observation_count; i++) {
		const struct glance *glance = &resource->glances[i];

		if (glance->tag != wanted || glance->modified_s == GLANCE_NO_DATE)
			continue;
		if (glance->modified_s == x->ims.unix_s)
			return false;
		dated = true;
		ruling->b = resource->observations[i]->last_modified;
	}
	ruling->a = message_value(&x->q, FIELD_IF_MODIFIED_SINCE);
	return dated;
}

/* Whether the answer may be stored, by its own word. */
static bool
forbids_storing(const struct observation *o)
{
	return o->directives & CC_NO_STORE && !(o->directives & CC_MUST_UNDERSTAND);
}

/* Whether the request's condition names the validator of this answer. */
static bool
names(const struct view *view, const struct observation *o)
{
	struct slice rest = view->x->inm;
	struct etag tag;

	if (!view_has_inm(view))
		return o->last_modified_date.form != HTTPDATE_INVALID &&
		       o->last_modified_date.unix_s == view->x->ims.unix_s;
	while (exchange_next_tag(view->x, &rest, &tag))
		if (o->etag_raw.at && etag_weak_eq(&o->etag, &tag))
			return true;
	return false;
}

bool
rule_conditional_after_no_store(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct resource *resource = view->resource;
	bool delivered = false;

	if (!(resource->directives & CC_NO_STORE) || x->method != METHOD_GET ||
		x->cond < COND_INM || x->cond > COND_BOTH || view_is_targeted(view) ||
		!view_remembers_since(view, habits_begin_ns(view->habits)))
		return false;
	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (!names(view, o))
			continue;
		if (!forbids_storing(o))
			return false;
		if (is_delivery(view, o)) {
			delivered = true;
			ruling->ref = o;
		}
	}
	ruling->a = view_has_inm(view) ? x->inm
				       : message_value(&x->q, FIELD_IF_MODIFIED_SINCE);
	return delivered;
}
