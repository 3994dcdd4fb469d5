/*
 * analyzer/rules/sides.h - rules about a message, whichever of the two it is
 *
 * The request is asked about first.  Who sent the message has the fault.
 */
#ifndef ANALYZER_RULES_SIDES_H
#define ANALYZER_RULES_SIDES_H

#include "analyzer/rules/ruling.h"

bool sides_find(const struct view *view, struct ruling *ruling,
	bool (*test)(
		const struct view *view, const struct message *m, struct ruling *ruling));

/* Of a message that was cut off: the other side went away, or the client gave up, or the
 * server reset it.  Otherwise kind and severity stay. */
void sides_judge_cut(
	const struct view *view, const struct message *m, struct ruling *ruling);

bool sides_is_http10(const struct message *m);

/* What stands in one line, from the name to the end of the value. */
struct slice sides_field_line(const struct field *field);

/* The last line of a field. */
struct slice sides_last_line(const struct message *m, enum field_id id);

/* Takes the next whole field off a trailer section, and lines that are none with it. */
bool sides_next_trailer(struct slice *rest, struct field *field);

/* A field is among the trailers. */
bool sides_has_trailer(const struct message *m, struct slice name);

#endif
