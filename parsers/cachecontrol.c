#include "parsers/cachecontrol.h"

#include "parsers/chars.h"
#include "parsers/list.h"

static const struct {
	struct slice name;
	enum cachecontrol_directive bit;
} directives[] = {
	{SLICE_INIT("no-cache"), CC_NO_CACHE},
	{SLICE_INIT("no-store"), CC_NO_STORE},
	{SLICE_INIT("max-age"), CC_MAX_AGE},
	{SLICE_INIT("s-maxage"), CC_S_MAXAGE},
	{SLICE_INIT("public"), CC_PUBLIC},
	{SLICE_INIT("private"), CC_PRIVATE},
	{SLICE_INIT("must-revalidate"), CC_MUST_REVALIDATE},
	{SLICE_INIT("proxy-revalidate"), CC_PROXY_REVALIDATE},
	{SLICE_INIT("no-transform"), CC_NO_TRANSFORM},
	{SLICE_INIT("immutable"), CC_IMMUTABLE},
	{SLICE_INIT("stale-while-revalidate"), CC_STALE_WHILE_REVALIDATE},
	{SLICE_INIT("stale-if-error"), CC_STALE_IF_ERROR},
	{SLICE_INIT("min-fresh"), CC_MIN_FRESH},
	{SLICE_INIT("max-stale"), CC_MAX_STALE},
	{SLICE_INIT("only-if-cached"), CC_ONLY_IF_CACHED},
	{SLICE_INIT("must-understand"), CC_MUST_UNDERSTAND},
};

/* The directive's bit, 0 if the name is not known. */
static uint32_t
directive_bit(struct slice name)
{
	for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
		if (slice_eq_nocase(name, directives[i].name))
			return directives[i].bit;
	return 0;
}

/* Where the directive's seconds go, NULL if it takes none. */
static int64_t *
delta_of(struct cachecontrol *cc, uint32_t bit)
{
	switch (bit) {
	case CC_MAX_AGE:
		return &cc->max_age_s;
	case CC_S_MAXAGE:
		return &cc->s_maxage_s;
	case CC_MIN_FRESH:
		return &cc->min_fresh_s;
	case CC_MAX_STALE:
		return &cc->max_stale_s;
	case CC_STALE_WHILE_REVALIDATE:
		return &cc->stale_while_revalidate_s;
	case CC_STALE_IF_ERROR:
		return &cc->stale_if_error_s;
	default:
		return NULL;
	}
}

/* A whole quoted-string, from DQUOTE to DQUOTE. */
static bool
is_quoted(struct slice s)
{
	return s.n >= 2 && s.at[0] == '"' && s.at[s.n - 1] == '"';
}

/* delta-seconds; a quoted one may hold quoted-pairs.  [RFC9111 1.2.2, RFC9110 5.6.4] */
static bool
delta_parse(struct slice s, int64_t *seconds)
{
	bool quoted = is_quoted(s);
	size_t digits = 0;
	int64_t sum = 0;

	if (quoted)
		s = slice_part(s, 1, s.n - 1);
	for (size_t i = 0; i < s.n; i++) {
		if (quoted && s.at[i] == '\\' && i + 1 < s.n)
			i++;
		if (!chars_is_digit(s.at[i]))
			return false;
		digits++;
		sum = sum * 10 + (s.at[i] - '0');
		if (sum > CACHECONTROL_MAX_S)
			sum = CACHECONTROL_MAX_S;
	}
	if (digits == 0)
		return false;
	*seconds = sum;
	return true;
}

/* Without an "=" the argument's pointer is NULL. */
static void
take_directive(struct cachecontrol *cc, uint32_t bit, struct slice argument)
{
	int64_t *delta = delta_of(cc, bit);

	if (cc->present & bit) {
		cc->repeated |= bit;
		return;
	}
	cc->present |= bit;
	if (argument.at)
		cc->argued |= bit;
	if (is_quoted(argument))
		cc->quoted |= bit;
	if (bit == CC_MAX_STALE && !argument.at)
		*delta = CACHECONTROL_MAX_S;
	else if (delta && !delta_parse(argument, delta))
		cc->invalid |= bit;
}

/*
 * White space around "=" is against the grammar.  The name is still recognised, so
 * that `max-age = 60` is a lifetime that is no number rather than no lifetime.
 */
bool
directive_next(struct slice *rest, struct directive *directive)
{
	struct slice element;
	size_t equals;

	if (!list_next(rest, &element))
		return false;
	equals = slice_find(element, '=', 0);
	*directive = (struct directive){
		.raw = element,
		.name = slice_trim(slice_part(element, 0, equals)),
	};
	if (equals < element.n)
		directive->argument = slice_from(element, equals + 1);
	directive->bit = directive_bit(directive->name);
	return true;
}

enum {
	PLAIN_DIGITS = 9 /* so many are no large number yet */
};

static bool
is_plain(const struct directive *d)
{
	bool bare = !d->argument.at;

	if (!(d->bit & CC_DELTAS))
		return d->bit && bare;
	return !bare && d->raw.n == d->name.n + 1 + d->argument.n &&
	       d->argument.n <= PLAIN_DIGITS && chars_are(d->argument, CHARS_DIGIT);
}

/* Right at `at`, or behind one comma and perhaps a blank. */
static bool
is_next(const uint8_t *at, const struct directive *d, bool first)
{
	size_t between = (size_t)(d->raw.at - at);

	return first ? between == 0
		     : between == 1 || (between == 2 && at[0] == ',' && at[1] == ' ');
}

struct cachecontrol
cachecontrol_parse(struct slice value)
{
	struct cachecontrol cc = {0};
	const uint8_t *at = value.at, *end = slice_from(value, value.n).at;
	struct directive directive;
	bool plain = true;

	while (directive_next(&value, &directive)) {
		plain = plain && is_plain(&directive) && !(cc.present & directive.bit) &&
			is_next(at, &directive, !cc.present);
		if (directive.bit)
			take_directive(&cc, directive.bit, directive.argument);
		at = directive.raw.at + directive.raw.n;
	}
	cc.plain = plain && cc.present && at == end;
	return cc;
}
