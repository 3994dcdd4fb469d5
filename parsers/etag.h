/*
 * parsers/etag.h - entity tags, as in ETag, If-Match, If-None-Match, If-Range
 *
 *	entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE	[RFC9110 8.8.3]
 *
 * A tag on the wire is evidence.  Parsing therefore never fails: octets that do
 * not match the grammar come back as a tag whose `flaws` say what is wrong, so
 * that one caller can report the flaw and another can still compare the tag.
 * A malformed tag is an opaque token: it equals its own echo, octet for octet,
 * and no well-formed tag.
 *
 * A comma or a backslash between the quotes belongs to the tag; there is no
 * escaping.  A DQUOTE closes the tag if a comma, white space or the end follows;
 * otherwise it is a flaw inside one token, which then reaches to the next comma
 * ("a""b" is one such token, and so is ""a"").  `"a" "b"` is two tags, the second
 * with ETAG_MISSING_COMMA; its octets are a tag's all the same.
 *
 * Lifetime: every slice points into the field value given by the caller.
 * Cost: linear for all calls together, no allocation.
 */
#ifndef PARSERS_ETAG_H
#define PARSERS_ETAG_H

#include "parsers/slice.h"

enum etag_flaw {
	ETAG_UNQUOTED = 1 << 0,	      /* v1 */
	ETAG_SINGLE_QUOTED = 1 << 1,  /* 'v1' */
	ETAG_LOWERCASE_WEAK = 1 << 2, /* w/"v1" */
	ETAG_WEAK_UNQUOTED = 1 << 3,  /* W/v1 */
	ETAG_MISSING_COMMA = 1 << 4,  /* white space, not a comma, before this tag */
	ETAG_BAD_CHAR = 1 << 5,	      /* blank, control or DQUOTE between the quotes */
	ETAG_UNTERMINATED = 1 << 6,   /* "v1 */
	ETAG_EMPTY = 1 << 7,	      /* no octet at all; "" is a valid tag */
	ETAG_WEAK_SYNTAX = 1 << 8,    /* W"v1", W\"v1\" */
	ETAG_ESCAPED = 1 << 9,	      /* \"v1\", &quot;v1&quot; */
	ETAG_INNER_QUOTE = 1 << 10,   /* "v"1"; together with ETAG_BAD_CHAR */
	ETAG_QUOTED_TWICE = 1 << 11,  /* ""v1""; together with the two above */
	ETAG_SEVERAL = 1 << 12,	      /* etag_parse() only: more than one tag */
};

struct etag {
	struct slice raw;    /* the tag as sent; in a list without its comma */
	struct slice opaque; /* between the quotes; raw if malformed */
	bool weak;	     /* W/, and malformed tags that begin with W/ or w/ */
	unsigned flaws;	     /* of enum etag_flaw */
};

/* The single tag of an ETag or If-Range value. */
struct etag etag_parse(struct slice value);

/*
 * Takes the next member off *rest, which at first is a whole value without outer
 * white space.  Empty members are skipped.  `*` comes back as an unquoted tag: ask
 * etag_condition() first.
 */
bool etag_next(struct slice *rest, struct etag *tag);

/* Both not weak, and the same.  [RFC9110 8.8.3.2] */
bool etag_strong_eq(const struct etag *a, const struct etag *b);

/* The same but for W/. */
bool etag_weak_eq(const struct etag *a, const struct etag *b);

/* No flaw. */
bool etag_is_valid(const struct etag *tag);

/* Its own octets are no tag, wherever it stands. */
bool etag_is_malformed(const struct etag *tag);

enum etag_condition_form {
	ETAG_LIST_EMPTY,   /* no member */
	ETAG_LIST,	   /* well-formed tags only */
	ETAG_STAR,	   /* `*` and nothing else */
	ETAG_STAR_IN_LIST, /* `*` with other members; "*" is an ordinary tag */
	ETAG_LIST_MALFORMED,
};

/* What the value of If-Match or If-None-Match is, its lines joined with ", ". */
enum etag_condition_form etag_condition(struct slice value);

/*
 * The opaque part without the one suffix by which a compressor marked it, such as
 * -gzip, and in *suffix what was cut off; {NULL, 0} if nothing was.  At least one
 * octet is left.
 */
struct slice etag_without_coding_suffix(struct slice opaque, struct slice *suffix);

#endif
