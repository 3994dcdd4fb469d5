#include "parsers/httpdate.h"

#include "parsers/chars.h"
#include "parsers/civil.h"

enum {
	IMF_BYTES = 29
};

struct parts {
	struct civil date;
	int second; /* of the day, up to 86400 */
	int weekday;
};

static bool
eat(struct slice *s, struct slice literal)
{
	if (!slice_has_prefix(*s, literal))
		return false;
	*s = slice_from(*s, literal.n);
	return true;
}

/* Exactly `count` digits. */
static bool
eat_digits(struct slice *s, size_t count, int *out)
{
	int sum = 0;

	if (s->n < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!chars_is_digit(s->at[i]))
			return false;
		sum = sum * 10 + (s->at[i] - '0');
	}
	*s = slice_from(*s, count);
	*out = sum;
	return true;
}

/* One of the names, cut to its first `letters`; *index is which. */
static bool
eat_name(
	struct slice *s, const struct slice *names, int count, size_t letters, int *index)
{
	for (int i = 0; i < count; i++) {
		if (s->n && s->at[0] == names[i].at[0] &&
			eat(s, slice_part(names[i], 0, letters))) {
			*index = i;
			return true;
		}
	}
	return false;
}

static bool
eat_weekday(struct slice *s, size_t letters, int *weekday)
{
	return eat_name(s, civil_weekday_names, 7, letters, weekday);
}

static bool
eat_month(struct slice *s, int *month)
{
	if (!eat_name(s, civil_month_names, 12, CIVIL_SHORT_NAME, month))
		return false;
	++*month;
	return true;
}

/* A leap second is one. */
static bool
is_time(int hour, int minute, int second)
{
	return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 &&
	       second <= 60;
}

/* time-of-day = hour ":" minute ":" second */
static bool
eat_time(struct slice *s, int *second_of_day)
{
	int hour, minute, second;

	if (!eat_digits(s, 2, &hour) || !eat(s, SLICE(":")) ||
		!eat_digits(s, 2, &minute) || !eat(s, SLICE(":")) ||
		!eat_digits(s, 2, &second))
		return false;
	*second_of_day = (hour * 60 + minute) * 60 + second;
	return is_time(hour, minute, second);
}

static bool
eat_year(struct slice *s, size_t digits, int64_t *year)
{
	int number;

	if (!eat_digits(s, digits, &number))
		return false;
	*year = number;
	return true;
}

/* Two digits, or -1. */
static int
pair_at(const uint8_t *at)
{
	return chars_is_digit(at[0]) && chars_is_digit(at[1])
		       ? (at[0] - '0') * 10 + (at[1] - '0')
		       : -1;
}

/* Which of the names begins with these three letters, or -1. */
static int
name_at(const uint8_t *at, const struct slice *names, int count)
{
	while (--count >= 0 &&
		(at[0] != names[count].at[0] || at[1] != names[count].at[1] ||
			at[2] != names[count].at[2]))
		;
	return count;
}

/* Sun, 06 Nov 1994 08:49:37 GMT: nearly all dates are, and there each octet has its
 * place. */
static bool
parse_imf(struct slice s, struct parts *p)
{
	const uint8_t *at = s.at;
	int century, year, hour, minute, second;

	if (s.n != IMF_BYTES || at[3] != ',' || at[4] != ' ' || at[7] != ' ' ||
		at[11] != ' ' || at[16] != ' ' || at[19] != ':' || at[22] != ':' ||
		memcmp(at + 25, " GMT", 4) != 0)
		return false;
	p->weekday = name_at(at, civil_weekday_names, 7);
	p->date.day = pair_at(at + 5);
	p->date.month = name_at(at + 8, civil_month_names, 12) + 1;
	century = pair_at(at + 12);
	year = pair_at(at + 14);
	hour = pair_at(at + 17);
	minute = pair_at(at + 20);
	second = pair_at(at + 23);
	p->date.year = century * 100 + year;
	p->second = (hour * 60 + minute) * 60 + second;
	return p->weekday >= 0 && century >= 0 && year >= 0 &&
	       is_time(hour, minute, second) && civil_is_valid(&p->date);
}

/* The year's century is open until the rest of the date is known. */
static bool
parse_rfc850(struct slice s, struct parts *p, int64_t now_s)
{
	int64_t year;

	if (!eat_weekday(&s, SIZE_MAX, &p->weekday) || !eat(&s, SLICE(", ")) ||
		!eat_digits(&s, 2, &p->date.day) || !eat(&s, SLICE("-")) ||
		!eat_month(&s, &p->date.month) || !eat(&s, SLICE("-")) ||
		!eat_year(&s, 2, &year) || !eat(&s, SLICE(" ")) ||
		!eat_time(&s, &p->second) || !slice_eq(s, SLICE(" GMT")))
		return false;
	p->date.year = civil_recent_year(
		(int)year, p->date.month, p->date.day, p->second, now_s);
	return civil_is_valid(&p->date);
}

static bool
eat_asctime_day(struct slice *s, int *day)
{
	return eat(s, SLICE(" ")) ? eat_digits(s, 1, day) : eat_digits(s, 2, day);
}

static bool
parse_asctime(struct slice s, struct parts *p)
{
	return eat_weekday(&s, CIVIL_SHORT_NAME, &p->weekday) && eat(&s, SLICE(" ")) &&
	       eat_month(&s, &p->date.month) && eat(&s, SLICE(" ")) &&
	       eat_asctime_day(&s, &p->date.day) && eat(&s, SLICE(" ")) &&
	       eat_time(&s, &p->second) && eat(&s, SLICE(" ")) &&
	       eat_year(&s, 4, &p->date.year) && s.n == 0 && civil_is_valid(&p->date);
}

/* In the same year of the century before, or of the next one. */
static bool
weekday_fits_otherwise(const struct parts *p)
{
	struct civil date = p->date;

	date.year += date.year < 2000 ? 100 : -100;
	return civil_is_valid(&date) && civil_weekday(civil_days(&date)) == p->weekday;
}

struct httpdate
httpdate_parse(struct slice value, int64_t now_s)
{
	struct httpdate result = {.form = HTTPDATE_INVALID};
	struct parts p = {0};
	int64_t days;

	if (parse_imf(value, &p))
		result.form = HTTPDATE_IMF;
	else if (parse_rfc850(value, &p, now_s))
		result.form = HTTPDATE_RFC850;
	else if (parse_asctime(value, &p))
		result.form = HTTPDATE_ASCTIME;
	else
		return result;
	days = civil_days(&p.date);
	result.unix_s = days * CIVIL_DAY_S + p.second;
	result.weekday_ok = civil_weekday(days) == p.weekday ||
			    (result.form == HTTPDATE_RFC850 &&
				    weekday_fits_otherwise(&p));
	return result;
}
