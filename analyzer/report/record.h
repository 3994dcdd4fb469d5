/*
 * analyzer/report/record.h - an exchange as one record, and as one line of JSON
 *
 * A record is written when its exchange is over, and some of it may still change: a
 * saving that only a later answer tells, the waste of a HEAD whose GET comes.  Whoever
 * writes notes where that stands (its holes), and records.c fills them before the record
 * goes out.  A form says how records are written: lines of JSON here, a list for people
 * in show.c.
 *
 * Keys of JSON come in a fixed order and are left out when nothing is known.  An orphan
 * response has no request keys and no verdict.
 */
#ifndef ANALYZER_REPORT_RECORD_H
#define ANALYZER_REPORT_RECORD_H

#include "analyzer/base/communityid.h"
#include "analyzer/base/json.h"
#include "analyzer/ledger/verdict.h"
#include "analyzer/http/redact.h"
#include "analyzer/rules/rule.h"

struct record_options {
	const char *const *paths; /* of the sources, by number */
	size_t path_count;
	enum redact redact;
	struct client_rule client;
	const char *version; /* of the program */
	int64_t probe_ns;    /* so long a HEAD waits for its GET */
	int64_t wait_ns;     /* so long any record waits, at most; 0: to the end */
	/* Of lists for people. */
	bool colour, verbose;
	unsigned columns; /* of the terminal; 0: it is none */
};

struct record {
	const struct exchange *x;
	bool facts_only;	       /* what follows is not asked for */
	const struct before *before;   /* NULL for an orphan response */
	const struct verdict *verdict; /* as well */
	const struct history *history; /* with the exchange in it */
	const struct hit *hits;
	size_t hit_count;
	const struct hiding *hiding; /* NULL: nothing is hidden */
};

enum record_hole_kind {
	RECORD_SAVED, /* what was saved, if it becomes known */
	RECORD_WASTE, /* one more entry of waste, or the sum of all */
};

enum {
	RECORD_HOLES_MAX = 4
};

/* What may still change of a record: spans of what was written to an empty memory
 * writer, in their order. */
struct record_open {
	struct record_hole {
		enum record_hole_kind kind;
		size_t begin, end;
	} holes[RECORD_HOLES_MAX];
	unsigned hole_count;
	bool has_waste;		    /* there is an entry already */
	uint64_t wasted, avoidable; /* T1 + T2, and T3, of those */
};

/* What came late. */
struct record_late {
	bool is_saved;
	uint64_t saved_octets;
	struct waste waste; /* octets 0: none */
};

struct record_form {
	/* Before the first record and after the last, or NULL. */
	void (*begin)(struct out *out, const struct record_options *options);
	void (*end)(struct out *out);
	/* Before each record, or NULL: what its time is, and that of the one before
	 * (INT64_MIN: it is the first). */
	void (*between)(struct out *out, const struct record_options *options,
		int64_t last_ns, int64_t ts_ns);
	/* A record that leaves nothing is none. */
	struct record_open (*write)(struct out *out, const struct record *record,
		const struct record_options *options);
	/* What stands in a hole instead. */
	void (*fill)(struct out *out, const struct record_hole *hole,
		const struct record_open *open, const struct record_late *late);
};

/* One JSON object a line. */
extern const struct record_form record_lines;

/* Parts of it, for other forms: the connection and its ends; all from the digests on. */
void record_put_flow(struct json *json, const struct record *record,
	const struct record_options *options);
void record_put_rest(struct json *json, const struct record *record,
	const struct record_options *options, struct record_open *open);
/* What stands in the holes of the latter. */
void record_fill(struct out *out, const struct record_hole *hole,
	const struct record_open *open, const struct record_late *late);

/* The span from `begin` to the end of what was written may still change. */
void record_note_hole(struct record_open *open, enum record_hole_kind kind, size_t begin,
	const struct out *out);

/* Where the answer begins: an interim response is part of it. */
const struct place *record_response_first(const struct exchange *x);

/* Community ID of its connection; false: its addresses are of two versions. */
bool record_flow_id(const struct exchange *x, char id[COMMUNITYID_BYTES]);

#endif
