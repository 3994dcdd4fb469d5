/*
 * analyzer/rules/explain.h - what a rule means, for people
 *
 * The texts are those of rules_text.def; docs/RULES.md is made from the same ones.
 */
#ifndef ANALYZER_RULES_EXPLAIN_H
#define ANALYZER_RULES_EXPLAIN_H

#include "analyzer/rules/rule.h"

#include <stdio.h>

/* -1, with the nearest id as a hint, if there is no such rule. */
int explain_rule(FILE *out, const char *name, struct err *err);

/* The catalogue, one line a rule: id, severity, confidence, clause. */
void explain_list(FILE *out);

/* All rules as Markdown. */
void explain_markdown(FILE *out);

#endif
