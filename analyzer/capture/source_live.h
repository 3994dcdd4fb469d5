/*
 * analyzer/capture/source_live.h - packets of an interface, through libpcap
 *
 * The part of source.h that sniffs.  libpcap waits for ever on an idle
 * interface, so the handle never blocks and the waiting is done here: for
 * packets, for source_stop(), for the end of the duration.
 *
 * At the end the interface is silenced with a filter that passes nothing, and
 * what the kernel already had in the ring is delivered: what it counted as
 * received and did not drop is what came out, to the packet.
 */
#ifndef ANALYZER_CAPTURE_SOURCE_LIVE_H
#define ANALYZER_CAPTURE_SOURCE_LIVE_H

#include "analyzer/capture/idle.h"
#include "analyzer/capture/source.h"

struct source_live;

int source_live_open(struct source_live **live, const struct source_live_options *options,
	const char *filter, struct err *err);
int source_live_next(struct source_live *live, struct packet *packet, struct err *err);
struct source_info *source_live_info(struct source_live *live);
int64_t source_live_dropped(struct source_live *live);
int64_t source_live_interface_dropped(struct source_live *live);
void source_live_on_idle(struct source_live *live, struct idle *idle);
void source_live_close(struct source_live **live);

#endif
