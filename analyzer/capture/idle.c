#include "analyzer/capture/idle.h"

#include "analyzer/config.h"

#include <stddef.h>
#include <time.h>

static int64_t
monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * CONFIG_S_NS + now.tv_nsec;
}

void
idle_look(struct idle *idle)
{
	int64_t now_ns;

	if (!idle || !idle->tell || !idle->has_packet)
		return;
	now_ns = monotonic_ns();
	if (!idle->since_ns)
		idle->since_ns = now_ns;
	else if (now_ns - idle->since_ns >= CONFIG_IDLE_NS)
		idle->tell(idle->context, idle->packet_ns + now_ns - idle->since_ns);
}
