/*
 * parsers/field.h - field lines, and the names that anybody asks for
 *
 *	field-line = field-name ":" OWS field-value OWS		[RFC9112 5]
 *
 * The ids come from field.def.  A name that nobody asks for is FIELD_OTHER; it
 * is kept as sent all the same.
 */
#ifndef PARSERS_FIELD_H
#define PARSERS_FIELD_H

#include "parsers/slice.h"

enum field_id {
	FIELD_OTHER,
#define FIELD(id, name) FIELD_##id,
#include "parsers/field.def"
#undef FIELD
	FIELD_COUNT
};

/* What is wrong with one field line.  Flaws are data: rules judge them. */
enum field_flaw {
	FIELD_SPACE_COLON = 1 << 0, /* white space before the colon [RFC9112 5.1] */
	FIELD_BAD_NAME = 1 << 1,    /* not a token, or empty */
	FIELD_BAD_VALUE = 1 << 2,   /* NUL or another control octet */
	FIELD_NO_COLON = 1 << 3,    /* the whole line is the name */
};

struct field {
	struct slice name, value; /* the value without OWS around it */
	uint8_t id;		  /* enum field_id */
	uint8_t flaws;
	bool plain; /* the value is of VCHAR and SP alone */
};

/* Sets of ids fit into one word. */
_Static_assert(FIELD_COUNT <= 64, "a bit for each field");

#define FIELD_BIT(id) (UINT64_C(1) << (id))

/* The id of a name, without regard to case. */
enum field_id field_find(struct slice name);

/*
 * The name becomes `other`, which is in lower case, where _ is read as - and blanks and
 * control octets are taken out, as gateways do that make variables of fields.
 */
bool field_looks_like(struct slice name, struct slice other);

/* The name of an id in lower case. */
struct slice field_name(enum field_id id);

#endif
