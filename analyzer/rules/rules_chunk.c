/* The chunked coding and its trailers [RFC9112 7.1; RFC9110 6.5]. */
#include "analyzer/config.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/sides.h"
#include "parsers/list.h"

enum {
	EXTENSION_LONG_BYTES = 256,
	EXTENSIONS_LONG_BYTES = 16 << 10, /* of a message */
};

struct flaw {
	enum chunked_flaw flaw;
	enum severity severity;
	const char *kind;
};

/* Chunks that were seen without holes, so that what is bent in them is the sender's. */
static bool
has_chunks(const struct message *m)
{
	return m->framing == FRAMING_CHUNKED && !m->gap_bytes && !m->snapped_bytes;
}

/* The first of the flaws that the chunks have. */
static bool
find_flaw(const struct message *m, const struct flaw *flaws, size_t count,
	struct ruling *ruling)
{
	if (!has_chunks(m))
		return false;
	ruling->n = m->chunked.chunks;
	ruling->m = m->content_bytes;
	for (size_t i = 0; i < count; i++)
		if (m->chunked.flaws & flaws[i].flaw) {
			ruling->kind = flaws[i].kind;
			ruling->severity = flaws[i].severity;
			return true;
		}
	return false;
}

static bool
is_bad_size(const struct view *view, const struct message *m, struct ruling *ruling)
{
	static const struct flaw flaws[] = {
		{CHUNKED_NOT_CHUNKED, SEVERITY_VIOLATION, "not-chunked"},
		{CHUNKED_PREFIX, SEVERITY_VIOLATION, "prefix"},
		{CHUNKED_SIGN, SEVERITY_VIOLATION, "sign"},
		{CHUNKED_LEADING_SPACE, SEVERITY_VIOLATION, "leading-space"},
		{CHUNKED_UNDERSCORE, SEVERITY_VIOLATION, "underscore"},
		{CHUNKED_EMPTY_LINE, SEVERITY_VIOLATION, "empty-line"},
		{CHUNKED_TEXT, SEVERITY_VIOLATION, "text"},
		{CHUNKED_BARE_LF, SEVERITY_VIOLATION, "bare-lf"},
		{CHUNKED_OVERFLOW, SEVERITY_WARNING, "overflow"},
		{CHUNKED_TRAILING_SPACE, SEVERITY_WARNING, "trailing-space"},
	};

	(void)view;
	return find_flaw(m, flaws, sizeof flaws / sizeof *flaws, ruling);
}

bool
rule_chunk_size_invalid(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_bad_size);
}

static bool
is_overrun(const struct view *view, const struct message *m, struct ruling *ruling)
{
	static const struct flaw flaws[] = {
		{CHUNKED_MISSING_CRLF, SEVERITY_VIOLATION, "missing-crlf"},
		{CHUNKED_SPILL, SEVERITY_VIOLATION, "spill"},
		{CHUNKED_DATA_BARE_LF, SEVERITY_VIOLATION, "bare-lf"},
	};

	(void)view;
	return find_flaw(m, flaws, sizeof flaws / sizeof *flaws, ruling);
}

bool
rule_chunk_data_overrun(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_overrun);
}

static bool
is_extension(const struct view *view, const struct message *m, struct ruling *ruling)
{
	static const struct flaw flaws[] = {
		{CHUNKED_EXT_LINE_END, SEVERITY_VIOLATION, "line-terminator"},
		{CHUNKED_EXT_MALFORMED, SEVERITY_VIOLATION, "malformed"},
		{CHUNKED_EXT, SEVERITY_ADVICE, "present"},
	};

	(void)view;
	if (!find_flaw(m, flaws, sizeof flaws / sizeof *flaws, ruling))
		return false;
	ruling->m = m->chunked.ext_bytes;
	if (ruling->severity == SEVERITY_ADVICE &&
		(m->chunked.ext_longest > EXTENSION_LONG_BYTES ||
			m->chunked.ext_bytes > EXTENSIONS_LONG_BYTES)) {
		ruling->kind = "long";
		ruling->severity = SEVERITY_WARNING;
	}
	return true;
}

bool
rule_chunk_extension(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_extension);
}

static const char *
kind_of_end(const struct message *m)
{
	if (m->chunked.state < CHUNKED_DATA)
		return "no-last-chunk";
	return m->chunked.state >= CHUNKED_TRAILER ? "no-final-crlf" : "mid-chunk";
}

static bool
is_unterminated(const struct view *view, const struct message *m, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool answers = m == &x->r;

	if (!has_chunks(m) || !message_is_cut_off(m) || x->one_sided ||
		(!answers && x->has_response))
		return false;
	ruling->n = m->content_bytes;
	ruling->kind = kind_of_end(m);
	sides_judge_cut(view, m, ruling);
	return true;
}

bool
rule_chunked_unterminated(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_unterminated);
}

/* ---- trailers ---- */

/* Fields that frame, route, say what the content is, or who may have it. */
static bool
is_forbidden(const struct field *field)
{
	static const enum field_id ids[] = {FIELD_TRANSFER_ENCODING, FIELD_CONTENT_LENGTH,
		FIELD_HOST, FIELD_CONTENT_ENCODING, FIELD_CONTENT_TYPE,
		FIELD_CONTENT_RANGE, FIELD_TRAILER, FIELD_CONNECTION, FIELD_TE,
		FIELD_AUTHORIZATION, FIELD_PROXY_AUTHORIZATION, FIELD_SET_COOKIE,
		FIELD_COOKIE, FIELD_CACHE_CONTROL, FIELD_EXPIRES, FIELD_AGE, FIELD_DATE,
		FIELD_VARY, FIELD_LOCATION, FIELD_RETRY_AFTER, FIELD_EXPECT, FIELD_RANGE,
		FIELD_IF_MATCH, FIELD_IF_NONE_MATCH, FIELD_IF_MODIFIED_SINCE,
		FIELD_IF_UNMODIFIED_SINCE, FIELD_IF_RANGE, FIELD_IF};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (field->id == ids[i])
			return true;
	return slice_eq_nocase(field->name, SLICE("max-forwards"));
}

static bool
has_forbidden(const struct view *view, const struct message *m, struct ruling *ruling)
{
	struct slice rest = m->trailer;
	struct field field;

	(void)view;
	while (sides_next_trailer(&rest, &field))
		if (is_forbidden(&field)) {
			ruling->a = sides_field_line(&field);
			return true;
		}
	return false;
}

bool
rule_trailer_forbidden_field(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, has_forbidden);
}

static bool
is_announced(const struct message *m, struct slice name)
{
	for (size_t i = 0; i < m->field_count; i++) {
		struct slice rest = m->fields[i].value, element;

		if (m->fields[i].id != FIELD_TRAILER)
			continue;
		while (list_next(&rest, &element))
			if (slice_eq_nocase(element, name))
				return true;
	}
	return false;
}

static bool
has_unannounced(const struct message *m, struct ruling *ruling)
{
	struct slice rest = m->trailer;
	struct field field;

	ruling->kind = "unannounced";
	while (sides_next_trailer(&rest, &field)) {
		ruling->b = field.name;
		if (!is_announced(m, field.name))
			return true;
	}
	return false;
}

static bool
has_unsent(const struct message *m, struct ruling *ruling)
{
	ruling->kind = "never-sent";
	if (!m->complete || m->trailer.n == CONFIG_TRAILER_BYTES)
		return false;
	for (size_t i = 0; i < m->field_count; i++) {
		struct slice rest = m->fields[i].value;

		if (m->fields[i].id != FIELD_TRAILER)
			continue;
		while (list_next(&rest, &ruling->b))
			if (!sides_has_trailer(m, ruling->b))
				return true;
	}
	return false;
}

static bool
is_announcement(const struct view *view, const struct message *m, struct ruling *ruling)
{
	bool answers = m == &view->x->r;

	if (answers && (m->status == 304 || view->x->method == METHOD_HEAD))
		return false;
	ruling->a = message_value(m, FIELD_TRAILER);
	if (m->framing == FRAMING_CHUNKED)
		return has_chunks(m) &&
		       (has_unannounced(m, ruling) || has_unsent(m, ruling));
	ruling->kind = "without-chunked";
	ruling->severity = SEVERITY_WARNING;
	return message_has(m, FIELD_TRAILER);
}

bool
rule_trailer_announcement(const struct view *view, struct ruling *ruling)
{
	return sides_find(view, ruling, is_announcement);
}
