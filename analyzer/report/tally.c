#include "analyzer/report/tally.h"

struct tally *
tally_new(const struct tables_options *options)
{
	struct tally *tally = mem_alloc(sizeof *tally);

	tables_init(&tally->tables, options);
	tally->fixes = fixes_new(options->memory_bytes / 64);
	return tally;
}

void
tally_keep_visits(struct tally *tally, const struct tables_options *options)
{
	tally->visits = visits_new(options->memory_bytes / 512, &options->client);
}

void
tally_free(struct tally **tally)
{
	if (!*tally)
		return;
	for (unsigned i = 0; i < WAIT_COUNT; i++)
		distribution_fini(&(*tally)->waits[i]);
	tables_fini(&(*tally)->tables);
	spreads_fini(&(*tally)->spreads);
	fixes_free(&(*tally)->fixes);
	visits_free(&(*tally)->visits);
	mem_free(*tally);
	*tally = NULL;
}

/* A name that may stand in a report: a token of ordinary length. */
static bool
is_tame(struct slice name)
{
	if (!name.n || name.n >= TALLY_METHOD_BYTES)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (name.at[i] <= ' ' || name.at[i] >= 0x7f)
			return false;
	return true;
}

static void
count_method(struct tally_http *http, struct slice name)
{
	for (unsigned i = 0; i < http->method_count; i++) {
		struct tally_method *method = &http->methods[i];

		if (slice_eq(slice_of(method->name, strlen(method->name)), name)) {
			method->count++;
			return;
		}
	}
	if (!is_tame(name) || http->method_count == TALLY_METHODS) {
		http->other_methods++;
		return;
	}
	memcpy(http->methods[http->method_count].name, name.at, name.n);
	http->methods[http->method_count++].count = 1;
}

static void
count_messages(struct tally_http *http, const struct exchange *x)
{
	http->interim += x->interim_count;
	if (x->has_request) {
		http->requests++;
		count_method(http, x->q.method);
	}
	if (x->has_response) {
		http->responses++;
		http->by_status[x->r.status < TALLY_STATUSES ? x->r.status : 0]++;
	}
	http->cut_heads += x->has_request && x->q.head_state == HEAD_CUT;
	http->cut_heads += x->has_response && x->r.head_state == HEAD_CUT;
	if (!x->has_request)
		http->orphan_responses++;
	else if (!x->has_response)
		http->unanswered++;
	else if (!x->q.complete || !x->r.complete)
		http->incomplete++;
}

static void
add_octets(struct tally_octets *octets, const struct exchange *x)
{
	octets->q_head += x->q.head_bytes;
	octets->q_body += x->q.content_bytes + x->q.framing_bytes;
	octets->r_head += exchange_r_head(x);
	octets->r_content += x->r.content_bytes;
	octets->r_framing += x->r.framing_bytes;
	octets->stray += x->stray_bytes;
}

static void
count_outcome(struct tally_conditional *c, const struct verdict *v)
{
	c->asked++;
	c->validated += v->outcome == OUTCOME_VALIDATED;
	c->missed_match += v->outcome == OUTCOME_MISSED_MATCH;
	c->missed_churn += v->outcome == OUTCOME_MISSED_CHURN;
	c->changed += v->outcome == OUTCOME_CHANGED;
	c->presumed += v->outcome == OUTCOME_CHANGED && v->presumed;
	c->changed_same += v->outcome == OUTCOME_CHANGED_SAME_VALIDATOR;
	c->indeterminate += v->outcome == OUTCOME_INDETERMINATE;
	c->mismatched += v->outcome == OUTCOME_MISMATCHED_304;
}

static void
rate_add(struct rate *rate, bool hit)
{
	rate->den++;
	rate->num += hit;
}

static enum tally_strength
strength_of(const struct exchange *x)
{
	bool weak = false, strong = false;
	struct slice rest = x->inm;
	struct etag tag;

	while (exchange_next_tag(x, &rest, &tag)) {
		weak |= tag.weak;
		strong |= !tag.weak;
	}
	return weak && strong ? STRENGTH_MIXED : weak ? STRENGTH_WEAK : STRENGTH_STRONG;
}

static bool
is_full(uint16_t status)
{
	return status == 200 || status == 203;
}

static void
add_conditional(struct tally *tally, const struct exchange *x, const struct verdict *v)
{
	bool hit = v->outcome == OUTCOME_VALIDATED;

	count_outcome(
		&tally->conditional[x->method == METHOD_HEAD ? ASKER_HEAD : ASKER_GET],
		v);
	if (x->cond <= COND_BOTH)
		rate_add(&tally->by_form[x->cond], hit);
	if (x->cond == COND_INM || x->cond == COND_BOTH)
		rate_add(&tally->by_strength[strength_of(x)], hit);
	if (v->validator_compared && v->validator_matched &&
		(x->r.status == 304 || is_full(x->r.status)))
		rate_add(&tally->matched_recall, x->r.status == 304);
}

/* The same for those of which more is known than what validators say. */
static void
add_known(struct rate *recall, const struct verdict *v)
{
	bool missed = v->outcome == OUTCOME_MISSED_MATCH ||
		      v->outcome == OUTCOME_MISSED_CHURN;

	if (v->names_known && (missed || v->outcome == OUTCOME_VALIDATED))
		rate_add(recall, !missed);
}

static void
add_write(struct tally_writes *writes, const struct exchange *x)
{
	bool asked = x->cond == COND_WRITE;
	uint16_t status = x->has_response ? x->r.status : 0;

	if (x->method == METHOD_PUT || x->method == METHOD_PATCH ||
		x->method == METHOD_DELETE)
		rate_add(&writes->guarded, asked);
	if (!asked)
		return;
	writes->asked++;
	writes->ok += status / 100 == 2;
	writes->failed += status == 412;
	writes->other += status / 100 != 2 && status != 412;
}

static void
add_rates(struct tally *tally, const struct exchange *x, const struct verdict *v)
{
	bool get = x->method == METHOD_GET;

	if (!x->has_response)
		return;
	if (get)
		rate_add(&tally->share_of_gets, x->r.status == 304);
	if (get || x->method == METHOD_HEAD)
		rate_add(&tally->conditional_share, v->in_conditional);
	if (get && v->had_validator)
		rate_add(&tally->uptake, v->in_conditional);
	if (v->in_conditional) {
		add_conditional(tally, x, v);
		add_known(&tally->known_recall, v);
	}
}

static void
add_validators(struct tally_validators *validators, const struct exchange *x)
{
	bool etag = x->etag.raw.at != NULL;
	bool lm = x->last_modified.form != HTTPDATE_INVALID;

	validators->responses++;
	validators->etag_strong += etag && !x->etag.weak;
	validators->etag_weak += etag && x->etag.weak;
	validators->lm += lm;
	validators->both += etag && lm;
	validators->etag_only += etag && !lm;
	validators->lm_only += lm && !etag;
	validators->none += !etag && !lm;
}

static void
add_wait(struct tally *tally, const struct exchange *x, enum outcome outcome)
{
	enum tally_wait which = WAIT_COUNT;

	if (x->wait_ns < 0)
		return;
	distribution_add(&tally->waits[WAIT_ALL], (uint64_t)x->wait_ns / 1000);
	if (outcome == OUTCOME_VALIDATED) {
		which = WAIT_VALIDATED;
		tally_add_ns(&tally->revalidation_wait_ns, x->wait_ns);
		if (x->handshake_rtt_ns >= 0)
			distribution_add(&tally->waits[WAIT_AT_CLIENT],
				(uint64_t)(x->wait_ns + x->handshake_rtt_ns) / 1000);
	} else if (outcome == OUTCOME_MISSED_MATCH || outcome == OUTCOME_MISSED_CHURN) {
		which = WAIT_MISSED;
	} else if (outcome == OUTCOME_CHANGED) {
		which = WAIT_CHANGED;
	}
	if (which != WAIT_COUNT)
		distribution_add(&tally->waits[which], (uint64_t)x->wait_ns / 1000);
}

static void
add_response(struct tally *tally, const struct exchange *x, const struct verdict *v)
{
	if (!x->has_response)
		return;
	if (x->method == METHOD_GET && is_full(x->r.status))
		add_validators(&tally->validators, x);
	if (x->method == METHOD_GET && x->r.status / 100 == 2)
		tally->ok_get_wire_octets += exchange_r_wire(x);
	if (v->outcome == OUTCOME_VALIDATED)
		tally->validated_head_octets += x->q.head_bytes + exchange_r_head(x);
	if (v->saving.source != SAVING_NONE) {
		tally->saved.count[v->saving.source]++;
		tally->saved.octets[v->saving.source] += v->saving.octets;
		tally->needless.octets += v->needless ? v->saving.octets : 0;
		tally->needless.unknown += v->needless &&
					   v->saving.source == SAVING_UNKNOWN;
	}
	tally->suspect_304 += (v->notes & NOTE_SUSPECT_304) != 0;
	tally->current_412 += (v->notes & NOTE_CURRENT_412) != 0;
	add_wait(tally, x, v->outcome);
}

/* An exchange counts once for a class and cause, whatever parts of it are wasted. */
static bool
is_first_of_its_kind(const struct verdict *v, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (v->waste[i].class == v->waste[at].class &&
			v->waste[i].cause == v->waste[at].cause)
			return false;
	return true;
}

/* The wait of an exchange whose heads are wasted; one with cookies is needed without. */
static void
add_one_waste(
	struct tally *tally, const struct waste *w, bool first, const struct exchange *x)
{
	struct tally_waste *row = &tally->waste[w->class][w->cause];

	row->exchanges += first;
	row->octets[w->tier] += w->octets;
	row->faults |= 1u << w->fault;
	row->via_cache |= x->via_cache;
	tally->waste_by_class[w->tier][w->class] += w->octets;
	if (w->tier != TIER_3 && w->part == PART_HEAD)
		tally->headline_head_octets += w->octets;
	else if (w->tier != TIER_3)
		tally->headline_body_octets += w->octets;
	if (w->part == PART_HEAD && w->class != WASTE_COOKIE_ON_STATIC && x->wait_ns > 0)
		tally->avoidable_wait_ns[w->tier] += x->wait_ns;
	if (w->part == PART_BODY &&
		(w->class == WASTE_IGNORED_MATCH || w->class == WASTE_VALIDATOR_CHURN))
		tally->missed_304_octets += w->octets;
}

static void
add_waste(struct tally *tally, const struct exchange *x, const struct verdict *v)
{
	for (unsigned i = 0; i < v->waste_count; i++)
		add_one_waste(tally, &v->waste[i], is_first_of_its_kind(v, i), x);
}

static void
add_bodies(struct tally_bodies *bodies, const struct exchange *x, const struct verdict *v)
{
	bodies->aborted_octets += v->aborted_octets;
	bodies->answered_octets += v->answered_octets;
	bodies->unanalysed_exchanges += v->unanalysed;
	bodies->unanalysed_octets += v->unanalysed ? exchange_r_wire(x) : 0;
	bodies->uncoded.measured += v->uncoded.measured;
	bodies->uncoded.loss += v->uncoded.loss;
	bodies->uncoded.unmeasured += v->uncoded.unmeasured;
}

static bool
is_conditional(const struct exchange *x)
{
	return (x->method == METHOD_GET || x->method == METHOD_HEAD) &&
	       x->cond >= COND_INM && x->cond <= COND_BOTH;
}

/* The three denominators differ in which outcomes they count. */
static void
add_doubts(struct doubts *doubts, const struct exchange *x, const struct verdict *v)
{
	struct tally_conditional one = {0};

	doubts->exact += x->pairing == PAIRING_EXACT;
	doubts->lost_answers += x->answer_lost && is_conditional(x);
	if (x->pairing != PAIRING_INFERRED)
		return;
	doubts->inferred++;
	if (!v->in_conditional)
		return;
	count_outcome(&one, v);
	doubts->validated += one.validated;
	doubts->counted[INTERVAL_R1] += tally_hit(&one).den;
	doubts->counted[INTERVAL_R2] += tally_evaluable_hit(&one).den;
	doubts->counted[INTERVAL_R3] += tally_recall(&one).den;
}

static void
add_orphan(struct doubts *doubts, const struct exchange *x)
{
	doubts->orphan_304 += x->r.status == 304;
	doubts->orphan_full += is_full(x->r.status);
}

void
tally_add(struct tally *tally, const struct exchange *x, const struct before *before,
	const struct verdict *verdict)
{
	count_messages(&tally->http, x);
	if (!x->has_request) {
		add_orphan(&tally->doubts, x);
		return;
	}
	add_octets(&tally->octets, x);
	tally->outcomes[verdict->outcome]++;
	add_doubts(&tally->doubts, x, verdict);
	tally_keys_add(&tally->keys, x, before, verdict);
	tally->gap_exchanges += x->q.gap_bytes || x->r.gap_bytes;
	add_rates(tally, x, verdict);
	add_response(tally, x, verdict);
	add_waste(tally, x, verdict);
	add_bodies(&tally->bodies, x, verdict);
	add_write(&tally->writes, x);
	spreads_add(&tally->spreads, x, before, verdict);
	tables_add(&tally->tables, x, before, verdict);
	if (tally->visits)
		visits_add(tally->visits, x, before, verdict);
	fixes_add(
		tally->fixes, x, before->resource, verdict->waste, verdict->waste_count);
	fixes_add_hidden(tally->fixes, x, verdict->hidden, verdict->hidden_count);
}

void
tally_late_probe(struct tally *tally, uint64_t ticket, const struct exchange *head,
	const struct before *before, const struct waste *waste)
{
	add_one_waste(tally, waste, true, head);
	tables_late_probe(&tally->tables, ticket, head, waste);
	fixes_add(tally->fixes, head, before->resource, waste, 1);
}

void
tally_late_saving(struct tally *tally, uint64_t ticket, uint64_t octets, bool needless)
{
	if (needless) {
		tally->needless.unknown--;
		tally->needless.octets += octets;
	}
	tally->saved.count[SAVING_UNKNOWN]--;
	tally->saved.count[SAVING_LATER]++;
	tally->saved.octets[SAVING_LATER] += octets;
	tables_late_saving(&tally->tables, ticket, octets);
}

uint64_t
tally_octets_total(const struct tally *tally)
{
	const struct tally_octets *o = &tally->octets;

	return o->q_head + o->q_body + o->r_head + o->r_content + o->r_framing + o->stray;
}

uint64_t
tally_wasted(const struct tally *tally, enum tier tier)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < WASTE_COUNT; i++)
		sum += tally->waste_by_class[tier][i];
	return sum;
}

uint64_t
tally_headline(const struct tally *tally)
{
	return tally_wasted(tally, TIER_1) + tally_wasted(tally, TIER_2);
}

uint64_t
tally_saved_octets(const struct tally *tally)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < SAVING_SOURCES; i++)
		sum += tally->saved.octets[i];
	return sum;
}

uint64_t
tally_saved_known(const struct tally *tally)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < SAVING_SOURCES; i++)
		if (i != SAVING_NONE && i != SAVING_UNKNOWN && i != SAVING_HEAD_METHOD)
			sum += tally->saved.count[i];
	return sum;
}

struct rate
tally_revalidation_efficiency(const struct tally *tally)
{
	static const enum waste_class missed[] = {WASTE_IGNORED_MATCH,
		WASTE_VALIDATOR_CHURN, WASTE_BLIND_REFETCH, WASTE_NO_VALIDATOR_REFETCH};
	struct rate rate = {tally_saved_octets(tally) - tally->needless.octets, 0};

	rate.den = rate.num;
	for (size_t i = 0; i < sizeof missed / sizeof *missed; i++)
		for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
			rate.den += tally->waste_by_class[tier][missed[i]];
	return rate;
}

bool
tally_uncompressed_estimated(const struct tally *tally, uint64_t *octets)
{
	const struct verdict_uncoded *uncoded = &tally->bodies.uncoded;
	uint64_t whole, rest;

	*octets = 0;
	if (!uncoded->measured)
		return !uncoded->unmeasured;
	/* The product of the two sums may not fit. */
	whole = uncoded->unmeasured / uncoded->measured;
	rest = uncoded->unmeasured % uncoded->measured;
	*octets = whole * uncoded->loss +
		  (uint64_t)((double)rest *
			     ((double)uncoded->loss / (double)uncoded->measured));
	return true;
}

struct tally_conditional
tally_conditional_all(const struct tally *tally)
{
	struct tally_conditional all = tally->conditional[ASKER_GET];
	const struct tally_conditional *head = &tally->conditional[ASKER_HEAD];

	all.asked += head->asked;
	all.validated += head->validated;
	all.missed_match += head->missed_match;
	all.missed_churn += head->missed_churn;
	all.changed += head->changed;
	all.presumed += head->presumed;
	all.changed_same += head->changed_same;
	all.indeterminate += head->indeterminate;
	all.mismatched += head->mismatched;
	return all;
}

struct rate
tally_hit(const struct tally_conditional *c)
{
	return (struct rate){c->validated, c->asked};
}

struct rate
tally_evaluable_hit(const struct tally_conditional *c)
{
	return (struct rate){c->validated, c->validated + c->missed_match +
						   c->missed_churn + c->changed +
						   c->changed_same + c->indeterminate};
}

struct rate
tally_recall(const struct tally_conditional *c)
{
	return (struct rate){
		c->validated, c->validated + c->missed_match + c->missed_churn};
}

struct rate
tally_rate(const struct tally *tally, enum interval_of which)
{
	struct tally_conditional all = tally_conditional_all(tally);

	return which == INTERVAL_R1   ? tally_hit(&all)
	       : which == INTERVAL_R2 ? tally_evaluable_hit(&all)
				      : tally_recall(&all);
}

struct rate
tally_recall_low(const struct tally_conditional *c)
{
	return (struct rate){c->validated, c->validated + c->missed_match +
						   c->missed_churn + c->presumed +
						   c->indeterminate + c->mismatched};
}

size_t
tally_wasteful(const struct tally *tally)
{
	const struct toplist *urls = &tally->tables.lists[LIST_URL];
	size_t n = 0;

	for (size_t i = 0; i < urls->count; i++) {
		const struct sums *sums = &urls->rows[i].sums;

		n += sums_wasted(sums) || sums->waste[TIER_3];
	}
	return n;
}

struct rate
tally_below_goal(const struct tally *tally)
{
	const struct toplist *urls = &tally->tables.lists[LIST_URL];
	struct rate below = {0, 0};

	for (size_t i = 0; i < urls->count; i++) {
		struct rate recall = sums_recall(&urls->rows[i].sums);

		if (recall.den)
			rate_add(&below, recall.num * 10 < recall.den * 9);
	}
	return below;
}
