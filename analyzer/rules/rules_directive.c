/* Cache-Control: how its directives are written, and what they say together
 * [RFC9111 5.2, RFC5861, RFC8246]. */
#include "analyzer/config.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"
#include "parsers/list.h"

enum {
	SIDES = 2,
	CC_REQUEST_ONLY = CC_MAX_STALE | CC_MIN_FRESH | CC_ONLY_IF_CACHED,
	CC_RESPONSE_ONLY = CC_PUBLIC | CC_PRIVATE | CC_MUST_REVALIDATE |
			   CC_PROXY_REVALIDATE | CC_S_MAXAGE | CC_IMMUTABLE |
			   CC_MUST_UNDERSTAND | CC_STALE_WHILE_REVALIDATE,
	CC_BARE = CC_NO_STORE | CC_NO_TRANSFORM | CC_MUST_REVALIDATE |
		  CC_PROXY_REVALIDATE | CC_PUBLIC | CC_IMMUTABLE | CC_MUST_UNDERSTAND |
		  CC_ONLY_IF_CACHED,
	DIRECTIVES_MAX = 64, /* of one message that are compared with each other */
	SHORT_S = 3600,	     /* for immutable */
};

#define YEARS_10_S (INT64_C(10) * 366 * 86400)

/* All directives of a message, line by line. */
struct walk {
	const struct message *m;
	size_t line; /* the next one */
	struct slice rest;
};

static bool
walk_next(struct walk *walk, struct directive *directive)
{
	while (!directive_next(&walk->rest, directive)) {
		const struct message *m = walk->m;

		while (walk->line < m->field_count &&
			m->fields[walk->line].id != FIELD_CACHE_CONTROL)
			walk->line++;
		if (walk->line == m->field_count)
			return false;
		walk->rest = m->fields[walk->line++].value;
	}
	return true;
}

static const struct cachecontrol *
parsed(const struct view *view, unsigned side)
{
	return side ? &view->x->r_cc : &view->x->q_cc;
}

/* What means nothing in this direction has a rule of its own. */
static bool
is_misplaced(uint32_t bit, unsigned side)
{
	return bit & (side ? CC_REQUEST_ONLY : CC_RESPONSE_ONLY);
}

static bool
is_quoted(struct slice s)
{
	return s.n >= 2 && s.at[0] == '"' && s.at[s.n - 1] == '"';
}

/* The first odd directive of either message that `is_it` says so of, with *ruling filled.
 */
static bool
find(const struct view *view, struct ruling *ruling,
	bool (*is_it)(
		const struct directive *directive, unsigned side, struct ruling *ruling))
{
	for (unsigned side = 0; side < SIDES; side++) {
		struct walk walk = {.m = view_side(view, side)};
		struct directive directive;

		if (!walk.m || !message_has(walk.m, FIELD_CACHE_CONTROL) ||
			parsed(view, side)->plain)
			continue;
		ruling->fault = view_sender(side);
		while (walk_next(&walk, &directive)) {
			ruling->a = directive.raw;
			if (is_it(&directive, side, ruling))
				return true;
		}
	}
	return false;
}

/* ---- numbers ---- */

static const char *
flaw_of_delta(const struct directive *d)
{
	struct slice s = d->argument;
	size_t digits = 0;

	if (!s.at)
		return d->bit == CC_MAX_STALE ? NULL : "missing";
	if (!slice_trim(s).n)
		return "empty";
	if (chars_are(s, CHARS_DIGIT) ||
		(is_quoted(s) && chars_are(slice_part(s, 1, s.n - 1), CHARS_DIGIT)))
		return slice_find(d->raw, '=', 0) == d->name.n ? NULL
							       : "space-around-equals";
	if (chars_are(slice_trim(s), CHARS_DIGIT))
		return "space-around-equals";
	if (s.at[0] == '\'')
		return "single-quoted";
	if (s.at[0] == '-' && chars_are(slice_from(s, 1), CHARS_DIGIT))
		return "negative";
	while (digits < s.n && chars_is_digit(s.at[digits]))
		digits++;
	if (digits && (s.at[digits] == '.' || s.at[digits] == ','))
		return "decimal";
	return digits ? "unit" : "text";
}

static bool
is_invalid_delta(const struct directive *d, unsigned side, struct ruling *ruling)
{
	if (!(d->bit & CC_DELTAS) || is_misplaced(d->bit, side))
		return false;
	ruling->kind = flaw_of_delta(d);
	return ruling->kind != NULL;
}

bool
rule_cc_invalid_delta(const struct view *view, struct ruling *ruling)
{
	if (!((view->x->q_cc.invalid | view->x->r_cc.invalid) & CC_DELTAS))
		return false;
	return find(view, ruling, is_invalid_delta);
}

static bool
is_quoted_delta(const struct directive *d, unsigned side, struct ruling *ruling)
{
	if (d->bit & (CC_STALE_WHILE_REVALIDATE | CC_STALE_IF_ERROR))
		ruling->severity = SEVERITY_WARNING;
	return d->bit & CC_DELTAS && !is_misplaced(d->bit, side) &&
	       is_quoted(d->argument) &&
	       chars_are(slice_part(d->argument, 1, d->argument.n - 1), CHARS_DIGIT);
}

bool
rule_cc_quoted_delta(const struct view *view, struct ruling *ruling)
{
	if (!((view->x->q_cc.quoted | view->x->r_cc.quoted) & CC_DELTAS))
		return false;
	return find(view, ruling, is_quoted_delta);
}

static bool
is_huge(const struct directive *d, unsigned side, struct ruling *ruling)
{
	static const struct slice most = SLICE_INIT("2147483647"),
				  idiom = SLICE_INIT("2147483648");
	struct slice s = d->argument;

	(void)side;
	(void)ruling;
	if (is_quoted(s))
		s = slice_part(s, 1, s.n - 1);
	while (s.n > 1 && s.at[0] == '0')
		s = slice_from(s, 1);
	if (!(d->bit & CC_DELTAS) || !chars_are(s, CHARS_DIGIT) || slice_eq(s, idiom))
		return false;
	return s.n > most.n || (s.n == most.n && memcmp(s.at, most.at, most.n) > 0);
}

/* Expires that is farther away than anybody keeps anything. */
static bool
expires_is_far(const struct exchange *x)
{
	struct httpdate expires = httpdate_parse(
		message_value(&x->r, FIELD_EXPIRES), x->r.first.ts_ns / CONFIG_S_NS);

	return expires.form != HTTPDATE_INVALID && x->date.form != HTTPDATE_INVALID &&
	       expires.unix_s - x->date.unix_s > YEARS_10_S;
}

bool
rule_cc_delta_huge(const struct view *view, struct ruling *ruling)
{
	const struct message *r = view_side(view, 1);

	if (find(view, ruling, is_huge))
		return true;
	if (!r)
		return false;
	ruling->fault = FAULT_SERVER;
	if (view->x->age_s == CACHECONTROL_MAX_S) {
		ruling->a = message_value(r, FIELD_AGE);
		return !slice_eq(ruling->a, SLICE("2147483648"));
	}
	ruling->a = message_value(r, FIELD_EXPIRES);
	return message_has(r, FIELD_EXPIRES) && expires_is_far(view->x);
}

/* ---- syntax ---- */

static bool
has_word_and_word(struct slice s)
{
	size_t blank = slice_find(s, ' ', 0);

	return blank < s.n && chars_are(slice_part(s, 0, blank), CHARS_TOKEN) &&
	       slice_trim(slice_from(s, blank)).n > 0;
}

static const char *
flaw_of_directive(const struct directive *d)
{
	struct slice argument = d->argument;

	if (argument.n && argument.at[0] == '"') {
		size_t end = 1;

		while (end < argument.n && argument.at[end] != '"')
			end += argument.at[end] == '\\' ? 2 : 1;
		if (end >= argument.n)
			return "unterminated-quote";
		argument = slice_from(argument, end + 1);
		if (!argument.n)
			return chars_are(d->name, CHARS_TOKEN) ? NULL : "bad-token";
	}
	if (slice_find(d->raw, ';', 0) < d->raw.n)
		return "semicolon";
	if (slice_find(d->name, ':', 0) < d->name.n)
		return "colon";
	if (has_word_and_word(d->name) || has_word_and_word(slice_trim(argument)))
		return "space-separated";
	if (!chars_are(d->name, CHARS_TOKEN))
		return "bad-token";
	if (d->bit & CC_DELTAS || !argument.n ||
		chars_are(slice_trim(argument), CHARS_TOKEN))
		return NULL;
	return "bad-token";
}

static bool
has_bad_syntax(const struct directive *d, unsigned side, struct ruling *ruling)
{
	(void)side;
	ruling->kind = flaw_of_directive(d);
	return ruling->kind != NULL;
}

static bool
find_empty(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < SIDES; side++) {
		const struct message *m = view_side(view, side);

		for (size_t i = 0;
			m && message_has(m, FIELD_CACHE_CONTROL) && i < m->field_count;
			i++) {
			if (m->fields[i].id != FIELD_CACHE_CONTROL ||
				!list_has_empty(m->fields[i].value))
				continue;
			ruling->a = m->fields[i].value;
			ruling->fault = view_sender(side);
			ruling->severity = SEVERITY_ADVICE;
			ruling->kind = slice_trim(ruling->a).n ? "empty-element"
							       : "empty-field";
			return true;
		}
	}
	return false;
}

bool
rule_cc_syntax_error(const struct view *view, struct ruling *ruling)
{
	return find(view, ruling, has_bad_syntax) || find_empty(view, ruling);
}

static bool
is_misspelt(const struct directive *d, unsigned side, struct ruling *ruling)
{
	static const struct {
		const char *wrong;
		struct slice right;
	} names[] = {
		{"maxage", SLICE_INIT("max-age")},
		{"max_age", SLICE_INIT("max-age")},
		{"max-aged", SLICE_INIT("max-age")},
		{"max-ages", SLICE_INIT("max-age")},
		{"smax-age", SLICE_INIT("s-maxage")},
		{"s-max-age", SLICE_INIT("s-maxage")},
		{"s-maxage-", SLICE_INIT("s-maxage")},
		{"smaxage", SLICE_INIT("s-maxage")},
		{"s_maxage", SLICE_INIT("s-maxage")},
		{"nocache", SLICE_INIT("no-cache")},
		{"no_cache", SLICE_INIT("no-cache")},
		{"no-chache", SLICE_INIT("no-cache")},
		{"non-cache", SLICE_INIT("no-cache")},
		{"nostore", SLICE_INIT("no-store")},
		{"no_store", SLICE_INIT("no-store")},
		{"must-revalidated", SLICE_INIT("must-revalidate")},
		{"must-revalidation", SLICE_INIT("must-revalidate")},
		{"revalidate", SLICE_INIT("must-revalidate")},
		{"mustrevalidate", SLICE_INIT("must-revalidate")},
		{"proxy-revalidated", SLICE_INIT("proxy-revalidate")},
		{"proxyrevalidate", SLICE_INIT("proxy-revalidate")},
		{"publi", SLICE_INIT("public")},
		{"pubic", SLICE_INIT("public")},
		{"privat", SLICE_INIT("private")},
		{"privte", SLICE_INIT("private")},
		{"imutable", SLICE_INIT("immutable")},
		{"immutible", SLICE_INIT("immutable")},
		{"stale-while-revalidation", SLICE_INIT("stale-while-revalidate")},
		{"stale-with-revalidate", SLICE_INIT("stale-while-revalidate")},
		{"notransform", SLICE_INIT("no-transform")},
		{"post_check", SLICE_INIT("post-check")},
		{"pre_check", SLICE_INIT("pre-check")},
	};

	(void)side;
	if (d->bit)
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!slice_eq_nocase(
			    d->name, slice_of(names[i].wrong, strlen(names[i].wrong))))
			continue;
		ruling->b = names[i].right;
		return true;
	}
	return false;
}

bool
rule_cc_unknown_spelling(const struct view *view, struct ruling *ruling)
{
	return find(view, ruling, is_misspelt);
}

/* ---- twice ---- */

/* Whether a later directive of the name says the same; `harmless` if both may be. */
static bool
is_contradicted(const struct directive *a, const struct directive *b, bool *harmless)
{
	bool same = slice_eq(a->argument, b->argument) &&
		    !a->argument.at == !b->argument.at;

	*harmless = same || a->bit == CC_NO_CACHE || a->bit == CC_PRIVATE;
	return !(a->bit == CC_IMMUTABLE);
}

static bool
judge_twice(const struct message *m, struct ruling *ruling)
{
	struct directive seen[DIRECTIVES_MAX];
	struct walk walk = {.m = m};
	unsigned count = 0;
	bool found = false;

	while (count < DIRECTIVES_MAX && walk_next(&walk, &seen[count])) {
		const struct directive *d = &seen[count++];

		for (unsigned i = 0; i + 1 < count; i++) {
			bool harmless;

			if (!slice_eq_nocase(seen[i].name, d->name) ||
				!is_contradicted(&seen[i], d, &harmless))
				continue;
			if (found && harmless)
				continue;
			found = true;
			ruling->a = seen[i].raw;
			ruling->b = d->raw;
			ruling->severity = harmless ? SEVERITY_ADVICE : SEVERITY_WARNING;
			if (!harmless)
				return true;
		}
	}
	return found;
}

bool
rule_cc_duplicate_directive(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < SIDES; side++) {
		const struct message *m = view_side(view, side);

		ruling->fault = view_sender(side);
		if (m && message_has(m, FIELD_CACHE_CONTROL) && judge_twice(m, ruling))
			return true;
	}
	return false;
}

/* ---- together ---- */

/* no-cache="Set-Cookie" and the like: about fields, not about the answer. */
static bool
is_qualified(const struct cachecontrol *cc, uint32_t bit)
{
	return cc->argued & bit;
}

bool
rule_cc_contradiction(const struct view *view, struct ruling *ruling)
{
	const struct cachecontrol *cc = &view->x->r_cc;
	uint32_t p = cc->present;
	bool no_store = p & CC_NO_STORE && !(p & CC_MUST_UNDERSTAND);
	bool no_cache = p & CC_NO_CACHE && !is_qualified(cc, CC_NO_CACHE);
	bool private = p & CC_PRIVATE && !is_qualified(cc, CC_PRIVATE);
	bool lives = cc->max_age_s > 0 || cc->s_maxage_s > 0;

	ruling->a = message_value(&view->x->r, FIELD_CACHE_CONTROL);
	ruling->kind = NULL;
	if (p & CC_PUBLIC && private)
		ruling->kind = "public-private";
	else if (no_store && (lives || p & (CC_PUBLIC | CC_IMMUTABLE)))
		ruling->kind = "no-store-stored";
	else if (no_cache && p & CC_IMMUTABLE)
		ruling->kind = "no-cache-immutable";
	else if (private && p & CC_S_MAXAGE)
		ruling->kind = "private-s-maxage";
	else if (p & CC_MUST_REVALIDATE &&
		 p & (CC_STALE_WHILE_REVALIDATE | CC_STALE_IF_ERROR))
		ruling->kind = "must-revalidate-stale";
	if (ruling->kind)
		return true;
	ruling->severity = SEVERITY_ADVICE;
	if (no_cache && !no_store && cc->max_age_s > 0)
		ruling->kind = "no-cache-lifetime";
	else if (no_store &&
		 (p & (CC_NO_CACHE | CC_MUST_REVALIDATE | CC_PRIVATE) || p & CC_MAX_AGE))
		ruling->kind = "kitchen-sink";
	return ruling->kind != NULL;
}

static bool
is_in_wrong_direction(const struct directive *d, unsigned side, struct ruling *ruling)
{
	ruling->severity = side ? SEVERITY_WARNING : SEVERITY_ADVICE;
	return is_misplaced(d->bit, side);
}

bool
rule_cc_wrong_direction(const struct view *view, struct ruling *ruling)
{
	if (!(view->x->q_cc.present & CC_RESPONSE_ONLY) &&
		!(view->x->r_cc.present & CC_REQUEST_ONLY))
		return false;
	/* That of the response weighs more. */
	for (unsigned side = SIDES; side-- > 0;) {
		struct walk walk = {.m = view_side(view, side)};
		struct directive directive;

		if (!walk.m)
			continue;
		ruling->fault = view_sender(side);
		while (walk_next(&walk, &directive)) {
			ruling->a = directive.raw;
			if (is_in_wrong_direction(&directive, side, ruling))
				return true;
		}
	}
	return false;
}

/* ---- arguments ---- */

static bool
lists_field_names(struct slice quoted)
{
	struct slice rest = slice_part(quoted, 1, quoted.n - 1), name;

	while (list_next(&rest, &name))
		if (!chars_are(name, CHARS_TOKEN))
			return false;
	return true;
}

static bool
has_wrong_argument(const struct directive *d, unsigned side, struct ruling *ruling)
{
	bool names = d->bit == CC_PRIVATE || d->bit == CC_NO_CACHE;

	if (!d->argument.at || !d->bit)
		return false;
	ruling->kind = "unexpected";
	ruling->severity = d->bit == CC_IMMUTABLE ? SEVERITY_ADVICE : SEVERITY_WARNING;
	if (d->bit & CC_BARE || (!side && d->bit == CC_NO_CACHE))
		return true;
	if (!side || !names)
		return false;
	ruling->kind = "unquoted-list";
	if (!is_quoted(d->argument))
		return chars_are(slice_trim(d->argument), CHARS_TOKEN);
	ruling->kind = "not-field-name";
	return !lists_field_names(d->argument);
}

bool
rule_cc_argument_form(const struct view *view, struct ruling *ruling)
{
	const uint32_t some = CC_BARE | CC_PRIVATE | CC_NO_CACHE;

	if (!((view->x->q_cc.argued | view->x->r_cc.argued) & some))
		return false;
	return find(view, ruling, has_wrong_argument);
}

/* ---- immutable ---- */

bool
rule_immutable_ineffective(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct freshness *f = &x->freshness;
	bool explicit = f->kind == FRESHNESS_EXPLICIT;

	if (!(parsed(view, 1)->present & CC_IMMUTABLE))
		return false;
	ruling->a = message_value(&x->r, FIELD_CACHE_CONTROL);
	ruling->n = explicit ? (uint64_t)f->lifetime_s : 0;
	if (!explicit || f->lifetime_s <= 0)
		ruling->kind = "no-lifetime";
	else if (f->lifetime_s < SHORT_S)
		ruling->kind = "short";
	else if (x->r.framing == FRAMING_CLOSE)
		ruling->kind = "close-delimited";
	else
		ruling->kind = "cleartext";
	return true;
}
