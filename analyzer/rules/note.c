#include "analyzer/rules/note.h"

#include "analyzer/base/digits.h"
#include "analyzer/http/hiding.h"
#include "parsers/http1.h"

enum {
	QUOTED_BYTES = 96 /* of a field value */
};

struct writer {
	char *at;
	size_t left; /* without the NUL */
};

static void
put_octets(struct writer *w, const char *octets, size_t n)
{
	if (n > w->left)
		n = w->left;
	memcpy(w->at, octets, n);
	w->at += n;
	w->left -= n;
}

static void
put_number(struct writer *w, uint64_t number)
{
	char digits[DIGITS_MAX];

	put_octets(w, digits, digits_of(number, digits));
}

static bool
is_printable(uint8_t octet)
{
	return octet >= ' ' && octet < 0x7f;
}

static void
put_escaped(struct writer *w, uint8_t octet)
{
	static const char digits[] = "0123456789abcdef";
	const char escaped[] = {'\\', 'x', digits[octet >> 4], digits[octet & 15]};

	put_octets(w, escaped, sizeof escaped);
}

static void
put_slice(struct writer *w, struct slice s)
{
	struct slice shown = slice_part(s, 0, QUOTED_BYTES);

	for (size_t i = 0, end; i < shown.n; i = end) {
		for (end = i; end < shown.n && is_printable(shown.at[end]); end++)
			;
		put_octets(w, (const char *)shown.at + i, end - i);
		if (end == shown.n)
			break;
		put_escaped(w, shown.at[end++]);
	}
	if (shown.n < s.n)
		put_octets(w, "...", 3);
	if (!s.at)
		put_octets(w, "none", 4);
}

/* What of a field may not be seen begins behind its name; NULL: all may. */
static const uint8_t *
secret_begin(enum redact redact, const struct field *field)
{
	struct slice name = redact_name(redact, field);

	return redact_value(redact, field).at == field->value.at ? NULL
								 : name.at + name.n;
}

/* Shows of octets that reach into a secret only what stands before it. */
static bool
put_censored(
	struct writer *w, struct slice s, enum redact redact, const struct field *field)
{
	const uint8_t *end = field->value.at + field->value.n, *begin;

	if (s.at >= end || s.at + s.n <= field->name.at)
		return false;
	begin = secret_begin(redact, field);
	if (!begin || s.at + s.n <= begin)
		return false;
	if (s.at < begin) {
		put_slice(w, slice_of(s.at, (size_t)(begin - s.at)));
		put_octets(w, ": ", 2);
	}
	put_slice(w, REDACTED);
	return true;
}

static bool
is_of_value(struct slice s, const struct field *field)
{
	return s.at >= field->value.at && s.at < field->value.at + field->value.n;
}

/* Octets of a field with a secret, or that look like a line with one. */
static bool
put_if_secret(
	struct writer *w, struct slice s, const struct view *view, enum redact redact)
{
	struct field line;
	bool is_value = false;

	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = side ? &view->x->r : &view->x->q;

		for (size_t i = 0; i < m->field_count; i++) {
			if (put_censored(w, s, redact, &m->fields[i]))
				return true;
			is_value |= is_of_value(s, &m->fields[i]);
		}
	}
	line = http1_field(s);
	return !is_value && !(line.flaws & FIELD_NO_COLON) &&
	       put_censored(w, s, redact, &line);
}

static void
put_wire(struct writer *w, struct slice s, const struct view *view, enum redact redact)
{
	struct arena scratch = {0};

	if (!s.n || !put_if_secret(w, s, view, redact))
		put_slice(w, hiding_quote(view->hiding, view->x, s, &scratch));
	arena_fini(&scratch);
}

static void
put_ago(struct writer *w, const struct view *view, const struct observation *ref)
{
	uint64_t ms = (uint64_t)(view->x->q.first.ts_ns - ref->response_ns) / 1000000;

	if (ms < 1) {
		put_octets(w, "less than 1 ms before", 21);
		return;
	}
	put_number(w, ms < 1000 ? ms : ms / 1000);
	put_slice(w, ms < 1000 ? SLICE(" ms before") : SLICE(" s before"));
}

static void
put_value(struct writer *w, struct slice name, const struct view *view,
	const struct ruling *ruling, enum redact redact)
{
	if (slice_eq(name, SLICE("n")))
		put_number(w, ruling->n);
	else if (slice_eq(name, SLICE("m")))
		put_number(w, ruling->m);
	else if (slice_eq(name, SLICE("a")))
		put_wire(w, ruling->a, view, redact);
	else if (slice_eq(name, SLICE("b")))
		put_wire(w, ruling->b, view, redact);
	else if (ruling->ref && ruling->ref->response_ns <= view->x->q.first.ts_ns)
		put_ago(w, view, ruling->ref);
	else
		put_octets(w, "before", 6);
}

void
note_format(char note[NOTE_BYTES], const char *template, const struct view *view,
	const struct ruling *ruling, enum redact redact)
{
	struct writer w = {note, NOTE_BYTES - 1};
	struct slice rest = slice_of(template, strlen(template));

	while (rest.n) {
		size_t open = slice_find(rest, '{', 0);
		size_t shut = slice_find(rest, '}', open);

		put_octets(&w, (const char *)rest.at, open);
		if (shut < rest.n)
			put_value(&w, slice_part(rest, open + 1, shut), view, ruling,
				redact);
		rest = slice_from(rest, shut + 1);
	}
	*w.at = '\0';
}
