#include "analyzer/report/records.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"

enum {
	FIRST_LINES = 64,
	FIRST_BUCKETS = 64,
};

struct order {
	int64_t ts_ns;
	uint64_t frame, connection;
	uint32_t source, trans;
};

struct line {
	struct line *next_pending;    /* of those in the same bucket */
	struct line *older, *younger; /* as they came */
	int64_t ended_ns;	      /* its exchange */
	uint64_t ticket;	      /* 0: nothing is open */
	int64_t until_ns;	      /* of a probe: afterwards nothing is */
	struct record_late late;
	struct order order;
	struct record_open open; /* where in the octets */
	size_t n;
	uint8_t octets[];
};

struct records {
	struct out *out;
	const struct record_form *form;
	const struct record_options *options;
	struct out scratch;
	uint64_t budget_bytes, used_bytes, evicted;

	struct line **heap; /* the next to print first */
	size_t count, room;

	struct line *oldest, *youngest; /* as they came, which is as they ended */

	struct line **buckets; /* lines with an open saving, by ticket */
	size_t bucket_count, pending;

	int64_t newest_ns; /* of all lines so far */
	bool printed_any;
	struct order last; /* of the line printed last */
};

struct records *
records_new(struct out *out, const struct record_form *form,
	const struct record_options *options, uint64_t memory_bytes)
{
	struct records *records = mem_alloc(sizeof *records);

	records->out = out;
	records->form = form;
	records->options = options;
	records->budget_bytes = memory_bytes;
	records->bucket_count = FIRST_BUCKETS;
	records->buckets = mem_alloc(FIRST_BUCKETS * sizeof(struct line *));
	out_init_memory(&records->scratch);
	if (form->begin)
		form->begin(out, options);
	return records;
}

void
records_free(struct records **records)
{
	struct records *r = *records;

	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++)
		mem_free(r->heap[i]);
	mem_free(r->heap);
	mem_free(r->buckets);
	out_fini(&r->scratch);
	mem_free(r);
	*records = NULL;
}

static bool
is_before(const struct order *a, const struct order *b)
{
	if (a->ts_ns != b->ts_ns)
		return a->ts_ns < b->ts_ns;
	if (a->source != b->source)
		return a->source < b->source;
	if (a->frame != b->frame)
		return a->frame < b->frame;
	if (a->connection != b->connection)
		return a->connection < b->connection;
	return a->trans < b->trans;
}

static void
heap_push(struct records *records, struct line *line)
{
	size_t at = records->count++;

	if (records->count > records->room) {
		records->room = records->room ? records->room * 2 : FIRST_LINES;
		records->heap = mem_grow(
			records->heap, records->room * sizeof(struct line *));
	}
	while (at && is_before(&line->order, &records->heap[(at - 1) / 2]->order)) {
		records->heap[at] = records->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	records->heap[at] = line;
}

static struct line *
heap_pop(struct records *records)
{
	struct line **heap = records->heap, *first = heap[0];
	struct line *moved = heap[--records->count];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < records->count) {
		if (child + 1 < records->count &&
			is_before(&heap[child + 1]->order, &heap[child]->order))
			child++;
		if (!is_before(&heap[child]->order, &moved->order))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = moved;
	return first;
}

/* ---- in the order in which they came ---- */

static void
queue_append(struct records *records, struct line *line)
{
	line->older = records->youngest;
	*(line->older ? &line->older->younger : &records->oldest) = line;
	records->youngest = line;
}

static void
queue_remove(struct records *records, struct line *line)
{
	*(line->older ? &line->older->younger : &records->oldest) = line->younger;
	*(line->younger ? &line->younger->older : &records->youngest) = line->older;
}

/* ---- those that may still change ---- */

static struct line **
bucket_of(struct records *records, uint64_t ticket)
{
	return &records->buckets[ticket & (records->bucket_count - 1)];
}

/* Tickets are numbers given in turn, so that their low bits spread well. */
static void
pending_grow(struct records *records)
{
	struct line **old = records->buckets;
	size_t old_count = records->bucket_count;

	records->bucket_count *= 2;
	records->buckets = mem_alloc(records->bucket_count * sizeof(struct line *));
	for (size_t i = 0; i < old_count; i++) {
		while (old[i]) {
			struct line *line = old[i], **bucket;

			old[i] = line->next_pending;
			bucket = bucket_of(records, line->ticket);
			line->next_pending = *bucket;
			*bucket = line;
		}
	}
	mem_free(old);
}

static void
pending_add(struct records *records, struct line *line)
{
	struct line **bucket;

	if (records->pending++ >= records->bucket_count)
		pending_grow(records);
	bucket = bucket_of(records, line->ticket);
	line->next_pending = *bucket;
	*bucket = line;
}

static void
pending_remove(struct records *records, struct line *line)
{
	struct line **at = bucket_of(records, line->ticket);

	while (*at != line)
		at = &(*at)->next_pending;
	*at = line->next_pending;
	line->ticket = 0;
	records->pending--;
}

/* ---- printing ---- */

static bool
is_filled(const struct record_hole *hole, const struct record_late *late)
{
	return hole->kind == RECORD_SAVED ? late->is_saved : late->waste.octets > 0;
}

static void
print_octets(struct records *records, const struct line *line)
{
	size_t done = 0;

	for (unsigned i = 0; i < line->open.hole_count; i++) {
		const struct record_hole *hole = &line->open.holes[i];

		if (!is_filled(hole, &line->late))
			continue;
		out_write(records->out, line->octets + done, hole->begin - done);
		records->form->fill(records->out, hole, &line->open, &line->late);
		done = hole->end;
	}
	out_write(records->out, line->octets + done, line->n - done);
}

static void
print_line(struct records *records, struct line *line)
{
	const struct record_form *form = records->form;

	if (form->between)
		form->between(records->out, records->options,
			records->printed_any ? records->last.ts_ns : INT64_MIN,
			line->order.ts_ns);
	print_octets(records, line);
	records->used_bytes -= sizeof *line + line->n;
	records->last = line->order;
	records->printed_any = true;
	mem_free(line);
}

/* The line that comes next, whatever may still change it. */
static void
print_next(struct records *records)
{
	struct line *line = heap_pop(records);

	if (line->ticket)
		pending_remove(records, line);
	queue_remove(records, line);
	print_line(records, line);
}

/* The same for lack of memory. */
static void
print_early(struct records *records)
{
	const struct line *line = records->heap[0];

	records->evicted += line->ticket && line->until_ns >= records->newest_ns;
	print_next(records);
}

static uint64_t
ticket_of(const struct verdict *verdict)
{
	if (!verdict)
		return 0;
	return verdict->saving_ticket ? verdict->saving_ticket : verdict->probe_ticket;
}

/* NULL: the form has no room for it. */
static struct line *
line_new(struct records *records, const struct record *record)
{
	const struct exchange *x = record->x;
	const struct place *first = x->has_request ? &x->q.first
						   : record_response_first(x);
	struct record_open open;
	struct slice octets;
	struct line *line;

	out_clear(&records->scratch);
	open = records->form->write(&records->scratch, record, records->options);
	octets = out_contents(&records->scratch);
	if (!octets.n)
		return NULL;
	line = mem_grow(NULL, sizeof *line + octets.n);
	*line = (struct line){
		.ticket = ticket_of(record->verdict),
		.until_ns = record->verdict && record->verdict->probe_ticket
				    ? x->q.head_end.ts_ns + records->options->probe_ns
				    : INT64_MAX,
		.ended_ns = x->has_response ? x->r.last.ts_ns : x->q.last.ts_ns,
		.order = {first->ts_ns, first->frame, x->connection, first->source,
			x->trans},
		.open = open,
		.n = octets.n,
	};
	memcpy(line->octets, octets.at, octets.n);
	return line;
}

void
records_add(struct records *records, const struct record *record)
{
	struct line *line = line_new(records, record);

	if (!line)
		return;
	if (!records->options->wait_ns && records->printed_any &&
		is_before(&line->order, &records->last))
		records->evicted++;
	records->used_bytes += sizeof *line + line->n;
	if (line->order.ts_ns > records->newest_ns)
		records->newest_ns = line->order.ts_ns;
	if (line->ticket)
		pending_add(records, line);
	queue_append(records, line);
	heap_push(records, line);
	while (records->count && records->used_bytes > records->budget_bytes)
		print_early(records);
}

/* The line with that ticket, which then has none; NULL if it went out already. */
static struct line *
pending_take(struct records *records, uint64_t ticket)
{
	struct line *line = *bucket_of(records, ticket);

	while (line && line->ticket != ticket)
		line = line->next_pending;
	if (line)
		pending_remove(records, line);
	return line;
}

void
records_late_saving(struct records *records, uint64_t ticket, uint64_t octets)
{
	struct line *line = pending_take(records, ticket);

	if (!line)
		return;
	line->late.is_saved = true;
	line->late.saved_octets = octets;
}

void
records_late_waste(struct records *records, uint64_t ticket, const struct waste *waste)
{
	struct line *line = pending_take(records, ticket);

	if (line)
		line->late.waste = *waste;
}

void
records_finish(struct records *records)
{
	while (records->count)
		print_next(records);
	if (records->form->end)
		records->form->end(records->out);
}

/* ---- while the capture goes on ---- */

/* Nothing can change it any more, and nothing that comes belongs before it. */
static bool
is_final(const struct line *line, int64_t now_ns, int64_t begun_ns)
{
	return line->order.ts_ns < begun_ns && (!line->ticket || line->until_ns < now_ns);
}

bool
records_tick(struct records *records, int64_t now_ns, int64_t begun_ns)
{
	int64_t ended_ns = now_ns - records->options->wait_ns;
	size_t count = records->count;

	while (records->count && (records->oldest->ended_ns <= ended_ns ||
					 is_final(records->heap[0], now_ns, begun_ns)))
		print_next(records);
	if (records->count < count)
		out_flush(records->out);
	return !out_broke(records->out);
}

uint64_t
records_evicted(const struct records *records)
{
	return records->evicted;
}
