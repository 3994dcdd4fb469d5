#include "analyzer/capture/merge.h"

#include "analyzer/base/mem.h"
#include "analyzer/capture/order.h"
#include "analyzer/config.h"

enum {
	NEARLY_READ = 750,  /* thousandths of a file */
	ORDER_FILES = 4096, /* each is compared with each */
};

void
merge_init(struct merge *merge, size_t room)
{
	merge->heap = mem_alloc(room * sizeof *merge->heap);
	merge->count = 0;
}

void
merge_fini(struct merge *merge)
{
	mem_free(merge->heap);
}

void
merge_add(struct merge *merge, struct source_file *file)
{
	merge->heap[merge->count++] = file;
}

struct source_file *
merge_first(const struct merge *merge)
{
	return merge->count ? merge->heap[0] : NULL;
}

/*
 * Whether a file that is being read goes on before one that is not: where one part of a
 * capture ends and the next begins, the clock may have gone back.  A tiny step is
 * believed anywhere, a larger one if the file is nearly read through.
 */
static bool
is_continued(const struct source_file *read, const struct source_file *unread)
{
	int64_t late_ns = read->next.ts_ns - unread->next.ts_ns;

	return late_ns <= CONFIG_STEP_TINY_NS ||
	       (late_ns <= CONFIG_STEP_NS &&
		       source_file_progress(read, read->given_octets) >= NEARLY_READ);
}

/* Equal times: in the order of the operands. */
static bool
is_before(const struct source_file *a, const struct source_file *b)
{
	if (a->given_octets && !b->given_octets && a->next.ts_ns > b->next.ts_ns)
		return is_continued(a, b);
	if (b->given_octets && !a->given_octets && b->next.ts_ns > a->next.ts_ns)
		return !is_continued(b, a);
	if (a->next.ts_ns != b->next.ts_ns)
		return a->next.ts_ns < b->next.ts_ns;
	return a < b;
}

static void
merge_sink(struct merge *merge, size_t at)
{
	struct source_file **heap = merge->heap;

	for (;;) {
		size_t child = 2 * at + 1;
		struct source_file *file = heap[at];

		if (child >= merge->count)
			return;
		if (child + 1 < merge->count && is_before(heap[child + 1], heap[child]))
			child++;
		if (!is_before(heap[child], file))
			return;
		heap[at] = heap[child];
		heap[child] = file;
		at = child;
	}
}

static void
merge_order(struct merge *merge)
{
	for (size_t i = merge->count / 2; i-- > 0;)
		merge_sink(merge, i);
}

void
merge_begin(struct merge *merge)
{
	size_t free = 0;

	if (merge->count <= ORDER_FILES)
		order_find(merge->heap, merge->count);
	for (size_t i = 0; i < merge->count; i++)
		if (!merge->heap[i]->continues)
			merge->heap[free++] = merge->heap[i];
	merge->count = free;
	merge_order(merge);
}

void
merge_advance(struct merge *merge)
{
	merge_sink(merge, 0);
}

/* The file that goes on where this one ended takes its place. */
void
merge_end(struct merge *merge)
{
	struct source_file *next = merge->heap[0]->continued_by;

	merge->heap[0] = next ? next : merge->heap[--merge->count];
	merge_order(merge);
}
