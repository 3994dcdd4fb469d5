/*
 * analyzer/progress.h - how far a long run is, on a terminal
 *
 * One line on stderr that is written over, from the second second on, twice a second;
 * nothing if stderr is no terminal or a dumb one.  Cost: a comparison a packet, a look at
 * the clock every few hundred.
 */
#ifndef ANALYZER_PROGRESS_H
#define ANALYZER_PROGRESS_H

#include "analyzer/capture/source.h"

struct progress {
	bool is_on, is_shown;
	unsigned packets; /* since the clock was looked at */
	int64_t begin_ns, shown_ns;
};

enum {
	PROGRESS_PACKETS = 256
};

/* `wanted`: the user did not forbid it. */
void progress_begin(struct progress *progress, bool wanted);
void progress_look(struct progress *progress, const struct source *source);

static inline void
progress_packet(struct progress *progress, const struct source *source)
{
	if (progress->is_on && ++progress->packets == PROGRESS_PACKETS)
		progress_look(progress, source);
}

/* Takes the line away, for a while and for good. */
void progress_hide(struct progress *progress);
void progress_end(struct progress *progress);

#endif
