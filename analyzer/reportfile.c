#include "analyzer/reportfile.h"

#include "analyzer/config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
	READ_BYTES = 1 << 16
};

int
reportfile_open(struct reportfile *file, const char *path, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;

	*file = (struct reportfile){
		path, standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)};
	if (file->fd >= 0)
		return 0;
	file->path = NULL;
	return err_set(
		err, EXIT_INPUT, "%s: cannot be opened (%s)", path, strerror(errno));
}

int
reportfile_read(struct reportfile *file, struct out *octets, struct err *err)
{
	uint8_t buffer[READ_BYTES];
	ssize_t got;

	while ((got = read(file->fd, buffer, sizeof buffer)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, EXIT_INPUT, "%s: cannot be read (%s)",
				file->path, strerror(errno));
		out_write(octets, buffer, (size_t)got);
		if (octets->used > CONFIG_REPORT_BYTES)
			return err_set(
				err, EXIT_INPUT, "%s: too long for a report", file->path);
	}
	return 0;
}

void
reportfile_close(struct reportfile *file)
{
	if (file->path && file->fd > STDERR_FILENO)
		close(file->fd);
	file->path = NULL;
}
