// room: ct_export
/*
 * Octets as a report, and all that is made of one: tables, metrics, SARIF against itself
 * as the baseline, a comparison with itself, conditions.  Nothing is new against itself.
 */
#include "analyzer/export/csv.h"
#include "analyzer/export/diff.h"
#include "analyzer/export/gate.h"
#include "analyzer/export/prom.h"
#include "analyzer/export/sarif.h"
#include "analyzer/report/report_read.h"

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

static void
require_json(const struct out *out)
{
	struct arena arena = {0};
	size_t at;

	REQUIRE(jsonread(out_contents(out), &arena, &at));
	arena_fini(&arena);
}

static void
check_formats(const struct jsonvalue *report)
{
	struct out out;

	out_init_memory(&out);
	for (size_t table = 0; csv_table_name(table); table++)
		csv_write(&out, report, table);
	prom_write(&out, report);
	out_clear(&out);
	sarif_write(&out, report, NULL);
	require_json(&out);
	out_clear(&out);
	sarif_write(&out, report, report);
	require_json(&out);
	out_fini(&out);
}

static void
check_diff(const struct jsonvalue *report)
{
	static const char *const names[] = {"before", "after"};
	const struct jsonvalue *reports[] = {report, report};
	const struct diff_page page = {.verbose = true};
	struct diff diff;
	struct out out;

	diff_make(&diff, names, reports);
	REQUIRE(diff.verdict == DIFF_EQUAL || diff.verdict == DIFF_UNKNOWN);
	for (size_t i = 0; i < diff.findings[DIFF_AFTER].count; i++)
		REQUIRE(!diff_is_only_in(
			&diff, DIFF_AFTER, &diff.findings[DIFF_AFTER].items[i]));
	out_init_memory(&out);
	diff_json(&out, &diff);
	require_json(&out);
	diff_text(&out, &diff, &page);
	out_fini(&out);
	diff_fini(&diff);
}

static void
check_gates(const struct jsonvalue *report)
{
	static const char *const texts[] = {"advice", "304-with-body", "damaged", "drops",
		"recall<0.9", "wasted>=0", "alias>1kB", "full>0", "wait_p50>1ms"};
	struct found_list findings;
	struct out out;
	struct err err;

	found_list_read(&findings, report);
	out_init_memory(&out);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct gate gate;

		REQUIRE(gate_parse(&gate, texts[i], &err) == 0);
		gate_holds(&gate, report, &findings, NULL, true, &out);
		if (gate.about == GATE_SEVERITY)
			REQUIRE(!gate_holds(
				&gate, report, &findings, &findings, true, &out));
	}
	out_fini(&out);
	found_list_fini(&findings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = {0};
	struct err err;
	const struct jsonvalue *report = report_read(
		slice_of(data, n), &arena, "a", &err);

	if (report) {
		check_formats(report);
		check_diff(report);
		check_gates(report);
	}
	arena_fini(&arena);
	return 0;
}
