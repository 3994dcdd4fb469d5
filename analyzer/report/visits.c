#include "analyzer/report/visits.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/report/sums.h"

struct visits {
	struct table *open; /* of struct visit, by client key */
	struct client_rule rule;
	struct visit worst;
	struct out scratch;
	uint64_t count;
};

struct visits *
visits_new(uint64_t memory_bytes, const struct client_rule *client)
{
	struct visits *visits = mem_alloc(sizeof *visits);

	visits->open = table_new(sizeof(struct visit), memory_bytes, NULL);
	visits->rule = *client;
	out_init_memory(&visits->scratch);
	return visits;
}

void
visits_free(struct visits **visits)
{
	if (!*visits)
		return;
	table_free(&(*visits)->open);
	out_fini(&(*visits)->scratch);
	mem_free(*visits);
	*visits = NULL;
}

/* Copies what fits; how much that is. */
static unsigned
keep(char *room, size_t size, struct slice octets)
{
	size_t n = octets.n < size ? octets.n : size;

	if (n)
		memcpy(room, octets.at, n);
	return (unsigned)n;
}

/* "GET host/path": what stands behind a question mark is nobody else's business. */
static void
name_target(struct visit_exchange *e, struct out *scratch, const struct exchange *x)
{
	struct slice target = x->path_query;

	out_clear(scratch);
	out_slice(scratch, x->q.method);
	out_octet(scratch, ' ');
	out_slice(scratch, x->host);
	out_slice(scratch, slice_part(target, 0, slice_find(target, '?', 0)));
	if (slice_find(target, '?', 0) < target.n)
		out_text(scratch, "?…");
	e->n = keep(e->target, sizeof e->target, out_contents(scratch));
}

static struct visit_exchange
entry_of(struct out *scratch, const struct exchange *x, const struct verdict *verdict)
{
	struct visit_exchange e = {.begin_ns = x->q.first.ts_ns,
		.answer_ns = x->has_response ? x->r.first.ts_ns : -1,
		.end_ns = x->has_response ? x->r.last.ts_ns : x->q.last.ts_ns,
		.connection = x->connection,
		.octets = sums_octets_of(x),
		.outcome = verdict->outcome,
		.status = x->has_response ? x->r.status : 0};

	for (unsigned i = 0; i < verdict->waste_count; i++)
		if (verdict->waste[i].tier == TIER_3)
			e.avoidable += verdict->waste[i].octets;
		else
			e.wasted += verdict->waste[i].octets;
	name_target(&e, scratch, x);
	return e;
}

static void
begin(struct visits *visits, struct visit *visit, const struct exchange *x,
	const struct before *before)
{
	*visit = (struct visit){.number = ++visits->count};
	out_clear(&visits->scratch);
	client_write(&visits->scratch, &visits->rule, x, before->client_number);
	visit->client_n = keep(
		visit->client, sizeof visit->client, out_contents(&visits->scratch));
}

static void
append(struct visit *visit, const struct visit_exchange *e)
{
	visit->exchanges[visit->count++] = *e;
	visit->wasted += e->wasted;
	visit->avoidable += e->avoidable;
	visit->octets += e->octets;
	if (e->end_ns > visit->last_ns)
		visit->last_ns = e->end_ns;
}

static bool
is_worse(const struct visit *visit, const struct visit *than)
{
	if (visit->wasted != than->wasted)
		return visit->wasted > than->wasted;
	return visit->avoidable > than->avoidable;
}

void
visits_add(struct visits *visits, const struct exchange *x, const struct before *before,
	const struct verdict *verdict)
{
	struct visit_exchange e = entry_of(&visits->scratch, x, verdict);
	struct visit *visit = table_put(visits->open, before->client);
	bool goes_on = visit->count && e.begin_ns - visit->last_ns < VISIT_PAUSE_NS;

	if (goes_on && visit->count == VISIT_EXCHANGES &&
		visits->worst.number == visit->number)
		visits->worst.more = true;
	if (!goes_on || visit->count == VISIT_EXCHANGES)
		begin(visits, visit, x, before);
	append(visit, &e);
	if (visits->worst.number == visit->number)
		append(&visits->worst, &e);
	else if (is_worse(visit, &visits->worst))
		visits->worst = *visit;
}

const struct visit *
visits_worst(const struct visits *visits)
{
	return &visits->worst;
}
