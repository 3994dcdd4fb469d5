// room: ct_parsers
/* Dates in three valid forms, and what is meant by those that are none. */
#include "parsers/civil.h"
#include "parsers/httpdate.h"

#include <time.h>

#include "tests/lib/rows.h"

#define NOW INT64_C(1796119200) /* 2026-12-01 10:00:00 */
#define NOV_1994 INT64_C(784111777)

struct date {
	const char *name, *value;
	enum httpdate_form form;
	int64_t unix_s;
	bool wrong_weekday;
	int64_t now_s; /* 0: NOW */
};

static const struct date valid_dates[] = {
	{"IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", HTTPDATE_IMF, NOV_1994, false,
		0},
	{"RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", HTTPDATE_RFC850, NOV_1994, false,
		0},
	{"asctime", "Sun Nov  6 08:49:37 1994", HTTPDATE_ASCTIME, NOV_1994, false, 0},
	{"asctime with two digits", "Wed Nov 16 08:49:37 1994", HTTPDATE_ASCTIME,
		NOV_1994 + 10 * 86400, false, 0},
	{"the epoch", "Thu, 01 Jan 1970 00:00:00 GMT", HTTPDATE_IMF, 0, false, 0},
	{"before the epoch", "Wed, 31 Dec 1969 23:59:59 GMT", HTTPDATE_IMF, -1, false, 0},
	{"beyond 32 bits", "Tue, 19 Jan 2038 03:14:08 GMT", HTTPDATE_IMF,
		INT64_C(2147483648), false, 0},
	{"the last year", "Fri, 31 Dec 9999 23:59:59 GMT", HTTPDATE_IMF,
		INT64_C(253402300799), false, 0},
	{"leap day", "Thu, 29 Feb 2024 00:00:00 GMT", HTTPDATE_IMF, 1709164800, false, 0},
	{"leap day of a 400th year", "Tue, 29 Feb 2000 00:00:00 GMT", HTTPDATE_IMF,
		951782400, false, 0},
	{"leap second", "Sat, 31 Dec 2016 23:59:60 GMT", HTTPDATE_IMF, 1483228800, false,
		0},
	{"wrong weekday is valid", "Mon, 06 Nov 1994 08:49:37 GMT", HTTPDATE_IMF,
		NOV_1994, true, 0},
	{"wrong weekday of asctime", "Mon Nov  6 08:49:37 1994", HTTPDATE_ASCTIME,
		NOV_1994, true, 0},
	{"weekday of the other century is accepted", "Saturday, 06-Nov-94 08:49:37 GMT",
		HTTPDATE_RFC850, NOV_1994, false, 0},
	{"weekday of neither century", "Monday, 06-Nov-94 08:49:37 GMT", HTTPDATE_RFC850,
		NOV_1994, true, 0},
	{"two digits: 50 years ahead to the second is ahead",
		"Tuesday, 01-Dec-76 10:00:00 GMT", HTTPDATE_RFC850, INT64_C(3374042400),
		false, 0},
	{"two digits: a second more is the past century",
		"Wednesday, 01-Dec-76 10:00:01 GMT", HTTPDATE_RFC850, 218282401, false,
		0},
	{"two digits: at the end of a century the next one is near",
		"Saturday, 01-Jan-05 00:00:00 GMT", HTTPDATE_RFC850, 1104537600, false,
		946684799},
	{"two digits: clock far below", "Thursday, 01-Jan-70 00:00:00 GMT",
		HTTPDATE_RFC850, 0, false, INT64_MIN},
	{"two digits: clock far above", "Thursday, 01-Jan-70 00:00:00 GMT",
		HTTPDATE_RFC850, INT64_C(252455616000), false, INT64_MAX},
};

static void
parses_valid(void **state)
{
	const struct date *row = *state;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));
	struct httpdate date = httpdate_parse(value, row->now_s ? row->now_s : NOW);
	int64_t lenient = 0;

	assert_int_equal(date.form, row->form);
	assert_true(date.unix_s == row->unix_s);
	assert_int_equal(date.weekday_ok, !row->wrong_weekday);
	assert_int_equal(httpdate_defect(value), HTTPDATE_DEFECT_NONE);
	assert_true(httpdate_lenient(value, row->now_s ? row->now_s : NOW, &lenient));
	assert_true(lenient == row->unix_s);
	guard_fini(&guard);
}

struct defect {
	const char *name, *value;
	enum httpdate_defect defect;
	bool meant; /* something: unix_s */
	int64_t unix_s;
};

#define LENIENT HTTPDATE_DEFECT_LENIENT

static const struct defect invalid_dates[] = {
	{"empty", "", HTTPDATE_DEFECT_EMPTY, false, 0},
	{"blank", "  ", HTTPDATE_DEFECT_EMPTY, false, 0},
	{"in double quotes", "\"Sun, 06 Nov 1994 08:49:37 GMT\"", HTTPDATE_DEFECT_QUOTED,
		true, NOV_1994},
	{"in single quotes", "'Sun, 06 Nov 1994 08:49:37 GMT'", HTTPDATE_DEFECT_QUOTED,
		true, NOV_1994},
	{"a quote alone", "\"", HTTPDATE_DEFECT_QUOTED, false, 0},
	{"with a length", "Sun, 06 Nov 1994 08:49:37 GMT; length=1234",
		HTTPDATE_DEFECT_SUFFIX, true, NOV_1994},
	{"seconds", "784111777", HTTPDATE_DEFECT_EPOCH, true, NOV_1994},
	{"milliseconds", "784111777000", HTTPDATE_DEFECT_EPOCH, true, NOV_1994},
	{"seconds with a fraction", "784111777.25", HTTPDATE_DEFECT_EPOCH, true,
		NOV_1994},
	{"zero", "0", HTTPDATE_DEFECT_EPOCH, true, 0},
	{"minus one", "-1", HTTPDATE_DEFECT_EPOCH, true, -1},
	{"more digits than a time has", "99999999999999999999999", HTTPDATE_DEFECT_EPOCH,
		false, 0},
	{"ISO 8601 with Z", "1994-11-06T08:49:37Z", HTTPDATE_DEFECT_ISO8601, true,
		NOV_1994},
	{"ISO 8601 with a fraction", "1994-11-06T08:49:37.123Z", HTTPDATE_DEFECT_ISO8601,
		true, NOV_1994},
	{"ISO 8601 with an offset", "1994-11-06T09:49:37+01:00", HTTPDATE_DEFECT_ISO8601,
		true, NOV_1994},
	{"ISO 8601 with a blank", "1994-11-06 08:49:37", HTTPDATE_DEFECT_ISO8601, true,
		NOV_1994},
	{"ISO 8601, the day alone", "1994-11-06", HTTPDATE_DEFECT_ISO8601, true,
		784080000},
	{"ISO 8601 with an impossible month", "1994-13-06T08:49:37Z",
		HTTPDATE_DEFECT_ISO8601, false, 0},
	{"ISO 8601 that breaks off", "1994-11-06T", HTTPDATE_DEFECT_ISO8601, false, 0},
	{"day that the month has not", "Sun, 31 Nov 1994 08:49:37 GMT",
		HTTPDATE_DEFECT_RANGE, false, 0},
	{"leap day without leap year", "Wed, 29 Feb 2023 00:00:00 GMT",
		HTTPDATE_DEFECT_RANGE, false, 0},
	{"leap day of a 100th year", "Thu, 29 Feb 1900 00:00:00 GMT",
		HTTPDATE_DEFECT_RANGE, false, 0},
	{"day 0", "Sun, 00 Nov 1994 08:49:37 GMT", HTTPDATE_DEFECT_RANGE, false, 0},
	{"hour 24", "Sun, 06 Nov 1994 24:00:00 GMT", HTTPDATE_DEFECT_RANGE, false, 0},
	{"minute 60", "Sun, 06 Nov 1994 08:60:00 GMT", HTTPDATE_DEFECT_RANGE, false, 0},
	{"second 61", "Sun, 06 Nov 1994 08:49:61 GMT", HTTPDATE_DEFECT_RANGE, false, 0},
	{"German names", "So, 06 Dez 1994 08:49:37 GMT", HTTPDATE_DEFECT_LOCALISED, false,
		0},
	{"French names", "dim., 06 f\xc3\xa9vr. 1994 08:49:37 GMT",
		HTTPDATE_DEFECT_LOCALISED, false, 0},
	{"German weekday only", "So, 06 Nov 1994 08:49:37 GMT", HTTPDATE_DEFECT_LOCALISED,
		true, NOV_1994},
	{"UTC for GMT", "Sun, 06 Nov 1994 08:49:37 UTC", HTTPDATE_DEFECT_ZONE, true,
		NOV_1994},
	{"central Europe", "Sun, 06 Nov 1994 09:49:37 CET", HTTPDATE_DEFECT_ZONE, true,
		NOV_1994},
	{"numeric zone", "Sun, 06 Nov 1994 08:49:37 +0000", HTTPDATE_DEFECT_ZONE, true,
		NOV_1994},
	{"numeric zone in the west", "Sun, 06 Nov 1994 03:19:37 -0530",
		HTTPDATE_DEFECT_ZONE, true, NOV_1994},
	{"GMT and an offset", "Sun, 06 Nov 1994 09:49:37 GMT+0100", HTTPDATE_DEFECT_ZONE,
		true, NOV_1994},
	{"no zone", "Sun, 06 Nov 1994 08:49:37", HTTPDATE_DEFECT_ZONE, true, NOV_1994},
	{"one-digit day in another zone", "Sun, 6 Nov 1994 09:49:37 CET",
		HTTPDATE_DEFECT_ZONE, true, NOV_1994},
	{"date of a shell", "Sun Nov  6 08:49:37 UTC 1994", HTTPDATE_DEFECT_ZONE, true,
		NOV_1994},
	{"one-digit day", "Sun, 6 Nov 1994 08:49:37 GMT", LENIENT, true, NOV_1994},
	{"lower-case names", "sun, 06 nov 1994 08:49:37 GMT", LENIENT, true, NOV_1994},
	{"lower-case zone", "Sun, 06 Nov 1994 08:49:37 gmt", LENIENT, true, NOV_1994},
	{"upper-case names", "SUN, 06 NOV 1994 08:49:37 GMT", LENIENT, true, NOV_1994},
	{"dashes and four digits", "Sun, 06-Nov-1994 08:49:37 GMT", LENIENT, true,
		NOV_1994},
	{"long weekday with blanks", "Sunday, 06 Nov 1994 08:49:37 GMT", LENIENT, true,
		NOV_1994},
	{"no weekday", "06 Nov 1994 08:49:37 GMT", LENIENT, true, NOV_1994},
	{"two-digit year with blanks", "Sun, 06 Nov 94 08:49:37 GMT", LENIENT, true,
		NOV_1994},
	{"unpadded asctime", "Sun Nov 6 08:49:37 1994", LENIENT, true, NOV_1994},
	{"zero-padded asctime is valid, one octet less is not", "Sun Nov 06 8:49:37 1994",
		LENIENT, true, NOV_1994},
	{"two blanks", "Sun,  06 Nov 1994 08:49:37 GMT", LENIENT, true, NOV_1994},
	{"outer blank", " Sun, 06 Nov 1994 08:49:37 GMT", LENIENT, true, NOV_1994},
	{"no seconds", "Sun, 06 Nov 1994 08:49 GMT", LENIENT, true, NOV_1994 - 37},
	{"text", "never", HTTPDATE_DEFECT_OTHER, false, 0},
	{"American numbers", "11/06/1994 08:49:37", HTTPDATE_DEFECT_OTHER, false, 0},
	{"a zone alone", "GMT", HTTPDATE_DEFECT_OTHER, false, 0},
	{"two dates", "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
		HTTPDATE_DEFECT_OTHER, false, 0},
};

static void
describes_invalid(void **state)
{
	const struct defect *row = *state;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));
	int64_t unix_s = 0;

	assert_int_equal(httpdate_parse(value, NOW).form, HTTPDATE_INVALID);
	assert_int_equal(httpdate_defect(value), row->defect);
	assert_int_equal(httpdate_lenient(value, NOW, &unix_s), row->meant);
	assert_true(unix_s == row->unix_s);
	guard_fini(&guard);
}

/* The C library as a witness, over 800 years in odd steps and both calendars' ends. */
static void
agrees_with_the_c_library(void **state)
{
	(void)state;
	for (int64_t s = INT64_C(-12622780800); s < INT64_C(12622780800); s += 7654321) {
		time_t t = (time_t)s;
		char text[64];
		struct tm tm;
		struct httpdate date;

		assert_non_null(gmtime_r(&t, &tm));
		assert_true(
			strftime(text, sizeof text, "%a, %d %b %Y %T GMT", &tm) == 29);
		date = httpdate_parse(slice_of(text, 29), NOW);
		assert_int_equal(date.form, HTTPDATE_IMF);
		assert_true(date.unix_s == s);
		assert_true(date.weekday_ok);
	}
}

static void
civil_days_and_back(void **state)
{
	struct civil before = civil_from_days(-719529);

	(void)state;
	for (int64_t days = -719528; days < 2932897; days++) {
		struct civil date = civil_from_days(days);

		assert_true(civil_is_valid(&date));
		assert_true(civil_days(&date) == days);
		assert_true(date.year > before.year ||
			    date.month * 32 + date.day > before.month * 32 + before.day);
		before = date;
	}
	assert_int_equal(before.year, 9999);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest sweeps[] = {
		cmocka_unit_test(agrees_with_the_c_library),
		cmocka_unit_test(civil_days_and_back),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(valid_dates, parses_valid) +
	       ROWS_RUN(invalid_dates, describes_invalid) +
	       cmocka_run_group_tests(sweeps, NULL, NULL);
}
