#include "parsers/coding.h"

#include "parsers/list.h"

static const struct {
	struct slice name;
	enum coding coding;
} codings[] = {
	{SLICE_INIT("identity"), CODING_IDENTITY},
	{SLICE_INIT("gzip"), CODING_GZIP},
	{SLICE_INIT("x-gzip"), CODING_GZIP},
	{SLICE_INIT("deflate"), CODING_DEFLATE},
	{SLICE_INIT("br"), CODING_BROTLI},
	{SLICE_INIT("zstd"), CODING_ZSTD},
	{SLICE_INIT("compress"), CODING_COMPRESS},
	{SLICE_INIT("x-compress"), CODING_COMPRESS},
};

enum coding
coding_parse(struct slice token)
{
	for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++)
		if (slice_eq_nocase(token, codings[i].name))
			return codings[i].coding;
	return CODING_UNKNOWN;
}

size_t
coding_list(struct slice content_encoding, enum coding *out, size_t max)
{
	struct slice member;
	size_t count = 0;

	while (list_next(&content_encoding, &member)) {
		enum coding coding = coding_parse(member);

		if (coding == CODING_IDENTITY)
			continue;
		if (count < max)
			out[count++] = coding;
		else if (max)
			out[max - 1] = CODING_UNKNOWN;
	}
	return count;
}

/* Whether `weight`, what follows the coding's name, is a q of zero.  [RFC9110 12.4.2] */
static bool
weight_is_zero(struct slice weight)
{
	size_t digits;

	weight = slice_trim(weight);
	if (!slice_has_prefix(weight, SLICE(";")))
		return false;
	weight = slice_trim(slice_from(weight, 1));
	if (!slice_eq_nocase(slice_part(weight, 0, 2), SLICE("q=")))
		return false;
	weight = slice_from(weight, 2);
	if (slice_eq(weight, SLICE("0")))
		return true;
	if (!slice_has_prefix(weight, SLICE("0.")))
		return false;
	weight = slice_from(weight, 2);
	for (digits = 0; digits < weight.n && weight.at[digits] == '0'; digits++)
		;
	return digits == weight.n && digits <= 3;
}

bool
coding_accepted(struct slice accept_encoding, enum coding coding)
{
	bool star_seen = false, star = false;
	struct slice member;

	while (list_next(&accept_encoding, &member)) {
		size_t end = slice_find(member, ';', 0);
		struct slice name = slice_trim(slice_part(member, 0, end));
		bool accepted = !weight_is_zero(slice_from(member, end));

		if (slice_eq(name, SLICE("*"))) {
			if (!star_seen)
				star = accepted;
			star_seen = true;
		} else if (coding != CODING_UNKNOWN && coding_parse(name) == coding) {
			return accepted;
		}
	}
	if (star_seen)
		return star;
	return coding == CODING_IDENTITY;
}
