#include "parsers/etag.h"

#include "parsers/chars.h"

/* Index of the DQUOTE that opens a tag at the start of `s`, or s.n. */
static size_t
open_quote(struct slice s)
{
	if (s.n > 0 && s.at[0] == '"')
		return 0;
	if (s.n > 2 && octet_lower(s.at[0]) == 'w' && s.at[1] == '/' && s.at[2] == '"')
		return 2;
	return s.n;
}

/* A comma separates, and white space does if a quoted tag follows. */
static bool
is_separator(struct slice s, size_t i)
{
	if (i == s.n || s.at[i] == ',')
		return true;
	return chars_is_blank(s.at[i]) && open_quote(slice_from(s, i + 1)) < s.n - i - 1;
}

/* Where a token that is no tag ends; looked for from `i` on. */
static size_t
token_end(struct slice s, size_t i)
{
	while (!is_separator(s, i))
		i++;
	return i;
}

/*
 * Where the member at the start of `s` ends.  A DQUOTE that cannot close the tag
 * is either the next member's, if a comma lies before it, or inside a broken one.
 */
static size_t
member_end(struct slice s)
{
	size_t open = open_quote(s), close, comma;

	if (open == s.n)
		return token_end(s, 0);
	close = slice_find(s, '"', open + 1);
	if (close == s.n)
		return s.n;
	if (close + 1 == s.n || s.at[close + 1] == ',' || chars_is_blank(s.at[close + 1]))
		return close + 1;
	comma = slice_find(slice_part(s, 0, close), ',', open);
	return comma < close ? comma : token_end(s, close);
}

/* *etagc DQUOTE, from just after the opening DQUOTE to the end of `s` */
static unsigned
quoted_flaws(struct slice s)
{
	size_t close = slice_find(s, '"', 0);

	if (close == s.n)
		return ETAG_UNTERMINATED;
	if (close + 1 < s.n) {
		bool twice = close == 0 && slice_has_suffix(s, SLICE("\"\""));

		return ETAG_BAD_CHAR | ETAG_INNER_QUOTE | (twice ? ETAG_QUOTED_TWICE : 0);
	}
	for (size_t i = 0; i < close; i++)
		if (!chars_is_etagc(s.at[i]))
			return ETAG_BAD_CHAR;
	return 0;
}

static unsigned
escape_flaws(struct slice s)
{
	return slice_has_prefix(s, SLICE("\\\"")) || slice_has_prefix(s, SLICE("&quot;"))
		       ? ETAG_ESCAPED
		       : 0;
}

/* What is wrong with a token that has no opening DQUOTE in its place. */
static unsigned
unquoted_flaws(struct slice s)
{
	uint8_t first = octet_lower(s.at[0]);

	if (first == 'w' && s.n > 1 && s.at[1] == '/')
		return ETAG_WEAK_UNQUOTED | escape_flaws(slice_from(s, 2));
	if (first == 'w' && s.n > 1 && s.at[1] == '"')
		return ETAG_WEAK_SYNTAX;
	if (first == 'w' && escape_flaws(slice_from(s, 1)))
		return ETAG_WEAK_SYNTAX | ETAG_ESCAPED;
	if (first == '\'' && s.n > 1 && s.at[s.n - 1] == '\'')
		return ETAG_SINGLE_QUOTED;
	return escape_flaws(s) ? ETAG_ESCAPED : ETAG_UNQUOTED;
}

/* The tag that `raw`, not empty, is; `flaws` are those that its list gave it. */
static struct etag
tag_of(struct slice raw, unsigned flaws)
{
	size_t open = open_quote(raw);
	struct etag tag = {.raw = raw, .opaque = raw};
	unsigned own;

	tag.weak = raw.n > 1 && octet_lower(raw.at[0]) == 'w' && raw.at[1] == '/';
	if (open == raw.n)
		own = unquoted_flaws(raw);
	else
		own = quoted_flaws(slice_from(raw, open + 1));
	if (open < raw.n && raw.at[0] == 'w')
		own |= ETAG_LOWERCASE_WEAK;
	if (own == 0)
		tag.opaque = slice_part(raw, open + 1, raw.n - 1);
	tag.flaws = own | flaws;
	return tag;
}

struct etag
etag_parse(struct slice value)
{
	struct slice raw = slice_trim(value);
	size_t end = raw.n ? member_end(raw) : 0;
	struct etag tag;

	if (raw.n == 0)
		return (struct etag){.raw = raw, .opaque = raw, .flaws = ETAG_EMPTY};
	if (end == raw.n)
		return tag_of(raw, 0);
	tag = tag_of(slice_part(raw, 0, end), ETAG_SEVERAL);
	tag.raw = tag.opaque = raw;
	return tag;
}

bool
etag_next(struct slice *rest, struct etag *tag)
{
	bool blank = false, comma = false;
	struct slice s;
	size_t i, end;

	for (i = 0; i < rest->n; i++) {
		if (rest->at[i] == ',')
			comma = true;
		else if (chars_is_blank(rest->at[i]))
			blank = true;
		else
			break;
	}
	s = slice_from(*rest, i);
	end = s.n ? member_end(s) : 0;
	*rest = slice_from(s, end);
	if (s.n == 0)
		return false;
	*tag = tag_of(slice_trim(slice_part(s, 0, end)),
		blank && !comma ? ETAG_MISSING_COMMA : 0);
	return true;
}

bool
etag_is_valid(const struct etag *tag)
{
	return tag->flaws == 0;
}

bool
etag_is_malformed(const struct etag *tag)
{
	return (tag->flaws & ~(unsigned)ETAG_MISSING_COMMA) != 0;
}

bool
etag_weak_eq(const struct etag *a, const struct etag *b)
{
	if ((a->flaws | b->flaws) & ETAG_EMPTY)
		return false;
	return etag_is_malformed(a) == etag_is_malformed(b) &&
	       slice_eq(a->opaque, b->opaque);
}

bool
etag_strong_eq(const struct etag *a, const struct etag *b)
{
	return !a->weak && !b->weak && etag_weak_eq(a, b);
}

enum etag_condition_form
etag_condition(struct slice value)
{
	struct slice rest = slice_trim(value);
	bool star = false, malformed = false;
	struct etag tag;

	if (slice_eq(rest, SLICE("*")))
		return ETAG_STAR;
	if (!etag_next(&rest, &tag))
		return ETAG_LIST_EMPTY;
	do {
		if (slice_eq(tag.raw, SLICE("*")))
			star = true;
		else if (!etag_is_valid(&tag))
			malformed = true;
	} while (etag_next(&rest, &tag));
	if (star)
		return ETAG_STAR_IN_LIST;
	return malformed ? ETAG_LIST_MALFORMED : ETAG_LIST;
}

struct slice
etag_without_coding_suffix(struct slice opaque, struct slice *suffix)
{
	static const struct slice suffixes[] = {
		SLICE_INIT("-deflate"),
		SLICE_INIT("--gzip"),
		SLICE_INIT("-gzip"),
		SLICE_INIT(";gzip"),
		SLICE_INIT("-zstd"),
		SLICE_INIT("-br"),
		SLICE_INIT(";br"),
	};

	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		size_t kept = opaque.n - suffixes[i].n;

		if (opaque.n <= suffixes[i].n || !slice_has_suffix(opaque, suffixes[i]))
			continue;
		*suffix = slice_from(opaque, kept);
		return slice_part(opaque, 0, kept);
	}
	*suffix = (struct slice){NULL, 0};
	return opaque;
}
