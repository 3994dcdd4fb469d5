#include "analyzer/capture/clock.h"

#include "analyzer/config.h"

#include <time.h>

int64_t
clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * CONFIG_S_NS + now.tv_nsec;
}
