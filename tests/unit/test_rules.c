// room: ct_rules ct_ledger ct_history ct_http
/*
 * The engine of the rules: facts, options, counting, evidence.  What each rule says of
 * a conversation is told by the transcripts in tests/rules.
 */
#include "analyzer/rules/rule.h"
#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

#include <string.h>

/* History, ledger and rules, fed as the pipeline feeds them. */
struct bench {
	struct history *history;
	struct ledger *ledger;
	struct rules *rules;
	struct hit hits[HITS_MAX];
	size_t hit_count;
};

static void
bench_init(struct bench *b, const struct rules_options *options, uint64_t memory_bytes)
{
	*b = (struct bench){0};
	b->history = history_new(&(struct history_options){.memory_bytes = 1 << 24});
	b->ledger = ledger_new(&(struct ledger_options){.memory_bytes = 1 << 20});
	b->rules = rules_new(options, memory_bytes);
}

static void
bench_fini(struct bench *b)
{
	rules_free(&b->rules);
	ledger_free(&b->ledger);
	history_free(&b->history);
}

static void
bench_feed(struct bench *b, const struct making *making)
{
	struct exchange *x = make_exchange(making);
	struct verdict verdict;
	struct before before;
	struct view view = {
		.x = x, .before = &before, .verdict = &verdict, .history = b->history};

	history_open(b->history, x, &before);
	ledger_judge(b->ledger, b->history, &before, x, &verdict);
	view.resource = history_resource(b->history, before.resource);
	b->hit_count = rules_judge(b->rules, &view, b->hits, HITS_MAX);
	history_close(b->history, x, &before);
	exchange_free(&x);
}

static const struct finding *
bench_find(struct bench *b, enum rule_id rule)
{
	rules_finish(b->rules);
	for (size_t i = 0; i < rules_finding_count(b->rules); i++)
		if (rules_finding(b->rules, i)->rule == rule)
			return rules_finding(b->rules, i);
	return NULL;
}

struct facts_row {
	const char *name;
	struct making making;
	bool accused, tentative;
};

#define UNCONDITIONAL .request = "GET /a", .response = "304"

static const struct facts_row facts_rows[] = {
	{"all was seen", {UNCONDITIONAL}, true, false},
	{"after a resynchronisation nobody is accused",
		{UNCONDITIONAL, .unanchored = true}, false, false},
	{"nor if it is a guess which request was answered",
		{UNCONDITIONAL, .unknown_pairing = true}, false, false},
	{"the condition may be in the part of the request that was cut",
		{UNCONDITIONAL, .cut_request = true}, false, false},
	{"the response was cut", {UNCONDITIONAL, .cut_response = true}, false, false},
	{"copies of octets contradict each other", {UNCONDITIONAL, .tentative = true},
		true, true},
	{"no answer", {.request = "GET /a"}, false, false},
};

static void
test_facts(void **state)
{
	const struct facts_row *row = *state;
	const struct finding *f;
	struct bench b;

	bench_init(&b, NULL, 1 << 20);
	bench_feed(&b, &row->making);
	f = bench_find(&b, RULE_304_UNCONDITIONAL_REQUEST);
	assert_int_equal(f != NULL, row->accused);
	assert_int_equal(b.hit_count, row->accused);
	if (f) {
		assert_int_equal(f->tentative, row->tentative);
		assert_int_equal(f->confidence,
			row->tentative ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN);
	}
	bench_fini(&b);
}

struct option_row {
	const char *name;
	const char *disabled, *severity; /* one of them */
	const char *what, *hint;	 /* NULL: accepted */
};

static const struct option_row option_rows[] = {
	{"a rule", "304-with-body", NULL, NULL, NULL},
	{"a kind of it", "304-with-body:junk", NULL, NULL, NULL},
	{"a level", NULL, "304-with-body=advice", NULL, NULL},
	{"a slip of the finger", "304-with-bdy", NULL, "there is no rule '304-with-bdy'",
		"304-with-body"},
	{"nothing like a rule", "x", NULL, "there is no rule 'x'",
		"cachetap rules   lists them all"},
	{"nothing at all", "", NULL, "there is no rule ''",
		"cachetap rules   lists them all"},
	{"no kind of it", "304-with-body:trash", NULL,
		"304-with-body has no kind 'trash'",
		"content-length chunk-terminator chunked until-close junk"},
	{"a rule without kinds", "304-missing-date:x", NULL,
		"304-missing-date has no kind 'x'", "it has no kinds"},
	{"no level", NULL, "304-with-body", "'304-with-body' names no severity",
		"304-with-body=warning   (or violation, advice)"},
	{"a level that is none", NULL, "304-with-body=bad",
		"'304-with-body=bad' names no severity",
		"304-with-body=warning   (or violation, advice)"},
	{"a long name",
		"304-304-304-304-304-304-304-304-304-304-304-304-304-304-304-304-304",
		NULL,
		"there is no rule "
		"'304-304-304-304-304-304-304-304-304-304-304-304-304-304-304-304-304'",
		"cachetap rules   lists them all"},
};

static void
test_option(void **state)
{
	const struct option_row *row = *state;
	struct rules_options options = {
		.disabled = &row->disabled,
		.disabled_count = row->disabled != NULL,
		.severities = &row->severity,
		.severity_count = row->severity != NULL,
	};
	struct err err = {0};
	int result = rules_check_options(&options, &err);

	assert_int_equal(result, row->what ? -1 : 0);
	if (row->what) {
		assert_int_equal(err.code, EXIT_USAGE);
		assert_string_equal(err.what, row->what);
		assert_string_equal(err.hint, row->hint);
	}
}

/* Of the rules about a matching tag exactly one speaks, or none. */
struct match_row {
	const char *name, *inm, *etag;
	enum rule_id rule; /* RULE_COUNT: none */
};

static const struct match_row match_rows[] = {
	{"strong, strong", "\"1\"", "\"1\"", RULE_200_DESPITE_INM_MATCH},
	{"weak, weak", "W/\"1\"", "W/\"1\"", RULE_200_DESPITE_INM_MATCH},
	{"weak, strong", "W/\"1\"", "\"1\"", RULE_INM_WEAK_MATCH_MISSED},
	{"strong, weak", "\"1\"", "W/\"1\"", RULE_INM_WEAK_MATCH_MISSED},
	{"weak and strong, strong", "W/\"1\", \"1\"", "\"1\"",
		RULE_200_DESPITE_INM_MATCH},
	{"marked", "\"1-gzip\"", "\"1-gzip\"", RULE_ETAG_CODING_SUFFIX_MISMATCH},
	{"marked, weak, weak", "W/\"1-gzip\"", "W/\"1-gzip\"",
		RULE_ETAG_CODING_SUFFIX_MISMATCH},
	{"marked, weak, strong", "W/\"1-gzip\"", "\"1-gzip\"",
		RULE_INM_WEAK_MATCH_MISSED},
	{"marked, and not", "\"1-gzip\"", "\"1\"", RULE_COUNT},
	{"marked, among others", "\"0\", \"1-gzip\"", "\"1-gzip\"",
		RULE_ETAG_CODING_SUFFIX_MISMATCH},
	{"without quotes", "1", "\"1\"", RULE_INM_QUOTE_MISMATCH},
	{"weak without quotes", "W/1", "W/\"1\"", RULE_INM_QUOTE_MISMATCH},
	{"without quotes, weak", "1", "W/\"1\"", RULE_INM_QUOTE_MISMATCH},
	{"the server's without quotes", "\"1\"", "1", RULE_INM_QUOTE_MISMATCH},
	{"single quotes", "'1'", "\"1\"", RULE_INM_QUOTE_MISMATCH},
	{"twice quoted", "\"\"1\"\"", "\"1\"", RULE_INM_QUOTE_MISMATCH},
	{"as in HTML", "&quot;1&quot;", "\"1\"", RULE_INM_QUOTE_MISMATCH},
	{"one without, one with", "1, \"1\"", "\"1\"", RULE_COUNT},
	{"empty, and nothing", "\"\"", "\"\"", RULE_200_DESPITE_INM_MATCH},
	{"only quotes", "''", "\"\"", RULE_COUNT},
	{"an echo of what is no tag", "1", "1", RULE_COUNT},
	{"any", "*", "\"1\"", RULE_200_DESPITE_INM_MATCH},
	{"any in a list", "*, \"1\"", "\"1\"", RULE_COUNT},
	{"a tag of a star", "\"*\"", "\"*\"", RULE_200_DESPITE_INM_MATCH},
	{"different", "\"1\"", "\"2\"", RULE_COUNT},
	{"none", "", "\"1\"", RULE_COUNT},
};

static bool
is_about_match(enum rule_id rule)
{
	return rule == RULE_200_DESPITE_INM_MATCH || rule == RULE_INM_WEAK_MATCH_MISSED ||
	       rule == RULE_ETAG_CODING_SUFFIX_MISMATCH ||
	       rule == RULE_INM_QUOTE_MISMATCH;
}

static void
test_match(void **state)
{
	const struct match_row *row = *state;
	char request[128], response[128];
	unsigned speaking = 0;
	struct bench b;

	snprintf(request, sizeof request,
		"GET /a\nAccept-Encoding: gzip\nIf-None-Match: %s", row->inm);
	snprintf(response, sizeof response, "200\nETag: %s", row->etag);
	bench_init(&b, NULL, 1 << 20);
	bench_feed(
		&b, &(struct making){
			    .request = request, .response = response, .body = "hello"});
	for (size_t i = 0; i < b.hit_count; i++) {
		if (!is_about_match(b.hits[i].rule))
			continue;
		assert_string_equal(rule_name(b.hits[i].rule), rule_name(row->rule));
		speaking++;
	}
	assert_int_equal(speaking, row->rule != RULE_COUNT);
	bench_fini(&b);
}

static void
test_counting(void **state)
{
	const struct finding *f;
	struct bench b;

	(void)state;
	bench_init(&b, NULL, 1 << 20);
	for (int i = 0; i < 3; i++)
		bench_feed(&b, &(struct making){.at_s = i,
				       .request = "GET /a\nIf-None-Match: \"1\"",
				       .response = "200\nETag: \"1\"",
				       .body = "hello"});
	f = bench_find(&b, RULE_200_DESPITE_INM_MATCH);
	assert_non_null(f);
	assert_int_equal(f->count, 3);
	assert_int_equal(f->octets, 15);
	assert_int_equal(f->last_ns - f->first_ns, 2000000000);
	assert_false(f->folded);
	rows_assert_slice(f->counted, "http://example.test/a");
	assert_ptr_equal(f, bench_find(&b, RULE_200_DESPITE_INM_MATCH));
	bench_fini(&b);
}

static void
test_folding(void **state)
{
	const struct finding *f;
	struct bench b;

	(void)state;
	bench_init(&b, NULL, 1 << 20);
	for (int i = 0; i < 21; i++)
		bench_feed(&b, &(struct making){.at_s = i,
				       .request = "GET /a\nIf-None-Match: \"1\"",
				       .response = "200\nETag: \"1\"",
				       .body = "hello"});
	f = bench_find(&b, RULE_HOST_IGNORES_CONDITIONALS);
	assert_non_null(f);
	assert_int_equal(f->count, 21);
	assert_int_equal(f->octets, 21 * 5);
	assert_true(bench_find(&b, RULE_200_DESPITE_INM_MATCH)->folded);
	/* One 304 in 22 is over a hundredth. */
	bench_feed(&b, &(struct making){.at_s = 30,
			       .request = "GET /a\nIf-None-Match: \"1\"",
			       .response = "304\nETag: \"1\""});
	assert_null(bench_find(&b, RULE_HOST_IGNORES_CONDITIONALS));
	assert_false(bench_find(&b, RULE_200_DESPITE_INM_MATCH)->folded);
	bench_fini(&b);
}

static void
feed_secrets(struct bench *b)
{
	bench_feed(b,
		&(struct making){
			.request = "GET /a\nCookie: swordfish\nauthorization: swordfish",
			.response = "304\nSet-Cookie: swordfish\nCookie=swordfish\n"
				    "ETag: \"\x01\xff\""});
}

static bool
contains(struct slice s, const char *word)
{
	for (size_t i = 0; i + strlen(word) <= s.n; i++)
		if (memcmp(s.at + i, word, strlen(word)) == 0)
			return true;
	return false;
}

static void
test_secrets(void **state)
{
	struct rules_options open = {.redact = REDACT_NONE};
	const struct finding *f;
	struct bench b;

	(void)state;
	bench_init(&b, NULL, 1 << 20);
	feed_secrets(&b);
	f = bench_find(&b, RULE_304_UNCONDITIONAL_REQUEST);
	assert_true(contains(f->request_head, "Cookie: [redacted]\r\n"));
	assert_true(contains(f->request_head, "GET /a HTTP/1.1\r\n"));
	assert_false(contains(f->request_head, "swordfish"));
	assert_false(contains(f->response_head, "swordfish"));
	bench_fini(&b);
	bench_init(&b, &open, 1 << 20);
	feed_secrets(&b);
	f = bench_find(&b, RULE_304_UNCONDITIONAL_REQUEST);
	assert_true(contains(f->request_head, "Cookie: swordfish\r\n"));
	bench_fini(&b);
}

/* A head is shown line by line as it was sent, in the form of the grammar. */
static void
test_heads(void **state)
{
	const struct finding *f;
	struct bench b;

	(void)state;
	bench_init(&b, NULL, 1 << 20);
	bench_feed(&b, &(struct making){.request = "GET /a\nA: 1\nB: 2\nC:3\nD:  4 "
						   "\nX-Token: 5\nE: 6\nF:\t7\nG: 8 "
						   "\nX-Token: 1\nX-Token: 2"
						   "\nX-Token: 3\nX-Token: 4\nH: 9",
			       .response = "304\nETag: \"1\"\nEmpty:\nG: 8"});
	f = bench_find(&b, RULE_304_UNCONDITIONAL_REQUEST);
	assert_true(contains(f->request_head,
		"\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nX-Token: [redacted]\r\n"
		"E: 6\r\nF: 7\r\nG: 8\r\nX-Token: [redacted]\r\n"
		"X-Token: [redacted]\r\nX-Token: [redacted]\r\n"
		"X-Token: [redacted]\r\nH: 9\r\n"));
	assert_true(contains(f->response_head, "ETag: \"1\"\r\nEmpty: \r\nG: 8\r\n"));
	bench_fini(&b);
}

/* Evidence is what was seen: of a request that nobody answered there is no other half. */
static void
test_unanswered(void **state)
{
	const struct finding *f;
	struct bench b;

	(void)state;
	bench_init(&b, NULL, 1 << 20);
	bench_feed(&b, &(struct making){.request = "GET /a\nRange: bytes=5-2"});
	f = bench_find(&b, RULE_RANGE_INVALID);
	assert_non_null(f);
	assert_true(contains(f->request_head, "GET /a HTTP/1.1\r\n"));
	assert_int_equal(f->response_head.n, 0);
	assert_string_equal(f->note, "Range: bytes=5-2");
	bench_fini(&b);
}

static void
test_note_is_printable(void **state)
{
	const struct finding *f;
	struct bench b;

	(void)state;
	bench_init(&b, NULL, 1 << 20);
	bench_feed(&b, &(struct making){.request = "GET /a\nIf-None-Match: \"a\"",
			       .response = "304\nETag: \"\xe2\x80\xae\x9b\""});
	f = bench_find(&b, RULE_304_ETAG_NOT_REQUESTED);
	assert_non_null(f);
	assert_string_equal(
		f->note, "asked with \"a\", the 304 is about \"\\xe2\\x80\\xae\\x9b\"");
	bench_fini(&b);
}

static void
test_budget(void **state)
{
	struct bench b;
	char request[64];
	size_t kept;

	(void)state;
	bench_init(&b, NULL, 64 << 10);
	for (int i = 0; i < 500; i++) {
		snprintf(request, sizeof request, "GET /%d", i);
		bench_feed(&b, &(struct making){
				       .at_s = i, .request = request, .response = "304"});
		assert_int_equal(b.hit_count, 1);
	}
	rules_finish(b.rules);
	kept = rules_finding_count(b.rules);
	assert_true(kept > 5 && kept < 100);
	assert_int_equal(kept + rules_dropped(b.rules), 500);
	bench_fini(&b);
}

static void
test_disabled_still_silences(void **state)
{
	const char *disabled = "inm-weak-match-missed";
	struct rules_options options = {.disabled = &disabled, .disabled_count = 1};
	struct bench b;

	(void)state;
	bench_init(&b, &options, 1 << 20);
	bench_feed(&b, &(struct making){.request = "GET /a\nIf-None-Match: W/\"1\"",
			       .response = "200\nETag: \"1\"",
			       .body = "hello"});
	assert_null(bench_find(&b, RULE_INM_WEAK_MATCH_MISSED));
	assert_null(bench_find(&b, RULE_200_DESPITE_INM_MATCH));
	bench_fini(&b);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counting),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_unanswered),
		cmocka_unit_test(test_note_is_printable),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_disabled_still_silences),
	};
	int failed;

	rows_filter(argc, argv);
	failed = ROWS_RUN(facts_rows, test_facts);
	failed += ROWS_RUN(option_rows, test_option);
	failed += ROWS_RUN(match_rows, test_match);
	failed += cmocka_run_group_tests_name("engine", tests, NULL, NULL);
	return failed != 0;
}
