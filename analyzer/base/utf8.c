#include "analyzer/base/utf8.h"

size_t
utf8_next(struct slice s, uint32_t *code)
{
	static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t lead;
	size_t n;

	if (!s.n)
		return 0;
	lead = s.at[0];
	if (lead < 0x80) {
		*code = lead;
		return 1;
	}
	n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (lead < 0xc2 || lead > 0xf4 || s.n < n)
		return 0;
	*code = lead & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s.at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s.at[i] & 0x3f);
	}
	if (*code < smallest[n] || *code > 0x10ffff ||
		(*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return n;
}

/* Eight octets at a time: how many at the beginning are US-ASCII for sure. */
static size_t
ascii_length(struct slice s)
{
	uint64_t eight;
	size_t n = 0;

	for (; n + sizeof eight <= s.n; n += sizeof eight) {
		memcpy(&eight, s.at + n, sizeof eight);
		if (eight & UINT64_C(0x8080808080808080))
			break;
	}
	return n;
}

bool
utf8_is_valid(struct slice s)
{
	uint32_t code;

	for (;;) {
		size_t n;

		s = slice_from(s, ascii_length(s));
		if (!s.n)
			return true;
		n = utf8_next(s, &code);
		if (!n)
			return false;
		s = slice_from(s, n);
	}
}

size_t
utf8_put(uint8_t at[4], uint32_t code)
{
	if (code < 0x80) {
		at[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		at[0] = (uint8_t)(0xc0 | code >> 6);
		at[1] = (uint8_t)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		at[0] = (uint8_t)(0xe0 | code >> 12);
		at[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
		at[2] = (uint8_t)(0x80 | (code & 0x3f));
		return 3;
	}
	at[0] = (uint8_t)(0xf0 | code >> 18);
	at[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
	at[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	at[3] = (uint8_t)(0x80 | (code & 0x3f));
	return 4;
}

struct range {
	uint32_t first, last;
};

static bool
is_in(uint32_t code, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

bool
utf8_is_unsafe(uint32_t code)
{
	static const struct range unsafe[] = {
		{0x00, 0x1f},	    /* C0 */
		{0x7f, 0x9f},	    /* DEL and C1 */
		{0xad, 0xad},	    /* soft hyphen */
		{0x061c, 0x061c},   /* Arabic letter mark */
		{0x200b, 0x200f},   /* zero width, direction marks */
		{0x2028, 0x202e},   /* separators, embeddings, overrides */
		{0x2060, 0x206f},   /* invisible operators, isolates */
		{0xfeff, 0xfeff},   /* byte order mark */
		{0xfff9, 0xfffb},   /* interlinear annotations */
		{0xe0000, 0xe007f}, /* tags */
	};

	return is_in(code, unsafe, sizeof unsafe / sizeof *unsafe);
}

unsigned
utf8_columns(uint32_t code)
{
	static const struct range wide[] = {
		{0x1100, 0x115f},
		{0x2e80, 0xa4cf},
		{0xac00, 0xd7a3},
		{0xf900, 0xfaff},
		{0xfe30, 0xfe6f},
		{0xff00, 0xff60},
		{0xffe0, 0xffe6},
		{0x1f300, 0x1f64f},
		{0x1f680, 0x1f6ff},
		{0x1f900, 0x1f9ff},
		{0x20000, 0x3fffd},
	};

	return is_in(code, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}
