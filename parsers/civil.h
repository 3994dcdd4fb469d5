/*
 * parsers/civil.h - days of the Gregorian calendar, in both directions
 *
 * The calendar is extended backwards and has a year 0.  Day 0 is 1970-01-01, a
 * Thursday.  Valid for years 0 to 9999 and well beyond; 64-bit arithmetic
 * throughout, no time zone, no leap second.
 */
#ifndef PARSERS_CIVIL_H
#define PARSERS_CIVIL_H

#include "parsers/slice.h"

#define CIVIL_DAY_S 86400

struct civil {
	int64_t year;
	int month, day; /* from 1 */
};

/* Month from 1 to 12. */
int civil_month_days(int64_t year, int month);

bool civil_is_valid(const struct civil *date);

/* A day that the month does not have counts on into the next month. */
int64_t civil_days(const struct civil *date);

struct civil civil_from_days(int64_t days);

/* 0 is Sunday. */
int civil_weekday(int64_t days);

/*
 * The latest year that ends in `two_digits` for which month, day and second of the
 * day are not more than 50 years after `now_s`, seconds since 1970.  The clock is
 * taken to be between 1970 and 9999.  [RFC9110 5.6.7]
 */
int64_t civil_recent_year(int two_digits, int month, int day, int second, int64_t now_s);

/* English names; the short forms are their first CIVIL_SHORT_NAME letters. */
extern const struct slice civil_month_names[12];
extern const struct slice civil_weekday_names[7];

enum {
	CIVIL_SHORT_NAME = 3
};

#endif
