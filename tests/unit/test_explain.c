// room: ct_rules
/*
 * What `explain` says of rules, classes of waste and causes, and of what is none.
 */
#include "analyzer/rules/explain.h"

#include "analyzer/ledger/verdict.h"

#include "tests/lib/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *name, *asked;
	const char *first; /* line, or what is wrong */
	const char *holds; /* somewhere, or the hint */
	bool unknown;
};

static const struct row rows[] = {
	{"a rule", "304-with-body", "304-with-body\n", "Example", false},
	{"a rule and a class of one name", "range-ignored", "range-ignored\nadvice",
		"Waste of the same name", false},
	{"software that shows a rule", "if-match-ignored", "if-match-ignored\n",
		"\nSeen     lighttpd: ", false},
	{"a class", "alias", "alias\n", "job of: server", false},
	{"a class with causes", "validator-churn", "validator-churn\n", "Cause    inode",
		false},
	{"a cause", "inode", "inode\n", "Class    validator-churn", false},
	{"a slip", "blind-refech", "there is no rule, class or cause 'blind-refech'",
		"cachetap explain blind-refetch", true},
	{"some of its words", "304-body", "there is no rule, class or cause '304-body'",
		"cachetap explain 304-with-body", true},
	{"some of its words, in another order", "suffix-etag",
		"there is no rule, class or cause 'suffix-etag'",
		"cachetap explain etag-coding-suffix-mismatch", true},
	{"nothing like it", "zzzzzzzzzz", "there is no rule, class or cause 'zzzzzzzzzz'",
		"cachetap rules", true},
};

static void
explains(void **state)
{
	const struct row *row = *state;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct err err = {.code = EXIT_DONE};
	int result = explain_name(out, row->asked, &err);

	fclose(out);
	assert_int_equal(result, row->unknown ? -1 : 0);
	if (row->unknown) {
		assert_string_equal(err.what, row->first);
		assert_non_null(strstr(err.hint, row->holds));
	} else {
		assert_memory_equal(text, row->first, strlen(row->first));
		assert_non_null(strstr(text, row->holds));
	}
	free(text);
}

/* Each has a text, and a grade that it may have. */
static void
all_classes_have_texts(void **state)
{
	struct err err;

	(void)state;
	for (unsigned i = 0; i < WASTE_COUNT; i++) {
		char *text = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&text, &n);

		assert_int_equal(explain_name(out, waste_name(i), &err), 0);
		fclose(out);
		assert_non_null(strstr(text, "Booked   "));
		free(text);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest stories[] = {cmocka_unit_test(all_classes_have_texts)};

	rows_filter(argc, argv);
	return ROWS_RUN(rows, explains) + cmocka_run_group_tests(stories, NULL, NULL);
}
