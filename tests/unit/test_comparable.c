// room: ct_ledger
/* What Lighthouse would predict of an answer, by its headers. */
#include "analyzer/ledger/comparable.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

struct row {
	const char *name, *fields;
	double share; /* that a repeat visit would fetch again */
};

#define DATE_0 "Date: Thu, 01 Jan 2026 00:00:00 GMT"

static const struct row rows[] = {
	{"no lifetime at all", "", 1},
	{"nothing", "Cache-Control: max-age=0", 0},
	{"half an hour lies between two points", "Cache-Control: max-age=1800", 0.8625},
	{"an hour is a point", "Cache-Control: max-age=3600", 0.8},
	{"a day", "Cache-Control: max-age=86400", 0.4},
	{"a week", "Cache-Control: max-age=604800", 0.1},
	{"a day less than the longest", "Cache-Control: max-age=2505600", 0.0938547486},
	{"as good as for ever", "Cache-Control: max-age=2592000", 0},
	{"Expires", DATE_0 "\nExpires: Thu, 01 Jan 2026 12:00:00 GMT", 0.5},
	{"Expires in the past", DATE_0 "\nExpires: Wed, 31 Dec 2025 12:00:00 GMT", 0},
	{"a guess is no lifetime",
		DATE_0 "\nLast-Modified: Mon, 01 Dec 2025 00:00:00 GMT", 1},
	{"s-maxage is not for browsers", "Cache-Control: s-maxage=3600", 1},
	{"private", "Cache-Control: private", 0},
	{"no-store", "Cache-Control: no-store", 0},
	{"no-cache", "Cache-Control: no-cache, max-age=60", 0},
	{"must-revalidate", "Cache-Control: must-revalidate, max-age=60", 0},
};

static void
lighthouse(void **state)
{
	const struct row *row = *state;
	char response[256];
	struct making making = {
		.request = "GET /a.css", .response = response, .body = "octets"};
	struct exchange *x;
	double share;

	snprintf(response, sizeof response, "200\nContent-Type: text/css\n%s",
		row->fields);
	x = make_exchange(&making);
	share = comparable_lighthouse_share(x);
	assert_true(share > row->share - 1e-6 && share < row->share + 1e-6);
	exchange_free(&x);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, lighthouse);
}
