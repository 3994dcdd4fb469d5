#include "analyzer/merge.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	READ_BYTES = 1 << 16
};

struct merge {
	const char *const *paths;
	int *fds;
	size_t count;
};

int
merge_open(struct merge **merge, const char *const *paths, size_t count, struct err *err)
{
	struct merge *m = mem_alloc(sizeof *m);

	*merge = m;
	m->paths = paths;
	m->fds = mem_alloc(count * sizeof *m->fds);
	for (; m->count < count; m->count++) {
		const char *path = paths[m->count];
		bool standard = strcmp(path, "-") == 0;

		m->fds[m->count] = standard ? STDIN_FILENO
					    : open(path, O_RDONLY | O_CLOEXEC);
		if (m->fds[m->count] < 0)
			return err_set(err, EXIT_INPUT, "%s: cannot be opened (%s)", path,
				strerror(errno));
	}
	return 0;
}

void
merge_close(struct merge **merge)
{
	struct merge *m = *merge;

	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++)
		if (m->fds[i] > STDERR_FILENO)
			close(m->fds[i]);
	mem_free(m->fds);
	mem_free(m);
	*merge = NULL;
}

static int
read_all(int fd, struct out *octets, const char *path, struct err *err)
{
	uint8_t buffer[READ_BYTES];
	ssize_t got;

	while ((got = read(fd, buffer, sizeof buffer)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, EXIT_INPUT, "%s: cannot be read (%s)", path,
				strerror(errno));
		out_write(octets, buffer, (size_t)got);
		if (octets->used > CONFIG_REPORT_BYTES)
			return err_set(
				err, EXIT_INPUT, "%s: too long for a report", path);
	}
	return 0;
}

int
merge_read(struct merge *merge, struct report_sum *sum, struct err *err)
{
	for (size_t i = 0; i < merge->count; i++) {
		struct out octets;
		int failed;

		out_init_memory(&octets);
		failed = read_all(merge->fds[i], &octets, merge->paths[i], err) < 0 ||
			 report_sum_add(
				 sum, out_contents(&octets), merge->paths[i], err) < 0;
		out_fini(&octets);
		if (failed)
			return -1;
	}
	return 0;
}
