#include "analyzer/capture/stop.h"

#include "analyzer/capture/source.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* -1: there is nothing to stop. */
static volatile sig_atomic_t stop_fd = -1;

int
stop_open(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	stop_fd = fd;
	return fd;
}

void
stop_close(int fd)
{
	if (stop_fd == fd)
		stop_fd = -1;
	if (fd >= 0)
		close(fd);
}

void
source_stop(void)
{
	int saved = errno;
	uint64_t one = 1;
	int fd = stop_fd;

	if (fd >= 0 && write(fd, &one, sizeof one) < 0)
		errno = saved;
	errno = saved;
}
