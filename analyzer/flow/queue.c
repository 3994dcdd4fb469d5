#include "analyzer/flow/queue.h"

#include "analyzer/base/mem.h"

const char *const overlap_names[OVERLAPS] = {
	[OVERLAP_LINUX] = "linux",
	[OVERLAP_FIRST] = "first",
	[OVERLAP_LAST] = "last",
	[OVERLAP_BSD] = "bsd",
};

static uint64_t
queued_end(const struct queued *q)
{
	return q->piece.offset + q->piece.bytes;
}

static struct queued *
queue_at(const struct queue *queue, size_t index)
{
	return queue->slots[queue->begin + index];
}

/* ---- what waits ---- */

/* Behind all that start lower, or there and are as long: they came before. */
static size_t
queue_place(const struct queue *queue, const struct piece *piece)
{
	size_t low = 0, high = queue->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct piece *there = &queue_at(queue, middle)->piece;

		if (there->offset < piece->offset ||
			(there->offset == piece->offset && there->bytes >= piece->bytes))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Room for one more: that of half of them, which went from the front, or as much anew. */
static void
queue_make_room(struct queue *queue)
{
	if (queue->begin + queue->count < queue->room)
		return;
	if (queue->begin <= queue->room / 2) {
		queue->room = queue->room ? 2 * queue->room : 4;
		queue->slots = mem_grow(queue->slots, queue->room * sizeof *queue->slots);
	}
	memmove(queue->slots, queue->slots + queue->begin,
		queue->count * sizeof *queue->slots);
	queue->begin = 0;
}

void
queue_put(struct queue *queue, const struct piece *piece)
{
	struct queued *q = mem_grow(NULL, sizeof *q + piece->captured);
	size_t place = queue_place(queue, piece);
	struct queued **at;

	*q = (struct queued){
		.piece = *piece, .place = *piece->place, .number = queue->numbers++};
	q->piece.place = &q->place;
	q->piece.data = q->data;
	if (piece->captured)
		memcpy(q->data, piece->data, piece->captured);
	queue_make_room(queue);
	at = queue->slots + queue->begin + place;
	memmove(at + 1, at, (queue->count - place) * sizeof *at);
	*at = q;
	queue->bytes += (uint32_t)sizeof *q + piece->captured;
	queue->count++;
}

struct queued *
queue_pop(struct queue *queue)
{
	struct queued *q = queue_at(queue, 0);

	queue->begin++;
	queue->count--;
	queue->bytes -= (uint32_t)sizeof *q + q->piece.captured;
	if (!queue->count) {
		mem_free(queue->slots);
		queue->slots = NULL;
		queue->begin = queue->room = 0;
	}
	return q;
}

uint64_t
queue_end(const struct queue *queue)
{
	uint64_t end = 0;

	for (size_t i = 0; i < queue->count; i++)
		if (queued_end(queue_at(queue, i)) > end)
			end = queued_end(queue_at(queue, i));
	return end;
}

bool
queue_holds(const struct queue *queue, uint64_t begin, uint64_t end)
{
	for (size_t i = 0; i < queue->count; i++) {
		const struct queued *q = queue_at(queue, i);

		if (q->piece.offset >= end)
			break;
		if (q->piece.bytes && queued_end(q) > begin)
			return true;
	}
	return false;
}

/* ---- who wins ---- */

/* Numbers of arrival may wrap; what waits together came together. */
static bool
queued_came_before(const struct queued *a, const struct queued *b)
{
	return (int32_t)(a->number - b->number) < 0;
}

static bool
queued_beats(const struct queued *a, const struct queued *b, enum overlap overlap)
{
	switch (overlap) {
	case OVERLAP_FIRST:
		return queued_came_before(a, b);
	case OVERLAP_LAST:
		return queued_came_before(b, a);
	case OVERLAP_LINUX:
		if (a->piece.offset == b->piece.offset &&
			a->piece.bytes != b->piece.bytes)
			return a->piece.bytes > b->piece.bytes;
		break;
	case OVERLAP_BSD:
	case OVERLAPS:
		break;
	}
	if (a->piece.offset != b->piece.offset)
		return a->piece.offset < b->piece.offset;
	return queued_came_before(a, b);
}

struct queued *
queue_winner(const struct queue *queue, enum overlap overlap, uint64_t offset)
{
	struct queued *winner = NULL;

	for (size_t i = 0; i < queue->count; i++) {
		struct queued *q = queue_at(queue, i);

		if (q->piece.offset > offset)
			break;
		if (queued_end(q) > offset &&
			(!winner || queued_beats(q, winner, overlap)))
			winner = q;
	}
	return winner;
}

uint64_t
queue_reach(const struct queue *queue, const struct queued *winner, enum overlap overlap,
	uint64_t offset)
{
	uint64_t end = queued_end(winner);

	for (size_t i = 0; i < queue->count; i++) {
		const struct queued *q = queue_at(queue, i);

		if (q->piece.offset >= end)
			break;
		if (q->piece.bytes && q->piece.offset > offset &&
			queued_beats(q, winner, overlap))
			return q->piece.offset;
	}
	return end;
}

/* ---- copies that differ ---- */

void
conflict_add(struct conflict *conflict, uint64_t begin, uint64_t end, uint64_t octets)
{
	if (!octets)
		return;
	if (!conflict->octets || begin < conflict->begin)
		conflict->begin = begin;
	if (end > conflict->end)
		conflict->end = end;
	conflict->octets += octets;
}

static void
conflict_compare(
	struct conflict *conflict, uint64_t begin, struct slice a, struct slice b)
{
	size_t first = 0, last = a.n;
	uint64_t octets = 0;

	if (!a.n || memcmp(a.at, b.at, a.n) == 0)
		return;
	while (a.at[first] == b.at[first])
		first++;
	while (a.at[last - 1] == b.at[last - 1])
		last--;
	for (size_t i = first; i < last; i++)
		octets += a.at[i] != b.at[i];
	conflict_add(conflict, begin + first, begin + last, octets);
}

/* The captured octets of [begin, end), which begins inside the piece. */
static struct slice
piece_part(const struct piece *piece, uint64_t begin, uint64_t end)
{
	uint64_t captured = piece->offset + piece->captured;

	if (end > captured)
		end = captured;
	return begin < end ? slice_of(piece->data + (begin - piece->offset),
				     (size_t)(end - begin))
			   : (struct slice){0};
}

struct conflict
queue_compare(const struct queue *queue, const struct queued *winner, uint64_t begin,
	uint64_t end)
{
	struct conflict conflict = {0};

	for (size_t i = 0; i < queue->count; i++) {
		const struct queued *q = queue_at(queue, i);
		uint64_t from = q->piece.offset > begin ? q->piece.offset : begin;
		struct slice ours = piece_part(&winner->piece, from, end);
		struct slice theirs = piece_part(&q->piece, from, end);

		if (q->piece.offset >= end)
			break;
		if (q == winner || queued_end(q) <= begin)
			continue;
		if (ours.n > theirs.n)
			ours.n = theirs.n;
		conflict_compare(&conflict, from, ours, theirs);
	}
	return conflict;
}
