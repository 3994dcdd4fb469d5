/*
 * tests/bench/meter.c - a clock around what rules do in a run
 *
 * Linked into a second cachetap, whose judge.c and report_json.c call the functions
 * below in place of those without "metered_" before their names: see CMakeLists.txt.
 * What a run took is written to the file that CACHETAP_METER names, as one line:
 *
 *	run rules findings clock expected judged orphans finished written
 *
 * Nanoseconds of the whole run, but for loading the program, in rules and in writing
 * what they found, and what the clock says of a call that does nothing; then how often
 * each of the functions was called.  It is the time that went by, for CPU time is dear
 * to ask for; and for runs in one thread: two that share a core make each other dearer.
 */
#include "analyzer/report/report_findings.h"
#include "analyzer/rules/rule.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	CLOCK_ROUNDS = 10,
	CLOCK_CALLS = 100
};

struct meter {
	uint64_t ns, calls;
};

static FILE *file; /* opened before the program drops its privileges */
static uint64_t begun_ns;
static struct meter expected, judged, orphans, finished, written;

static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void
add(struct meter *meter, uint64_t from_ns)
{
	meter->ns += now_ns() - from_ns;
	meter->calls++;
}

/* The least of several, for somebody may come between. */
static double
clock_ns(void)
{
	uint64_t least = UINT64_MAX;

	for (unsigned i = 0; i < CLOCK_ROUNDS; i++) {
		struct meter nothing = {0, 0};

		while (nothing.calls < CLOCK_CALLS)
			add(&nothing, now_ns());
		least = nothing.ns < least ? nothing.ns : least;
	}
	return (double)least / CLOCK_CALLS;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *name = getenv("CACHETAP_METER");

	if (name && !(file = fopen(name, "w")))
		abort();
	begun_ns = now_ns();
}

__attribute__((destructor)) static void
end(void)
{
	uint64_t run_ns = now_ns() - begun_ns;

	if (!file)
		return;
	fprintf(file, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %.1f", run_ns,
		expected.ns + judged.ns + orphans.ns + finished.ns, written.ns,
		clock_ns());
	fprintf(file, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		expected.calls, judged.calls, orphans.calls, finished.calls,
		written.calls);
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
	add(&expected, from_ns);
}

size_t
metered_rules_judge(struct rules *rules, struct view *view, struct hit *hits, size_t max)
{
	uint64_t from_ns = now_ns();
	size_t count = rules_judge(rules, view, hits, max);

	add(&judged, from_ns);
	return count;
}

void
metered_rules_note_orphan(struct rules *rules, const struct exchange *x)
{
	uint64_t from_ns = now_ns();

	rules_note_orphan(rules, x);
	add(&orphans, from_ns);
}

void
metered_rules_finish(struct rules *rules)
{
	uint64_t from_ns = now_ns();

	rules_finish(rules);
	add(&finished, from_ns);
}

void
metered_report_findings_json(
	struct json *json, const struct report *report, size_t rows_max)
{
	uint64_t from_ns = now_ns();

	report_findings_json(json, report, rows_max);
	add(&written, from_ns);
}
