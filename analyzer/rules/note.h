/*
 * analyzer/rules/note.h - one line about the first instance of a finding
 *
 * A template is plain text with {n} {m} (numbers), {a} {b} (octets of the wire) and
 * {ago} (how long before the request the answer was seen that it rests on).  What
 * comes off the wire is cut to a readable length and made printable ASCII, and what is
 * secret of it is not shown.
 */
#ifndef ANALYZER_RULES_NOTE_H
#define ANALYZER_RULES_NOTE_H

#include "analyzer/http/redact.h"
#include "analyzer/rules/ruling.h"

enum {
	NOTE_BYTES = 512
};

/* NUL-terminated, whatever does not fit is left out. */
void note_format(char note[NOTE_BYTES], const char *template, const struct view *view,
	const struct ruling *ruling, enum redact redact);

#endif
