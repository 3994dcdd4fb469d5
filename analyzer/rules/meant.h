/*
 * analyzer/rules/meant.h - lines that should begin a message and do not
 *
 * What a reader cannot take for a request or an answer may be meant as one all the same.
 * It is told by a method that everybody knows, or by the name of the protocol; anything
 * else is left alone, for it may be any protocol.
 */
#ifndef ANALYZER_RULES_MEANT_H
#define ANALYZER_RULES_MEANT_H

#include "analyzer/http/exchange.h"

enum meant {
	MEANT_NOTHING,
	MEANT_BLANK_FIRST, /* blanks before the method, or the version */
	MEANT_NO_VERSION,  /* as in HTTP/0.9; of an answer: a status alone */
	MEANT_NO_TARGET,
	MEANT_BAD_METHOD, /* no token */
	MEANT_BAD_VERSION,
	MEANT_BAD_STATUS, /* not of three digits */
	MEANT_MARKUP,	  /* content without a status line */
};

/* What the request or the answer of an exchange was meant to be, where it has none. */
enum meant meant_request(const struct exchange *x);
enum meant meant_answer(const struct exchange *x);

/* The part of the line that is wrong. */
struct slice meant_version(struct slice line);
struct slice meant_method(struct slice line);

#endif
