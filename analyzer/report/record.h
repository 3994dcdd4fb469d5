/*
 * analyzer/report/record.h - an exchange as one line of JSON, record version 1
 *
 * Keys come in a fixed order and are left out when nothing is known.  An orphan
 * response has no request keys and no verdict.
 */
#ifndef ANALYZER_REPORT_RECORD_H
#define ANALYZER_REPORT_RECORD_H

#include "analyzer/base/json.h"
#include "analyzer/ledger/verdict.h"
#include "analyzer/http/redact.h"
#include "analyzer/rules/rule.h"

struct record_options {
	const char *const *paths; /* of the sources, by number */
	size_t path_count;
	enum redact redact;
	struct client_rule client;
	int64_t probe_ns; /* so long a HEAD waits for its GET */
};

struct record {
	const struct exchange *x;
	uint32_t client_number;	       /* of struct before */
	const struct verdict *verdict; /* NULL for an orphan response */
	const struct hit *hits;
	size_t hit_count;
};

struct record_span {
	size_t begin, end;
};

/* What may still change of a line: spans of what was written to an empty memory writer.
 */
struct record_open {
	struct record_span saved; /* the value of "saved"; 0 to 0: there is none */
	size_t waste_end;	  /* where another entry of "waste" goes */
	bool has_waste;		  /* there is one before it */
};

/* Writes the line, with its line end. */
struct record_open record_write(struct out *out, const struct record *record,
	const struct record_options *options);

/* The value of "saved". */
void record_saved(
	struct out *out, bool known, uint64_t octets, enum saving_source source);

/* An entry of "waste". */
void record_waste(struct out *out, const struct waste *waste);

/* Where the answer begins: an interim response is part of it. */
const struct place *record_response_first(const struct exchange *x);

#endif
