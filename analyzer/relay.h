/*
 * analyzer/relay.h - the seam between facts and verdicts, on one thread or on two
 *
 * The events of the timeline go to the judge in their order, and in batches, so that
 * what facts and what verdicts are made with does not push each other out of the
 * processor's caches.  With two threads the caller makes the facts of the next batch
 * while the judge works on one.  There is one judge and one order, so the output has the
 * same octets.
 *
 * After its open event an exchange is shared: the judge reads what the request's
 * head said, the caller writes what comes after.  From its close event on it is
 * the judge's, and is freed here.
 *
 * Bounded: what is under way is a few batches, each of so many events or octets.
 */
#ifndef ANALYZER_RELAY_H
#define ANALYZER_RELAY_H

#include "analyzer/judge.h"

struct relay;

/* Without a second thread to be had, it is done on the caller's.  `at_once`: no event
 * waits for others, for what comes next depends on what was judged. */
struct relay *relay_new(struct judge *judge, bool threaded, bool at_once);

/* For the timeline; `context` is the relay. */
void relay_open(void *context, struct exchange *x, struct before *before);
void relay_close(void *context, struct exchange *x, const struct before *before);

/* judge_tick() after all that was before; false as soon as that is known to be so. */
bool relay_tick(struct relay *relay, int64_t now_ns, int64_t begun_ns);

/* Returns when the judge has seen all; from then on the judge is the caller's. */
void relay_finish(struct relay *relay);
void relay_free(struct relay **relay); /* after relay_finish() */

#endif
