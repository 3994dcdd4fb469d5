/*
 * analyzer/export/prom.h - a report as Prometheus text, format 0.0.4 (-T prom)
 *
 * For the textfile collector of node_exporter, or whoever asks.  No ratio is exported,
 * only its two numbers: rate() needs both.  No label is unbounded: hosts beyond
 * PROM_HOSTS are one, "other", and there are no URLs and no clients.
 */
#ifndef ANALYZER_EXPORT_PROM_H
#define ANALYZER_EXPORT_PROM_H

#include "analyzer/base/jsonread.h"

enum {
	PROM_HOSTS = 100 /* with "other" */
};

void prom_write(struct out *out, const struct jsonvalue *report);

/* The value of a label, between its quotes. */
void prom_label(struct out *out, struct slice value);

#endif
