/*
 * analyzer/capture/idle.h - telling that no packet comes
 *
 * Whoever reads packets knows the time by them alone.  Where a source waits for the next
 * one it tells, after CONFIG_IDLE_NS, what the capture's clock will have come to: the
 * last time stamp and what has passed since.
 */
#ifndef ANALYZER_CAPTURE_IDLE_H
#define ANALYZER_CAPTURE_IDLE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	IDLE_LOOK_MS = 500 /* so often is enough */
};

struct idle {
	void (*tell)(void *context, int64_t ts_ns); /* NULL: nobody asked */
	void *context;
	int64_t packet_ns; /* time stamp of the last one */
	int64_t since_ns;  /* of the monotonic clock; 0: it was given just now */
	bool has_packet;
};

static inline void
idle_packet(struct idle *idle, int64_t ts_ns)
{
	idle->packet_ns = ts_ns;
	idle->since_ns = 0;
	idle->has_packet = true;
}

/* There is no packet yet; `idle` may be NULL. */
void idle_look(struct idle *idle);

#endif
