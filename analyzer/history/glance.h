/*
 * analyzer/history/glance.h - observations in short, for looking through many
 *
 * An observation is some hundred octets that lie anywhere; what rules compare most fits
 * into half a cache line, and glances of a resource lie one behind the other.
 */
#ifndef ANALYZER_HISTORY_GLANCE_H
#define ANALYZER_HISTORY_GLANCE_H

#include "analyzer/history/history.h"

#define GLANCE_NO_DATE INT64_MIN

struct glance {
	struct digest octets; /* glance_octets() of its content; all zero if that was
				 not seen whole, or the answer is to HEAD */
	uint64_t tag;	      /* glance_tag() of it */
	uint64_t client;      /* the lower half of its key */
	int64_t modified_s;   /* Last-Modified, or GLANCE_NO_DATE */
};

struct glance glance_of(struct key resource, const struct observation *o);

/* The same number for tags of a resource that are equal but for W/, else another; 0 for
 * none, and for an empty one, which equals nothing. */
uint64_t glance_tag(struct key resource, const struct etag *tag);

/* The digest of a content; one for all that are empty, which is not that of none. */
static inline struct digest
glance_octets(struct digest digest, uint64_t bytes)
{
	return bytes ? digest : (struct digest){0, 1};
}

static inline bool
glance_has_octets(const struct glance *glance)
{
	return glance->octets.high || glance->octets.low;
}

#endif
