#include "parsers/httpdate.h"

#include "parsers/chars.h"
#include "parsers/civil.h"

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
	return hour <= 23 && minute <= 59 && second <= 60;
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

static bool
parse_imf(struct slice s, struct parts *p)
{
	return eat_weekday(&s, CIVIL_SHORT_NAME, &p->weekday) && eat(&s, SLICE(", ")) &&
	       eat_digits(&s, 2, &p->date.day) && eat(&s, SLICE(" ")) &&
	       eat_month(&s, &p->date.month) && eat(&s, SLICE(" ")) &&
	       eat_year(&s, 4, &p->date.year) && eat(&s, SLICE(" ")) &&
	       eat_time(&s, &p->second) && slice_eq(s, SLICE(" GMT")) &&
	       civil_is_valid(&p->date);
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

static bool
weekday_fits(const struct parts *p, int64_t year)
{
	struct civil date = {.year = year, .month = p->date.month, .day = p->date.day};

	return civil_is_valid(&date) && civil_weekday(civil_days(&date)) == p->weekday;
}

struct httpdate
httpdate_parse(struct slice value, int64_t now_s)
{
	struct httpdate result = {.form = HTTPDATE_INVALID};
	struct parts p = {0};

	if (parse_imf(value, &p))
		result.form = HTTPDATE_IMF;
	else if (parse_rfc850(value, &p, now_s))
		result.form = HTTPDATE_RFC850;
	else if (parse_asctime(value, &p))
		result.form = HTTPDATE_ASCTIME;
	else
		return result;
	result.unix_s = civil_days(&p.date) * CIVIL_DAY_S + p.second;
	result.weekday_ok = weekday_fits(&p, p.date.year);
	if (result.form == HTTPDATE_RFC850 && !result.weekday_ok)
		result.weekday_ok = weekday_fits(
			&p, p.date.year < 2000 ? p.date.year + 100 : p.date.year - 100);
	return result;
}
