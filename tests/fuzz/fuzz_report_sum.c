// room: ct_report
/*
 * Octets as JSON and as a report.  What is read and written again reads the same; a
 * report added to itself is written as JSON, as a text and as a page.
 */
#include "analyzer/report/report.h"
#include "analyzer/report/report_sum.h"

#include "analyzer/base/jsonread.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "property broken: %s\n", what);
	abort();
}
#define REQUIRE(expression) require(expression, #expression)

/* Reals lose digits when they are written. */
static bool
has_real(const struct jsonvalue *value)
{
	if (value->type == JSONVALUE_REAL)
		return true;
	for (value = value->first; value; value = value->next)
		if (has_real(value))
			return true;
	return false;
}

static void
check_json(struct slice octets)
{
	struct arena arena = {0};
	struct jsonvalue *value, *again;
	struct json json;
	struct out out;
	size_t at;

	value = jsonread(octets, &arena, &at);
	REQUIRE(at <= octets.n);
	if (value) {
		out_init_memory(&out);
		json_init(&json, &out, true);
		jsonvalue_write(&json, value);
		again = jsonread(out_contents(&out), &arena, &at);
		REQUIRE(again && (has_real(value) || jsonvalue_eq(value, again)));
		out_fini(&out);
	}
	arena_fini(&arena);
}

static void
check_sum(struct slice octets)
{
	struct report_sum *sum = report_sum_new("0");
	struct arena arena = {0};
	struct out out;
	struct err err;
	size_t at;

	if (report_sum_add(sum, octets, "a", &err) == 0) {
		REQUIRE(report_sum_add(sum, octets, "b", &err) == 0);
		out_init_memory(&out);
		report_sum_write(sum, &out);
		REQUIRE(jsonread(out_contents(&out), &arena, &at));
		out_clear(&out);
		report_sum_report(sum)->verbose = true;
		report_text(&out, report_sum_report(sum));
		report_html(&out, report_sum_report(sum));
		out_fini(&out);
	}
	report_sum_free(&sum);
	arena_fini(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	check_json(slice_of(data, n));
	check_sum(slice_of(data, n));
	return 0;
}
