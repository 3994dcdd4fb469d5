#include "analyzer/outputs.h"

#include "analyzer/reports.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	EXIT_CLOSED_PIPE = 141 /* as a shell says of SIGPIPE */
};

/* What an output must not be. */
struct taken {
	const struct options *options;
	struct source *const *sources;
	size_t source_count;
	struct out *outs; /* opened so far */
	size_t out_count;
};

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool
is_file(const struct stat *status, const char *path)
{
	struct stat other;
	int found = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &other)
					   : stat(path, &other);

	return found == 0 && is_same(status, &other);
}

static bool
is_of_source(const struct stat *output, const struct source *source)
{
	for (size_t i = 0; source && i < source_count(source); i++)
		if (is_file(output, source_info(source, i)->path))
			return true;
	return false;
}

/* A report must not overwrite what it is about, or held against. */
static bool
is_input(const struct stat *output, const struct taken *taken)
{
	const struct options *options = taken->options;

	if (options->baseline && is_file(output, options->baseline))
		return true;
	for (size_t i = 0; i < options->file_count; i++)
		if (is_file(output, options->files[i]))
			return true;
	for (size_t i = 0; i < taken->source_count; i++)
		if (is_of_source(output, taken->sources[i]))
			return true;
	return false;
}

static bool
is_output(const struct stat *output, const struct taken *taken)
{
	struct stat other;

	for (size_t i = 0; i < taken->out_count; i++)
		if (fstat(taken->outs[i].fd, &other) == 0 && is_same(output, &other))
			return true;
	return false;
}

/* 1 for a file, 0 for a device or pipe. */
static int
check_free(int fd, const char *path, const struct taken *taken, struct err *err)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return err_set(err, EXIT_OUTPUT, "%s: cannot be written (%s)", path,
			strerror(errno));
	if (!S_ISREG(status.st_mode))
		return 0;
	if (is_input(&status, taken))
		return err_set(err, EXIT_USAGE, "%s: is to be read, not written", path);
	if (is_output(&status, taken))
		return err_set(
			err, EXIT_USAGE, "%s: two outputs cannot be one file", path);
	return 1;
}

/* A file is read, too, where what is in it stays for a while (out_init_whole). */
static int
open_file(const char *path, bool *is_streamed)
{
	const int flags = O_CREAT | O_CLOEXEC;
	struct stat status;
	int fd = -1;

	if (stat(path, &status) < 0 || S_ISREG(status.st_mode))
		fd = open(path, O_RDWR | flags, 0666);
	if (fd >= 0)
		return fd;
	*is_streamed = true;
	return open(path, O_WRONLY | flags, 0666);
}

/* A report that is written at the end of a run leaves the one before until then. */
static int
output_open(const char *path, bool is_streamed, struct taken *taken, struct err *err)
{
	struct out *out = &taken->outs[taken->out_count];
	int is_file;
	int fd = open_file(path, &is_streamed);

	if (fd < 0)
		return err_set(err, EXIT_OUTPUT, "%s: cannot be written (%s)", path,
			strerror(errno));
	is_file = check_free(fd, path, taken, err);
	if (is_file < 0) {
		close(fd);
		return -1;
	}
	(is_file && !is_streamed ? out_init_whole : out_init)(out, fd, path);
	taken->out_count++;
	return 0;
}

static bool
is_standard(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

static int
open_next(struct taken *taken, const struct output *output, struct err *err)
{
	const char *path = output->path;

	if (!is_standard(path))
		return output_open(path,
			reports_is_streamed(taken->options, output->format), taken, err);
	out_init(&taken->outs[taken->out_count++], STDOUT_FILENO, "standard output");
	return 0;
}

/* Packets and a report in one stream are neither. */
static int
open_packets(struct taken *taken, struct err *err)
{
	const struct options *options = taken->options;
	struct out *out = &taken->outs[taken->out_count];

	if (!options->write_path)
		return 0;
	if (!is_standard(options->write_path))
		return output_open(options->write_path, false, taken, err);
	for (size_t i = 0; i < options->output_count; i++) {
		if (!is_standard(options->outputs[i].path))
			continue;
		err_set(err, EXIT_USAGE,
			"-w -: the report is to be on standard output as well");
		return err_hint(err, "-o FILE for the report");
	}
	taken->out_count++;
	out_init(out, STDOUT_FILENO, "standard output");
	return 0;
}

int
outputs_open(struct out *outs, const struct options *options,
	struct source *const *sources, size_t source_count, struct err *err)
{
	struct taken taken = {.options = options,
		.sources = sources,
		.source_count = source_count,
		.outs = outs};

	for (size_t i = 0; i < options->output_count; i++)
		if (open_next(&taken, &options->outputs[i], err) < 0)
			return -1;
	return open_packets(&taken, err);
}

int
outputs_begin(struct out *outs, const struct options *options, struct err *err)
{
	size_t count = options->output_count + (options->write_path != NULL);
	struct stat status;

	for (size_t i = 0; i < count; i++) {
		const struct out *out = &outs[i];

		if (out->is_whole || fstat(out->fd, &status) < 0 ||
			!S_ISREG(status.st_mode) || out->fd == STDOUT_FILENO)
			continue;
		if (ftruncate(out->fd, 0) < 0)
			return err_set(err, EXIT_OUTPUT, "%s: cannot be written (%s)",
				out->name, strerror(errno));
	}
	return 0;
}

int
outputs_close(struct out *outs, size_t count)
{
	struct err err;
	int code = EXIT_DONE;

	for (size_t i = 0; i < count; i++) {
		if (!outs[i].name)
			continue;
		if (out_finish(&outs[i], &err) < 0)
			code = out_pipe_closed(&outs[i]) ? EXIT_CLOSED_PIPE
							 : err_complain(&err);
		if (outs[i].fd > STDOUT_FILENO && close(outs[i].fd) < 0 && !code) {
			err_set(&err, EXIT_OUTPUT, "%s: could not be written (%s)",
				outs[i].name, strerror(errno));
			code = err_complain(&err);
		}
		out_fini(&outs[i]);
	}
	return code;
}
