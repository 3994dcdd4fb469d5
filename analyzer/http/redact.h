/*
 * analyzer/http/redact.h - values that never leave the program
 *
 * Cookie, Set-Cookie, Authorization and Proxy-Authorization carry secrets.  Their
 * values are replaced by REDACTED in every output, unless the user asks for them.
 * The name decides by its leading token, so that a broken line ("Cookie : a=b",
 * or one without a colon) keeps its secret, too.
 */
#ifndef ANALYZER_HTTP_REDACT_H
#define ANALYZER_HTTP_REDACT_H

#include "parsers/field.h"

enum redact {
	REDACT_SECRETS, /* the default */
	REDACT_NONE,
	REDACT_ALL, /* queries and addresses as well: see hiding.h */
};

#define REDACTED SLICE("[redacted]")

/* The name and the value of a field as they may be printed. */
struct slice redact_name(enum redact redact, const struct field *field);
struct slice redact_value(enum redact redact, const struct field *field);

#endif
