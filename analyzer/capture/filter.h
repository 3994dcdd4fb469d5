/*
 * analyzer/capture/filter.h - a capture filter, for every link type there is
 *
 * libpcap compiles an expression for one link type; a capture may have several.
 * All common ones are compiled at once, because names in the expression need the
 * system's name service, which is out of reach when privileges are gone.  An
 * expression that has no meaning for a link type ("ether host" on raw IP)
 * matches none of its packets.
 */
#ifndef ANALYZER_CAPTURE_FILTER_H
#define ANALYZER_CAPTURE_FILTER_H

#include "analyzer/base/err.h"
#include "analyzer/capture/source.h"

struct filter;
struct pcap;

/* -1: the expression compiles for no link type at all. */
int filter_new(struct filter **filter, const char *expression, struct err *err);
void filter_free(struct filter **filter);
bool filter_matches(struct filter *filter, const struct packet *packet);
/* Whether the expression has a meaning for that link type. */
bool filter_applies(struct filter *filter, unsigned link_type);

/* For a handle that captures live. */
int filter_attach(struct pcap *handle, const char *expression, struct err *err);

/* libpcap's DLT_ numbers differ from those in files where systems disagreed. */
unsigned filter_link_type_of_dlt(int dlt);

#endif
