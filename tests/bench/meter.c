/*
 * tests/bench/meter.c - a clock around what rules do in a run
 *
 * Linked into a second cachetap, whose judge.c and report_json.c call the functions
 * below in place of those without "metered_" before their names: see CMakeLists.txt.
 * What a run took is written to the file that CACHETAP_METER names, as one line:
 *
 *	rules findings run calls clock
 *
 * The nanoseconds in rules, in writing what they found, and of the whole run; how often
 * rules were called, and what the clock says of a call that does nothing.  It is for
 * runs in one thread: two that share a core make each other dearer.
 */
#include "analyzer/report/report_findings.h"
#include "analyzer/rules/rule.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	CLOCK_ROUNDS = 1000
};

static FILE *file; /* opened before the program drops its privileges */
static uint64_t begun_ns, rules_ns, findings_ns, calls;

static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void
add(uint64_t *ns, uint64_t from_ns)
{
	*ns += now_ns() - from_ns;
}

static double
clock_ns(void)
{
	uint64_t ns = 0;

	for (unsigned i = 0; i < CLOCK_ROUNDS; i++)
		add(&ns, now_ns());
	return (double)ns / CLOCK_ROUNDS;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *name = getenv("CACHETAP_METER");

	file = name ? fopen(name, "w") : NULL;
	begun_ns = now_ns();
}

__attribute__((destructor)) static void
end(void)
{
	uint64_t run_ns = now_ns() - begun_ns;

	if (!file)
		return;
	fprintf(file, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %.1f\n", rules_ns,
		findings_ns, run_ns, calls, clock_ns());
	fclose(file);
}

__typeof__(rules_expect) metered_rules_expect;
__typeof__(rules_judge) metered_rules_judge;
__typeof__(rules_note_orphan) metered_rules_note_orphan;
__typeof__(rules_finish) metered_rules_finish;
__typeof__(report_findings_json) metered_report_findings_json;

void
metered_rules_expect(const struct rules *rules, const struct view *view)
{
	uint64_t from_ns = now_ns();

	rules_expect(rules, view);
	add(&rules_ns, from_ns);
	calls++;
}

size_t
metered_rules_judge(struct rules *rules, struct view *view, struct hit *hits, size_t max)
{
	uint64_t from_ns = now_ns();
	size_t count = rules_judge(rules, view, hits, max);

	add(&rules_ns, from_ns);
	calls++;
	return count;
}

void
metered_rules_note_orphan(struct rules *rules, const struct exchange *x)
{
	uint64_t from_ns = now_ns();

	rules_note_orphan(rules, x);
	add(&rules_ns, from_ns);
	calls++;
}

void
metered_rules_finish(struct rules *rules)
{
	uint64_t from_ns = now_ns();

	rules_finish(rules);
	add(&rules_ns, from_ns);
	calls++;
}

void
metered_report_findings_json(
	struct json *json, const struct report *report, size_t rows_max)
{
	uint64_t from_ns = now_ns();

	report_findings_json(json, report, rows_max);
	add(&findings_ns, from_ns);
}
