/*
 * analyzer/history/timeline.h - the events of all connections in the order of time
 *
 * Verdicts need an order that does not depend on how packets happened to be put
 * into the capture.  Every exchange has two events: its request's head was complete
 * (open), its response ended (close).  They wait here for a moment of capture time
 * and come out sorted; at equal times an end comes before a beginning, for a
 * response that ends when a request begins was there before it.
 *
 * An exchange whose response cannot have a body is waited for a little longer: stray
 * octets may follow.  What is older than what already came out is taken at once.
 *
 * Ownership: an exchange belongs to the timeline from timeline_close() on, and to the
 * sink from close() on.
 */
#ifndef ANALYZER_HISTORY_TIMELINE_H
#define ANALYZER_HISTORY_TIMELINE_H

#include "analyzer/history/history.h"

struct timeline_sink {
	/* The snapshot of an exchange is due. */
	void (*open)(void *context, struct exchange *x, struct before *before);
	/* The exchange is complete, and is the sink's to free, `before` with it. */
	void (*close)(void *context, struct exchange *x, const struct before *before);
	void *context;
};

struct timeline;

struct timeline *timeline_new(const struct timeline_sink *sink);
void timeline_free(struct timeline **timeline); /* after timeline_finish() */

void timeline_open(struct timeline *timeline, struct exchange *x);
void timeline_close(struct timeline *timeline, struct exchange *x);

/* The capture clock has come to `now_ns`. */
void timeline_advance(struct timeline *timeline, int64_t now_ns);

/* When the oldest exchange began that is open and not closed yet, of those whose heads
 * are complete; INT64_MAX: there is none. */
int64_t timeline_begun_ns(const struct timeline *timeline);

/* Takes the next event before its time, to give back memory; false if none waits. */
bool timeline_shed(struct timeline *timeline);

/* The input is at its end: all that waits comes out. */
void timeline_finish(struct timeline *timeline);

#endif
