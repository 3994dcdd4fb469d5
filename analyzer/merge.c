#include "analyzer/merge.h"

#include "analyzer/base/mem.h"
#include "analyzer/reportfile.h"

struct merge {
	struct reportfile *files;
	size_t count;
};

int
merge_open(struct merge **merge, const char *const *paths, size_t count, struct err *err)
{
	struct merge *m = mem_alloc(sizeof *m);

	*merge = m;
	m->files = mem_alloc(count * sizeof *m->files);
	for (; m->count < count; m->count++)
		if (reportfile_open(&m->files[m->count], paths[m->count], err) < 0)
			return -1;
	return 0;
}

void
merge_close(struct merge **merge)
{
	struct merge *m = *merge;

	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++)
		reportfile_close(&m->files[i]);
	mem_free(m->files);
	mem_free(m);
	*merge = NULL;
}

int
merge_read(struct merge *merge, struct report_sum *sum, struct err *err)
{
	for (size_t i = 0; i < merge->count; i++) {
		struct reportfile *file = &merge->files[i];
		struct out octets;
		int failed;

		out_init_memory(&octets);
		failed = reportfile_read(file, &octets, err) < 0 ||
			 report_sum_add(sum, out_contents(&octets), file->path, err) < 0;
		out_fini(&octets);
		if (failed)
			return -1;
	}
	return 0;
}
