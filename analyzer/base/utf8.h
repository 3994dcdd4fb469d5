/*
 * analyzer/base/utf8.h - octets of the wire as characters, or not
 *
 * UTF-8 as in RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * Cost: one pass, no allocation.
 */
#ifndef ANALYZER_BASE_UTF8_H
#define ANALYZER_BASE_UTF8_H

#include "parsers/slice.h"

/* Length of the character at s.at[0] and its code point; 0 if it is not UTF-8. */
size_t utf8_next(struct slice s, uint32_t *code);
bool utf8_is_valid(struct slice s);

/* Writes a code point <= U+10FFFF; its length, 1 to 4. */
size_t utf8_put(uint8_t at[4], uint32_t code);

/*
 * Characters that make a terminal, or a reader, see something else than what is
 * there: controls (C0, DEL, C1), line separators, and those that turn the
 * direction of writing.
 */
bool utf8_is_unsafe(uint32_t code);

/* Columns on a terminal: 2 for wide East Asian characters and emoji, else 1. */
unsigned utf8_columns(uint32_t code);

#endif
