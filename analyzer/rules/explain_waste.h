/*
 * analyzer/rules/explain_waste.h - what a class of waste means, for people
 *
 * The texts are those of waste_text.def; docs/WASTE.md and the table of classes in
 * docs/METRICS.md are made from the same ones.
 */
#ifndef ANALYZER_RULES_EXPLAIN_WASTE_H
#define ANALYZER_RULES_EXPLAIN_WASTE_H

#include "analyzer/ledger/verdict.h"
#include "analyzer/rules/explain.h"

/* WASTE_COUNT, CAUSE_NONE: there is none of that name. */
enum waste_class explain_find_class(const char *name);
enum waste_cause explain_find_cause(const char *name);

void explain_class(FILE *out, enum waste_class class);
void explain_cause(FILE *out, enum waste_cause cause);

/* The classes as a table, in Markdown, and all that is known of them. */
void explain_waste_table(FILE *out);
void explain_waste_markdown(FILE *out);

#endif
