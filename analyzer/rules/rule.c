#include "analyzer/rules/rule.h"

#include "analyzer/base/mem.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/alias.h"
#include "analyzer/rules/finding.h"
#include "analyzer/rules/habit.h"
#include "analyzer/rules/neighbour.h"
#include "analyzer/rules/row.h"
#include "analyzer/rules/view.h"

#include <assert.h>

struct setting {
	bool disabled;
	uint64_t disabled_kinds; /* bit i: the i-th kind of the row */
	bool graded;
	enum severity severity;
};

/* Rules that need the same facts, and are asked together or not at all. */
struct group {
	unsigned facts;
	uint16_t begin, end; /* in the order of asking */
};

struct rules {
	struct setting settings[RULE_COUNT];
	uint16_t order[RULE_COUNT];
	struct group groups[RULE_COUNT]; /* those about many exchanges last */
	unsigned group_count, many_from;
	struct aggregate *aggregate;
	struct habits *habits;
	struct aliases *aliases;
	struct neighbours *neighbours;
	struct findings *findings;
};

enum {
	WORD_BITS = 64,
	WORDS = (RULE_COUNT + WORD_BITS - 1) / WORD_BITS,
};

/* One exchange on its way through the rules. */
struct trial {
	uint64_t fired[WORDS];		   /* a bit a rule */
	struct ruling rulings[RULE_COUNT]; /* of those that fired */
};

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

/* By facts, those about many exchanges last; rules of a group in their own order. */
static void
build_groups(struct rules *rules)
{
	bool taken[RULE_COUNT] = {false};
	uint16_t asked = 0;

	for (unsigned many = 0; many < 2; many++) {
		for (unsigned i = 0; i < RULE_COUNT; i++) {
			unsigned facts = row_of(i)->facts;
			struct group *group = &rules->groups[rules->group_count];

			if (taken[i] || ((facts & FACT_MANY) != 0) != (many == 1))
				continue;
			*group = (struct group){facts, asked, asked};
			for (unsigned j = i; j < RULE_COUNT; j++) {
				if (taken[j] || row_of(j)->facts != facts)
					continue;
				taken[j] = true;
				rules->order[asked++] = (uint16_t)j;
			}
			group->end = asked;
			rules->group_count++;
		}
		if (!many)
			rules->many_from = rules->group_count;
	}
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
	build_groups(rules);
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
has_flaw(const struct message *m)
{
	unsigned flaws = m->flaws;

	for (size_t i = 0; i < m->field_count; i++)
		flaws |= m->fields[i].flaws;
	return flaws != 0;
}

static unsigned
cases_of(const struct view *view)
{
	unsigned cases = 0;

	if (view_is_conditional_get(view))
		cases |= FACT_ON_GET;
	if (view_has_standard_condition(view))
		cases |= FACT_ON_CONDITION;
	if (message_has(&view->x->q, FIELD_CACHE_CONTROL) ||
		message_has(&view->x->r, FIELD_CACHE_CONTROL))
		cases |= FACT_ON_DIRECTIVE;
	if (has_flaw(&view->x->q) || has_flaw(&view->x->r))
		cases |= FACT_ON_FLAW;
	if (message_has(&view->x->q, FIELD_RANGE))
		cases |= FACT_ON_RANGE;
	if (view_is_full(view))
		cases |= FACT_ON_FULL;
	if (view->x->r.status == 206)
		cases |= FACT_ON_206;
	if (view_is_304(view))
		cases |= FACT_ON_304;
	if (view->x->r.status == 412)
		cases |= FACT_ON_412;
	return cases;
}

/* Which facts the capture has of this exchange. */
static unsigned
facts_of(const struct view *view)
{
	const struct exchange *x = view->x;
	unsigned facts = FACT_MANY | FACT_OR_ORPHAN;

	if (!x->has_request)
		return message_is_clean(&x->r) ? FACT_ORPHAN | FACT_OR_ORPHAN : 0;
	if (message_is_clean(&x->q))
		facts |= FACT_Q;
	if (x->has_response && message_is_clean(&x->r))
		facts |= FACT_R;
	if (x->has_request && x->has_response && x->pairing == PAIRING_EXACT &&
		x->anchored && !x->one_sided)
		facts |= FACT_PAIR;
	if (x->has_response && message_is_whole(&x->r))
		facts |= FACT_WHOLE;
	if (view->resource && view->resource->observation_count)
		facts |= FACT_HISTORY;
	return facts | cases_of(view);
}

static bool
has_fired(const struct trial *trial, enum rule_id rule)
{
	return trial->fired[rule / WORD_BITS] >> rule % WORD_BITS & 1;
}

static void
set_fired(struct trial *trial, enum rule_id rule)
{
	trial->fired[rule / WORD_BITS] |= UINT64_C(1) << rule % WORD_BITS;
}

static void
clear_fired(struct trial *trial, enum rule_id rule)
{
	trial->fired[rule / WORD_BITS] &= ~(UINT64_C(1) << rule % WORD_BITS);
}

/* Asks the groups from one to another, as far as the facts are there. */
static void
ask(const struct rules *rules, struct trial *trial, const struct view *view,
	unsigned facts, unsigned from, unsigned to)
{
	uint64_t octets = view_octets(view);

	for (unsigned g = from; g < to; g++) {
		const struct group *group = &rules->groups[g];

		if (group->facts & ~facts ||
			(!view->x->has_request &&
				!(group->facts & (FACT_ORPHAN | FACT_OR_ORPHAN))))
			continue;
		for (unsigned i = group->begin; i < group->end; i++) {
			enum rule_id rule = rules->order[i];
			const struct row *row = row_of(rule);
			struct ruling ruling = {
				.severity = row->severity,
				.confidence = row->confidence,
				.fault = row->fault,
				.count = 1,
				.octets = octets,
			};

			if (!row->predicate(view, &ruling))
				continue;
			set_fired(trial, rule);
			trial->rulings[rule] = ruling;
		}
	}
}

static void
suppress(struct trial *trial)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < WORDS; i++)
		any |= trial->fired[i];
	if (!any)
		return;
#define SUPPRESS(speaks, silent)                                                         \
	if (has_fired(trial, RULE_##speaks))                                             \
		clear_fired(trial, RULE_##silent);
#include "analyzer/rules/suppress.def"
#undef SUPPRESS
}

static bool
ignores_condition(const struct trial *trial)
{
	return has_fired(trial, RULE_200_DESPITE_INM_MATCH) ||
	       has_fired(trial, RULE_INM_WEAK_MATCH_MISSED) ||
	       has_fired(trial, RULE_ETAG_CODING_SUFFIX_MISMATCH) ||
	       has_fired(trial, RULE_INM_QUOTE_MISMATCH) ||
	       has_fired(trial, RULE_200_DESPITE_IMS_MATCH);
}

/* A client that is told so does well to fetch again. */
static bool
is_wrong_304(const struct trial *trial)
{
	return has_fired(trial, RULE_304_ETAG_NOT_REQUESTED) ||
	       has_fired(trial, RULE_304_LAST_MODIFIED_AFTER_IMS) ||
	       has_fired(trial, RULE_304_ON_INVALID_IMS) ||
	       has_fired(trial, RULE_304_CONTENT_LENGTH_MISMATCH);
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
		ruling->fault, view->x->tentative || (suspect && rests_on_pair(rule))};
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

	if (setting->disabled || !kind)
		return setting->disabled;
	return setting->disabled_kinds >> row_kind(rule, slice_of(kind, strlen(kind))) &
	       1;
}

static struct finding_terms
terms_of(const struct rules *rules, enum rule_id rule, const struct view *view)
{
	struct finding_terms terms = {
		.counted_by = view->x->has_request ? row_of(rule)->counted_by
						   : COUNTED_BY_SERVER,
		.host = aggregate_host_key(rules->aggregate, view->x),
		.summary = row_of(rule)->text->note,
	};

	if (terms.counted_by == COUNTED_BY_RESOURCE)
		terms.subject = view->before->resource;
	else if (terms.counted_by == COUNTED_BY_CLIENT)
		terms.subject = view->before->client;
	else if (terms.counted_by == COUNTED_BY_SERVER)
		terms.subject = aggregate_server_key(rules->aggregate, &view->x->server);
	else
		terms.subject = terms.host;
	return terms;
}

static void
remember(struct rules *rules, const struct view *view, const struct trial *trial,
	bool paired)
{
	aggregate_add(rules->aggregate, view, paired, ignores_condition(trial));
	aliases_add(rules->aliases, view, paired);
	habits_add(rules->habits, view, paired, is_wrong_304(trial));
}

/* Where two pairs are suspect, what was found in the first one is less sure, too. */
static void
note_neighbour(struct rules *rules, const struct view *view, bool paired, bool suspect,
	const size_t *findings, unsigned count)
{
	const struct neighbour *before = neighbours_before(rules->neighbours, view->x);

	for (unsigned i = 0; suspect && before && i < before->finding_count; i++)
		findings_doubt(rules->findings, before->findings[i]);
	neighbours_add(rules->neighbours, view, paired, findings, count);
}

size_t
rules_judge(struct rules *rules, const struct view *given, struct hit *hits, size_t max)
{
	struct view view = *given;
	unsigned facts = facts_of(&view);
	bool paired = (facts & FACT_PAIR) && (facts & FACT_Q) && (facts & FACT_R);
	struct trial trial;
	size_t count = 0, findings[NEIGHBOUR_FINDINGS];
	unsigned resting = 0;
	bool suspect;

	memset(trial.fired, 0, sizeof trial.fired);
	view.aggregate = rules->aggregate;
	view.habits = rules->habits;
	view.aliases = rules->aliases;
	view.neighbours = rules->neighbours;
	ask(rules, &trial, &view, facts, 0, rules->many_from);
	suppress(&trial);
	if (view.x->has_request)
		remember(rules, &view, &trial, paired);
	ask(rules, &trial, &view, facts, rules->many_from, rules->group_count);
	suppress(&trial);
	suspect = has_fired(&trial, RULE_PAIRING_ORDER_SUSPECT);
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		const struct ruling *ruling = &trial.rulings[i];
		struct finding_terms terms;
		struct hit hit;
		size_t number;

		if (!has_fired(&trial, i) || is_disabled(rules, i, ruling->kind))
			continue;
		hit = hit_of(rules, i, &view, ruling, suspect);
		terms = terms_of(rules, i, &view);
		number = findings_add(rules->findings, &view, &hit, ruling, &terms);
		if (number && !hit.tentative && rests_on_pair(i) &&
			resting < NEIGHBOUR_FINDINGS)
			findings[resting++] = number;
		if (!ruling->pending && count < max)
			hits[count++] = hit;
	}
	if (view.x->has_request)
		note_neighbour(rules, &view, paired, suspect, findings, resting);
	return count;
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
