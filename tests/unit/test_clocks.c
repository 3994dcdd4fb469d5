// room: ct_report
/* How far a server's clock is from the capture's, and of whom that is told. */
#include "analyzer/report/report_clocks.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

enum {
	DATES = 5,
	TEXT_BYTES = 512
};

struct row {
	const char *name;
	const char *dates[DATES]; /* further lines of the answers; they come at 20 ms */
	const char *json, *notes;
};

#define AT(time) "Date: Thu, 01 Jan 2026 00:" time " GMT"

static const struct row rows[] = {
	{"right", {AT("00:00")},
		"{\"server\": \"192.0.2.80:80\", \"answers\": 1, \"off_s\": 0}", ""},
	{"ahead", {AT("10:00"), AT("10:00"), AT("00:00")},
		"{\"server\": \"192.0.2.80:80\", \"answers\": 3, \"off_s\": -592}",
		"the clock of 192.0.2.80:80 is about 9 min 52 s ahead of the capture's, "
		"by "
		"Date in "
		"3 answers\n"},
	{"behind",
		{"Date: Wed, 31 Dec 2025 23:59:55 GMT",
			"Date: Wed, 31 Dec 2025 23:59:51 GMT"},
		"{\"server\": \"192.0.2.80:80\", \"answers\": 2, \"off_s\": 9}",
		"the clock of 192.0.2.80:80 is about 9.0 s behind the capture's, by Date "
		"in 2 "
		"answers\n"},
	{"one wrong answer of three is no wrong clock",
		{AT("00:00"), AT("30:00"), AT("00:00")},
		"{\"server\": \"192.0.2.80:80\", \"answers\": 3, \"off_s\": 0}", ""},
	{"a stored answer has another time", {AT("30:00") "\nAge: 60"}, "", ""},
	{"so it may have behind a proxy", {AT("30:00") "\nVia: 1.1 p"}, "", ""},
	{"no date", {"Date: yesterday"}, "", ""},
};

static void
add_answer(struct tally *tally, const char *lines)
{
	static const struct before before;
	static const struct verdict verdict = {.outcome = OUTCOME_FULL};
	char response[TEXT_BYTES];
	struct exchange *x;

	snprintf(response, sizeof response, "200\n%s", lines);
	x = make_exchange(&(struct making){.request = "GET /", .response = response});
	tally_add(tally, x, &before, &verdict);
	exchange_free(&x);
}

static void
take_note(void *out, const char *sentence)
{
	out_format(out, "%s\n", sentence);
}

static void
tells(void **state)
{
	const struct row *row = *state;
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = 1 << 20});
	const struct report report = {.tally = tally};
	struct out out, notes;
	struct json json;

	for (unsigned i = 0; i < DATES && row->dates[i]; i++)
		add_answer(tally, row->dates[i]);
	out_init_memory(&out);
	out_init_memory(&notes);
	json_init(&json, &out, true);
	json_object(&json);
	report_clocks_json(&json, &report);
	json_end(&json);
	out_octet(&out, '\0');
	if (*row->json)
		assert_non_null(strstr((const char *)out.buffer, row->json));
	else
		assert_null(strstr((const char *)out.buffer, "off_s"));
	report_clocks_notes(&report, take_note, &notes);
	out_octet(&notes, '\0');
	assert_string_equal((const char *)notes.buffer, row->notes);
	out_fini(&out);
	out_fini(&notes);
	tally_free(&tally);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, tells);
}
