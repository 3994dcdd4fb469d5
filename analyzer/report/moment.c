#include "analyzer/report/moment.h"

#include "parsers/civil.h"

#include <inttypes.h>
#include <stdio.h>

#define SECOND_NS INT64_C(1000000000)
#define DAY_NS (CIVIL_DAY_S * SECOND_NS)

static int64_t
day_of(int64_t ns)
{
	return ns / DAY_NS - (ns % DAY_NS < 0);
}

struct text
moment_day(int64_t ns)
{
	struct civil date = civil_from_days(day_of(ns));
	struct text text;

	snprintf(text.s, sizeof text.s, "%04" PRId64 "-%02d-%02d", date.year, date.month,
		date.day);
	return text;
}

struct text
moment_clock(int64_t ns, unsigned decimals)
{
	int64_t of_day = ns - day_of(ns) * DAY_NS, s = of_day / SECOND_NS;
	struct text text;
	int n = snprintf(text.s, sizeof text.s,
		"%02" PRId64 ":%02" PRId64 ":%02" PRId64 ".%09" PRId64, s / 3600,
		s / 60 % 60, s % 60, of_day % SECOND_NS);

	text.s[n - 9 + (int)decimals] = '\0';
	return text;
}
