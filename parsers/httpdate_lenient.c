#include "parsers/httpdate.h"

#include "parsers/chars.h"
#include "parsers/civil.h"
#include "parsers/number.h"

enum {
	MILLISECOND_DIGITS = 12, /* numbers as long as this are no seconds */
};

#define LAST_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* What words and numbers in any order tell; see guess_scan(). */
struct guess {
	struct civil date; /* year and day -1, month 0 while unknown */
	int64_t hour, minute, second;
	int64_t zone_s; /* what the zone is ahead of GMT */
	int year_digits;
	bool has_time, year_last; /* the year follows the time, as in asctime */
	bool gmt, other_zone;
	bool foreign; /* a word before the time that is no English name */
	bool odd;     /* a number or a sign without a meaning */
};

/* The run of digits at the start; more than nine are no part of a date. */
static struct slice
digits_at(struct slice s)
{
	size_t i = 0;

	while (i < s.n && chars_is_digit(s.at[i]))
		i++;
	return slice_part(s, 0, i);
}

static int64_t
small_number(struct slice digits)
{
	uint64_t number;

	return digits.n <= 9 && number_decimal(digits, &number) ? (int64_t)number : -1;
}

static bool
is_word_octet(uint8_t c)
{
	return chars_is_alpha(c) || chars_is_obs_text(c);
}

static struct slice
word_at(struct slice s)
{
	size_t i = 0;

	while (i < s.n && is_word_octet(s.at[i]))
		i++;
	return slice_part(s, 0, i);
}

/* Index of the name that `word`, of three letters or more, begins; or -1. */
static int
name_index(struct slice word, const struct slice *names, int count)
{
	for (int i = 0; i < count; i++)
		if (word.n >= CIVIL_SHORT_NAME && word.n <= names[i].n &&
			slice_eq_nocase(word, slice_part(names[i], 0, word.n)))
			return i;
	return -1;
}

/* [RFC5322 4.3] and what European servers print */
static bool
zone_hours(struct slice word, int *hours)
{
	static const struct {
		struct slice name;
		int hours;
	} zones[] = {
		{SLICE_INIT("UTC"), 0},
		{SLICE_INIT("UT"), 0},
		{SLICE_INIT("Z"), 0},
		{SLICE_INIT("EST"), -5},
		{SLICE_INIT("EDT"), -4},
		{SLICE_INIT("CST"), -6},
		{SLICE_INIT("CDT"), -5},
		{SLICE_INIT("MST"), -7},
		{SLICE_INIT("MDT"), -6},
		{SLICE_INIT("PST"), -8},
		{SLICE_INIT("PDT"), -7},
		{SLICE_INIT("WEST"), 1},
		{SLICE_INIT("BST"), 1},
		{SLICE_INIT("CET"), 1},
		{SLICE_INIT("CEST"), 2},
		{SLICE_INIT("EET"), 2},
		{SLICE_INIT("EEST"), 3},
		{SLICE_INIT("MSK"), 3},
	};

	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
		if (slice_eq_nocase(word, zones[i].name)) {
			*hours = zones[i].hours;
			return true;
		}
	}
	return false;
}

/* Octets of ( "+" / "-" ) hour [ [ ":" ] minute ] at the start of `s`, or 0. */
static size_t
offset_at(struct slice s, int64_t *offset_s)
{
	struct slice hour = digits_at(slice_from(s, 1)), minute = {NULL, 0};
	size_t used = 1 + hour.n;

	if (s.n == 0 || (s.at[0] != '+' && s.at[0] != '-') || hour.n == 0 || hour.n > 4)
		return 0;
	if (hour.n == 4) {
		minute = slice_from(hour, 2);
		hour = slice_part(hour, 0, 2);
	} else if (used < s.n && s.at[used] == ':') {
		minute = digits_at(slice_from(s, used + 1));
		used += 1 + minute.n;
	}
	if (hour.n > 2 || (minute.at && minute.n != 2))
		return 0;
	*offset_s = small_number(hour) * 3600;
	if (minute.n)
		*offset_s += small_number(minute) * 60;
	if (s.at[0] == '-')
		*offset_s = -*offset_s;
	return used;
}

/* hour ":" minute [ ":" second [ "." fraction ] ], any number of digits each */
static size_t
time_at(struct guess *g, struct slice s)
{
	struct slice hour = digits_at(s);
	struct slice minute = digits_at(slice_from(s, hour.n + 1));
	size_t used = hour.n + 1 + minute.n;

	g->hour = small_number(hour);
	g->minute = small_number(minute);
	g->second = 0;
	g->has_time = true;
	if (used < s.n && s.at[used] == ':') {
		struct slice second = digits_at(slice_from(s, used + 1));

		g->second = small_number(second);
		used += 1 + second.n;
	}
	if (used < s.n && s.at[used] == '.')
		used += 1 + digits_at(slice_from(s, used + 1)).n;
	return used;
}

static void
take_number(struct guess *g, struct slice digits)
{
	bool is_year = digits.n == 4 || (digits.n == 2 && g->date.day >= 0);

	if (g->date.year < 0 && is_year) {
		g->date.year = small_number(digits);
		g->year_digits = (int)digits.n;
		g->year_last = g->has_time;
	} else if (g->date.day < 0 && digits.n <= 2) {
		g->date.day = (int)small_number(digits);
	} else {
		g->odd = true;
	}
}

static void
take_word(struct guess *g, struct slice word)
{
	int month = name_index(word, civil_month_names, 12), hours = 0;

	if (slice_eq_nocase(word, SLICE("GMT"))) {
		g->gmt = true;
	} else if (month >= 0 && !g->date.month) {
		g->date.month = month + 1;
	} else if (name_index(word, civil_weekday_names, 7) >= 0) {
		return;
	} else if (g->has_time) {
		g->other_zone = true;
		if (zone_hours(word, &hours))
			g->zone_s = hours * 3600;
	} else {
		g->foreign = true;
	}
}

/*
 * Reads words and numbers one after the other: a word is a name or a zone, four
 * digits are a year, digits before a colon a time, one or two others the day.
 */
static void
guess_scan(struct guess *g, struct slice s)
{
	*g = (struct guess){.date = {.year = -1, .day = -1}};
	while (s.n) {
		struct slice digits = digits_at(s), word = word_at(s);
		int64_t offset_s = 0;
		size_t used = g->has_time || g->gmt ? offset_at(s, &offset_s) : 0;

		if (used) {
			g->zone_s = offset_s;
			g->other_zone = true;
		} else if (digits.n && digits.n < s.n && s.at[digits.n] == ':' &&
			   !g->has_time) {
			used = time_at(g, s);
		} else if (digits.n) {
			take_number(g, digits);
			used = digits.n;
		} else if (word.n) {
			take_word(g, word);
			used = word.n;
		} else {
			used = 1;
		}
		s = slice_from(s, used);
	}
}

static bool
guess_has_date(const struct guess *g)
{
	return g->date.year >= 0 && g->date.month && g->date.day >= 0 && !g->odd;
}

static bool
guess_is_possible(const struct guess *g)
{
	return civil_is_valid(&g->date) && g->hour >= 0 && g->hour <= 23 &&
	       g->minute >= 0 && g->minute <= 59 && g->second >= 0 && g->second <= 60;
}

/* Two digits for the year are settled by the clock, as in RFC 850. */
static void
guess_settle_year(struct guess *g, int64_t now_s)
{
	int64_t second = (g->hour * 60 + g->minute) * 60 + g->second;

	if (g->year_digits == 2 && g->date.month && second >= 0 && second <= CIVIL_DAY_S)
		g->date.year = civil_recent_year((int)g->date.year, g->date.month,
			g->date.day, (int)second, now_s);
}

static int64_t
guess_unix_s(const struct guess *g)
{
	int64_t second = (g->hour * 60 + g->minute) * 60 + g->second;

	return civil_days(&g->date) * CIVIL_DAY_S + second - g->zone_s;
}

/* 4DIGIT "-" 2DIGIT "-" 2DIGIT at the start */
static bool
iso_date(struct slice s, struct civil *date)
{
	static const char shape[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof shape - 1; i++)
		if (i >= s.n || (shape[i] == 'd' ? !chars_is_digit(s.at[i])
						 : s.at[i] != (uint8_t)shape[i]))
			return false;
	date->year = small_number(slice_part(s, 0, 4));
	date->month = (int)small_number(slice_part(s, 5, 7));
	date->day = (int)small_number(slice_part(s, 8, 10));
	return true;
}

/* date [ ( "T" / SP ) time [ "Z" / offset ] ]  [RFC3339 5.6] */
static bool
iso_parse(struct slice s, int64_t *unix_s)
{
	struct guess g = {0};
	struct slice rest = slice_from(s, 10);

	if (!iso_date(s, &g.date))
		return false;
	if (rest.n > 1 && (octet_lower(rest.at[0]) == 't' || rest.at[0] == ' ')) {
		struct slice hour = digits_at(slice_from(rest, 1));

		if (hour.n != 2 || rest.n < 4 || rest.at[3] != ':')
			return false;
		rest = slice_from(rest, 1);
		rest = slice_trim(slice_from(rest, time_at(&g, rest)));
		rest = slice_from(rest, offset_at(rest, &g.zone_s));
		if (slice_eq_nocase(rest, SLICE("Z")) ||
			slice_eq_nocase(rest, SLICE("UTC")) ||
			slice_eq_nocase(rest, SLICE("GMT")))
			rest = slice_from(rest, rest.n);
	}
	if (rest.n || !guess_is_possible(&g))
		return false;
	*unix_s = guess_unix_s(&g);
	return true;
}

/* [ "-" ] 1*DIGIT [ "." *DIGIT ] */
static bool
is_epoch(struct slice s, struct slice *digits)
{
	size_t sign = slice_has_prefix(s, SLICE("-")) ? 1 : 0;
	struct slice rest;

	*digits = digits_at(slice_from(s, sign));
	rest = slice_from(s, sign + digits->n);
	if (digits->n && rest.n && rest.at[0] == '.')
		rest = slice_from(rest, 1 + digits_at(slice_from(rest, 1)).n);
	return digits->n && rest.n == 0;
}

static bool
epoch_parse(struct slice s, int64_t *unix_s)
{
	struct slice digits;
	uint64_t number;

	if (!is_epoch(s, &digits) || !number_decimal(digits, &number))
		return false;
	if (digits.n >= MILLISECOND_DIGITS)
		number /= 1000;
	if (number > LAST_S)
		return false;
	*unix_s = s.at[0] == '-' ? -(int64_t)number : (int64_t)number;
	return true;
}

static bool
is_quote(uint8_t c)
{
	return c == '"' || c == '\'';
}

static struct slice
without_quotes(struct slice s)
{
	if (s.n && is_quote(s.at[0]))
		s = slice_from(s, 1);
	if (s.n && is_quote(s.at[s.n - 1]))
		s = slice_part(s, 0, s.n - 1);
	return slice_trim(s);
}

bool
httpdate_lenient(struct slice value, int64_t now_s, int64_t *unix_s)
{
	struct slice s = without_quotes(slice_trim(value));
	struct httpdate strict;
	struct guess g;

	s = slice_trim(slice_part(s, 0, slice_find(s, ';', 0)));
	strict = httpdate_parse(s, now_s);
	if (strict.form != HTTPDATE_INVALID) {
		*unix_s = strict.unix_s;
		return true;
	}
	if (epoch_parse(s, unix_s) || iso_parse(s, unix_s))
		return true;
	guess_scan(&g, s);
	guess_settle_year(&g, now_s);
	if (!guess_has_date(&g) || !guess_is_possible(&g))
		return false;
	*unix_s = guess_unix_s(&g);
	return true;
}

/* Why a value is none that consists of words and numbers, as a date does. */
static enum httpdate_defect
guess_defect(struct slice s)
{
	struct guess g;

	guess_scan(&g, s);
	guess_settle_year(&g, 0);
	if (guess_has_date(&g) && !guess_is_possible(&g))
		return HTTPDATE_DEFECT_RANGE;
	if (g.foreign && g.has_time && g.date.day >= 0)
		return HTTPDATE_DEFECT_LOCALISED;
	if (!guess_has_date(&g))
		return HTTPDATE_DEFECT_OTHER;
	if (g.other_zone || (g.has_time && !g.gmt && !g.year_last))
		return HTTPDATE_DEFECT_ZONE;
	return HTTPDATE_DEFECT_LENIENT;
}

enum httpdate_defect
httpdate_defect(struct slice value)
{
	struct slice s = slice_trim(value), digits;
	size_t semicolon = slice_find(s, ';', 0);
	struct civil date;
	int64_t unix_s;

	if (httpdate_parse(value, 0).form != HTTPDATE_INVALID)
		return HTTPDATE_DEFECT_NONE;
	if (s.n == 0)
		return HTTPDATE_DEFECT_EMPTY;
	if (is_quote(s.at[0]))
		return HTTPDATE_DEFECT_QUOTED;
	if (semicolon < s.n && httpdate_lenient(slice_part(s, 0, semicolon), 0, &unix_s))
		return HTTPDATE_DEFECT_SUFFIX;
	if (is_epoch(s, &digits))
		return HTTPDATE_DEFECT_EPOCH;
	if (iso_date(s, &date))
		return HTTPDATE_DEFECT_ISO8601;
	return guess_defect(s);
}

const char *
httpdate_defect_name(enum httpdate_defect defect)
{
	static const char *const kinds[] = {
		[HTTPDATE_DEFECT_EMPTY] = "empty",
		[HTTPDATE_DEFECT_QUOTED] = "quoted",
		[HTTPDATE_DEFECT_SUFFIX] = "suffix",
		[HTTPDATE_DEFECT_EPOCH] = "epoch",
		[HTTPDATE_DEFECT_ISO8601] = "iso8601",
		[HTTPDATE_DEFECT_RANGE] = "range",
		[HTTPDATE_DEFECT_LOCALISED] = "localised",
		[HTTPDATE_DEFECT_ZONE] = "zone",
		[HTTPDATE_DEFECT_LENIENT] = "lenient",
		[HTTPDATE_DEFECT_OTHER] = "other",
	};

	return kinds[defect];
}
