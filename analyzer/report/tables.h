/*
 * analyzer/report/tables.h - the exchanges by host, URL, type, client and so on
 *
 * Every exchange is in one row of each table, so each table adds up to the same total:
 * exchanges, octets, savings, waste.  A saving or a waste that is learnt later goes to
 * the rows that its exchange is in; what these were is remembered within a budget, beyond
 * which no table has it: `unplaced` does.
 *
 * A key that an exchange does not have (no Host, no User-Agent) is a row without a label.
 * A 304 seldom repeats Content-Type: it counts for the type that its URL's pattern had
 * last.
 *
 * By class, the octets of a row are those that the class took; the exchange counts where
 * most of its waste is, with the octets that are not waste in the row of no class.
 *
 * Cost: one look-up a table and exchange; memory for a new key only.
 */
#ifndef ANALYZER_REPORT_TABLES_H
#define ANALYZER_REPORT_TABLES_H

#include "analyzer/base/table.h"
#include "analyzer/history/client.h"
#include "analyzer/report/timetable.h"
#include "analyzer/report/toplist.h"
#include "parsers/robot.h"

enum tables_list { /* whose keys come off the wire */
	LIST_HOST,
	LIST_URL, /* host and pattern of the path */
	LIST_TYPE,
	LIST_CLIENT,
	LIST_SERVER,
	LIST_AGENT,
	LIST_COUNT
};

enum tables_form { /* of the condition and its tags */
	FORM_NONE,
	FORM_INM_STRONG,
	FORM_INM_WEAK,
	FORM_INM_MIXED,
	FORM_IMS,
	FORM_BOTH_STRONG,
	FORM_BOTH_WEAK,
	FORM_BOTH_MIXED,
	FORM_STAR,
	FORM_WRITE,
	FORM_COUNT
};

enum tables_kind { /* of exchanges; what there is of each is known beforehand */
	KIND_OUTCOME,
	KIND_FORM,  /* enum tables_form */
	KIND_CLAIM, /* of a cache on the way */
	KIND_ROBOT, /* by User-Agent */
	KIND_COUNT
};

enum {
	TABLES_ROWS = 10000, /* kept of each list at CONFIG_MEMORY_BYTES */
	TABLES_LABEL_BYTES = 256,
	TABLES_KIND_ROWS = 24,
	TABLES_CLASSES = WASTE_COUNT * CAUSE_COUNT, /* and one for no class */
};

struct tables_options {
	uint64_t memory_bytes, seed;
	struct client_rule client;
};

struct tables {
	struct tables_options options;
	struct toplist lists[LIST_COUNT];
	struct timetable time;
	struct sums classes[TABLES_CLASSES + 1];
	struct sums kinds[KIND_COUNT][TABLES_KIND_ROWS];
	uint64_t claims[CLAIM_COUNT][OUTCOME_COUNT]; /* what is said, what came */
	struct table *late;   /* exchanges of which something may be learnt, by ticket */
	struct sums unplaced; /* what was learnt of exchanges that were forgotten */
	struct out scratch;
};

void tables_init(struct tables *tables, const struct tables_options *options);
void tables_fini(struct tables *tables);

void tables_add(struct tables *tables, const struct exchange *x,
	const struct before *before, const struct verdict *verdict);

/* By the ticket of the verdict: it saved so much; the HEAD was waste. */
void tables_late_saving(struct tables *tables, uint64_t ticket, uint64_t octets);
void tables_late_probe(struct tables *tables, uint64_t ticket,
	const struct exchange *head, const struct waste *waste);

/* "host" and the like: names of the output. */
const char *tables_list_name(enum tables_list list);
const char *tables_kind_name(enum tables_kind kind);

/* Of a row of a kind; NULL for no condition, no claim, no robot. */
const char *tables_row_name(enum tables_kind kind, unsigned row);
unsigned tables_rows(enum tables_kind kind);

/* Rows of all lists that were given up. */
uint64_t tables_folded(const struct tables *tables);

/* Savings and waste that came so late that no table has them. */
uint64_t tables_unplaced_octets(const struct tables *tables);

/* A sentence about the first table whose rows, with what is unplaced, are not the total;
 * or NULL.  The waits of the total are not read. */
const char *tables_check(const struct tables *tables, const struct sums *total);

#endif
