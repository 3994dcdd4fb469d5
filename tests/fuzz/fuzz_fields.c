// room: ct_parsers
/*
 * The first octet selects a parser, the others are a field value.  Beside crashes,
 * it looks for what must hold of any value: slices lie inside it and in order, lists
 * come to an end, and what is printed from a result parses to the same result.
 */
#include "parsers/cachecontrol.h"
#include "parsers/chars.h"
#include "parsers/coding.h"
#include "parsers/etag.h"
#include "parsers/httpdate.h"
#include "parsers/list.h"
#include "parsers/mediatype.h"
#include "parsers/number.h"
#include "parsers/range.h"
#include "parsers/target.h"
#include "parsers/urlpattern.h"
#include "parsers/vary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Not assert(): the properties are the point of the program, in every build. */
static void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "property broken: %s\n", what);
	abort();
}
#define REQUIRE(expression) require(expression, #expression)

static bool
is_within(struct slice part, struct slice whole)
{
	return part.at >= whole.at && part.at + part.n <= whole.at + whole.n;
}

static void
check_list(struct slice value)
{
	struct slice rest = value, element;
	const uint8_t *from = value.at;

	while (list_next(&rest, &element)) {
		REQUIRE(element.n > 0);
		REQUIRE(is_within(element, value) && element.at >= from);
		REQUIRE(element.at[0] != ',' && !chars_is_blank(element.at[0]));
		REQUIRE(!chars_is_blank(element.at[element.n - 1]));
		from = element.at + element.n;
	}
	REQUIRE(rest.n == 0);
}

/* A valid tag's octets are the grammar's; any tag equals its own echo. */
static void
check_tag(const struct etag *tag, struct slice value)
{
	struct etag again = etag_parse(tag->raw);
	struct slice suffix, kept = etag_without_coding_suffix(tag->opaque, &suffix);

	REQUIRE(is_within(tag->raw, value));
	REQUIRE(is_within(tag->opaque, tag->raw));
	REQUIRE(kept.n + suffix.n == tag->opaque.n);
	if (tag->flaws & ETAG_EMPTY)
		return;
	REQUIRE(etag_weak_eq(tag, tag));
	REQUIRE(etag_strong_eq(tag, tag) == !tag->weak);
	if (etag_is_valid(tag)) {
		REQUIRE(tag->raw.n == tag->opaque.n + (tag->weak ? 4 : 2));
		REQUIRE(slice_find(tag->opaque, '"', 0) == tag->opaque.n);
	}
	REQUIRE(again.flaws == (tag->flaws & ~(unsigned)ETAG_MISSING_COMMA));
	REQUIRE(again.weak == tag->weak);
	REQUIRE(slice_eq(again.opaque, tag->opaque));
}

static void
check_etag(struct slice value)
{
	struct etag single = etag_parse(value), tag;
	struct slice rest = slice_trim(value);
	enum etag_condition_form form = etag_condition(value);
	const uint8_t *from = value.at;
	unsigned flaws = 0;
	size_t count = 0;

	check_tag(&single, value);
	for (; etag_next(&rest, &tag); count++) {
		REQUIRE(tag.raw.n > 0 && tag.raw.at >= from);
		check_tag(&tag, value);
		from = tag.raw.at + tag.raw.n;
		flaws |= tag.flaws;
	}
	REQUIRE(rest.n == 0);
	REQUIRE((form == ETAG_LIST_EMPTY) == (count == 0));
	REQUIRE((form == ETAG_LIST) == (count > 0 && flaws == 0));
	if (etag_is_valid(&single))
		REQUIRE(form == ETAG_LIST && count == 1);
}

/* What the C library prints of the time is an IMF-fixdate of that time. */
static void
check_print(int64_t unix_s, int64_t now_s)
{
	time_t t = (time_t)unix_s;
	struct tm tm;
	char text[64];
	struct httpdate again;

	REQUIRE(gmtime_r(&t, &tm) != NULL);
	snprintf(text, sizeof text, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
		&"SunMonTueWedThuFriSat"[tm.tm_wday * 3], tm.tm_mday,
		&"JanFebMarAprMayJunJulAugSepOctNovDec"[tm.tm_mon * 3], tm.tm_year + 1900,
		tm.tm_hour, tm.tm_min, tm.tm_sec);
	again = httpdate_parse(slice_of(text, strlen(text)), now_s);
	REQUIRE(again.form == HTTPDATE_IMF);
	REQUIRE(again.unix_s == unix_s);
	REQUIRE(again.weekday_ok);
}

/* The first eight octets are the clock. */
static void
check_date(struct slice value)
{
	const int64_t first_s = INT64_C(-62167219200), last_s = INT64_C(253402300799);
	int64_t now_s = 0, lenient_s = 0;
	struct httpdate date;
	bool lenient;

	if (value.n < sizeof now_s)
		return;
	memcpy(&now_s, value.at, sizeof now_s);
	value = slice_from(value, sizeof now_s);
	date = httpdate_parse(value, now_s);
	lenient = httpdate_lenient(value, now_s, &lenient_s);
	if (date.form != HTTPDATE_INVALID) {
		REQUIRE(lenient && lenient_s == date.unix_s);
		if (date.unix_s >= first_s && date.unix_s <= last_s)
			check_print(date.unix_s, now_s);
	}
	if (date.form == HTTPDATE_IMF || date.form == HTTPDATE_ASCTIME)
		REQUIRE(httpdate_defect(value) == HTTPDATE_DEFECT_NONE);
	else if (date.form == HTTPDATE_INVALID && value.n == 0)
		REQUIRE(httpdate_defect(value) == HTTPDATE_DEFECT_EMPTY);
	else
		httpdate_defect(value);
}

static bool
is_delta(int64_t seconds)
{
	return seconds >= 0 && seconds <= CACHECONTROL_MAX_S;
}

static void
check_cachecontrol(struct slice value)
{
	struct cachecontrol cc = cachecontrol_parse(value);

	REQUIRE(((cc.repeated | cc.invalid | cc.quoted | cc.argued) & ~cc.present) == 0);
	REQUIRE((cc.quoted & ~cc.argued) == 0);
	REQUIRE(is_delta(cc.max_age_s) && is_delta(cc.s_maxage_s));
	REQUIRE(is_delta(cc.min_fresh_s) && is_delta(cc.max_stale_s));
	REQUIRE(is_delta(cc.stale_while_revalidate_s) && is_delta(cc.stale_if_error_s));
	REQUIRE(!(cc.invalid & CC_MAX_AGE) || cc.max_age_s == 0);
	REQUIRE((cc.present & CC_MAX_AGE) || cc.max_age_s == 0);
}

static void
check_range(struct slice value)
{
	struct range_spec specs[4];
	struct content_range range;
	int count = range_parse(value, specs, 4);

	REQUIRE(count >= 0 && (size_t)count <= value.n);
	for (int i = 0; i < count && i < 4; i++)
		REQUIRE(specs[i].form == RANGE_SUFFIX || specs[i].first <= specs[i].last);
	if (content_range_parse(value, &range)) {
		REQUIRE(range.first <= range.last);
		REQUIRE(range.complete_known || !range.unsatisfied);
	}
}

static void
check_vary(struct slice value)
{
	struct slice rest = value, name;

	while (vary_next(&rest, &name)) {
		REQUIRE(is_within(name, value));
		REQUIRE(vary_has(value, name));
	}
}

static void
check_coding(struct slice value)
{
	enum coding codings[4];
	size_t count = coding_list(value, codings, 4);

	REQUIRE(count <= 4);
	for (size_t i = 0; i < count; i++)
		REQUIRE(codings[i] > CODING_IDENTITY && codings[i] <= CODING_UNKNOWN);
	for (int coding = CODING_IDENTITY; coding <= CODING_UNKNOWN; coding++)
		coding_accepted(value, (enum coding)coding);
}

static void
check_target(struct slice value)
{
	struct slice method = slice_part(value, 0, slice_find(value, ' ', 0));
	struct slice uri = slice_from(value, method.n + 1);
	struct target target = target_parse(uri, method);
	struct slice host = target_host_without_default_port(
		target.authority, target.scheme);

	REQUIRE(!target.scheme.at || is_within(target.scheme, uri));
	REQUIRE(!target.authority.at || is_within(target.authority, uri));
	REQUIRE(!host.at || is_within(host, target.authority));
	REQUIRE(slice_find(host, '@', 0) == host.n);
	REQUIRE(slice_find(target.path_query, '#', 0) == target.path_query.n);
}

static void
check_number(struct slice value)
{
	uint64_t decimal, hex;
	char text[32];

	if (number_decimal(value, &decimal)) {
		snprintf(text, sizeof text, "%" PRIu64, decimal);
		while (value.n > 1 && value.at[0] == '0')
			value = slice_from(value, 1);
		REQUIRE(slice_eq(value, slice_of(text, strlen(text))));
	}
	if (number_hex(value, &hex)) {
		snprintf(text, sizeof text, "%" PRIx64, hex);
		while (value.n > 1 && value.at[0] == '0')
			value = slice_from(value, 1);
		REQUIRE(slice_eq_nocase(value, slice_of(text, strlen(text))));
	}
}

/* The pattern of a pattern is itself; what does not fit begins like the whole one. */
static void
check_urlpattern(struct slice value)
{
	uint8_t once[URLPATTERN_BYTES], twice[URLPATTERN_BYTES], cut[URLPATTERN_BYTES];
	size_t n = urlpattern(value, once, sizeof once);
	size_t room = value.n % sizeof cut, short_n = urlpattern(value, cut, room);

	REQUIRE(n <= sizeof once && n <= value.n);
	REQUIRE(short_n <= room && short_n <= n);
	REQUIRE(short_n == 0 || memcmp(once, cut, short_n - 1) == 0);
	if (n == sizeof once)
		return;
	REQUIRE(urlpattern(slice_of(once, n), twice, sizeof twice) == n);
	REQUIRE(memcmp(once, twice, n) == 0);
}

static void
check_mediatype(struct slice value)
{
	struct slice essence = mediatype_essence(value);

	REQUIRE(essence.n == 0 || is_within(essence, value));
	REQUIRE(mediatype_is_static(essence) == mediatype_is_static(value));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static void (*const checks[])(struct slice) = {
		check_list,
		check_etag,
		check_date,
		check_cachecontrol,
		check_range,
		check_vary,
		check_coding,
		check_target,
		check_number,
		check_urlpattern,
		check_mediatype,
	};
	size_t count = sizeof checks / sizeof checks[0];

	if (n > 0)
		checks[data[0] % count](slice_from(slice_of(data, n), 1));
	return 0;
}
