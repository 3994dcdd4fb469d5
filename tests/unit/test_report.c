// room: ct_report
/* The page and the JSON of a report: whatever the capture held, they stay readable. */
#include "analyzer/report/report.h"

#include "analyzer/base/text.h"
#include "analyzer/base/utf8.h"
#include "tests/lib/rows.h"

enum {
	MEMORY_BYTES = 1 << 20
};

#define HOSTILE                                                                          \
	"\x1b]0;owned\x07\x9b"                                                           \
	"31m\xe2\x80\xae\xff\r\n<script>\"'\\ \xf0\x9f\x98\x80"

struct world {
	struct counters counters;
	struct report_source source;
	struct tally *tally;
	struct rules *rules;
	struct whatif *whatif;
	struct clients_summary clients;
	struct hops_summary hops;
	struct report report;
	struct out out;
};

static void
world_init(struct world *w, const char *path)
{
	*w = (struct world){.source = {.path = path,
				    .format = "pcap",
				    .compression = "none",
				    .trouble = ""}};
	w->tally = tally_new(&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	w->rules = rules_new(NULL, 1 << 20);
	w->whatif = whatif_new(&(struct whatif_options){0}, 1 << 20, 1);
	rules_finish(w->rules);
	w->report = (struct report){.version = "1.2.3",
		.sources = &w->source,
		.source_count = 1,
		.kernel_dropped = -1,
		.interface_dropped = -1,
		.counters = &w->counters,
		.tally = w->tally,
		.rules = w->rules,
		.clients = &w->clients,
		.hops = &w->hops,
		.whatif = w->whatif};
	out_init_memory(&w->out);
}

static void
world_fini(struct world *w)
{
	tally_free(&w->tally);
	rules_free(&w->rules);
	whatif_free(&w->whatif);
	out_fini(&w->out);
}

/* A conditional GET of some resource that was answered 304, or in full in vain. */
static void
add(struct world *w, struct slice host, struct slice path, uint64_t wasted)
{
	struct exchange x = {.has_request = true,
		.has_response = true,
		.method = METHOD_GET,
		.cond = COND_INM,
		.inm = SLICE("\"a\""),
		.host = host,
		.path_query = path};
	struct before before = {.resource = key_add(key_start(1), path)};
	struct verdict v = {.outcome = wasted ? OUTCOME_MISSED_MATCH : OUTCOME_VALIDATED,
		.in_conditional = true,
		.saving = {wasted ? SAVING_NONE : SAVING_UNKNOWN, 0},
		.waste_count = wasted ? 1 : 0,
		.waste = {{WASTE_IGNORED_MATCH, PART_BODY, TIER_1, FAULT_SERVER,
			CAUSE_CODING_SUFFIX, wasted}}};

	x.q.method = SLICE("GET");
	x.q.complete = x.r.complete = true;
	x.r.status = wasted ? 200 : 304;
	x.r.content_bytes = wasted;
	tally_add(w->tally, &x, &before, &v);
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

/* The same of text that is set into lines. */
static bool
says(const struct out *out, const char *text)
{
	struct slice s = out_contents(out);
	struct out line;
	bool found;

	out_init_memory(&line);
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i] > ' ' || (i && s.at[i - 1] > ' '))
			out_octet(&line, s.at[i] > ' ' ? s.at[i] : ' ');
	found = contains(&line, text);
	out_fini(&line);
	return found;
}

static void
assert_harmless(struct slice s)
{
	while (s.n) {
		uint32_t code;
		size_t n = utf8_next(s, &code);

		assert_true(n > 0);
		assert_true(code == '\n' || !utf8_is_unsafe(code));
		s = slice_from(s, n);
	}
}

/* Lines of 100 columns at most, but for commands to copy. */
static void
assert_narrow(struct slice s)
{
	while (s.n) {
		size_t end = slice_find(s, '\n', 0);
		struct slice line = slice_part(s, 0, end);

		if (!slice_has_prefix(line, SLICE("        cachetap")) &&
			!slice_has_prefix(line, SLICE("  Next")))
			assert_true(text_columns(line) <= 100);
		s = slice_from(s, end + 1);
	}
}

static void
hostile_strings_do_nothing_to_a_page(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, HOSTILE);
	w.source.trouble = HOSTILE;
	w.counters.packets = 7;
	w.counters.gaps = 1;
	for (unsigned i = 0; i < 3; i++)
		add(&w, SLICE(HOSTILE), SLICE("/" HOSTILE HOSTILE HOSTILE HOSTILE), 1000);
	add(&w, SLICE("h.test"), SLICE("/b"), 10);
	report_text(&w.out, &w.report);
	assert_harmless(out_contents(&w.out));
	assert_narrow(out_contents(&w.out));
	assert_true(contains(&w.out, "\\x1B]0;owned\\x07"));
	world_fini(&w);
}

static void
colour_is_only_where_it_is_wanted(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	add(&w, SLICE("h.test"), SLICE("/a"), 1000);
	report_text(&w.out, &w.report);
	assert_false(contains(&w.out, "\x1b["));
	out_clear(&w.out);
	w.report.colour = true;
	report_text(&w.out, &w.report);
	assert_true(contains(&w.out, "\x1b[31m"));
	world_fini(&w);
}

static void
every_rate_has_its_integers(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	for (unsigned i = 0; i < 3; i++)
		add(&w, SLICE("h.test"), SLICE("/a"), i ? 0 : 500);
	report_text(&w.out, &w.report);
	assert_true(contains(&w.out, "66.7 %   2 of 3 answered 304 (few cases)"));
	assert_true(contains(&w.out, "500 B of HTTP · unknown savings by 304s · "
				     "500 B WASTED (100.0 %)"));
	assert_true(says(&w.out, "What the 2 needed 304s saved is unknown"));
	assert_true(
		says(&w.out, "66.7 % of the revalidations were answered 304 (2 of 3)"));
	world_fini(&w);
}

struct sentence_row {
	const char *name;
	struct waste waste[3];
	unsigned count;
	uint64_t shared;
	const char *says;
};

#define WASTED(class, octets)                                                            \
	{                                                                                \
		WASTE_##class, PART_BODY, TIER_1, FAULT_SERVER, CAUSE_NONE, octets       \
	}
#define LIKELY(class, octets)                                                            \
	{                                                                                \
		WASTE_##class, PART_BODY, TIER_2, FAULT_CLIENT, CAUSE_NONE, octets       \
	}

static const struct sentence_row sentence_rows[] = {
	{"what is proven", {WASTED(IGNORED_MATCH, 500)}, 1, 0,
		"500 B (50.0 %) was sent for nothing, proven. No client asked "
		"conditionally. First fix: ignored-match (500 B)."},
	{"what is likely stands beside it",
		{WASTED(IGNORED_MATCH, 500), LIKELY(BLIND_REFETCH, 100)}, 2, 0,
		"500 B (50.0 %) was sent for nothing, proven; 100 B more is likely "
		"(client keys)."},
	{"of shared keys apart", {LIKELY(BLIND_REFETCH, 100)}, 1, 40,
		"60 B (6.0 %) was likely sent for nothing (client keys, and 40 B where "
		"several clients share a key); nothing is proven."},
	{"what could be compressed is never added",
		{WASTED(IGNORED_MATCH, 500), WASTED(UNCOMPRESSED, 200)}, 2, 0,
		"500 B (50.0 %) was sent for nothing, proven. Another 200 B could have "
		"been compressed away (measured at gzip level 6)."},
	{"nothing else", {WASTED(UNCOMPRESSED, 200)}, 1, 0,
		"nothing was sent that need not have been. But 200 B could have been "
		"compressed away"},
};

static void
sentence_says(void **state)
{
	const struct sentence_row *row = *state;
	struct exchange x = {
		.has_request = true, .has_response = true, .method = METHOD_GET};
	struct before before = {.resource = {1, 2}};
	struct verdict v = {.outcome = OUTCOME_FULL, .waste_count = row->count};
	struct world w;

	memcpy(v.waste, row->waste, sizeof row->waste);
	x.r.content_bytes = 1000;
	world_init(&w, "a.pcap");
	w.clients.t2_shared_octets = row->shared;
	tally_add(w.tally, &x, &before, &v);
	report_text(&w.out, &w.report);
	assert_true(says(&w.out, row->says));
	assert_true(says(&w.out, "No client asked conditionally."));
	world_fini(&w);
}

/* What may or may not have changed makes the lower end, and is counted beside it. */
static void
both_ends_of_the_recall_have_their_integers(void **state)
{
	static const enum outcome outcomes[] = {
		OUTCOME_VALIDATED, OUTCOME_MISSED_MATCH, OUTCOME_INDETERMINATE};
	struct exchange x = {
		.has_request = true, .has_response = true, .method = METHOD_GET};
	struct before before = {.resource = {1, 2}};
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	for (unsigned i = 0; i < 3; i++) {
		struct verdict v = {.outcome = outcomes[i], .in_conditional = true};

		tally_add(w.tally, &x, &before, &v);
	}
	report_text(&w.out, &w.report);
	assert_true(says(&w.out, "33.3 to 50.0 % of the revalidations were answered 304 "
				 "(1 of 2 known, 1 of 3 if the 1 in doubt had not "
				 "changed); few cases."));
	world_fini(&w);
}

static void
add_wasteful(struct world *w, struct slice path, enum tier tier, uint64_t octets)
{
	struct exchange x = {.has_request = true,
		.has_response = true,
		.method = METHOD_GET,
		.host = SLICE("h.test"),
		.path_query = path};
	struct before before = {.resource = key_add(key_start(1), path)};
	struct verdict v = {.outcome = OUTCOME_FULL,
		.waste_count = 1,
		.waste = {{WASTE_ALIAS, PART_BODY, tier, FAULT_SERVER, CAUSE_NONE,
			octets}}};

	x.r.status = 200;
	x.r.content_bytes = octets;
	tally_add(w->tally, &x, &before, &v);
}

/* What is only avoidable is never called wasted, neither in the column. */
static void
what_is_avoidable_is_marked(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	add_wasteful(&w, SLICE("/proven"), TIER_1, 700);
	report_text(&w.out, &w.report);
	assert_false(contains(&w.out, "not wasted"));
	add_wasteful(&w, SLICE("/avoidable"), TIER_3, 900);
	out_clear(&w.out);
	report_text(&w.out, &w.report);
	assert_true(contains(&w.out, " 700 B\n"));
	assert_true(contains(&w.out, " ~900 B\n"));
	assert_true(contains(&w.out, "~ avoidable by policy or design, not wasted"));
	world_fini(&w);
}

static void
needless_savings_are_not_said(void **state)
{
	struct exchange x = {
		.has_request = true, .has_response = true, .method = METHOD_GET};
	struct before before = {.resource = {1, 2}};
	struct verdict v = {.outcome = OUTCOME_VALIDATED,
		.in_conditional = true,
		.saving = {SAVING_OWN, 3000}};
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	tally_add(w.tally, &x, &before, &v);
	v.needless = true;
	tally_add(w.tally, &x, &before, &v);
	report_text(&w.out, &w.report);
	assert_true(says(&w.out, "Needed 304s saved 3.00 kB."));
	world_fini(&w);
}

static void
nothing_conditional_is_said_and_no_rate(void **state)
{
	struct exchange x = {
		.has_request = true, .has_response = true, .method = METHOD_GET};
	struct before before = {.resource = {1, 2}};
	struct verdict v = {.outcome = OUTCOME_FULL};
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	tally_add(w.tally, &x, &before, &v);
	report_text(&w.out, &w.report);
	assert_true(contains(&w.out, "no client asked conditionally (0 of 1)"));
	assert_false(contains(&w.out, "answered 304"));
	world_fini(&w);
}

static void
a_capture_without_http_says_so(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	w.counters.packets = 3;
	w.counters.flows = w.counters.flows_not_http = 1;
	report_text(&w.out, &w.report);
	assert_true(contains(&w.out, "No HTTP/1.x was found in 1 connection."));
	assert_true(contains(&w.out, "Capture quality"));
	assert_false(contains(&w.out, "Where the waste comes from"));
	world_fini(&w);
}

static void
heads_that_were_cut_prove_nothing(void **state)
{
	struct exchange x = {.has_request = true, .method = METHOD_GET};
	struct before before = {0};
	struct verdict v = {.outcome = OUTCOME_UNANSWERED};
	struct world w;

	(void)state;
	x.q.head_state = HEAD_CUT;
	x.q.head_bytes = 100;
	world_init(&w, "a.pcap");
	tally_add(w.tally, &x, &before, &v);
	assert_false(report_is_exact(&w.report));
	report_text(&w.out, &w.report);
	assert_true(contains(&w.out, "no head that is whole asked conditionally"));
	assert_true(contains(&w.out, "1 heads are not whole"));
	assert_false(contains(&w.out, "no client asked"));
	assert_false(contains(&w.out, "nothing was sent that need not"));
	world_fini(&w);
}

static void
given_up_requests_are_counted(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	add(&w, SLICE("h.test"), SLICE("/a"), 0);
	w.counters.requests_given_up = 4;
	assert_false(report_is_exact(&w.report));
	report_text(&w.out, &w.report);
	assert_true(contains(&w.out, "4 requests were too many"));
	world_fini(&w);
}

static void
evictions_make_lower_bounds(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	add(&w, SLICE("h.test"), SLICE("/a"), 0);
	assert_true(report_is_exact(&w.report));
	w.report.evictions.held = 3;
	assert_false(report_is_exact(&w.report));
	report_text(&w.out, &w.report);
	assert_true(contains(&w.out, "figures are lower bounds"));
	assert_true(contains(&w.out, "forget 3 entries"));
	out_clear(&w.out);
	report_json(&w.out, &w.report);
	assert_true(contains(&w.out, "\"exact\": false"));
	assert_true(contains(&w.out, "\"held\": 3"));
	world_fini(&w);
}

static void
packets_that_change_no_number_are_notes(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, "a.pcap");
	w.counters.duplicate_packets = 3;
	w.counters.time_backwards_packets = 4;
	w.counters.malformed_packets[0] = 2;
	w.counters.unknown_link_packets = 5;
	report_text(&w.out, &w.report);
	assert_true(says(&w.out, "3 packets were captured twice"));
	assert_true(says(&w.out, "4 packets are older"));
	assert_true(says(&w.out, "7 packets are malformed or of an unknown kind"));
	assert_true(says(&w.out, "figures are exact"));
	out_clear(&w.out);
	report_json(&w.out, &w.report);
	assert_false(says(&w.out, "captured twice"));
	assert_true(says(&w.out, "\"duplicates\": 3"));
	world_fini(&w);
}

static void
json_has_its_parts_and_no_zero_rates(void **state)
{
	static const struct report_option options[] = {{"filter", "tcp", 0},
		{"disable", "a", 0}, {"disable", "b", 0}, {"max_memory", NULL, 512}};
	struct world w;

	(void)state;
	world_init(&w, HOSTILE);
	w.report.options = options;
	w.report.option_count = sizeof options / sizeof *options;
	report_json(&w.out, &w.report);
	assert_harmless(out_contents(&w.out));
	assert_true(contains(&w.out, "{\n  \"schema\": \"cachetap-report/1\",\n"));
	assert_true(contains(&w.out, "\"options\": {\n    \"filter\": \"tcp\",\n"
				     "    \"disable\": [\"a\", \"b\"],\n"
				     "    \"max_memory\": 512\n  }"));
	assert_true(contains(&w.out, "\"latin1\": true"));
	assert_true(contains(&w.out, "\"R3_recall.all\": {\"num\": 0, \"den\": 0, "
				     "\"value\": null}"));
	assert_true(contains(&w.out, "\"kernel_dropped\": null"));
	assert_true(contains(&w.out, "\"findings\": []"));
	world_fini(&w);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_strings_do_nothing_to_a_page),
		cmocka_unit_test(colour_is_only_where_it_is_wanted),
		cmocka_unit_test(every_rate_has_its_integers),
		cmocka_unit_test(both_ends_of_the_recall_have_their_integers),
		cmocka_unit_test(what_is_avoidable_is_marked),
		cmocka_unit_test(needless_savings_are_not_said),
		cmocka_unit_test(nothing_conditional_is_said_and_no_rate),
		cmocka_unit_test(a_capture_without_http_says_so),
		cmocka_unit_test(evictions_make_lower_bounds),
		cmocka_unit_test(heads_that_were_cut_prove_nothing),
		cmocka_unit_test(given_up_requests_are_counted),
		cmocka_unit_test(packets_that_change_no_number_are_notes),
		cmocka_unit_test(json_has_its_parts_and_no_zero_rates),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(sentence_rows, sentence_says) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
