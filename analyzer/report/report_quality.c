#include "analyzer/report/report.h"

#include "analyzer/base/text.h"
#include "analyzer/report/report_clocks.h"
#include "analyzer/report/report_keys.h"
#include "parsers/link.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum {
	SENTENCE_BYTES = 256
};

struct speaker {
	report_warning *warning;
	void *context;
};

static void __attribute__((format(printf, 2, 3)))
say(const struct speaker *speaker, const char *format, ...)
{
	char sentence[SENTENCE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	speaker->warning(speaker->context, sentence);
}

/* Files that were left for later ones, and grew. */
static uint64_t
late_files(const struct report *report)
{
	uint64_t late = 0;

	for (size_t i = 0; i < report->source_count; i++)
		late += report->sources[i].is_late;
	return late;
}

bool
report_is_exact(const struct report *report)
{
	const struct report_evictions *e = &report->evictions;

	return !e->held && !e->represented && !e->delivered && !e->resources &&
	       !e->servers && !e->savings && !report->counters->flows_evicted &&
	       !report->counters->requests_given_up &&
	       !report->counters->decoders_given_up && !report->tally->http.cut_heads &&
	       report->kernel_dropped <= 0 && !late_files(report);
}

static void
warn_sources(const struct report *report, const struct speaker *speaker)
{
	uint64_t failed = 0, cut = 0, damaged = 0, skipped = 0, rewritten = 0;

	for (size_t i = 0; i < report->source_count; i++) {
		failed += report->sources[i].failed;
		cut += report->sources[i].truncated_tail;
		damaged += report->sources[i].damaged_records;
		skipped += report->sources[i].skipped_octets;
		rewritten += report->sources[i].is_rewritten;
	}
	if (failed)
		say(speaker,
			"files that could not be read: %" PRIu64
			" of %zu; nothing of them is in here",
			failed, report->source_count);
	if (cut)
		say(speaker,
			"files that end in the middle of a packet: %" PRIu64
			" of %zu; all before it is in here",
			cut, report->source_count);
	if (damaged)
		say(speaker,
			"%s damaged records were mended or passed over, and %s of the "
			"file with them",
			text_count(damaged).s, text_bytes(skipped).s);
	if (rewritten)
		say(speaker,
			"files that were written anew while they were followed: %" PRIu64
			"; packets may be missing between",
			rewritten);
	if (late_files(report))
		say(speaker,
			"files that grew after later ones were begun: %" PRIu64
			"; their packets are not in the order of time, or missing",
			late_files(report));
	if (report->kernel_dropped > 0)
		say(speaker,
			"the kernel dropped %s packets: exchanges are missing; try a "
			"larger -B or a filter with -f",
			text_count((uint64_t)report->kernel_dropped).s);
}

/* Which answer belongs to which question is not always proven. */
static void
warn_pairs(const struct report *report, const struct speaker *speaker)
{
	const struct doubts *d = &report->tally->doubts;
	struct interval range = interval(
		INTERVAL_R1, tally_rate(report->tally, INTERVAL_R1), d);

	if (interval_is_needless(d) || !range.high.den)
		return;
	say(speaker,
		"of the conditional requests that were captured, %s are paired with "
		"their answers by inference and %s lost theirs: their 304 rate is from "
		"%s to %s",
		text_count(d->counted[INTERVAL_R1]).s, text_count(d->lost_answers).s,
		text_share(range.low.num, range.low.den).s,
		text_share(range.high.num, range.high.den).s);
}

static void
warn_flows(const struct report *report, const struct speaker *speaker)
{
	const struct counters *c = report->counters;

	if (c->gaps)
		say(speaker,
			"%s holes, %s never captured: bodies with a hole count with "
			"their length, never as equal",
			text_count(c->gaps).s, text_bytes(c->gap_octets).s);
	if (c->snapped_octets)
		say(speaker,
			"%s were cut by the snapshot length: lengths are right, bodies "
			"cannot be compared; try -s 0",
			text_bytes(c->snapped_octets).s);
	if (report->tally->http.cut_heads)
		say(speaker,
			"%s heads are not whole: what they asked or offered in the rest "
			"is unknown",
			text_count(report->tally->http.cut_heads).s);
	if (c->flows_one_sided)
		say(speaker,
			"%s of %s connections have one direction only: no judgement on "
			"them",
			text_count(c->flows_one_sided).s, text_count(c->flows).s);
	if (c->flows_midstream)
		say(speaker,
			"%s of %s connections began before the capture: what clients "
			"held by then is unknown",
			text_count(c->flows_midstream).s, text_count(c->flows).s);
	if (c->conflicting_octets)
		say(speaker,
			"%s came twice with different content: findings of those "
			"connections are tentative from there on",
			text_bytes(c->conflicting_octets).s);
	warn_pairs(report, speaker);
	if (report->tally->http.orphan_responses)
		say(speaker, "%s responses without a captured request: in no rate",
			text_count(report->tally->http.orphan_responses).s);
}

static void
warn_budgets(const struct report *report, const struct speaker *speaker)
{
	const struct report_evictions *e = &report->evictions;
	uint64_t forgotten = e->held + e->represented + e->delivered + e->resources +
			     e->servers;

	if (forgotten)
		say(speaker,
			"the memory budget made cachetap forget %s entries of history: "
			"waste and savings are lower bounds; waste is %s at most",
			text_count(forgotten).s,
			text_bytes(tally_headline(report->tally) +
				   report->tally->keys.forgotten_octets)
				.s);
	if (e->savings)
		say(speaker, "savings of %s validators stay unknown for lack of memory",
			text_count(e->savings).s);
	if (report->counters->flows_evicted)
		say(speaker,
			"%s connections were given up for lack of memory: what "
			"they had under way is cut",
			text_count(report->counters->flows_evicted).s);
	if (report->counters->requests_given_up)
		say(speaker,
			"%s requests were too many to wait for answers on one "
			"connection: they count as unanswered",
			text_count(report->counters->requests_given_up).s);
	if (report->counters->decoders_given_up)
		say(speaker,
			"%s compressed bodies were not decoded for lack of memory: only "
			"their octets as sent are compared",
			text_count(report->counters->decoders_given_up).s);
	if (rules_dropped(report->rules) || rules_evictions(report->rules))
		say(speaker,
			"the memory budget left out %s findings and forgot %s entries "
			"behind them",
			text_count(rules_dropped(report->rules)).s,
			text_count(rules_evictions(report->rules)).s);
	if (e->written_flows)
		say(speaker,
			"the memory budget made -w leave out packets of some flows, up "
			"to %s",
			text_count(e->written_flows).s);
	if (tables_folded(&report->tally->tables))
		say(speaker, "%s rows of tables with few octets are summed up as one",
			text_count(tables_folded(&report->tally->tables)).s);
}

static void
warn_simulations(const struct report *report, const struct speaker *speaker)
{
	const struct whatif_evictions *e = &report->evictions.whatif;
	uint64_t forgotten = e->shared + e->ladder + e->comparable;

	if (forgotten)
		say(speaker,
			"the memory budget made the simulations forget %s entries: what "
			"a cache or a lifetime could avoid is a lower bound",
			text_count(forgotten).s);
}

/* In which directions the second grade of evidence errs. */
static void
warn_likely(const struct report *report, const struct speaker *speaker)
{
	if (tally_wasted(report->tally, TIER_2) && !report->proven_only)
		say(speaker, "\"likely\" takes an address with a User-Agent for one "
			     "cache: too high where several share one, too low for what "
			     "was fetched before the capture");
}

void
report_warnings(const struct report *report, report_warning *warning, void *context)
{
	struct speaker speaker = {warning, context};

	for (size_t i = 0; i < report->sentence_count; i++)
		warning(context, report->sentences[i]);
	if (report->sum)
		return;
	warn_sources(report, &speaker);
	warn_flows(report, &speaker);
	report_keys_warnings(report, warning, context);
	warn_budgets(report, &speaker);
	warn_simulations(report, &speaker);
	warn_likely(report, &speaker);
}

/* Data of 802.11 in which HTTP may have been. */
static uint64_t
unread_wlan_packets(const struct counters *c)
{
	return c->unread_packets[LINK_UNREAD_PROTECTED] +
	       c->unread_packets[LINK_UNREAD_FRAGMENT] +
	       c->unread_packets[LINK_UNREAD_AGGREGATE];
}

static uint64_t
unread_packets(const struct counters *c)
{
	uint64_t sum = c->too_deep_packets + c->unknown_link_packets;

	for (unsigned i = 0; i < COUNTERS_REASONS; i++)
		sum += c->malformed_packets[i];
	return sum;
}

void
report_notes(const struct report *report, report_warning *note, void *context)
{
	const struct counters *c = report->counters;
	struct speaker speaker = {note, context};

	if (unread_wlan_packets(c))
		say(&speaker,
			"%s frames of 802.11 were not read: encrypted, in fragments, or "
			"several in one",
			text_count(unread_wlan_packets(c)).s);
	if (c->duplicate_packets)
		say(&speaker,
			"%s packets were captured twice, as from a mirror port or with "
			"-i any: each is counted once",
			text_count(c->duplicate_packets).s);
	if (c->time_backwards_packets)
		say(&speaker,
			"%s packets are older than those before them: waits near them "
			"are not exact",
			text_count(c->time_backwards_packets).s);
	if (unread_packets(c))
		say(&speaker,
			"%s packets are malformed or of an unknown kind: what was in "
			"them counts as never captured",
			text_count(unread_packets(c)).s);
	report_clocks_notes(report, note, context);
}
