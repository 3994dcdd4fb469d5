/*
 * analyzer/export/sarif_result.h - one result of SARIF; private to sarif.c
 */
#ifndef ANALYZER_EXPORT_SARIF_RESULT_H
#define ANALYZER_EXPORT_SARIF_RESULT_H

#include "analyzer/export/found.h"

/* A member "text" as SARIF wants it: brackets would be links, braces placeholders. */
void sarif_result_text(struct json *json, const char *key, struct slice text);

/* "file:///x%20y" or a relative reference of a path. */
void sarif_result_uri(struct json *json, struct slice path);

/* The place of a source in the list of artifacts, or -1: it is no file. */
int64_t sarif_result_artifact(struct slice path, const struct jsonvalue *sources);

const char *sarif_result_level(enum severity severity);

/* `baseline_state` may be NULL; `sources` are those of the report it is in. */
void sarif_result(struct json *json, const struct found *found, size_t rule,
	const char *baseline_state, const struct jsonvalue *sources);

#endif
