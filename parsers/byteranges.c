#include "parsers/byteranges.h"

#include "parsers/http1.h"
#include "parsers/range.h"

/* Up to an octet, or all. */
static struct slice
before(struct slice s, uint8_t octet)
{
	return slice_part(s, 0, slice_find(s, octet, 0));
}

struct slice
byteranges_boundary(struct slice content_type)
{
	struct slice name = SLICE("boundary="), rest = content_type;

	for (;;) {
		struct slice value;

		rest = slice_from(rest, slice_find(rest, ';', 0) + 1);
		if (!rest.n)
			return (struct slice){NULL, 0};
		value = slice_trim(rest);
		if (!slice_eq_nocase(slice_part(value, 0, name.n), name))
			continue;
		value = slice_from(value, name.n);
		if (value.n && value.at[0] == '"')
			value = before(slice_from(value, 1), '"');
		else
			value = slice_trim(before(value, ';'));
		return value.n ? value : (struct slice){NULL, 0};
	}
}

/* Whether the line is a delimiter; *last: the one that ends the parts. */
static bool
is_delimiter(const struct byteranges *b, struct slice line, bool *last)
{
	struct slice rest = slice_from(line, 2);

	if (!slice_has_prefix(line, SLICE("--")) || !slice_has_prefix(rest, b->boundary))
		return false;
	rest = slice_from(rest, b->boundary.n);
	*last = slice_has_prefix(rest, SLICE("--"));
	return *last || !slice_trim(rest).n;
}

static void
begin_part(struct byteranges *b, bool last)
{
	b->state = last ? BYTERANGES_DONE : BYTERANGES_HEAD;
	b->parts += !last;
	b->has_range = b->has_type = false;
	b->left = 0;
}

static void
break_off(struct byteranges *b, enum byteranges_flaw flaw)
{
	b->flaws |= flaw;
	b->state = BYTERANGES_BROKEN;
}

static void
take_field(struct byteranges *b, struct slice line)
{
	struct field field = http1_field(line);
	struct content_range range;

	b->has_type |= field.id == FIELD_CONTENT_TYPE;
	if (field.id != FIELD_CONTENT_RANGE ||
		!content_range_parse(field.value, &range) || range.unsatisfied)
		return;
	b->has_range = true;
	b->left = range.last - range.first + 1;
}

static void
end_head(struct byteranges *b)
{
	if (!b->has_type)
		b->flaws |= BYTERANGES_NO_TYPE;
	if (!b->has_range)
		break_off(b, BYTERANGES_NO_RANGE);
	else
		b->state = BYTERANGES_DATA;
}

static void
take_line(struct byteranges *b, struct slice line)
{
	bool last;

	switch ((enum byteranges_state)b->state) {
	case BYTERANGES_PREAMBLE:
		if (is_delimiter(b, line, &last))
			begin_part(b, last);
		break;
	case BYTERANGES_HEAD:
		if (line.n)
			take_field(b, line);
		else
			end_head(b);
		break;
	case BYTERANGES_BREAK:
		if (line.n)
			break_off(b, BYTERANGES_LENGTH);
		else
			b->state = BYTERANGES_DELIMITER;
		break;
	case BYTERANGES_DELIMITER:
		if (is_delimiter(b, line, &last))
			begin_part(b, last);
		else
			break_off(b, BYTERANGES_LENGTH);
		break;
	case BYTERANGES_DATA:
	case BYTERANGES_DONE:
	case BYTERANGES_BROKEN:
		break;
	}
}

/* Octets up to a line end, which makes the line whole. */
static size_t
feed_line(struct byteranges *b, struct slice s)
{
	size_t end = slice_find(s, '\n', 0);
	struct slice piece = slice_part(s, 0, end), line;

	piece = slice_part(piece, 0, sizeof b->line - b->line_bytes);
	memcpy(b->line + b->line_bytes, piece.at, piece.n);
	b->line_bytes += (uint8_t)piece.n;
	if (end == s.n)
		return s.n;
	line = slice_of(b->line, b->line_bytes);
	if (line.n && line.at[line.n - 1] == '\r')
		line.n--;
	b->line_bytes = 0;
	take_line(b, line);
	return end + 1;
}

/* The last delimiter may be the end of all, without a line end. */
static void
feed_end(struct byteranges *b)
{
	bool last;

	if ((b->state == BYTERANGES_PREAMBLE || b->state == BYTERANGES_DELIMITER) &&
		is_delimiter(b, slice_of(b->line, b->line_bytes), &last) && last)
		b->state = BYTERANGES_DONE;
}

void
byteranges_feed(struct byteranges *b, struct slice s)
{
	while (s.n && b->state < BYTERANGES_DONE) {
		size_t n = b->left < s.n ? (size_t)b->left : s.n;

		if (b->state != BYTERANGES_DATA) {
			s = slice_from(s, feed_line(b, s));
			continue;
		}
		b->left -= n;
		s = slice_from(s, n);
		if (!b->left)
			b->state = BYTERANGES_BREAK;
	}
	feed_end(b);
}
