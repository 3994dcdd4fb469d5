/*
 * analyzer/http/redact.h - values that never leave the program
 *
 * What carries secrets is known by its name.  The value of such a field is replaced by
 * REDACTED in every output, unless the user asks for it; that of such a parameter in a
 * URL or a text is by hiding.h.
 *
 *	fields		Cookie, Set-Cookie, Authorization, Proxy-Authorization, and any
 *			other whose name has one of the words of redact.c in it
 *	parameters	any whose name has one of them in it; and in URLs any whose
 *			name is one that is too short to be looked for in others, or
 *			means other things elsewhere: key, sig, sid
 *
 * A name is read without regard to case and to what parts its words: X-Api-Key,
 * api_key and ApiKey are one.  Lock-Token is no secret [RFC4918 6.4].  The name decides
 * by its leading token, so that a broken line ("Cookie : a=b", or one without a colon)
 * keeps its secret, too.
 */
#ifndef ANALYZER_HTTP_REDACT_H
#define ANALYZER_HTTP_REDACT_H

#include "parsers/field.h"

enum redact {
	REDACT_SECRETS, /* the default */
	REDACT_NONE,
	REDACT_ALL, /* queries and addresses as well: see hiding.h */
};

/* As they are called on the command line. */
extern const char *const redact_names[3];

#define REDACTED SLICE("[redacted]")

/* The name and the value of a field as they may be printed. */
struct slice redact_name(enum redact redact, const struct field *field);
struct slice redact_value(enum redact redact, const struct field *field);

/* The value of the field is a secret. */
bool redact_is_secret(const struct field *field);

/* Each word that makes a name a secret's; empty behind the last. */
struct slice redact_word(size_t number);

/* A parameter of that name has a secret for a value. */
bool redact_is_secret_parameter(struct slice name, bool in_url);

#endif
