#include "analyzer/http/misread.h"

#include "parsers/chars.h"

/* Text of a client, or of a server that was asked something. */
static bool
may_be_misread(const struct conn *c, unsigned direction, struct slice s)
{
	bool due = c->client < 0 || direction == (unsigned)c->client || c->pending.count;

	return due && s.n &&
	       (chars_is_token(s.at[0]) || chars_is_blank(s.at[0]) || s.at[0] == '<');
}

void
misread_begin(struct conn *c, unsigned direction, uint64_t offset, struct slice s)
{
	struct reader *r = &c->reader[direction];

	if (!may_be_misread(c, direction, s))
		return;
	if (!r->misread)
		r->misread = mem_alloc(sizeof *r->misread);
	r->misread->begin = offset;
	r->misread->bytes = 0;
}

void
misread_forget(struct reader *r)
{
	mem_free(r->misread);
	r->misread = NULL;
}

void
misread_add(struct reader *r, uint64_t offset, struct slice s)
{
	struct misread *misread = r->misread;
	uint64_t next;

	if (!misread)
		return;
	next = misread->begin + misread->bytes;
	if (offset > next || next - offset >= s.n)
		return;
	s = slice_part(slice_from(s, (size_t)(next - offset)), 0,
		sizeof misread->octets - misread->bytes);
	memcpy(misread->octets + misread->bytes, s.at, s.n);
	misread->bytes += (uint8_t)s.n;
}

void
misread_give(struct reader *r, struct exchange *x)
{
	struct slice text = slice_of(r->misread->octets, r->misread->bytes), line = text;
	bool bare_lf;

	http1_line(&text, &line, &bare_lf);
	x->misread = arena_copy(&x->arena, line);
	misread_forget(r);
}
