/* Field lines and the ends of lines [RFC9112 2.2, 5; RFC9110 5, 7.6.1]. */
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/sides.h"
#include "analyzer/rules/view.h"
#include "parsers/list.h"

enum {
	LINE_LARGE_BYTES = 8192,
	HEAD_LARGE_BYTES = 32768,
	LINES_MANY = 100,
};

/* The first field line of either message that has the flaw. */
static const struct field *
find_flaw(const struct view *view, unsigned flaws, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		for (size_t i = 0; m && i < m->field_count; i++) {
			if (!(m->fields[i].flaws & flaws))
				continue;
			ruling->fault = view_sender(side);
			ruling->a = m->fields[i].name;
			ruling->b = m->fields[i].value;
			return &m->fields[i];
		}
	}
	return NULL;
}

/* The first of the two messages that has the flaw, or NULL. */
static const struct message *
find_message(const struct view *view, enum message_flaw flaw, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		ruling->fault = view_sender(side);
		if (m && m->flaws & flaw)
			return m;
	}
	return NULL;
}

bool
rule_whitespace_before_colon(const struct view *view, struct ruling *ruling)
{
	return find_flaw(view, FIELD_SPACE_COLON, ruling) != NULL;
}

static unsigned
place_of(enum message_flaw flaw)
{
	unsigned place = 0;

	while (!(flaw >> place & 1))
		place++;
	return place;
}

static struct slice
line_around(const struct message *m, enum message_flaw flaw)
{
	size_t at = (size_t)m->flaw_at[place_of(flaw)], begin = 0, end;

	if (at > m->head.n)
		at = m->head.n;
	for (size_t i = 0; i < at; i++)
		if (m->head.at[i] == '\n')
			begin = i + 1;
	end = slice_find(m->head, '\n', at);
	if (end > begin && m->head.at[end - 1] == '\r')
		end--;
	return slice_trim(slice_part(m->head, begin, end));
}

bool
rule_obs_fold(const struct view *view, struct ruling *ruling)
{
	const struct message *m = find_message(view, MESSAGE_FOLDED, ruling);

	if (m)
		ruling->a = line_around(m, MESSAGE_FOLDED);
	return m != NULL;
}

bool
rule_whitespace_before_first_field(const struct view *view, struct ruling *ruling)
{
	const struct message *m = find_message(view, MESSAGE_BLANK_FIRST, ruling);

	if (m)
		ruling->a = line_around(m, MESSAGE_BLANK_FIRST);
	return m != NULL;
}

bool
rule_bare_lf(const struct view *view, struct ruling *ruling)
{
	const struct message *m = find_message(view, MESSAGE_BARE_LF, ruling);

	if (!m)
		return false;
	for (size_t i = 0; i < m->head.n; i++) {
		if (m->head.at[i] != '\n')
			continue;
		ruling->m++;
		ruling->n += i == 0 || m->head.at[i - 1] != '\r';
	}
	ruling->kind = ruling->n == ruling->m ? "all" : "mixed";
	if (ruling->n == ruling->m)
		ruling->severity = SEVERITY_WARNING;
	return true;
}

static bool
has_bare_cr(struct slice s)
{
	size_t at = slice_find(s, '\r', 0);

	for (; at < s.n; at = slice_find(s, '\r', at + 1))
		if (at + 1 == s.n || s.at[at + 1] != '\n')
			return true;
	return false;
}

/* A field that has one is flawed already, so that few heads are looked at. */
bool
rule_bare_cr(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		for (size_t i = 0; m && i < m->field_count; i++) {
			const struct field *field = &m->fields[i];

			if (!field->flaws ||
				(!has_bare_cr(field->value) && !has_bare_cr(field->name)))
				continue;
			ruling->fault = view_sender(side);
			ruling->a = field->name;
			ruling->b = field->value;
			return true;
		}
	}
	return false;
}

static bool
has_control(struct slice s, bool *nul)
{
	bool found = false;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];

		if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f) {
			found = true;
			*nul |= !c;
		}
	}
	return found;
}

/* Eight octets at a time: nearly every value has none. */
static bool
has_high(struct slice s)
{
	uint64_t high = 0, part;
	size_t i = 0;

	for (; i + sizeof part <= s.n; i += sizeof part) {
		memcpy(&part, s.at + i, sizeof part);
		high |= part;
	}
	for (; i < s.n; i++)
		high |= s.at[i];
	return (high & UINT64_C(0x8080808080808080)) != 0;
}

/* In tags and quoted strings such octets are allowed. */
static bool
may_be_high(const struct field *field)
{
	return field->id == FIELD_ETAG || field->id == FIELD_IF_NONE_MATCH ||
	       field->id == FIELD_IF_MATCH || field->id == FIELD_IF_RANGE ||
	       slice_find(field->value, '"', 0) < field->value.n;
}

bool
rule_control_octet_in_field(const struct view *view, struct ruling *ruling)
{
	const struct field *high = NULL;
	unsigned high_side = 0;

	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		for (size_t i = 0; m && i < m->field_count; i++) {
			const struct field *field = &m->fields[i];
			bool nul = false;

			if (!high && has_high(field->value) && !may_be_high(field)) {
				high = field;
				high_side = side;
			}
			if (!(field->flaws & FIELD_BAD_VALUE) ||
				!has_control(field->value, &nul))
				continue;
			ruling->fault = view_sender(side);
			ruling->a = field->name;
			ruling->b = field->value;
			ruling->kind = nul ? "nul" : NULL;
			return true;
		}
	}
	if (!high)
		return false;
	ruling->fault = view_sender(high_side);
	ruling->a = high->name;
	ruling->b = high->value;
	ruling->kind = "non-ascii";
	ruling->severity = SEVERITY_ADVICE;
	return true;
}

bool
rule_field_line_invalid(const struct view *view, struct ruling *ruling)
{
	const struct field *field = find_flaw(
		view, FIELD_NO_COLON | FIELD_BAD_NAME, ruling);

	if (!field)
		return false;
	ruling->a = sides_field_line(field);
	if (field->flaws & FIELD_NO_COLON)
		ruling->kind = "no-colon";
	else
		ruling->kind = field->name.n && field->name.at[0] != ':' ? "bad-name"
									 : "empty-name";
	return true;
}

static bool
is_large(const struct message *m, struct ruling *ruling)
{
	uint64_t cookies = 0, largest = 0;

	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *field = &m->fields[i];
		uint64_t bytes = field->name.n + field->value.n + 4;

		if (field->id == FIELD_COOKIE || field->id == FIELD_SET_COOKIE)
			cookies += bytes;
		if (bytes > largest) {
			largest = bytes;
			ruling->a = field->name;
		}
	}
	ruling->n = m->head_bytes;
	ruling->m = m->field_count;
	ruling->kind = 2 * cookies > m->head_bytes ? "cookie" : NULL;
	return largest > LINE_LARGE_BYTES || m->head_bytes > HEAD_LARGE_BYTES ||
	       m->field_count > LINES_MANY;
}

bool
rule_head_too_large(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		ruling->fault = view_sender(side);
		if (m &&
			(m->head_bytes > LINE_LARGE_BYTES ||
				m->field_count > LINES_MANY) &&
			is_large(m, ruling))
			return true;
	}
	return false;
}

/* ---- fields that stand once ---- */

#define F(id) FIELD_BIT(FIELD_##id)

static const uint64_t SINGLETONS = F(CONTENT_TYPE) | F(DATE) | F(ETAG) |
				   F(LAST_MODIFIED) | F(EXPIRES) | F(AGE) | F(LOCATION) |
				   F(CONTENT_LOCATION) | F(CONTENT_RANGE) |
				   F(RETRY_AFTER) | F(SERVER) | F(USER_AGENT) |
				   F(REFERER) | F(AUTHORIZATION);

static bool
is_singleton(const struct field *field)
{
	static const struct slice names[] = {SLICE_INIT("from"),
		SLICE_INIT("max-forwards"), SLICE_INIT("access-control-allow-origin")};

	if (SINGLETONS & FIELD_BIT(field->id))
		return true;
	for (size_t i = 0; field->id == FIELD_OTHER && i < sizeof names / sizeof *names;
		i++)
		if (slice_eq_nocase(field->name, names[i]))
			return true;
	return false;
}

static bool
is_validator(const struct field *field)
{
	return field->id == FIELD_ETAG || field->id == FIELD_LAST_MODIFIED ||
	       field->id == FIELD_EXPIRES;
}

/* An earlier line of the same name. */
static const struct field *
find_twin(const struct message *m, const struct field *field)
{
	for (const struct field *f = m->fields; f < field; f++)
		if (f->id == field->id && slice_eq_nocase(f->name, field->name))
			return f;
	return NULL;
}

static bool
judge_twins(const struct message *m, struct ruling *ruling)
{
	bool found = false;

	if (!(m->repeated & (SINGLETONS | F(OTHER))))
		return false;
	for (size_t i = 1; i < m->field_count; i++) {
		const struct field *field = &m->fields[i], *twin;

		if (field->id != FIELD_OTHER && !message_repeats(m, field->id))
			continue;
		if (!is_singleton(field) || !(twin = find_twin(m, field)))
			continue;
		if (found && slice_eq(field->value, twin->value))
			continue;
		found = true;
		ruling->a = field->name;
		ruling->b = field->value;
		ruling->severity = SEVERITY_WARNING;
		if (slice_eq(field->value, twin->value))
			continue;
		ruling->severity = SEVERITY_VIOLATION;
		ruling->kind = is_validator(field) ? "ambiguous-validator" : NULL;
		return true;
	}
	return found;
}

bool
rule_singleton_field_repeated(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		ruling->fault = view_sender(side);
		if (m && judge_twins(m, ruling))
			return true;
	}
	return false;
}

/* ---- Connection ---- */

/* Whether a list field has a member, over all its lines. */
static bool
lists(const struct message *m, enum field_id id, struct slice member)
{
	struct slice one;

	for (size_t i = m->first_line[id]; i && i <= m->field_count; i++) {
		struct slice rest = m->fields[i - 1].value;

		if (m->fields[i - 1].id != id)
			continue;
		while (list_next(&rest, &one))
			if (slice_eq_nocase(slice_trim(slice_part(
						    one, 0, slice_find(one, ';', 0))),
				    member))
				return true;
	}
	return false;
}

/* A field that is meant for the other end of the chain. */
static bool
is_end_to_end(struct slice name)
{
	static const struct slice names[] = {SLICE_INIT("cache-control"),
		SLICE_INIT("etag"), SLICE_INIT("if-none-match"),
		SLICE_INIT("if-modified-since"), SLICE_INIT("vary"),
		SLICE_INIT("content-length"), SLICE_INIT("host"), SLICE_INIT("cookie"),
		SLICE_INIT("authorization")};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_eq_nocase(name, names[i]))
			return true;
	return false;
}

static bool
lists_end_to_end(const struct message *m, struct ruling *ruling)
{
	struct slice forwarded = SLICE("x-forwarded-"), one;
	bool odd = false;

	for (size_t i = 0; message_has(m, FIELD_CONNECTION) && i < m->field_count; i++) {
		struct slice rest = m->fields[i].value;

		if (m->fields[i].id != FIELD_CONNECTION)
			continue;
		while (list_next(&rest, &one)) {
			if (is_end_to_end(one)) {
				ruling->a = one;
				ruling->severity = SEVERITY_VIOLATION;
				return true;
			}
			if (!odd && slice_eq_nocase(
					    slice_part(one, 0, forwarded.n), forwarded)) {
				ruling->a = one;
				ruling->severity = SEVERITY_WARNING;
				odd = true;
			}
		}
	}
	return odd;
}

/* One word, as usual, and no other field that belongs to it. */
static bool
is_usual_connection(const struct message *m)
{
	const uint64_t others = FIELD_BIT(FIELD_TE) | FIELD_BIT(FIELD_UPGRADE) |
				FIELD_BIT(FIELD_PROXY_CONNECTION);
	struct slice value = message_value(m, FIELD_CONNECTION);

	return !(m->present & others) && !message_repeats(m, FIELD_CONNECTION) &&
	       (!value.n || slice_eq_nocase(value, SLICE("keep-alive")) ||
		       slice_eq_nocase(value, SLICE("close")));
}

static const char *
misuse_of_connection(const struct message *m, struct ruling *ruling)
{
	if (is_usual_connection(m))
		return NULL;
	ruling->b = SLICE("Connection");
	if (lists_end_to_end(m, ruling))
		return "end-to-end";
	if (lists(m, FIELD_TE, SLICE("chunked"))) {
		ruling->a = message_value(m, FIELD_TE);
		ruling->b = SLICE("TE");
		return "te-chunked";
	}
	ruling->a = message_value(m, FIELD_CONNECTION);
	if (message_has(m, FIELD_TE) && !lists(m, FIELD_CONNECTION, SLICE("te")))
		return "te-unlisted";
	if (message_has(m, FIELD_UPGRADE) &&
		!lists(m, FIELD_CONNECTION, SLICE("upgrade")))
		return "upgrade-unlisted";
	ruling->severity = SEVERITY_WARNING;
	if (lists(m, FIELD_CONNECTION, SLICE("close")) &&
		lists(m, FIELD_CONNECTION, SLICE("keep-alive")))
		return "contradiction";
	ruling->severity = SEVERITY_ADVICE;
	ruling->a = message_value(m, FIELD_PROXY_CONNECTION);
	ruling->b = SLICE("Proxy-Connection");
	return message_has(m, FIELD_PROXY_CONNECTION) ? "proxy-connection" : NULL;
}

bool
rule_connection_option_misuse(const struct view *view, struct ruling *ruling)
{
	enum severity severity = ruling->severity;

	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		if (!m)
			continue;
		ruling->severity = severity;
		ruling->fault = view_sender(side);
		ruling->kind = misuse_of_connection(m, ruling);
		if (ruling->kind)
			return true;
	}
	return false;
}
