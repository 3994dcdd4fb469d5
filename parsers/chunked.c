#include "parsers/chunked.h"

#include "parsers/chars.h"

enum {
	LINE_BYTES_MAX = 16 << 10,
	TRAILER_BYTES_MAX = 64 << 10,
};

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = octet_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
chunked_break(struct chunked *c, enum chunked_flaw flaw)
{
	c->flaws |= flaw;
	c->state = CHUNKED_BROKEN;
}

/* The size line has ended. */
static void
chunked_begin_data(struct chunked *c)
{
	c->left = c->size;
	c->state = c->size ? CHUNKED_DATA : CHUNKED_TRAILER;
	c->chunks += c->size != 0;
	c->size = 0;
	c->line_bytes = 0;
	c->ext_line_bytes = 0;
	c->ext = CHUNKED_EXT_BEFORE;
	c->spaced = false;
}

/* Where a size belongs is something else. */
static void
chunked_no_size(struct chunked *c, uint8_t octet)
{
	if (octet == '+' || octet == '-')
		chunked_break(c, CHUNKED_SIGN);
	else if (chars_is_blank(octet))
		chunked_break(c, CHUNKED_LEADING_SPACE);
	else if (!c->chunks)
		chunked_break(c, CHUNKED_NOT_CHUNKED);
	else if (octet == '\r' || octet == '\n')
		chunked_break(c, CHUNKED_EMPTY_LINE);
	else
		chunked_break(c, CHUNKED_TEXT);
}

/* Right behind a digit is something else. */
static void
chunked_bad_size(struct chunked *c, uint8_t octet)
{
	if (!c->size && octet_lower(octet) == 'x')
		chunked_break(c, CHUNKED_PREFIX);
	else if (octet == '_')
		chunked_break(c, CHUNKED_UNDERSCORE);
	else
		chunked_break(c, c->chunks ? CHUNKED_TEXT : CHUNKED_NOT_CHUNKED);
}

static void chunked_ext_octet(struct chunked *c, uint8_t octet);

static void
chunked_size_octet(struct chunked *c, uint8_t octet)
{
	int digit = hex_digit(octet);

	if (digit >= 0) {
		c->state = CHUNKED_DIGITS;
		if (c->size >> 59)
			chunked_break(c, CHUNKED_OVERFLOW);
		c->size = c->size << 4 | (unsigned)digit;
	} else if (c->state == CHUNKED_SIZE) {
		chunked_no_size(c, octet);
	} else if (octet == '\n' || octet == '\r' || octet == ';' ||
		   chars_is_blank(octet)) {
		c->state = CHUNKED_EXTENSION;
		chunked_ext_octet(c, octet);
	} else {
		chunked_bad_size(c, octet);
	}
}

/*
 *	chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
 *
 * Bent ones are skipped as well: the line ends with its LF.
 */
static uint8_t
chunked_ext_next(struct chunked *c, uint8_t octet)
{
	bool blank = chars_is_blank(octet), token = chars_is_token(octet);

	switch ((enum chunked_ext)c->ext) {
	case CHUNKED_EXT_BEFORE:
		c->spaced = blank;
		if (octet == ';')
			return CHUNKED_EXT_NAME_START;
		c->flaws |= blank ? 0 : CHUNKED_TEXT;
		return CHUNKED_EXT_BEFORE;
	case CHUNKED_EXT_NAME_START:
		if (blank || token)
			return token ? CHUNKED_EXT_NAME : CHUNKED_EXT_NAME_START;
		break;
	case CHUNKED_EXT_NAME:
	case CHUNKED_EXT_NAME_END:
		if (token && c->ext == CHUNKED_EXT_NAME)
			return CHUNKED_EXT_NAME;
		if (blank)
			return CHUNKED_EXT_NAME_END;
		if (octet == ';' || octet == '=')
			return octet == ';' ? CHUNKED_EXT_NAME_START
					    : CHUNKED_EXT_VALUE_START;
		break;
	case CHUNKED_EXT_VALUE_START:
		if (blank || token)
			return token ? CHUNKED_EXT_VALUE : CHUNKED_EXT_VALUE_START;
		if (octet == '"')
			return CHUNKED_EXT_QUOTED;
		break;
	case CHUNKED_EXT_QUOTED:
		if (octet == '\\' || octet == '"')
			return octet == '"' ? CHUNKED_EXT_AFTER : CHUNKED_EXT_ESCAPED;
		if (octet >= ' ' || octet == '\t')
			return CHUNKED_EXT_QUOTED;
		break;
	case CHUNKED_EXT_ESCAPED:
		return CHUNKED_EXT_QUOTED;
	case CHUNKED_EXT_VALUE:
	case CHUNKED_EXT_AFTER:
		if (token && c->ext == CHUNKED_EXT_VALUE)
			return CHUNKED_EXT_VALUE;
		if (blank || octet == ';')
			return octet == ';' ? CHUNKED_EXT_NAME_START : CHUNKED_EXT_AFTER;
		break;
	case CHUNKED_EXT_CR:
		c->flaws |= c->ext_line_bytes ? CHUNKED_EXT_LINE_END : CHUNKED_TEXT;
		return c->ext_line_bytes ? CHUNKED_EXT_AFTER : CHUNKED_EXT_BEFORE;
	}
	c->flaws |= CHUNKED_EXT_MALFORMED;
	return octet == ';' ? CHUNKED_EXT_NAME_START : CHUNKED_EXT_AFTER;
}

/* The line ends here, at CR or LF. */
static void
chunked_ext_end(struct chunked *c)
{
	if (c->ext == CHUNKED_EXT_BEFORE)
		c->flaws |= c->spaced ? CHUNKED_TRAILING_SPACE : 0;
	else if (c->ext == CHUNKED_EXT_NAME_START || c->ext == CHUNKED_EXT_VALUE_START ||
		 c->ext == CHUNKED_EXT_QUOTED || c->ext == CHUNKED_EXT_ESCAPED)
		c->flaws |= CHUNKED_EXT_MALFORMED;
}

static void
chunked_ext_octet(struct chunked *c, uint8_t octet)
{
	if (octet == '\n') {
		if (c->ext != CHUNKED_EXT_CR) {
			chunked_ext_end(c);
			c->flaws |= c->ext_line_bytes ? CHUNKED_EXT_LINE_END
						      : CHUNKED_BARE_LF;
		}
		chunked_begin_data(c);
		return;
	}
	if (octet == '\r' && c->ext != CHUNKED_EXT_CR) {
		chunked_ext_end(c);
		c->ext = CHUNKED_EXT_CR;
		return;
	}
	c->ext = chunked_ext_next(c, octet);
	if (c->ext == CHUNKED_EXT_BEFORE)
		return;
	c->flaws |= CHUNKED_EXT;
	c->ext_bytes++;
	if (++c->ext_line_bytes > c->ext_longest)
		c->ext_longest = c->ext_line_bytes;
}

/* Where the line end behind the data belongs. */
static void
chunked_data_end(struct chunked *c, uint8_t octet)
{
	if (octet == '\n') {
		c->flaws |= c->state == CHUNKED_DATA_CR ? CHUNKED_DATA_BARE_LF : 0;
		c->state = CHUNKED_SIZE;
	} else if (octet == '\r' && c->state == CHUNKED_DATA_CR) {
		c->state = CHUNKED_DATA_LF;
	} else {
		chunked_break(
			c, hex_digit(octet) >= 0 ? CHUNKED_MISSING_CRLF : CHUNKED_SPILL);
	}
}

static void
chunked_octet(struct chunked *c, uint8_t octet)
{
	switch (c->state) {
	case CHUNKED_SIZE:
	case CHUNKED_DIGITS:
		chunked_size_octet(c, octet);
		break;
	case CHUNKED_EXTENSION:
		chunked_ext_octet(c, octet);
		break;
	case CHUNKED_DATA_CR:
	case CHUNKED_DATA_LF:
		chunked_data_end(c, octet);
		break;
	case CHUNKED_TRAILER:
		if (octet == '\n')
			c->state = CHUNKED_DONE;
		else
			c->state = octet == '\r' ? CHUNKED_TRAILER_LF
						 : CHUNKED_TRAILER_LINE;
		break;
	case CHUNKED_TRAILER_LF:
		c->state = octet == '\n' ? CHUNKED_DONE : CHUNKED_TRAILER_LINE;
		break;
	case CHUNKED_TRAILER_LINE:
		if (octet == '\n')
			c->state = CHUNKED_TRAILER;
		break;
	}
}

size_t
chunked_framing(struct chunked *c, struct slice s)
{
	size_t n = 0;

	while (n < s.n && c->state < CHUNKED_DONE && c->state != CHUNKED_DATA) {
		bool trailer = c->state >= CHUNKED_TRAILER;
		uint8_t was = c->state;

		chunked_octet(c, s.at[n]);
		if (c->state == CHUNKED_BROKEN)
			break;
		n++;
		if (was == CHUNKED_DATA_CR || was == CHUNKED_DATA_LF)
			c->line_bytes = 0;
		else if (++c->line_bytes > (trailer ? TRAILER_BYTES_MAX : LINE_BYTES_MAX))
			chunked_break(c, CHUNKED_TOO_LONG);
		if (c->state == CHUNKED_TRAILER && !trailer)
			break;
	}
	return n;
}

void
chunked_content(struct chunked *c, uint64_t n)
{
	c->left -= n;
	if (!c->left)
		c->state = CHUNKED_DATA_CR;
}
