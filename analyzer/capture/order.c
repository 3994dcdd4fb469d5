#include "analyzer/capture/order.h"

#include "analyzer/base/mem.h"
#include "analyzer/capture/series.h"
#include "analyzer/capture/tail.h"
#include "analyzer/config.h"

#include <stdlib.h>

/* That one file goes on where another ended, and how long after. */
struct link {
	struct source_file *before, *after;
	int64_t gap_ns;
};

/*
 * The names say that one was written after the other, and it began within its time: the
 * clock went back between them.  Where the numbers of a ring begin anew, the next name
 * has older packets than all of the one before.
 */
static bool
is_next(const struct source_file *before, const struct source_file *after)
{
	return after->next.ts_ns >= before->next.ts_ns &&
	       after->next.ts_ns < before->end_ns &&
	       series_follows(before->info.path, after->info.path);
}

static struct link
link_nearest(struct source_file *const *files, size_t count, struct source_file *file)
{
	struct link link = {.after = file, .gap_ns = CONFIG_STEP_NS};

	for (size_t i = 0; i < count; i++) {
		struct source_file *other = files[i];
		int64_t gap_ns = file->next.ts_ns - other->end_ns;

		if (other == file || other->end_ns == PCAPFILE_TIME_NONE)
			continue;
		if (is_next(other, file))
			return (struct link){other, file, 0};
		if (gap_ns < 0 || gap_ns > link.gap_ns)
			continue;
		/* Files of one moment: in the order of the operands. */
		if (other > file && other->next.ts_ns == file->next.ts_ns)
			continue;
		link.gap_ns = gap_ns;
		link.before = other;
	}
	return link;
}

static int
compare_links(const void *one, const void *other)
{
	const struct link *a = one, *b = other;

	if (a->gap_ns != b->gap_ns)
		return a->gap_ns < b->gap_ns ? -1 : 1;
	return a->after < b->after ? -1 : a->after > b->after;
}

static bool
link_is_possible(const struct link *link)
{
	const struct source_file *file = link->before;

	if (!file || file->continued_by)
		return false;
	while (file->continues)
		file = file->continues;
	return file != link->after;
}

void
order_find(struct source_file *const *files, size_t count)
{
	struct link *links = mem_alloc(count * sizeof *links);

	for (size_t i = 0; i < count; i++)
		files[i]->end_ns = tail_time_ns(files[i]);
	for (size_t i = 0; i < count; i++)
		links[i] = link_nearest(files, count, files[i]);
	qsort(links, count, sizeof *links, compare_links);
	for (size_t i = 0; i < count; i++)
		if (link_is_possible(&links[i])) {
			links[i].after->continues = links[i].before;
			links[i].before->continued_by = links[i].after;
		}
	mem_free(links);
}
