// room: ct_parsers
/* Cache-Control: which directives are there, and what their numbers are. */
#include "parsers/cachecontrol.h"

#include "tests/lib/rows.h"

#define MOST CACHECONTROL_MAX_S

struct row {
	const char *name, *value;
	struct cachecontrol is;
};

static const struct row valid[] = {
	{"nothing", "", {0}},
	{"one number", "max-age=60",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .max_age_s = 60}},
	{"zero", "max-age=0", {.present = CC_MAX_AGE, .argued = CC_MAX_AGE}},
	{"leading zeros", "max-age=0003600",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .max_age_s = 3600}},
	{"2^31", "max-age=2147483648",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .max_age_s = MOST}},
	{"above 2^31 is 2^31", "max-age=2147483649",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .max_age_s = MOST}},
	{"above 2^64 is 2^31", "s-maxage=99999999999999999999999999",
		{.present = CC_S_MAXAGE, .argued = CC_S_MAXAGE, .s_maxage_s = MOST}},
	{"names without case", "No-Store, MAX-AGE=5",
		{.present = CC_NO_STORE | CC_MAX_AGE,
			.argued = CC_MAX_AGE,
			.max_age_s = 5}},
	{"all plain directives",
		"no-cache,no-store,public,private,must-revalidate,proxy-revalidate,"
		"no-transform,immutable,only-if-cached,must-understand",
		{.present = CC_NO_CACHE | CC_NO_STORE | CC_PUBLIC | CC_PRIVATE |
			    CC_MUST_REVALIDATE | CC_PROXY_REVALIDATE | CC_NO_TRANSFORM |
			    CC_IMMUTABLE | CC_ONLY_IF_CACHED | CC_MUST_UNDERSTAND}},
	{"all numbers",
		"max-age=1, s-maxage=2, min-fresh=3, max-stale=4, "
		"stale-while-revalidate=5, "
		"stale-if-error=6",
		{.present = CC_MAX_AGE | CC_S_MAXAGE | CC_MIN_FRESH | CC_MAX_STALE |
			    CC_STALE_WHILE_REVALIDATE | CC_STALE_IF_ERROR,
			.argued = CC_MAX_AGE | CC_S_MAXAGE | CC_MIN_FRESH | CC_MAX_STALE |
				  CC_STALE_WHILE_REVALIDATE | CC_STALE_IF_ERROR,
			.max_age_s = 1,
			.s_maxage_s = 2,
			.min_fresh_s = 3,
			.max_stale_s = 4,
			.stale_while_revalidate_s = 5,
			.stale_if_error_s = 6}},
	{"max-stale alone is any staleness", "max-stale",
		{.present = CC_MAX_STALE, .max_stale_s = MOST}},
	{"number in quotes is that number", "max-age=\"600\"",
		{.present = CC_MAX_AGE,
			.argued = CC_MAX_AGE,
			.quoted = CC_MAX_AGE,
			.max_age_s = 600}},
	{"quoted-pair in quotes", "max-age=\"6\\00\"",
		{.present = CC_MAX_AGE,
			.argued = CC_MAX_AGE,
			.quoted = CC_MAX_AGE,
			.max_age_s = 600}},
	{"no-cache with fields is no-cache",
		"no-cache=\"Set-Cookie, max-age=5\", max-age=6",
		{.present = CC_NO_CACHE | CC_MAX_AGE,
			.argued = CC_NO_CACHE | CC_MAX_AGE,
			.quoted = CC_NO_CACHE,
			.max_age_s = 6}},
	{"unknown directives are skipped",
		"x=1, community=\"UCI\", max-age=7, max-agee=9",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .max_age_s = 7}},
	{"empty elements are skipped", ", ,public,,", {.present = CC_PUBLIC}},
};

static const struct row invalid[] = {
	{"repeated: the first counts", "max-age=1, max-age=2",
		{.present = CC_MAX_AGE,
			.repeated = CC_MAX_AGE,
			.argued = CC_MAX_AGE,
			.max_age_s = 1}},
	{"repeated: a later bad one is only repeated", "max-age=1, max-age=x",
		{.present = CC_MAX_AGE,
			.repeated = CC_MAX_AGE,
			.argued = CC_MAX_AGE,
			.max_age_s = 1}},
	{"repeated: a first bad one counts", "max-age=x, max-age=1",
		{.present = CC_MAX_AGE,
			.repeated = CC_MAX_AGE,
			.argued = CC_MAX_AGE,
			.invalid = CC_MAX_AGE}},
	{"repeated without argument", "no-store, No-Store",
		{.present = CC_NO_STORE, .repeated = CC_NO_STORE}},
	{"no argument", "max-age", {.present = CC_MAX_AGE, .invalid = CC_MAX_AGE}},
	{"empty argument", "max-age=",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .invalid = CC_MAX_AGE}},
	{"empty quotes", "max-age=\"\"",
		{.present = CC_MAX_AGE,
			.argued = CC_MAX_AGE,
			.quoted = CC_MAX_AGE,
			.invalid = CC_MAX_AGE}},
	{"empty argument of max-stale", "max-stale=",
		{.present = CC_MAX_STALE,
			.argued = CC_MAX_STALE,
			.invalid = CC_MAX_STALE}},
	{"negative", "max-age=-1",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .invalid = CC_MAX_AGE}},
	{"fraction", "max-age=1.5",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .invalid = CC_MAX_AGE}},
	{"unit", "max-age=60s",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .invalid = CC_MAX_AGE}},
	{"single quotes", "max-age='60'",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .invalid = CC_MAX_AGE}},
	{"blanks around the sign", "max-age = 60",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .invalid = CC_MAX_AGE}},
	{"quote without end", "max-age=\"60",
		{.present = CC_MAX_AGE, .argued = CC_MAX_AGE, .invalid = CC_MAX_AGE}},
	{"quote without end swallows what follows", "private=\"a, no-store",
		{.present = CC_PRIVATE, .argued = CC_PRIVATE}},
	{"semicolon makes one unknown directive", "no-store; private", {0}},
	{"blank makes one unknown directive", "no-cache no-store", {0}},
	{"colon makes an unknown directive", "max-age:60", {0}},
	{"sign alone", "=", {0}},
};

static void
parses(void **state)
{
	const struct row *row = *state;
	struct guard guard = {0};
	struct cachecontrol cc = cachecontrol_parse(
		guard_slice(&guard, row->value, strlen(row->value)));

	assert_int_equal(cc.present, row->is.present);
	assert_int_equal(cc.repeated, row->is.repeated);
	assert_int_equal(cc.invalid, row->is.invalid);
	assert_int_equal(cc.quoted, row->is.quoted);
	assert_int_equal(cc.argued, row->is.argued);
	assert_int_equal(cc.max_age_s, row->is.max_age_s);
	assert_int_equal(cc.s_maxage_s, row->is.s_maxage_s);
	assert_int_equal(cc.min_fresh_s, row->is.min_fresh_s);
	assert_int_equal(cc.max_stale_s, row->is.max_stale_s);
	assert_int_equal(cc.stale_while_revalidate_s, row->is.stale_while_revalidate_s);
	assert_int_equal(cc.stale_if_error_s, row->is.stale_if_error_s);
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(valid, parses) + ROWS_RUN(invalid, parses);
}
