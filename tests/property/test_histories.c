// room: ct_report
/*
 * Random histories: whatever clients ask and servers answer, the books balance.
 *
 *	test_histories [seed [histories]]
 *
 * Few clients, resources, tags, dates and bodies, so that they meet often; some answers
 * take so long that others come in between; a small memory in every third history, so
 * that eviction is part of the game: then the waste that there was lies within the upper
 * bound.  Half of the histories are calm: few exchanges in them are odd, and the same
 * things come again.  Every outcome and every class of waste has to occur.
 */
#include "analyzer/report/tally.h"

#include "tests/lib/make_exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	HISTORIES = 1500,
	EXCHANGES = 60,
	UNDER_WAY = 4, /* at once, at most */
	TEXT_BYTES = 1024,
	MUCH_BYTES = 1 << 22,
	LITTLE_BYTES = 4096
};

#define O64 "sixty-four octets that fill a body until it is worth a good name"
#define O512 O64 O64 O64 O64 O64 O64 O64 O64

struct counts {
	uint64_t exchanges, outcomes[OUTCOME_COUNT], classes[WASTE_COUNT];
	uint64_t validated, evaluable, conditional, recall;
	uint64_t tickets, filled;
};

static uint64_t random_state = 1;
static bool is_calm;

static unsigned
below(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)((random_state >> 11) % n);
}

static bool
one_in(unsigned n)
{
	return below(n) == 0;
}

/* Something odd, which in a calm history is rare. */
static bool
odd_in(unsigned n)
{
	return one_in(is_calm ? 10 * n : n);
}

#define PICK(list) list[below(sizeof(list) / sizeof *(list))]

static void
add(char *text, const char *more)
{
	size_t n = strlen(text);

	snprintf(text + n, TEXT_BYTES - n, "%s", more);
}

static void
make_request_text(char *text)
{
	static const char *const methods[] = {
		"GET", "GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "QUERY"};
	static const char *const targets[] = {" /a", " /a", " /b", " /c?x", " http://h/a",
		" /a?v=1", " /a.0badcafe.js"};
	static const char *const conditions[] = {"", "", "\nIf-None-Match: \"v1\"",
		"\nIf-None-Match: W/\"v2\", \"v1\"", "\nIf-None-Match: *",
		"\nIf-None-Match: \"v1-gzip\"", "\nIf-None-Match: v1",
		"\nIf-Modified-Since: Wed, 31 Dec 2025 00:00:00 GMT",
		"\nIf-Modified-Since: Thu, 01 Jan 2026 00:00:09 GMT",
		"\nIf-None-Match: \"v1\"\nIf-Modified-Since: Wed, 31 Dec 2025 00:00:00 "
		"GMT",
		"\nIf-Match: \"v1\""};
	static const char *const pages[] = {"", "", "\nReferer: http://a.test/",
		"\nReferer: http://b.test/", "\nSec-Fetch-Site: cross-site"};
	static const char *const wishes[] = {"", "", "", "\nCache-Control: no-cache",
		"\nCookie: a=1", "\nCache-Control: max-age=20", "\nRange: bytes=0-3",
		"\nRange: bytes=2-", "\nAccept-Encoding: gzip", "\nAccept-Encoding: gzip",
		"\nAccept-Language: de", "\nAccept-Language: en", "\nPragma: no-cache"};

	text[0] = '\0';
	add(text, is_calm && !one_in(6) ? "GET" : PICK(methods));
	add(text, PICK(targets));
	add(text, is_calm && !one_in(3) ? "" : PICK(conditions));
	add(text, is_calm && !one_in(3) ? "" : PICK(wishes));
	add(text, is_calm && !one_in(9) ? "" : PICK(pages));
}

static void
make_response_text(char *text)
{
	static const char *const statuses[] = {"200", "200", "200", "200", "304", "304",
		"203", "206", "206\nContent-Range: bytes 0-9/90",
		"206\nContent-Range: bytes 2-4/5", "301", "301", "302", "403", "404",
		"404", "412", "500", "204", "101"};
	static const char *const tags[] = {"", "", "\nETag: \"v1\"", "\nETag: \"v1\"",
		"\nETag: W/\"v1\"", "\nETag: \"v2\"", "\nETag: \"v1-gzip\"",
		"\nETag: \"1-a\"", "\nETag:", "\nETag: v1"};
	static const char *const dates[] = {"", "",
		"\nLast-Modified: Wed, 31 Dec 2025 00:00:00 GMT",
		"\nLast-Modified: Thu, 01 Jan 2026 00:00:05 GMT",
		"\nLast-Modified: today"};
	static const char *const lives[] = {"", "", "\nCache-Control: max-age=100",
		"\nCache-Control: no-store", "\nCache-Control: no-cache",
		"\nExpires: Thu, 01 Jan 2026 01:00:00 GMT", "\nExpires: 0",
		"\nDate: Fri, 31 Dec 9999 23:59:59 GMT",
		"\nDate: Thu, 01 Jan 2026 00:00:00 GMT\nAge: 4000000000"};
	static const char *const others[] = {"", "", "", "\nVary: Accept-Language",
		"\nVary: *", "\nVary: Accept-Language", "\nContent-Encoding: gzip",
		"\nContent-Type: text/html", "\nContent-Type: image/png",
		"\nLocation: /b", "\nContent-Location: http://example.test/a"};

	text[0] = '\0';
	add(text, is_calm && !one_in(3) ? "200" : PICK(statuses));
	add(text, PICK(tags));
	add(text, is_calm && !one_in(4) ? "" : PICK(dates));
	add(text, PICK(lives));
	add(text, is_calm && !one_in(3) ? "" : PICK(others));
}

static struct exchange *
random_exchange(int64_t at_s)
{
	static const char *const bodies[] = {"one", "one", "two two", "three three three",
		"", "4", O512 O512, O512 O512 "!"};
	char request[TEXT_BYTES], response[TEXT_BYTES];
	struct making making = {
		.request = request,
		.response = odd_in(12) ? NULL : response,
		.body = PICK(bodies),
		.at_s = at_s,
		.lasts_ns = one_in(5) ? INT64_C(15000000000) : 0,
		.rtt_ns = one_in(4) ? 30000000 : 0,
		.client = 1 + below(3),
		.framing_bytes = odd_in(6) ? 9 : 0,
		.stray_bytes = odd_in(9) ? 1 + below(50) : 0,
		.aborted = odd_in(5),
		.sampled_at = one_in(3) ? 3 : 0,
		.unkept = one_in(9),
		.gap = odd_in(9),
		.tentative = odd_in(20),
		.unanchored = odd_in(9),
		.unknown_pairing = odd_in(20),
		.cut_request = odd_in(20),
		.cut_response = odd_in(20),
	};

	make_request_text(request);
	make_response_text(response);
	return make_exchange(&making);
}

static void
require(bool holds, const char *law, const struct exchange *x)
{
	if (holds)
		return;
	printf("broken: %s\n%.*s\n%.*s\n", law, (int)x->q.head.n,
		(const char *)x->q.head.at, (int)x->r.head.n, (const char *)x->r.head.at);
	exit(1);
}

static void
check_waste(const struct exchange *x, const struct verdict *v)
{
	uint64_t taken[3] = {0};
	unsigned heads = 0;

	for (unsigned i = 0; i < v->waste_count; i++) {
		const struct waste *w = &v->waste[i];

		taken[w->part] += w->octets;
		heads += w->part == PART_HEAD;
		require(w->octets > 0, "an entry has octets", x);
		require(w->tier != TIER_1 || w->fault == FAULT_SERVER,
			"what is proven is the server's", x);
		require(w->part == PART_STRAY || x->method == METHOD_GET,
			"only GET has a body to waste", x);
		require(i == 0 || v->waste[i - 1].class <= w->class,
			"classes come in their order", x);
	}
	require(taken[PART_BODY] <= exchange_r_wire(x), "body classes fit the body", x);
	require(taken[PART_HEAD] <= x->q.head_bytes + exchange_r_head(x),
		"head classes fit the heads", x);
	require(taken[PART_STRAY] <= x->stray_bytes, "stray octets fit", x);
	require(heads <= 1, "at most one head class", x);
	require(v->waste_count == 0 ||
			(x->has_response && x->pairing != PAIRING_UNKNOWN &&
				message_is_clean(&x->q) && message_is_clean(&x->r)),
		"only what is certain is booked", x);
}

static void
check_verdict(const struct exchange *x, const struct verdict *v)
{
	bool missed = v->outcome == OUTCOME_MISSED_MATCH ||
		      v->outcome == OUTCOME_MISSED_CHURN;

	require(v->outcome < OUTCOME_COUNT, "an outcome", x);
	require((v->outcome == OUTCOME_UNANSWERED) == !x->has_response,
		"unanswered is what has no answer", x);
	require(!missed || v->in_conditional, "only a condition can be missed", x);
	require(v->outcome != OUTCOME_VALIDATED || x->r.status == 304,
		"validated is a 304", x);
	require((v->saving.source == SAVING_NONE) == (v->outcome != OUTCOME_VALIDATED),
		"what is validated has a saving, known or not", x);
	require(v->saving.source != SAVING_UNKNOWN || v->saving.octets == 0,
		"nothing is estimated", x);
	require(!v->saving_ticket || v->saving.source == SAVING_UNKNOWN,
		"a ticket is for the unknown", x);
	require(!v->presumed || v->outcome == OUTCOME_CHANGED, "presumed is a change", x);
	require(!v->validator_matched || v->validator_compared,
		"what matches was compared", x);
	require(!v->had_validator || x->method == METHOD_GET, "uptake is about GET", x);
	check_waste(x, v);
}

static void
count(struct counts *sums, const struct verdict *v)
{
	bool hit = v->outcome == OUTCOME_VALIDATED;
	bool miss = v->outcome == OUTCOME_MISSED_MATCH ||
		    v->outcome == OUTCOME_MISSED_CHURN;
	bool other = v->outcome == OUTCOME_CHANGED ||
		     v->outcome == OUTCOME_CHANGED_SAME_VALIDATOR ||
		     v->outcome == OUTCOME_INDETERMINATE;

	sums->exchanges++;
	sums->outcomes[v->outcome]++;
	for (unsigned i = 0; i < v->waste_count; i++)
		sums->classes[v->waste[i].class]++;
	sums->validated += hit;
	sums->recall += hit || miss;
	sums->evaluable += hit || miss || other;
	sums->conditional += v->in_conditional;
}

struct waiting {
	bool open[2 * EXCHANGES + 1]; /* tickets of savings and of probes */
	struct counts *sums;
	struct tally *tally;
	const struct before *before;
};

static void
close_ticket(struct waiting *waiting, uint64_t ticket)
{
	if (ticket >= sizeof waiting->open || !waiting->open[ticket]) {
		printf("broken: a ticket is told once, and only if given\n");
		exit(1);
	}
	waiting->open[ticket] = false;
}

static void
note_late(void *context, uint64_t ticket, uint64_t octets, bool needless)
{
	struct waiting *waiting = context;

	close_ticket(waiting, ticket);
	tally_late_saving(waiting->tally, ticket, octets, needless);
	waiting->sums->filled++;
}

static void
note_probe(void *context, uint64_t ticket, const struct exchange *head,
	const struct waste *waste)
{
	struct waiting *waiting = context;

	require(ticket != 0 &&
			waste->octets == head->q.head_bytes + exchange_r_head(head),
		"a needless HEAD is wasted whole", head);
	close_ticket(waiting, ticket);
	tally_late_probe(waiting->tally, ticket, head, waiting->before, waste);
	waiting->sums->classes[waste->class]++;
}

/* A history that is running, and what is under way in it. */
struct run {
	struct history *history;
	struct ledger *ledger;
	struct waiting waiting;
	unsigned count;
	struct under_way {
		struct exchange *x;
		struct before before;
	} under_way[UNDER_WAY];
};

static void
run_close(struct run *run, unsigned at)
{
	struct under_way done = run->under_way[at];
	struct waiting *waiting = &run->waiting;
	struct ledger_late late = {waiting, note_late, note_probe};
	struct verdict v;

	run->under_way[at] = run->under_way[--run->count];
	ledger_judge(run->ledger, run->history, &done.before, done.x, &v);
	check_verdict(done.x, &v);
	count(waiting->sums, &v);
	tally_add(waiting->tally, done.x, &done.before, &v);
	waiting->open[v.saving_ticket] = waiting->open[v.probe_ticket] = true;
	waiting->sums->tickets += v.saving_ticket != 0;
	waiting->before = &done.before;
	history_close(run->history, done.x, &done.before);
	ledger_close(run->ledger, &done.before, done.x, &v, &late);
	exchange_free(&done.x);
}

/* Closes what has ended by then, the earliest first. */
static void
run_until(struct run *run, int64_t ns)
{
	while (run->count) {
		unsigned first = 0;

		for (unsigned i = 1; i < run->count; i++)
			if (run->under_way[i].x->r.last.ts_ns <
				run->under_way[first].x->r.last.ts_ns)
				first = i;
		if (run->under_way[first].x->r.last.ts_ns > ns && run->count < UNDER_WAY)
			return;
		run_close(run, first);
	}
}

/* What the books of a history say of its waste: at least, and at most. */
struct bounds {
	uint64_t low, high;
};

static struct bounds
run_history(uint64_t memory_bytes, struct counts *sums)
{
	struct bounds bounds;
	struct history_options options = {
		.memory_bytes = memory_bytes, .seed = random_state};
	struct ledger_options ledger = {.memory_bytes = memory_bytes / 16};
	struct run *run = calloc(1, sizeof *run);
	const char *broken;
	int64_t at_s = 0;

	run->history = history_new(&options);
	run->ledger = ledger_new(&ledger);
	run->waiting.sums = sums;
	run->waiting.tally = tally_new(
		&(struct tables_options){.memory_bytes = memory_bytes});
	for (unsigned i = 0; i < EXCHANGES; i++) {
		struct under_way *new;

		at_s += one_in(3) ? below(5) : below(60);
		run_until(run, (MAKE_EPOCH_S + at_s) * 1000000000);
		new = &run->under_way[run->count++];
		new->x = random_exchange(at_s);
		history_open(run->history, new->x, &new->before);
	}
	run_until(run, INT64_MAX);
	broken = tally_check(run->waiting.tally);
	if (broken) {
		printf("broken: %s\n", broken);
		exit(1);
	}
	bounds.low = bounds.high = tally_headline(run->waiting.tally);
	bounds.high += run->waiting.tally->keys.forgotten_octets;
	tally_free(&run->waiting.tally);
	ledger_free(&run->ledger);
	history_free(&run->history);
	free(run);
	return bounds;
}

/*
 * The same history with room enough and with little: what there was is not above the
 * bound.  It may be below what little room tells: a tag that was given to other octets
 * is believed when what it named is forgotten.
 */
static void
run_twice(struct counts *sums)
{
	uint64_t begin = random_state;
	struct counts aside = {0};
	struct bounds all = run_history(MUCH_BYTES, sums), some;

	random_state = begin;
	some = run_history(LITTLE_BYTES, &aside);
	if (all.low == all.high && some.high >= all.low)
		return;
	printf("broken: waste of %" PRIu64 " to %" PRIu64 " is %" PRIu64 " at most\n",
		all.low, all.high, some.high);
	exit(1);
}

static void
require_sums(bool holds, const char *law)
{
	if (holds)
		return;
	printf("broken: %s\n", law);
	exit(1);
}

/* Each outcome and class, how often; false if one never came. */
static bool
print_sums(const struct counts *sums)
{
	bool all = true;

	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		printf("%8" PRIu64 " %s\n", sums->outcomes[i], outcome_name(i));
		all &= sums->outcomes[i] > 0;
	}
	for (unsigned i = 0; i < WASTE_COUNT; i++) {
		printf("%8" PRIu64 " %s\n", sums->classes[i], waste_name(i));
		all &= sums->classes[i] > 0;
	}
	printf("%" PRIu64 " exchanges, %" PRIu64 " conditional, %" PRIu64
	       " validated, %" PRIu64 " of %" PRIu64 " late savings\n",
		sums->exchanges, sums->conditional, sums->validated, sums->filled,
		sums->tickets);
	return all;
}

int
main(int argc, char **argv)
{
	unsigned histories = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : HISTORIES;
	struct counts sums = {0};
	uint64_t outcomes = 0;

	random_state = argc > 1 ? strtoull(argv[1], NULL, 10) | 1 : 0x9e3779b97f4a7c15u;
	for (unsigned i = 0; i < histories; i++) {
		is_calm = i % 2;
		if (i % 3)
			run_history(MUCH_BYTES, &sums);
		else
			run_twice(&sums);
	}
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		outcomes += sums.outcomes[i];
	require_sums(outcomes == sums.exchanges, "one outcome an exchange");
	require_sums(sums.validated <= sums.recall && sums.recall <= sums.evaluable &&
			     sums.evaluable <= sums.conditional,
		"the denominators of R3, R2 and R1 hold each other");
	require_sums(sums.filled <= sums.tickets, "no more is told than was asked");
	require_sums(print_sums(&sums) || histories < HISTORIES,
		"every outcome and every class of waste occurs");
	return 0;
}
