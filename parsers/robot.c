#include "parsers/robot.h"

#include "parsers/chars.h"

static const struct slice names[] = {
	[ROBOT_NONE] = {NULL, 0},
	[ROBOT_OTHER] = SLICE_INIT("other robots"),
	SLICE_INIT("AhrefsBot"),
	SLICE_INIT("Amazonbot"),
	SLICE_INIT("Applebot"),
	SLICE_INIT("archive.org_bot"),
	SLICE_INIT("Baiduspider"),
	SLICE_INIT("bingbot"),
	SLICE_INIT("Bytespider"),
	SLICE_INIT("CCBot"),
	SLICE_INIT("ClaudeBot"),
	SLICE_INIT("DuckDuckBot"),
	SLICE_INIT("facebookexternalhit"),
	SLICE_INIT("Googlebot"),
	SLICE_INIT("GPTBot"),
	SLICE_INIT("MJ12bot"),
	SLICE_INIT("PetalBot"),
	SLICE_INIT("SemrushBot"),
	SLICE_INIT("YandexBot"),
	SLICE_INIT("YandexImages"),
};

_Static_assert(sizeof names / sizeof *names == ROBOT_COUNT, "every robot has a name");

static bool
is_of_word(uint8_t c)
{
	return chars_is_alpha(c) || chars_is_digit(c) || c == '.' || c == '_';
}

static struct slice
word_at(struct slice s, size_t at)
{
	size_t end = at;

	while (end < s.n && is_of_word(s.at[end]))
		end++;
	return slice_part(s, at, end);
}

/* Googlebot-Image is a Googlebot: a hyphen ends a word. */
static unsigned
known(struct slice word)
{
	for (unsigned i = ROBOT_OTHER + 1; i < ROBOT_COUNT; i++)
		if (slice_eq_nocase(word, names[i]))
			return i;
	return ROBOT_NONE;
}

static bool
is_like_one(struct slice word)
{
	return slice_has_suffix_nocase(word, SLICE("bot")) ||
	       slice_has_suffix_nocase(word, SLICE("crawler")) ||
	       slice_has_suffix_nocase(word, SLICE("spider"));
}

unsigned
robot_of(struct slice user_agent)
{
	bool like_one = false, has_page = false;

	for (size_t at = 0; at < user_agent.n;) {
		struct slice word = word_at(user_agent, at);
		unsigned robot = known(word);

		if (robot)
			return robot;
		like_one |= is_like_one(word);
		has_page |= slice_has_prefix(slice_from(user_agent, at), SLICE("+http"));
		at += word.n ? word.n : 1;
	}
	return like_one && has_page ? ROBOT_OTHER : ROBOT_NONE;
}

const char *
robot_name(unsigned robot)
{
	return (const char *)names[robot].at;
}
