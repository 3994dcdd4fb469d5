// room: ct_report
/* Records: their order, what is patched later, what a budget does, what is hidden. */
#include "analyzer/config.h"
#include "analyzer/report/records.h"
#include "analyzer/report/show.h"

#include "tests/lib/rows.h"

enum {
	PLENTY = 1 << 30,
	ONE_LINE = 1200
};

static const char *const paths[] = {"a.pcap", "b.pcap"};
static const struct record_options options = {.paths = paths,
	.path_count = 2,
	.redact = REDACT_SECRETS,
	.probe_ns = 60 * CONFIG_S_NS};

static struct exchange
begun(int64_t ts_ns, uint64_t frame, const char *target)
{
	struct exchange x = {
		.has_request = true,
		.has_response = true,
		.trans = 1,
		.wait_ns = -1,
		.client = {{{[10] = 0xff, [11] = 0xff, 1, 2, 3, 4}}, 1122},
		.server = {{{[10] = 0xff, [11] = 0xff, 5, 6, 7, 8}}, 3344},
	};

	x.q.method = SLICE("GET");
	x.q.target = slice_of(target, strlen(target));
	x.q.major = x.q.minor = 1;
	x.q.first = x.q.last = (struct place){.ts_ns = ts_ns, .frame = frame};
	x.r.first = x.r.last = (struct place){
		.ts_ns = ts_ns + 5000000, .frame = frame + 1};
	x.r.status = 304;
	x.r.reason = SLICE("Not Modified");
	return x;
}

static void
add(struct records *records, const struct exchange *x, uint64_t ticket)
{
	struct verdict v = {.outcome = OUTCOME_VALIDATED, .saving_ticket = ticket};

	v.saving.source = ticket ? SAVING_UNKNOWN : SAVING_OWN;
	records_add(records, &(struct record){.x = x, .verdict = &v});
}

/* The order of the targets that were printed, as one string. */
static void
expect_order(const struct out *out, const char *order)
{
	struct slice rest = out_contents(out);
	char got[32];
	size_t n = 0;

	while (rest.n && n + 1 < sizeof got) {
		size_t end = slice_find(rest, '\n', 0);
		struct slice line = slice_part(rest, 0, end);

		for (size_t i = 0; i + 9 < line.n; i++)
			if (memcmp(line.at + i, "\"uri\":\"/", 8) == 0)
				got[n++] = (char)line.at[i + 8];
		rest = slice_from(rest, end + 1);
	}
	got[n] = '\0';
	assert_string_equal(got, order);
}

static bool
contains(const struct out *out, const char *text)
{
	struct slice s = out_contents(out);
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= s.n; i++)
		if (memcmp(s.at + i, text, n) == 0)
			return true;
	return false;
}

static void
lines_come_in_the_order_of_their_requests(void **state)
{
	static const struct {
		int64_t ts_ns;
		uint64_t frame;
		const char *target;
	} ends[] = {{300, 3, "/c"}, {100, 1, "/a"}, {400, 9, "/e"}, {400, 8, "/d"},
		{200, 2, "/b"}};
	struct records *records;
	struct out out;

	(void)state;
	out_init_memory(&out);
	records = records_new(&out, &record_lines, &options, PLENTY);
	for (unsigned i = 0; i < 5; i++) {
		struct exchange x = begun(ends[i].ts_ns, ends[i].frame, ends[i].target);

		add(records, &x, 0);
	}
	assert_int_equal(out_contents(&out).n, 0);
	records_finish(records);
	expect_order(&out, "abcde");
	assert_int_equal(records_evicted(records), 0);
	records_free(&records);
	assert_null(records);
	out_fini(&out);
}

static void
late_savings_are_filled_in(void **state)
{
	struct records *records;
	struct exchange a = begun(1, 1, "/a"), b = begun(2, 2, "/b");
	struct out out;

	(void)state;
	out_init_memory(&out);
	records = records_new(&out, &record_lines, &options, PLENTY);
	add(records, &a, 7);
	for (unsigned i = 0; i < 300; i++)
		add(records, &b, 100 + i);
	records_late_saving(records, 7, 7000);
	records_late_saving(records, 9999, 1);
	records_finish(records);
	assert_true(contains(&out, "\"uri\":\"/a\""));
	assert_true(contains(&out, "\"saved\":{\"octets\":7000,\"source\":\"later\"},"
				   "\"waste\":[]"));
	assert_true(contains(&out, "\"saved\":{\"octets\":null,\"source\":\"unknown\"}"));
	assert_int_equal(records_evicted(records), 0);
	records_free(&records);
	out_fini(&out);
}

/* A HEAD waits for its GET; octets behind its answer are wasted whatever comes. */
static void
add_probe(struct records *records, const struct exchange *x, uint64_t ticket, bool stray)
{
	struct verdict v = {.outcome = OUTCOME_FULL, .probe_ticket = ticket};

	if (stray)
		v.waste[v.waste_count++] = waste_of_class(
			WASTE_ILLEGAL_BODY, PART_STRAY, 9);
	records_add(records, &(struct record){.x = x, .verdict = &v});
}

static void
late_waste_is_filled_in(void **state)
{
	struct waste waste = waste_of_class(WASTE_HEAD_PROBE, PART_HEAD, 140);
	struct exchange a = begun(1, 1, "/a"), b = begun(2, 2, "/b"),
			c = begun(3, 3, "/c");
	struct records *records;
	struct out out;

	(void)state;
	out_init_memory(&out);
	records = records_new(&out, &record_lines, &options, PLENTY);
	add_probe(records, &a, 7, false);
	add_probe(records, &b, 8, true);
	add_probe(records, &c, 9, false);
	records_late_waste(records, 7, &waste);
	records_late_waste(records, 8, &waste);
	records_late_waste(records, 10, &waste);
	records_finish(records);
	assert_true(contains(&out,
		"\"waste\":[{\"class\":\"head-probe\",\"part\":\"head\",\"octets\":140,"
		"\"tier\":\"T3\",\"fault\":\"client\",\"cause\":null}],\"findings\""));
	assert_true(contains(&out, "\"cause\":null},{\"class\":\"head-probe\""));
	assert_true(contains(&out, "\"waste\":[],"));
	assert_int_equal(records_evicted(records), 0);
	records_free(&records);
	out_fini(&out);
}

/* Cells of the list change as the records do, and keep their width. */
static void
a_list_is_filled_in_too(void **state)
{
	struct waste waste = waste_of_class(WASTE_HEAD_PROBE, PART_HEAD, 140);
	struct record_options verbose = options;
	struct exchange a = begun(1, 1, "/a"), b = begun(2, 2, "/b");
	struct records *records;
	struct out out;

	(void)state;
	out_init_memory(&out);
	verbose.verbose = true;
	records = records_new(&out, &show_list, &verbose, PLENTY);
	add(records, &a, 7);
	add(records, &b, 6);
	add_probe(records, &b, 8, false);
	add_probe(records, &a, 9, true);
	records_late_saving(records, 7, 7000);
	records_late_waste(records, 8, &waste);
	records_late_waste(records, 9, &waste);
	records_finish(records);
	assert_true(contains(&out, "1970-01-01   client "));
	assert_true(contains(&out, " validated             - 7.00 kB        -     /a\n"));
	assert_true(contains(&out, " validated             -       ?        -     /b\n"));
	assert_true(contains(&out, " full                  -       -   ~140 B     /b\n"));
	assert_true(contains(&out, " full                  -       -      9 B     /a\n"));
	assert_true(contains(&out, "* avoidable 140 octets (head): head-probe, "));
	records_free(&records);
	out_fini(&out);
}

/* A terminal's list has what fits; the URL goes on to its edge. */
static void
a_list_fits_its_terminal(void **state)
{
	static const struct {
		unsigned columns;
		const char *line;
	} rows[] = {
		{60, "00:00:00.000 GET        304 validated              -     "
		     "/abcdefghijkl…uvwxyz\n"},
		{90, "00:00:00.000 GET        304 validated              -     "
		     "/abcdefghijklmnopqrstuvwxyz\n"},
		{100, "00:00:00.000 GET        304 -     validated             -        "
		      "-     /abc"},
	};
	struct exchange x = begun(1, 1, "/abcdefghijklmnopqrstuvwxyz");

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record_options how = options;
		struct records *records;
		struct out out;

		out_init_memory(&out);
		how.columns = rows[i].columns;
		records = records_new(&out, &show_list, &how, PLENTY);
		add(records, &x, 0);
		records_finish(records);
		if (!contains(&out, rows[i].line))
			print_error("%u columns:\n%.*s", rows[i].columns,
				(int)out_contents(&out).n, out_contents(&out).at);
		assert_true(contains(&out, rows[i].line));
		records_free(&records);
		out_fini(&out);
	}
}

/* A minute later nothing can happen to a HEAD: to print it then is no loss. */
static void
a_probe_is_open_for_a_minute(void **state)
{
	struct exchange a = begun(1, 1, "/a"), b = begun(2, 2, "/b"),
			later = begun(INT64_C(60000000002), 3, "/c");
	struct records *records;
	struct out out;

	(void)state;
	out_init_memory(&out);
	records = records_new(&out, &record_lines, &options, 0);
	add_probe(records, &a, 7, false);
	assert_int_equal(records_evicted(records), 1);
	records_free(&records);
	records = records_new(&out, &record_lines, &options, ONE_LINE);
	out_clear(&out);
	add_probe(records, &b, 8, false);
	expect_order(&out, "");
	add(records, &later, 0);
	expect_order(&out, "b");
	assert_int_equal(records_evicted(records), 0);
	records_free(&records);
	out_fini(&out);
}

static void
a_spent_budget_lets_the_oldest_go(void **state)
{
	struct records *records;
	struct exchange a = begun(1, 1, "/a"), b = begun(2, 2, "/b"),
			c = begun(3, 3, "/c");
	struct out out;

	(void)state;
	out_init_memory(&out);
	records = records_new(&out, &record_lines, &options, 0);
	add(records, &b, 7); /* still open: counted */
	add(records, &c, 0);
	add(records, &a, 0); /* too late for its place: counted */
	records_late_saving(records, 7, 7000);
	records_finish(records);
	expect_order(&out, "bca");
	assert_int_equal(records_evicted(records), 2);
	assert_false(contains(&out, "7000"));
	records_free(&records);
	out_fini(&out);
}

/* Read along: a line goes when it is final, or a minute after its exchange ended. */
static void
lines_go_out_in_time(void **state)
{
	static const int64_t s = CONFIG_S_NS;
	struct record_options live = options;
	struct exchange a = begun(1 * s, 1, "/a"), b = begun(2 * s, 2, "/b"),
			c = begun(3 * s, 3, "/c"), d = begun(4 * s, 4, "/d"),
			e = begun(5 * s, 5, "/e");
	struct records *records;
	struct out out;

	(void)state;
	live.wait_ns = 60 * s;
	out_init_memory(&out);
	records = records_new(&out, &record_lines, &live, PLENTY);
	add(records, &b, 0);
	add(records, &a, 0);
	assert_true(records_tick(records, 3 * s, 2 * s));
	expect_order(&out, "a"); /* one that began with b may be under way */
	records_tick(records, 3 * s, 3 * s);
	expect_order(&out, "ab");
	add(records, &c, 7); /* open */
	add(records, &d, 0);
	records_tick(records, 62 * s, 62 * s);
	expect_order(&out, "ab");
	records_tick(records, 64 * s, 64 * s);
	expect_order(&out, "abcd");
	records_late_saving(records, 7, 7000);
	add(records, &e, 0);
	records_tick(
		records, 65 * s, 4 * s); /* one under way does not hold it for ever */
	expect_order(&out, "abcd");
	records_tick(records, 66 * s, 4 * s);
	expect_order(&out, "abcde");
	add(records, &d, 0); /* and comes behind */
	records_tick(records, 67 * s, 66 * s);
	expect_order(&out, "abcded");
	add_probe(records, &a, 8, false);
	records_finish(records);
	expect_order(&out, "abcdeda");
	assert_int_equal(records_evicted(records), 0);
	records_free(&records);
	out_fini(&out);
}

static void
write_one(struct out *out, const struct exchange *x, const struct record_options *how)
{
	struct verdict v = {.outcome = OUTCOME_FULL};

	out_init_memory(out);
	record_lines.write(out,
		&(struct record){.x = x, .verdict = x->has_request ? &v : NULL}, how);
}

static void
secrets_stay_inside(void **state)
{
	static const struct record_options open = {
		.paths = paths, .path_count = 2, .redact = REDACT_NONE};
	struct field fields[] = {
		{SLICE_INIT("cOOKIE"), SLICE_INIT("hush=1"), FIELD_COOKIE, 0, true},
		{SLICE_INIT("Proxy-Authorization"), SLICE_INIT("Basic hush"), 0, 0, true},
		{SLICE_INIT("Cookie "), SLICE_INIT("hush=2"), 0, FIELD_SPACE_COLON, true},
		{SLICE_INIT("Authorization Bearer hush"), SLICE_INIT(""), 0,
			FIELD_NO_COLON, true},
		{SLICE_INIT("X-Biscuit"), SLICE_INIT("seen"), 0, 0, true},
	};
	struct exchange x = begun(1, 1, "/a");
	struct out out;

	(void)state;
	x.q.fields = fields;
	x.q.field_count = sizeof fields / sizeof *fields;
	write_one(&out, &x, &options);
	assert_false(contains(&out, "hush"));
	assert_true(contains(&out, "[\"cOOKIE\",\"[redacted]\"]"));
	assert_true(contains(&out, "[\"Authorization\",\"[redacted]\"]"));
	assert_true(contains(&out, "[\"X-Biscuit\",\"seen\"]"));
	out_fini(&out);
	write_one(&out, &x, &open);
	assert_true(contains(&out, "[\"cOOKIE\",\"hush=1\"]"));
	out_fini(&out);
}

static void
an_orphan_has_no_request(void **state)
{
	struct exchange x = begun(1000000, 1, "/a");
	struct out out;

	(void)state;
	x.has_request = false;
	write_one(&out, &x, &options);
	assert_true(contains(&out, "{\"v\":1,\"ts_us\":6000,\"flow\":"));
	assert_true(contains(&out, "\"status\":304"));
	assert_false(contains(&out, "\"method\""));
	assert_false(contains(&out, "\"outcome\""));
	assert_false(contains(&out, "\"request_frames\""));
	out_fini(&out);
}

static void
a_line_has_its_keys_in_order(void **state)
{
	struct exchange x = begun(1767225600000001999, 31, "/a");
	struct out out;

	(void)state;
	x.wait_ns = 20999;
	x.r.has_digest = true;
	x.r.digest = (struct digest){0x123, 0xabc};
	write_one(&out, &x, &options);
	assert_true(contains(&out,
		"{\"v\":1,\"ts_us\":1767225600000001,\"dur_us\":5000,\"wait_us\":20,"
		"\"ttfb_us\":5000,\"flow\":\"1:wCb3OG7yAFWelaUydu0D+125CLM=\",\"trans\":"
		"1,"
		"\"client_ip\":\"1.2.3.4\",\"client_port\":1122,"
		"\"server_ip\":\"5.6.7.8\",\"server_port\":3344,\"client\":\"1.2.3.4\","
		"\"method\":\"GET\",\"uri\":\"/"
		"a\",\"http_version\":\"1.1\",\"status\":304,"
		"\"reason\":\"Not Modified\",\"req_fields\":[],\"resp_fields\":[],"
		"\"q_head\":0,"));
	assert_true(contains(&out, "\"stray\":0,"
				   "\"digest\":\"00000000000001230000000000000abc\","
				   "\"outcome\":\"full\",\"waste\":[],\"findings\":[],"
				   "\"complete\":false,\"gap_octets\":0,"
				   "\"tentative\":false,\"source\":\"a.pcap\","
				   "\"request_frames\":[31,31],"
				   "\"response_frames\":[32,32]}\n"));
	out_fini(&out);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_in_the_order_of_their_requests),
		cmocka_unit_test(late_savings_are_filled_in),
		cmocka_unit_test(late_waste_is_filled_in),
		cmocka_unit_test(a_list_is_filled_in_too),
		cmocka_unit_test(a_list_fits_its_terminal),
		cmocka_unit_test(a_probe_is_open_for_a_minute),
		cmocka_unit_test(a_spent_budget_lets_the_oldest_go),
		cmocka_unit_test(lines_go_out_in_time),
		cmocka_unit_test(secrets_stay_inside),
		cmocka_unit_test(an_orphan_has_no_request),
		cmocka_unit_test(a_line_has_its_keys_in_order),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
