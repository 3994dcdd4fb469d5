#include "parsers/civil.h"

/*
 * Years are counted from March, so that the leap day is the last one and the
 * lengths of months follow 31 30 31 30 31 from there on; 400 such years, an era,
 * always have the same number of days.
 */
enum {
	ERA_YEARS = 400,
	ERA_DAYS = 146097,
	DAYS_TO_1970 = 719468, /* from 0000-03-01 */
};

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool
is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int
civil_month_days(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool
civil_is_valid(const struct civil *date)
{
	return date->month >= 1 && date->month <= 12 && date->day >= 1 &&
	       date->day <= civil_month_days(date->year, date->month);
}

int64_t
civil_days(const struct civil *date)
{
	int64_t year = date->year - (date->month <= 2);
	int64_t era = floor_div(year, ERA_YEARS);
	int64_t year_of_era = year - era * ERA_YEARS;
	int64_t month = (date->month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + date->day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
			     day_of_year;

	return era * ERA_DAYS + day_of_era - DAYS_TO_1970;
}

struct civil
civil_from_days(int64_t days)
{
	int64_t shifted = days + DAYS_TO_1970;
	int64_t era = floor_div(shifted, ERA_DAYS);
	int64_t day_of_era = shifted - era * ERA_DAYS;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
				      day_of_era / (ERA_DAYS - 1)) /
			      365;
	int64_t day_of_year = day_of_era -
			      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month = (int)((5 * day_of_year + 2) / 153);
	struct civil date = {
		.year = year_of_era + era * ERA_YEARS + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
	};

	return date;
}

int
civil_weekday(int64_t days)
{
	return (int)(((days % 7) + 7 + 4) % 7);
}

int64_t
civil_recent_year(int two_digits, int month, int day, int second, int64_t now_s)
{
	const int64_t last_s = INT64_C(253402300799);
	int64_t clock_s = now_s < 0 ? 0 : now_s > last_s ? last_s : now_s;
	struct civil limit = civil_from_days(clock_s / CIVIL_DAY_S);
	struct civil date = {.month = month, .day = day};
	int64_t late_days;

	limit.year += 50;
	date.year = limit.year - (limit.year - two_digits) % 100;
	late_days = civil_days(&date) - civil_days(&limit);
	if (late_days > 0 || (late_days == 0 && second > clock_s % CIVIL_DAY_S))
		date.year -= 100;
	return date.year;
}

const struct slice civil_month_names[12] = {
	SLICE_INIT("January"),
	SLICE_INIT("February"),
	SLICE_INIT("March"),
	SLICE_INIT("April"),
	SLICE_INIT("May"),
	SLICE_INIT("June"),
	SLICE_INIT("July"),
	SLICE_INIT("August"),
	SLICE_INIT("September"),
	SLICE_INIT("October"),
	SLICE_INIT("November"),
	SLICE_INIT("December"),
};

const struct slice civil_weekday_names[7] = {
	SLICE_INIT("Sunday"),
	SLICE_INIT("Monday"),
	SLICE_INIT("Tuesday"),
	SLICE_INIT("Wednesday"),
	SLICE_INIT("Thursday"),
	SLICE_INIT("Friday"),
	SLICE_INIT("Saturday"),
};
