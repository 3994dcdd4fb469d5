/*
 * analyzer/pipeline.h - the stages, wired in the order in which data takes them
 *
 *	packet -> segment -> stream -> message -> exchange -> history -> verdict -> report
 *
 * A pipeline has no globals: several can run in one process.
 */
#ifndef ANALYZER_PIPELINE_H
#define ANALYZER_PIPELINE_H

#include "analyzer/capture/source.h"
#include "analyzer/flow/queue.h"
#include "analyzer/judge.h"

struct pipeline_options {
	struct judge_options judge; /* its memory is that of all stages together */
	uint64_t flows_max;	    /* connections at once; 0: what the memory holds */
	unsigned jobs;		    /* threads; no output depends on it */
	struct hiding *hiding;	    /* gets its key here; NULL: nothing is hidden */
	enum overlap overlap;	    /* whose copy of the same octets counts */
};

struct pipeline;

struct pipeline *pipeline_new(const struct pipeline_options *options);
void pipeline_free(struct pipeline **pipeline);

void pipeline_packet(struct pipeline *pipeline, const struct packet *packet);

/* No packet came for a while, and the capture clock will have come to `now_ns`: what
 * waits for it to go on waits no longer, if records go out meanwhile. */
void pipeline_idle(struct pipeline *pipeline, int64_t now_ns);

/* Records are to be printed while the capture goes on, and cannot be. */
bool pipeline_is_unheard(const struct pipeline *pipeline);

/* The input is at its end; the records go out. */
void pipeline_finish(struct pipeline *pipeline);

/* Fills what the pipeline knows of a report; valid until pipeline_free(). */
void pipeline_report(const struct pipeline *pipeline, struct report *report);

/*
 * The conservation laws at the end of a run: every octet in one place.  Returns a
 * sentence about the first that is broken, or NULL.
 */
const char *pipeline_check(const struct pipeline *pipeline);

#endif
