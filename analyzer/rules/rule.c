#include "analyzer/rules/rule.h"

#include "analyzer/base/mem.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/alias.h"
#include "analyzer/rules/finding.h"
#include "analyzer/base/table.h"
#include "analyzer/rules/habit.h"
#include "analyzer/rules/neighbour.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/roster.h"
#include "analyzer/rules/view.h"

#include <assert.h>

struct setting {
	bool disabled;
	uint64_t disabled_kinds; /* bit i: the i-th kind of the row */
	bool graded;
	enum severity severity;
};

struct rules {
	struct setting settings[RULE_COUNT];
	struct roster roster;
	struct aggregate *aggregate;
	struct habits *habits;
	struct aliases *aliases;
	struct neighbours *neighbours;
	struct findings *findings;
};

/* One exchange on its way through the rules. */
struct trial {
	struct rule_set fired;
	unsigned count;		/* of rulings */
	uint64_t octets;	/* which the ledger booked */
	uint8_t at[RULE_COUNT]; /* which is that of a rule that fired */
	struct ruling rulings[RULE_COUNT + 1];
};

_Static_assert(RULE_COUNT <= UINT8_MAX, "an octet numbers the rulings");

const char *
rule_name(enum rule_id rule)
{
	return row_of(rule)->name;
}

const char *
rule_rfc(enum rule_id rule)
{
	return row_of(rule)->rfc;
}

const char *
severity_name(enum severity severity)
{
	static const char *const names[] = {"violation", "warning", "advice"};

	return names[severity];
}

const char *
confidence_name(enum confidence confidence)
{
	static const char *const names[] = {"certain", "likely", "hint"};

	return names[confidence];
}

static int
refuse_rule(const struct row_reference *r, struct err *err)
{
	err_set(err, EXIT_USAGE, "there is no rule '%.*s'", (int)r->name.n,
		(const char *)r->name.at);
	if (r->nearest != RULE_COUNT)
		return err_hint(err, "%s", rule_name(r->nearest));
	return err_hint(err, "cachetap rules   lists them all");
}

static int
check_disabled(const char *option, struct err *err)
{
	struct row_reference r = row_reference(option, ':');

	if (r.rule == RULE_COUNT)
		return refuse_rule(&r, err);
	if (!r.has_detail || row_kind(r.rule, r.detail) != ROW_NO_KIND)
		return 0;
	err_set(err, EXIT_USAGE, "%s has no kind '%.*s'", rule_name(r.rule),
		(int)r.detail.n, (const char *)r.detail.at);
	return err_hint(err, "%s",
		*row_of(r.rule)->kinds ? row_of(r.rule)->kinds : "it has no kinds");
}

static int
check_severity(const char *option, struct err *err)
{
	struct row_reference r = row_reference(option, '=');

	if (r.rule == RULE_COUNT)
		return refuse_rule(&r, err);
	if (r.has_detail && row_severity(r.detail) != ROW_NO_SEVERITY)
		return 0;
	err_set(err, EXIT_USAGE, "'%s' names no severity", option);
	return err_hint(err, "%s=warning   (or violation, advice)", rule_name(r.rule));
}

int
rules_check_options(const struct rules_options *options, struct err *err)
{
	for (size_t i = 0; i < options->disabled_count; i++)
		if (check_disabled(options->disabled[i], err))
			return -1;
	for (size_t i = 0; i < options->severity_count; i++)
		if (check_severity(options->severities[i], err))
			return -1;
	return 0;
}

static void
apply_disabled(struct rules *rules, const char *option)
{
	struct row_reference r = row_reference(option, ':');

	assert(r.rule != RULE_COUNT);
	if (r.has_detail)
		rules->settings[r.rule].disabled_kinds |= UINT64_C(1)
							  << row_kind(r.rule, r.detail);
	else
		rules->settings[r.rule].disabled = true;
}

static void
apply_severity(struct rules *rules, const char *option)
{
	struct row_reference r = row_reference(option, '=');

	assert(r.rule != RULE_COUNT);
	rules->settings[r.rule].disabled = false;
	rules->settings[r.rule].disabled_kinds = 0;
	rules->settings[r.rule].graded = true;
	rules->settings[r.rule].severity = row_severity(r.detail);
}

static void
build_roster(struct rules *rules)
{
	bool is_on[RULE_COUNT];

	for (unsigned i = 0; i < RULE_COUNT; i++)
		is_on[i] = !rules->settings[i].disabled;
	roster_build(&rules->roster, is_on);
}

struct rules *
rules_new(const struct rules_options *options, uint64_t memory_bytes)
{
	static const struct rules_options defaults;
	struct rules *rules = mem_alloc(sizeof *rules);

	if (!options)
		options = &defaults;
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		rules->settings[i].disabled = row_is_off(row_of(i));
		rules->settings[i].disabled_kinds = row_kinds_off(row_of(i));
	}
	for (size_t i = 0; i < options->severity_count; i++)
		apply_severity(rules, options->severities[i]);
	for (size_t i = 0; i < options->disabled_count; i++)
		apply_disabled(rules, options->disabled[i]);
	build_roster(rules);
	rules->aggregate = aggregate_new(memory_bytes / 4, options->seed);
	rules->habits = habits_new(memory_bytes / 8);
	rules->aliases = aliases_new(memory_bytes / 8, options->seed);
	rules->neighbours = neighbours_new(memory_bytes / 16);
	rules->findings = findings_new(memory_bytes / 16 * 7, options);
	return rules;
}

void
rules_free(struct rules **rules)
{
	if (!*rules)
		return;
	aggregate_free(&(*rules)->aggregate);
	habits_free(&(*rules)->habits);
	aliases_free(&(*rules)->aliases);
	neighbours_free(&(*rules)->neighbours);
	findings_free(&(*rules)->findings);
	mem_free(*rules);
	*rules = NULL;
}

static bool
has_fired(const struct trial *trial, enum rule_id rule)
{
	return rule_set_has(&trial->fired, rule);
}

/* Member by member, which takes a few stores; a string of zeros takes longer. */
static void
begin_ruling(struct ruling *ruling, const struct row_question *question, uint64_t octets)
{
	const struct slice none = {NULL, 0};

	ruling->kind = NULL;
	ruling->severity = question->severity;
	ruling->confidence = question->confidence;
	ruling->fault = question->fault;
	ruling->pending = false;
	ruling->count = 1;
	ruling->octets = octets;
	ruling->ref = NULL;
	ruling->n = ruling->m = 0;
	ruling->a = none;
	ruling->b = none;
}

/* A draft that comes to nothing is overwritten by the next. */
static void
ask(struct trial *trial, const struct view *view, const struct rule_set *rules)
{
	for (unsigned i = 0; i < ROSTER_WORDS; i++)
		for (uint64_t left = rules->words[i]; left; left &= left - 1) {
			enum rule_id rule = i * ROSTER_WORD_BITS +
					    (unsigned)__builtin_ctzll(left);
			const struct row_question *question = &row_questions[rule];
			struct ruling *draft = &trial->rulings[trial->count];

			begin_ruling(draft, question, trial->octets);
			if (!question->predicate(view, draft))
				continue;
			rule_set_add(&trial->fired, rule);
			trial->at[rule] = (uint8_t)trial->count++;
		}
}

#ifdef CACHETAP_SELF_CHECK
/*
 * Likeness, facts about what is around an exchange, and flaws only spare a question:
 * without them no rule would have been true.  Of those that wait for many exchanges, or
 * of the others.
 */
static void
check_unasked(const struct roster *roster, const struct view *view,
	const struct facts *has, const struct rule_set *asked, bool many)
{
	const uint64_t sparing = FACT_TRAITS(~0u) | FACT_AROUND(~0u) | FACT_ON_FLAW;

	for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
		struct facts needed = facts_needed(row_of(rule));
		struct ruling draft;

		needed.facts &= ~sparing;
		needed.likeness = 0;
		if (!rule_set_has(&roster->on, rule) || rule_set_has(asked, rule) ||
			!facts_suffice(has, &needed) ||
			many != ((needed.facts & FACT_MANY) != 0))
			continue;
		begin_ruling(&draft, &row_questions[rule], 0);
		assert(!row_questions[rule].predicate(view, &draft));
	}
}
#endif

static void
suppress(const struct roster *roster, struct trial *trial)
{
	if (!rule_set_meets(&trial->fired, &roster->speaking) ||
		!rule_set_meets(&trial->fired, &roster->silenced))
		return;
#define SUPPRESS(speaks, silent)                                                         \
	if (has_fired(trial, RULE_##speaks))                                             \
		rule_set_remove(&trial->fired, RULE_##silent);
#include "analyzer/rules/suppress.def"
#undef SUPPRESS
}

/*
 * Who sends HTTP/1.0 does not claim RFC 9110 [RFC9110 2.5].  But RFC 1945 9.3 forbids a
 * 304 with a body or to no condition as well, and the syntax and the ends of messages
 * concern everybody on the way [RFC9112]; only folding was allowed, and nothing had to be
 * refused.
 */
static bool
is_excused_by_version(enum rule_id rule, const struct view *view, enum fault fault)
{
	const struct message *sender = fault == FAULT_CLIENT ? &view->x->q : &view->x->r;

	if (sender->major != 1 || sender->minor != 0 || rule == RULE_304_WITH_BODY ||
		rule == RULE_304_UNCONDITIONAL_REQUEST)
		return false;
	return rule == RULE_OBS_FOLD || rule == RULE_BAD_REQUEST_ACCEPTED ||
	       !row_is_of_syntax(row_of(rule));
}

/*
 * What rests on what was there before, or was not, proves less where a part of that was
 * not captured.
 */
static bool
is_doubtful(const struct rules *rules, enum rule_id rule, const struct view *view)
{
	const struct row *row = row_of(rule);

	return (row->layer == LAYER_RESOURCE || row->facts & FACT_HISTORY ||
		       row->confidence != CONFIDENCE_CERTAIN) &&
	       habits_is_blurred(rules->habits, view);
}

/* That two neighbours are suspect is no less sure for it. */
static bool
rests_on_pair(enum rule_id rule)
{
	return row_of(rule)->facts & FACT_PAIR && rule != RULE_PAIRING_ORDER_SUSPECT;
}

static struct hit
hit_of(const struct rules *rules, enum rule_id rule, const struct view *view,
	const struct ruling *ruling, bool suspect)
{
	const struct setting *setting = &rules->settings[rule];
	struct hit hit = {rule, ruling->kind, ruling->severity, ruling->confidence,
		ruling->fault, view->x->tentative || (suspect && rests_on_pair(rule)),
		ruling->ref};
	bool unknown_method = row_of(rule)->layer == LAYER_EXCHANGE &&
			      view->x->method == METHOD_OTHER;

	if (hit.severity == SEVERITY_VIOLATION && is_doubtful(rules, rule, view))
		hit.severity = SEVERITY_WARNING;
	if (hit.severity == SEVERITY_VIOLATION &&
		(unknown_method || is_excused_by_version(rule, view, hit.fault)))
		hit.severity = SEVERITY_WARNING;
	if (setting->graded)
		hit.severity = setting->severity;
	/* Which of the copies the sender meant, or which request, is not known. */
	if (hit.tentative && hit.confidence == CONFIDENCE_CERTAIN)
		hit.confidence = CONFIDENCE_LIKELY;
	return hit;
}

static bool
is_disabled(const struct rules *rules, enum rule_id rule, const char *kind)
{
	const struct setting *setting = &rules->settings[rule];

	if (setting->disabled || !setting->disabled_kinds || !kind)
		return setting->disabled;
	return setting->disabled_kinds >> row_kind(rule, slice_of(kind, strlen(kind))) &
	       1;
}

static struct finding_terms
terms_of(enum rule_id rule, const struct view *view)
{
	struct finding_terms terms = {
		.counted_by = view->x->has_request ? row_of(rule)->counted_by
						   : COUNTED_BY_SERVER,
		.host = view->before->origin,
	};

	if (terms.counted_by == COUNTED_BY_RESOURCE)
		terms.subject = view->before->resource;
	else if (terms.counted_by == COUNTED_BY_CLIENT)
		terms.subject = view->before->client;
	else if (terms.counted_by == COUNTED_BY_SERVER)
		terms.subject = view->server_key;
	else
		terms.subject = terms.host;
	return terms;
}

static struct aggregated
remember(struct rules *rules, const struct view *view, const struct trial *trial,
	bool paired)
{
	/* A client that is told so does well to fetch again. */
	bool wrong = rule_set_meets(&trial->fired, &rules->roster.wrong_304s);
	struct aggregated known = aggregate_add(rules->aggregate, view, paired,
		rule_set_meets(&trial->fired, &rules->roster.ignored_conditions));

	aliases_add(rules->aliases, view, paired, &known);
	habits_add(rules->habits, view, paired, wrong);
	return known;
}

static void
try_rules(struct rules *rules, struct view *view, const struct facts *has, bool paired,
	struct trial *trial)
{
	const struct roster_pick *picked = roster_pick(&rules->roster, has);
	struct aggregated known = {.host = NULL};
	struct rule_set first = roster_of_alike(
		&rules->roster, &picked->first, has->likeness);
	struct rule_set many;
	unsigned count;

	trial->fired = (struct rule_set){{0}};
	trial->count = 0;
	trial->octets = view_octets(view);
	ask(trial, view, &first);
#ifdef CACHETAP_SELF_CHECK
	check_unasked(&rules->roster, view, has, &first, false);
#endif
	suppress(&rules->roster, trial);
	if (view->x->has_request)
		known = remember(rules, view, trial, paired);
	many = roster_of_many(&rules->roster, &picked->many, facts_by_many(view, &known));
	view->known = &known;
	count = trial->count;
	ask(trial, view, &many);
#ifdef CACHETAP_SELF_CHECK
	check_unasked(&rules->roster, view, has, &many, true);
#endif
	if (trial->count != count)
		suppress(&rules->roster, trial);
	view->known = NULL;
}

/* What becomes of the rules that were true. */
struct yield {
	struct hit *hits;
	size_t hit_count, hit_max;
	size_t findings[NEIGHBOUR_FINDINGS]; /* that rest on the pair */
	unsigned finding_count;
};

static void
take_rule(struct rules *rules, const struct view *view, enum rule_id rule, bool suspect,
	const struct ruling *ruling, struct yield *list)
{
	struct finding_terms terms;
	struct hit hit;
	size_t number;

	if (is_disabled(rules, rule, ruling->kind))
		return;
	hit = hit_of(rules, rule, view, ruling, suspect);
	terms = terms_of(rule, view);
	number = findings_add(rules->findings, view, &hit, ruling, &terms);
	if (number && !hit.tentative && rests_on_pair(rule) &&
		list->finding_count < NEIGHBOUR_FINDINGS)
		list->findings[list->finding_count++] = number;
	if (!ruling->pending && list->hit_count < list->hit_max)
		list->hits[list->hit_count++] = hit;
}

/* Where two pairs are suspect, what was found in the first one is less sure, too. */
static void
note_neighbour(struct rules *rules, const struct view *view, struct neighbour *last,
	bool suspect, const struct yield *list)
{
	for (unsigned i = 0; suspect && i < view->previous->finding_count; i++)
		findings_doubt(rules->findings, view->previous->findings[i]);
	neighbours_add(
		rules->neighbours, last, view, list->findings, list->finding_count);
}

void
rules_expect(const struct rules *rules, const struct view *view)
{
	if (rules->roster.is_empty)
		return;
	recent_expect(view);
	habits_expect(rules->habits, view->before, table_expect);
	aggregate_expect(rules->aggregate, view, table_expect);
	aliases_expect(rules->aliases, view->x, table_expect);
	neighbours_expect(rules->neighbours, view->x, table_expect);
}

/* What only the engine knows; returns the last exchange of the connection. */
static struct neighbour *
complete(struct rules *rules, struct view *view)
{
	const struct exchange *x = view->x;
	struct neighbour *last = NULL;

	if (x->etag.raw.at)
		view->tag_key = aggregate_tag_key(rules->aggregate, &x->etag);
	if (x->has_request)
		last = neighbours_last(rules->neighbours, x);
	view->server_key = last ? last->server_key
				: aggregate_server_key(rules->aggregate, &x->server);
	aggregate_expect_tag(rules->aggregate, view);
	if (last && last->trans + 1 == x->trans)
		view->previous = last;
	return last;
}

static void
take_rules(struct rules *rules, const struct view *view, const struct trial *trial,
	bool suspect, struct yield *list)
{
	for (unsigned i = 0; i < ROSTER_WORDS; i++)
		for (uint64_t left = trial->fired.words[i]; left; left &= left - 1) {
			unsigned rule = i * ROSTER_WORD_BITS +
					(unsigned)__builtin_ctzll(left);

			take_rule(rules, view, rule, suspect,
				&trial->rulings[trial->at[rule]], list);
		}
}

size_t
rules_judge(struct rules *rules, struct view *view, struct hit *hits, size_t max)
{
	const unsigned pair = FACT_PAIR | FACT_Q | FACT_R;
	struct view_memo memo = {.has_policy_ref = false};
	struct yield list = {.hits = hits, .hit_max = max};
	struct neighbour now, *last;
	struct trial trial;
	struct facts has;
	bool paired, suspect;

	if (rules->roster.is_empty)
		return 0;
	habits_expect(rules->habits, view->before, table_expect_entry);
	aggregate_expect(rules->aggregate, view, table_expect_entry);
	aliases_expect(rules->aliases, view->x, table_expect_entry);
	neighbours_expect(rules->neighbours, view->x, table_expect_entry);
	view->differ = history_differ(view->resource, view->x);
	view->memo = &memo;
	view->aggregate = rules->aggregate;
	view->habits = rules->habits;
	view->aliases = rules->aliases;
	has = facts_of(view);
	roster_expect(&rules->roster, &has);
	paired = (has.facts & pair) == pair;
	last = complete(rules, view);
	if (paired) {
		neighbour_fill(&now, view);
		view->now = &now;
		if (now.odd || (view->previous && view->previous->odd))
			has.facts |= FACT_AROUND(AROUND_ODD_PAIR);
	}
	try_rules(rules, view, &has, paired, &trial);
	suspect = has_fired(&trial, RULE_PAIRING_ORDER_SUSPECT);
	take_rules(rules, view, &trial, suspect, &list);
	if (view->x->has_request)
		note_neighbour(rules, view, last, suspect, &list);
	view->memo = NULL;
	view->now = view->previous = NULL;
	return list.hit_count;
}

void
rules_note_orphan(struct rules *rules, const struct exchange *x)
{
	habits_lose(rules->habits, x->connection);
}

void
rules_finish(struct rules *rules)
{
	findings_finish(rules->findings, rules->aggregate);
}

size_t
rules_finding_count(const struct rules *rules)
{
	return findings_count(rules->findings);
}

void
rules_restore(struct rules *rules, const struct finding *finding)
{
	findings_restore(rules->findings, finding);
}

const struct finding *
rules_finding(const struct rules *rules, size_t index)
{
	assert(index < findings_count(rules->findings));
	return findings_at(rules->findings, index);
}

uint64_t
rules_dropped(const struct rules *rules)
{
	return findings_dropped(rules->findings);
}

uint64_t
rules_evictions(const struct rules *rules)
{
	return aggregate_evictions(rules->aggregate) + habits_evictions(rules->habits) +
	       aliases_evictions(rules->aliases) +
	       neighbours_evictions(rules->neighbours);
}
