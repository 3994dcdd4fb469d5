#include "parsers/chunked.h"

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

/* The size line has ended. */
static void
chunked_begin_data(struct chunked *c)
{
	c->left = c->size;
	c->state = c->size ? CHUNKED_DATA : CHUNKED_TRAILER;
	c->size = 0;
	c->line_bytes = 0;
}

static void
chunked_size_octet(struct chunked *c, uint8_t octet)
{
	int digit = hex_digit(octet);

	if (digit >= 0) {
		if (c->size >> 59)
			c->state = CHUNKED_BROKEN;
		else
			c->state = CHUNKED_DIGITS;
		c->size = c->size << 4 | (unsigned)digit;
	} else if (c->state == CHUNKED_SIZE) {
		c->state = CHUNKED_BROKEN;
	} else if (octet == '\n') {
		chunked_begin_data(c);
	} else if (octet == '\r' || octet == ';' || octet == ' ' || octet == '\t') {
		c->state = CHUNKED_EXTENSION;
	} else {
		c->state = CHUNKED_BROKEN;
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
		if (octet == '\n')
			chunked_begin_data(c);
		break;
	case CHUNKED_DATA_CR:
		if (octet == '\r')
			c->state = CHUNKED_DATA_LF;
		else
			c->state = octet == '\n' ? CHUNKED_SIZE : CHUNKED_BROKEN;
		break;
	case CHUNKED_DATA_LF:
		c->state = octet == '\n' ? CHUNKED_SIZE : CHUNKED_BROKEN;
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
			c->state = CHUNKED_BROKEN;
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
