#include "analyzer/capture/idle.h"

#include "analyzer/capture/clock.h"
#include "analyzer/config.h"

#include <stddef.h>

void
idle_look(struct idle *idle)
{
	int64_t now_ns;

	if (!idle || !idle->tell || !idle->has_packet)
		return;
	now_ns = clock_ns();
	if (!idle->since_ns)
		idle->since_ns = now_ns;
	else if (now_ns - idle->since_ns >= CONFIG_IDLE_NS)
		idle->tell(idle->context, idle->packet_ns + now_ns - idle->since_ns);
}
