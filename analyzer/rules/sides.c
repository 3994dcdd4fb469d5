#include "analyzer/rules/sides.h"

#include "analyzer/rules/view.h"
#include "parsers/http1.h"

bool
sides_find(const struct view *view, struct ruling *ruling,
	bool (*test)(
		const struct view *view, const struct message *m, struct ruling *ruling))
{
	const struct ruling before = *ruling;

	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		if (!m)
			continue;
		*ruling = before;
		ruling->fault = side ? FAULT_SERVER : FAULT_CLIENT;
		if (test(view, m, ruling))
			return true;
	}
	return false;
}

void
sides_judge_cut(const struct view *view, const struct message *m, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool answers = m == &x->r;

	if (x->closer != (answers ? CLOSER_SERVER : CLOSER_CLIENT)) {
		ruling->kind = "peer-abort";
		ruling->severity = SEVERITY_ADVICE;
	} else if (!answers) {
		ruling->kind = "cancelled";
		ruling->severity = SEVERITY_ADVICE;
	} else if (m->end == END_RST) {
		ruling->kind = "reset";
		ruling->severity = SEVERITY_WARNING;
	}
}

bool
sides_is_http10(const struct message *m)
{
	return m->major == 1 && m->minor == 0;
}

struct slice
sides_field_line(const struct field *field)
{
	const uint8_t *end = field->value.at + field->value.n;

	return slice_of(field->name.at, (size_t)(end - field->name.at));
}

struct slice
sides_last_line(const struct message *m, enum field_id id)
{
	for (size_t i = m->field_count; i > 0; i--)
		if (m->fields[i - 1].id == id)
			return m->fields[i - 1].value;
	return (struct slice){NULL, 0};
}

bool
sides_next_trailer(struct slice *rest, struct field *field)
{
	struct slice line;
	bool bare_lf;

	do {
		if (!http1_line(rest, &line, &bare_lf) || !line.n)
			return false;
		*field = http1_field(line);
	} while (field->flaws & (FIELD_NO_COLON | FIELD_BAD_NAME));
	return true;
}

bool
sides_has_trailer(const struct message *m, struct slice name)
{
	struct slice rest = m->trailer;
	struct field field;

	while (sides_next_trailer(&rest, &field))
		if (slice_eq_nocase(field.name, name))
			return true;
	return false;
}
