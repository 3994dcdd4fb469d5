/*
 * analyzer/capture/series.h - names of files that were written one after the other
 *
 * Who splits a capture counts in the names: tcpdump -C behind the suffix (`x.pcap`,
 * `x.pcap1`, `x.pcap2`), dumpcap -b in front of the time
 * (`x_00001_20261121064500.pcapng`). Captures that run side by side are not called so;
 * numbers elsewhere in a name, as in `eth0.pcap` and `eth1.pcap`, say nothing.
 */
#ifndef ANALYZER_CAPTURE_SERIES_H
#define ANALYZER_CAPTURE_SERIES_H

#include <stdbool.h>

/* Whether `after` is the name that comes next. */
bool series_follows(const char *before, const char *after);

#endif
