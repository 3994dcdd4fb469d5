/*
 * analyzer/report/show_details.h - what show -v tells below the line of an exchange
 */
#ifndef ANALYZER_REPORT_SHOW_DETAILS_H
#define ANALYZER_REPORT_SHOW_DETAILS_H

#include "analyzer/report/record.h"

/* Both heads, where it is in the capture, waste and findings; then an empty line. */
void show_details(struct out *out, const struct record *record,
	const struct record_options *options, struct record_open *open);

/* One line about a waste. */
void show_details_waste(struct out *out, const struct waste *waste);

#endif
