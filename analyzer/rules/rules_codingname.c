/* Names of content codings in fields [RFC9110 8.4.1, 12.5.3, 12.4.2; RFC9842 6.2]. */
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"
#include "parsers/coding.h"
#include "parsers/list.h"
#include "parsers/vary.h"

static bool
is_registered(struct slice name)
{
	static const struct slice names[] = {SLICE_INIT("dcb"), SLICE_INIT("dcz"),
		SLICE_INIT("aes128gcm"), SLICE_INIT("exi"), SLICE_INIT("pack200-gzip")};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_eq_nocase(name, names[i]))
			return true;
	return coding_parse(name) != CODING_UNKNOWN;
}

static bool
is_charset(struct slice name)
{
	static const struct slice begins[] = {SLICE_INIT("utf"), SLICE_INIT("iso-8859"),
		SLICE_INIT("iso8859"), SLICE_INIT("us-ascii"), SLICE_INIT("ascii"),
		SLICE_INIT("latin"), SLICE_INIT("windows-"), SLICE_INIT("cp125"),
		SLICE_INIT("gb2312"), SLICE_INIT("gbk"), SLICE_INIT("gb18030"),
		SLICE_INIT("big5"), SLICE_INIT("shift_jis"), SLICE_INIT("shift-jis"),
		SLICE_INIT("euc-"), SLICE_INIT("koi8")};

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (slice_eq_nocase(slice_part(name, 0, begins[i].n), begins[i]))
			return true;
	return false;
}

static const char *
oddity_of(struct slice name)
{
	if (!chars_are(name, CHARS_TOKEN))
		return "syntax";
	if (slice_eq_nocase(name, SLICE("chunked")))
		return "chunked";
	if (is_charset(name))
		return "charset";
	if (!is_registered(name))
		return "unknown";
	return slice_eq_nocase(name, SLICE("identity")) ? "identity" : NULL;
}

static const char *
oddity_of_names(const struct message *m)
{
	for (size_t i = 0; i < m->field_count; i++) {
		struct slice rest = m->fields[i].value, member;

		if (m->fields[i].id != FIELD_CONTENT_ENCODING)
			continue;
		while (list_next(&rest, &member))
			if (oddity_of(member))
				return oddity_of(member);
	}
	return NULL;
}

static bool
is_bodyless(const struct view *view, const struct message *m)
{
	return m->status == 204 || m->status == 205 ||
	       (m->length == 0 && view->x->method != METHOD_HEAD);
}

bool
rule_content_encoding_odd(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		if (!m || !message_has(m, FIELD_CONTENT_ENCODING) || m->status == 304)
			continue;
		ruling->a = message_value(m, FIELD_CONTENT_ENCODING);
		ruling->fault = view_sender(side);
		ruling->kind = oddity_of_names(m);
		if (ruling->kind)
			return true;
		ruling->severity = SEVERITY_ADVICE;
		ruling->kind = "on-bodyless";
		if (is_bodyless(view, m))
			return true;
		ruling->kind = "repeated-lines";
		if (message_repeats(m, FIELD_CONTENT_ENCODING))
			return true;
		ruling->severity = SEVERITY_WARNING;
	}
	return false;
}

/* `0.5`, whatever the number of digits: meant as a weight. */
static bool
is_decimal(struct slice s)
{
	size_t point = slice_find(s, '.', 0);
	struct slice decimals = slice_from(s, point + 1);

	return chars_are(slice_part(s, 0, point), CHARS_DIGIT) &&
	       (!decimals.n || chars_are(decimals, CHARS_DIGIT));
}

/* A weight is 0 to 1, with three decimals at most.  [RFC9110 12.4.2] */
static bool
is_weight(struct slice s)
{
	if (!is_decimal(s) || s.n > 5 || (s.n > 1 && s.at[1] != '.'))
		return false;
	for (size_t i = 2; s.at[0] == '1' && i < s.n; i++)
		if (s.at[i] != '0')
			return false;
	return s.at[0] == '0' || s.at[0] == '1';
}

/* What is behind the name of a member. */
static const char *
oddity_of_weight(struct slice rest)
{
	rest = slice_trim(rest);
	if (!rest.n)
		return NULL;
	rest = slice_trim(slice_from(rest, 1)); /* the semicolon */
	if (!slice_eq_nocase(slice_part(rest, 0, 2), SLICE("q=")) ||
		!is_decimal(slice_from(rest, 2)))
		return "syntax";
	return is_weight(slice_from(rest, 2)) ? NULL : "q-range";
}

static const char *
oddity_of_accepted(struct slice value, unsigned *members)
{
	const char *oddity = NULL;
	struct slice member;

	for (*members = 0; !oddity && list_next(&value, &member); ++*members) {
		size_t end = slice_find(member, ';', 0);
		struct slice name = slice_trim(slice_part(member, 0, end));

		if (!chars_are(name, CHARS_TOKEN))
			oddity = "syntax";
		else if (slice_eq_nocase(name, SLICE("chunked")))
			oddity = "chunked-listed";
		else
			oddity = oddity_of_weight(slice_from(member, end));
	}
	return oddity;
}

static bool
excludes_all(struct slice value)
{
	return slice_has_prefix(value, SLICE("*")) &&
	       !coding_accepted(value, CODING_IDENTITY);
}

/* As browsers and tools send it. */
static bool
is_usual_list(struct slice value)
{
	static const struct slice usual[] = {SLICE_INIT("gzip, deflate, br"),
		SLICE_INIT("gzip, deflate"), SLICE_INIT("gzip, deflate, br, zstd"),
		SLICE_INIT("gzip"), SLICE_INIT("identity")};

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (slice_eq(value, usual[i]))
			return true;
	return false;
}

bool
rule_accept_encoding_invalid(const struct view *view, struct ruling *ruling)
{
	struct arena scratch = {0};
	struct slice value = message_values(&view->x->q, FIELD_ACCEPT_ENCODING, &scratch);
	unsigned members;

	if (is_usual_list(value))
		return false;
	ruling->a = message_value(&view->x->q, FIELD_ACCEPT_ENCODING);
	ruling->kind = oddity_of_accepted(value, &members);
	if (!ruling->kind && members == 1 && excludes_all(value)) {
		ruling->kind = "wildcard-only-zero";
		ruling->severity = SEVERITY_ADVICE;
	}
	arena_fini(&scratch);
	return ruling->kind != NULL;
}

static bool
names_dictionary(const struct message *r)
{
	for (size_t i = 0; i < r->field_count; i++) {
		struct slice rest = r->fields[i].value, member;

		if (r->fields[i].id != FIELD_CONTENT_ENCODING)
			continue;
		while (list_next(&rest, &member))
			if (slice_eq_nocase(member, SLICE("dcb")) ||
				slice_eq_nocase(member, SLICE("dcz")))
				return true;
	}
	return false;
}

bool
rule_dictionary_vary_missing(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct arena scratch = {0};
	struct slice vary;
	bool missing;

	if (!message_has(r, FIELD_CONTENT_ENCODING) || !names_dictionary(r) ||
		!view->x->freshness.storable)
		return false;
	vary = message_values(r, FIELD_VARY, &scratch);
	missing = !vary_is_star(vary) &&
		  !(vary_has(vary, SLICE("available-dictionary")) &&
			  vary_has(vary, SLICE("accept-encoding")));
	arena_fini(&scratch);
	ruling->a = message_value(r, FIELD_CONTENT_ENCODING);
	ruling->b = message_value(r, FIELD_VARY);
	return missing;
}
