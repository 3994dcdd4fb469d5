#include "analyzer/judge.h"

struct judge {
	const struct hiding *hiding;
	struct sieve *sieve;
	struct history *history;
	struct ledger *ledger;
	struct rules *rules;
	struct whatif *whatif;
	struct tags *tags;
	struct tally *tally;
	struct records **records;
	size_t record_count;
	bool facts_only;
	uint64_t facts_octets; /* of exchanges that were not judged */
	uint64_t gap_octets;
};

static void
judge_record(struct judge *judge, const struct record *record)
{
	for (size_t i = 0; i < judge->record_count; i++)
		records_add(judge->records[i], record);
}

struct judge *
judge_new(const struct judge_options *options)
{
	struct judge *judge = mem_alloc(sizeof *judge);
	struct history_options history = {.memory_bytes = options->memory_bytes / 16 * 9,
		.seed = options->seed,
		.client = options->client,
		.idle_s = options->history_age_s,
		.conservative_age = options->conservative_age};
	struct ledger_options ledger = {.memory_bytes = options->memory_bytes / 32,
		.fingerprint = options->fingerprint,
		.thresholds = options->thresholds,
		.live = options->live};
	struct rules_options rules = *options->rules;
	struct tables_options tables = {
		options->memory_bytes, options->seed, options->client};

	judge->history = history_new(&history);
	judge->ledger = ledger_new(&ledger);
	rules.seed = options->seed;
	rules.client = history.client;
	judge->rules = rules_new(&rules, options->memory_bytes / 32);
	judge->whatif = whatif_new(
		options->whatif, options->memory_bytes / 16, options->seed);
	judge->tags = tags_new(options->memory_bytes / 256, options->hiding);
	judge->tally = tally_new(&tables);
	if (options->visits)
		tally_keep_visits(judge->tally, &tables);
	judge->facts_only = options->facts_only;
	judge->hiding = options->hiding;
	judge->sieve = options->sieve;
	judge->record_count = options->record_count;
	judge->records = mem_alloc(options->record_count * sizeof *judge->records);
	for (size_t i = 0; i < options->record_count; i++)
		judge->records[i] = records_new(options->records[i].out,
			options->records[i].form, options->record_options,
			options->memory_bytes / 8 / options->record_count);
	return judge;
}

void
judge_free(struct judge **judge)
{
	if (!*judge)
		return;
	history_free(&(*judge)->history);
	ledger_free(&(*judge)->ledger);
	rules_free(&(*judge)->rules);
	whatif_free(&(*judge)->whatif);
	tags_free(&(*judge)->tags);
	tally_free(&(*judge)->tally);
	for (size_t i = 0; i < (*judge)->record_count; i++)
		records_free(&(*judge)->records[i]);
	mem_free((*judge)->records);
	mem_free(*judge);
	*judge = NULL;
}

void
judge_open(struct judge *judge, const struct exchange *x, struct before *before)
{
	if (judge->facts_only)
		return;
	history_open(judge->history, x, before);
	whatif_open(judge->whatif, x, before);
}

/* Who hears of earlier exchanges, and what is known of their resource. */
struct hearer {
	struct judge *judge;
	const struct before *before;
};

static void
on_late_saving(void *context, uint64_t ticket, uint64_t octets, bool needless)
{
	struct judge *judge = ((struct hearer *)context)->judge;

	tally_late_saving(judge->tally, ticket, octets, needless);
	for (size_t i = 0; i < judge->record_count; i++)
		records_late_saving(judge->records[i], ticket, octets);
}

static void
on_late_probe(void *context, uint64_t ticket, const struct exchange *head,
	const struct waste *waste)
{
	const struct hearer *hearer = context;
	struct judge *judge = hearer->judge;
	struct exchange twin;
	const struct exchange *shown = hiding_twin(judge->hiding, head, &twin);

	tally_late_probe(judge->tally, ticket, shown, hearer->before, waste);
	hiding_twin_fini(shown, &twin);
	for (size_t i = 0; i < judge->record_count; i++)
		records_late_waste(judge->records[i], ticket, waste);
}

/* The packets of its flow are wanted, and of those that its findings rest on. */
static void
judge_mark(struct judge *judge, const struct exchange *x, const struct before *before,
	const struct hit *hits, size_t count)
{
	if (!judge->sieve)
		return;
	sieve_see(judge->sieve, x);
	if (count)
		sieve_mark(judge->sieve, x->connection);
	if (count && before->has_held)
		sieve_mark(judge->sieve, before->held.connection);
	for (size_t i = 0; i < count; i++)
		if (hits[i].ref)
			sieve_mark(judge->sieve, hits[i].ref->connection);
}

/* Nothing is known before it, and nothing is booked for it. */
static void
judge_orphan(struct judge *judge, const struct exchange *x, const struct exchange *shown)
{
	static const struct before nothing;
	static const struct verdict none;
	struct hit hits[HITS_MAX];
	struct view view = {.x = x,
		.shown = shown,
		.hiding = judge->hiding,
		.before = &nothing,
		.verdict = &none,
		.history = judge->history};
	size_t count = rules_judge(judge->rules, &view, hits, HITS_MAX);

	judge_mark(judge, x, &nothing, hits, count);
	tally_add(judge->tally, shown, NULL, NULL);
	rules_note_orphan(judge->rules, x);
	judge_record(
		judge, &(struct record){.x = shown, .hits = hits, .hit_count = count});
}

static void
judge_facts(struct judge *judge, const struct exchange *x)
{
	if (x->has_request) {
		judge->facts_octets += sums_octets_of(x);
		judge->gap_octets += x->q.gap_bytes + x->r.gap_bytes;
	}
	judge_record(judge, &(struct record){.x = x, .facts_only = true});
}

static void
judge_pair(struct judge *judge, const struct exchange *x, const struct exchange *shown,
	const struct before *before)
{
	struct hit hits[HITS_MAX];
	struct verdict verdict;
	struct hearer hearer = {judge, before};
	struct ledger_late late = {&hearer, on_late_saving, on_late_probe};
	struct view view = {.x = x,
		.shown = shown,
		.hiding = judge->hiding,
		.before = before,
		.verdict = &verdict,
		.history = judge->history};
	size_t count;

	judge->gap_octets += x->q.gap_bytes + x->r.gap_bytes;
	view.resource = history_resource(judge->history, before->resource);
	rules_expect(judge->rules, &view);
	ledger_judge(judge->ledger, judge->history, before, x, &verdict);
	count = rules_judge(judge->rules, &view, hits, HITS_MAX);
	judge_mark(judge, x, before, hits, count);
	tally_add(judge->tally, shown, before, &verdict);
	whatif_close(judge->whatif, judge->history, before, shown, &verdict);
	tags_add(judge->tags, judge->history, before, shown, &verdict);
	history_book(judge->history, before, evidence_t2_octets(&verdict),
		evidence_habit(x, before, &verdict));
	history_close(judge->history, x, before);
	ledger_close(judge->ledger, before, x, &verdict, &late);
	judge_record(judge, &(struct record){.x = shown,
				    .before = before,
				    .history = judge->history,
				    .verdict = &verdict,
				    .hits = hits,
				    .hit_count = count,
				    .hiding = judge->hiding});
}

void
judge_close(struct judge *judge, const struct exchange *x, const struct before *before)
{
	struct exchange twin;
	const struct exchange *shown = hiding_twin(judge->hiding, x, &twin);

	if (judge->facts_only)
		judge_facts(judge, shown);
	else if (!x->has_request)
		judge_orphan(judge, x, shown);
	else
		judge_pair(judge, x, shown, before);
	hiding_twin_fini(shown, &twin);
}

bool
judge_tick(struct judge *judge, int64_t now_ns, int64_t begun_ns)
{
	bool is_heard = true;

	for (size_t i = 0; i < judge->record_count; i++)
		is_heard &= records_tick(judge->records[i], now_ns, begun_ns);
	return is_heard;
}

void
judge_finish(struct judge *judge)
{
	rules_finish(judge->rules);
	/* Of those that waited for others. */
	for (size_t i = 0; judge->sieve && i < rules_finding_count(judge->rules); i++)
		sieve_mark(judge->sieve, rules_finding(judge->rules, i)->connection);
	for (size_t i = 0; i < judge->record_count; i++)
		records_finish(judge->records[i]);
}

void
judge_report(const struct judge *judge, struct report *report)
{
	struct history_evictions history = history_evictions(judge->history);

	report->hiding = judge->hiding;
	report->tally = judge->tally;
	report->rules = judge->rules;
	report->whatif = judge->whatif;
	report->tags = judge->tags;
	report->clients = history_clients(judge->history);
	report->hops = history_hops(judge->history);
	report->distinct = history_distinct(judge->history);
	report->evictions.held = history.held;
	report->evictions.represented = history.represented;
	report->evictions.delivered = history.delivered;
	report->evictions.resources = history.resources;
	report->evictions.servers = history.servers;
	report->evictions.whatif = whatif_evictions(judge->whatif);
	report->evictions.clients = history.clients;
	report->evictions.savings = ledger_evictions(judge->ledger);
	if (judge->sieve) {
		sieve_lost_packets(judge->sieve, &report->evictions.written_flows);
		report->evictions.written_flows += sieve_evictions(judge->sieve);
	}
	for (size_t i = 0; i < judge->record_count; i++)
		report->evictions.records += records_evicted(judge->records[i]);
}

const char *
judge_check(const struct judge *judge)
{
	const char *broken = tally_check(judge->tally);

	return broken ? broken : whatif_check(judge->whatif);
}

uint64_t
judge_captured_octets(const struct judge *judge)
{
	return tally_octets_total(judge->tally) + judge->facts_octets - judge->gap_octets;
}
