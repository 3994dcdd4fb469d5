/*
 * analyzer/rules/explain.h - what a rule, a class or a cause means, for people
 *
 * The texts are those of rules_text.def; docs/RULES.md is made from the same ones.
 */
#ifndef ANALYZER_RULES_EXPLAIN_H
#define ANALYZER_RULES_EXPLAIN_H

#include "analyzer/rules/rule.h"

#include <stdio.h>

/* A rule, a class of waste or a cause; -1, with the nearest name as a hint, if there is
 * none of that name. */
int explain_name(FILE *out, const char *name, struct err *err);

/* Words of a paragraph behind a label, indented, in lines of a page's width. */
void explain_paragraph(FILE *out, const char *label, const char *text);

/* The catalogue, one line a rule: id, severity, confidence, clause. */
void explain_list(FILE *out);

/* All rules as Markdown. */
void explain_markdown(FILE *out);

#endif
