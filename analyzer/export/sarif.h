/*
 * analyzer/export/sarif.h - the findings of a report as SARIF 2.1.0 (-T sarif)
 *
 * For the scanning pages of code hosts and for viewers.  A result has the place of its
 * frame in the capture file, the two heads as webRequest and webResponse, and a
 * fingerprint of rule, kind, host and pattern of the path, so that it is the same result
 * in the capture of tomorrow.  With a report to compare with it also has a baselineState,
 * and what is gone is there as "absent".
 */
#ifndef ANALYZER_EXPORT_SARIF_H
#define ANALYZER_EXPORT_SARIF_H

#include "analyzer/base/jsonread.h"

/* `baseline` may be NULL. */
void sarif_write(struct out *out, const struct jsonvalue *report,
	const struct jsonvalue *baseline);

#endif
