#include "analyzer/history/timeline.h"

#include "analyzer/config.h"

enum kind { /* in the order in which equal times come out */
	EVENT_CLOSE,
	EVENT_OPEN,
};

/* What the timeline keeps of an exchange between its two events. */
struct entry {
	struct before before;
	bool opened;
	bool closed; /* the close event is there */
	/* Of those under way, as their heads came. */
	struct exchange *older, *younger;
};

struct event {
	int64_t ts_ns;
	uint64_t number; /* of arrival */
	struct exchange *x;
	uint8_t kind;
};

enum {
	EVENTS_MAX = 1 << 16
};

struct timeline {
	struct timeline_sink sink;
	struct event *heap;
	size_t count, capacity;
	uint64_t numbers;
	struct exchange *oldest, *youngest; /* under way */
};

struct timeline *
timeline_new(const struct timeline_sink *sink)
{
	struct timeline *t = mem_alloc(sizeof *t);

	t->sink = *sink;
	return t;
}

void
timeline_free(struct timeline **timeline)
{
	if (!*timeline)
		return;
	mem_free((*timeline)->heap);
	mem_free(*timeline);
	*timeline = NULL;
}

static bool
event_is_before(const struct event *a, const struct event *b)
{
	if (a->ts_ns != b->ts_ns)
		return a->ts_ns < b->ts_ns;
	if (a->kind != b->kind)
		return a->kind < b->kind;
	return a->number < b->number;
}

static void
timeline_push(struct timeline *t, struct event event)
{
	size_t at = t->count++;

	if (at == t->capacity) {
		t->capacity = t->capacity ? t->capacity * 2 : 64;
		t->heap = mem_grow(t->heap, t->capacity * sizeof *t->heap);
	}
	for (; at && event_is_before(&event, &t->heap[(at - 1) / 2]); at = (at - 1) / 2)
		t->heap[at] = t->heap[(at - 1) / 2];
	t->heap[at] = event;
}

static struct event
timeline_pop(struct timeline *t)
{
	struct event top = t->heap[0], last = t->heap[--t->count];
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= t->count)
			break;
		if (child + 1 < t->count &&
			event_is_before(&t->heap[child + 1], &t->heap[child]))
			child++;
		if (!event_is_before(&t->heap[child], &last))
			break;
		t->heap[at] = t->heap[child];
		at = child;
	}
	if (t->count)
		t->heap[at] = last;
	return top;
}

static struct entry *
entry_of(struct exchange *x)
{
	if (!x->ticket)
		x->ticket = arena_alloc(&x->arena, sizeof(struct entry));
	return x->ticket;
}

static void
timeline_link(struct timeline *t, struct exchange *x)
{
	entry_of(x)->older = t->youngest;
	*(t->youngest ? &entry_of(t->youngest)->younger : &t->oldest) = x;
	t->youngest = x;
}

static void
timeline_unlink(struct timeline *t, struct exchange *x)
{
	struct exchange *older = entry_of(x)->older, *younger = entry_of(x)->younger;

	*(older ? &entry_of(older)->younger : &t->oldest) = younger;
	*(younger ? &entry_of(younger)->older : &t->youngest) = older;
}

int64_t
timeline_begun_ns(const struct timeline *t)
{
	return t->oldest ? t->oldest->q.first.ts_ns : INT64_MAX;
}

static void
timeline_do_open(struct timeline *t, struct exchange *x)
{
	struct entry *entry = entry_of(x);

	if (entry->opened || !x->has_request)
		return;
	entry->opened = true;
	t->sink.open(t->sink.context, x, &entry->before);
}

static void
timeline_dispatch(struct timeline *t, struct event event)
{
	struct exchange *x = event.x;

	if (event.kind == EVENT_OPEN) {
		timeline_do_open(t, x);
		if (entry_of(x)->closed) /* the close came first, at the same time */
			timeline_dispatch(t, (struct event){.x = x, .kind = EVENT_CLOSE});
		return;
	}
	if (!entry_of(x)->opened && x->has_request) {
		entry_of(x)->closed = true;
		return;
	}
	if (x->has_request)
		timeline_unlink(t, x);
	exchange_let_go(x);
	t->sink.close(t->sink.context, x, &entry_of(x)->before);
}

void
timeline_open(struct timeline *t, struct exchange *x)
{
	timeline_link(t, x);
	timeline_push(t, (struct event){.ts_ns = x->q.head_end.ts_ns,
				 .number = t->numbers++,
				 .x = x,
				 .kind = EVENT_OPEN});
}

void
timeline_close(struct timeline *t, struct exchange *x)
{
	int64_t ts_ns = x->has_response ? x->r.last.ts_ns : x->q.last.ts_ns;

	timeline_push(t, (struct event){.ts_ns = ts_ns,
				 .number = t->numbers++,
				 .x = x,
				 .kind = EVENT_CLOSE});
}

static bool
timeline_is_due(const struct timeline *t, int64_t now_ns)
{
	const struct event *top = &t->heap[0];

	if (!t->count)
		return false;
	if (t->count > EVENTS_MAX)
		return true;
	if (top->kind == EVENT_CLOSE && !top->x->settled)
		return now_ns - top->ts_ns >= CONFIG_STRAY_NS;
	return now_ns - top->ts_ns >= CONFIG_SETTLE_NS;
}

void
timeline_advance(struct timeline *t, int64_t now_ns)
{
	while (timeline_is_due(t, now_ns))
		timeline_dispatch(t, timeline_pop(t));
}

bool
timeline_shed(struct timeline *t)
{
	if (!t->count)
		return false;
	timeline_dispatch(t, timeline_pop(t));
	return true;
}

void
timeline_finish(struct timeline *t)
{
	while (timeline_shed(t))
		;
}
