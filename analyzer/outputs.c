#include "analyzer/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	EXIT_CLOSED_PIPE = 141 /* as a shell says of SIGPIPE */
};

static bool
is_file(const struct stat *status, const char *path)
{
	struct stat other;

	return stat(path, &other) == 0 && status->st_dev == other.st_dev &&
	       status->st_ino == other.st_ino;
}

/* A report must not overwrite what it is about.  Without a source: the operands. */
static bool
is_input(const struct stat *output, const struct options *options,
	const struct source *source)
{
	for (size_t i = 0; i < options->file_count; i++)
		if (is_file(output, options->files[i]))
			return true;
	for (size_t i = 0; source && i < source_count(source); i++)
		if (is_file(output, source_info(source, i)->path))
			return true;
	return false;
}

static int
output_open(const char *path, const struct options *options, const struct source *source,
	struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return err_set(err, EXIT_OUTPUT, "%s: cannot be written (%s)", path,
			strerror(errno));
	if (!S_ISREG(status.st_mode))
		return fd;
	if (is_input(&status, options, source)) {
		close(fd);
		return err_set(err, EXIT_USAGE, "%s: is to be read, not written", path);
	}
	if (ftruncate(fd, 0) < 0) {
		close(fd);
		return err_set(err, EXIT_OUTPUT, "%s: cannot be written (%s)", path,
			strerror(errno));
	}
	return fd;
}

static int
open_one(struct out *out, const char *path, const struct options *options,
	const struct source *source, struct err *err)
{
	bool standard = !path || strcmp(path, "-") == 0;
	int fd = standard ? STDOUT_FILENO : output_open(path, options, source, err);

	if (fd < 0)
		return -1;
	out_init(out, fd, standard ? "standard output" : path);
	return 0;
}

int
outputs_open(struct out *outs, const struct options *options, const struct source *source,
	struct err *err)
{
	for (size_t i = 0; i < options->output_count; i++)
		if (open_one(&outs[i], options->outputs[i].path, options, source, err) <
			0)
			return -1;
	if (options->write_path)
		return open_one(&outs[options->output_count], options->write_path,
			options, source, err);
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
