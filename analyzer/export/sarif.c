#include "analyzer/export/sarif.h"

#include "analyzer/export/measure.h"
#include "analyzer/export/sarif_result.h"
#include "analyzer/rules/row.h"

#include <stdlib.h>

static const char
	schema_uri[] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/"
		       "schemas/sarif-schema-2.1.0.json";

/* ---- rules ---- */

/* The rules that results have, each once, sorted. */
struct names {
	struct slice *of;
	size_t count;
};

static int
by_text(const void *a, const void *b)
{
	return slice_order(*(const struct slice *)a, *(const struct slice *)b);
}

static size_t
find_name(const struct names *names, struct slice name)
{
	const struct slice *at = bsearch(
		&name, names->of, names->count, sizeof *names->of, by_text);

	return (size_t)(at - names->of);
}

static void
add_names(struct names *names, const struct found_list *list)
{
	size_t count = 0;

	names->of = mem_grow(
		names->of, (names->count + list->count + 1) * sizeof *names->of);
	for (size_t i = 0; i < list->count; i++)
		names->of[names->count++] = list->items[i].rule;
	qsort(names->of, names->count, sizeof *names->of, by_text);
	for (size_t i = 0; i < names->count; i++)
		if (!count || !slice_eq(names->of[count - 1], names->of[i]))
			names->of[count++] = names->of[i];
	names->count = count;
}

/* Of "RFC 9110 §13.1.2, §8.8.3.3" the first: .../rfc9110#section-13.1.2 */
static void
put_help_uri(struct json *json, const char *rfc)
{
	static const char mark[] = "\xC2\xA7";
	struct slice clause = slice_of(rfc, strcspn(rfc, ",;"));
	const char *section = strstr(rfc, mark);
	struct out uri;

	if (!slice_has_prefix(clause, SLICE("RFC ")))
		return;
	clause = slice_from(clause, 4);
	out_init_memory(&uri);
	out_text(&uri, "https://www.rfc-editor.org/rfc/rfc");
	out_slice(&uri, slice_part(clause, 0, slice_find(clause, ' ', 0)));
	if (section && section < rfc + 4 + clause.n) {
		section += sizeof mark - 1;
		out_text(&uri, "#section-");
		out_write(&uri, section, strspn(section, "0123456789."));
	}
	json_put_octets(json, "helpUri", out_contents(&uri));
	out_fini(&uri);
}

static void
put_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_object_inline(json);
	sarif_result_text(json, "text", slice_of(text, strlen(text)));
	json_end(json);
}

/* What scanning pages sort by. */
static void
put_rule_properties(struct json *json, const struct row *row)
{
	static const char *const precisions[] = {[CONFIDENCE_CERTAIN] = "very-high",
		[CONFIDENCE_LIKELY] = "medium",
		[CONFIDENCE_HINT] = "low"};

	json_key(json, "properties");
	json_object_inline(json);
	json_put_text(json, "precision", precisions[row->confidence]);
	json_put_text(json, "rfc", row->rfc);
	json_key(json, "tags");
	json_array_inline(json);
	json_text(json, "http");
	json_text(json, "caching");
	json_end(json);
	json_end(json);
}

static void
put_known_rule(struct json *json, const struct row *row)
{
	struct out help;

	put_text(json, "shortDescription", row->text->what);
	put_text(json, "fullDescription", row->text->why);
	out_init_memory(&help);
	out_format(&help, "%s Fix: %s Not when: %s", row->text->why, row->text->fix,
		row->text->quiet);
	json_key(json, "help");
	json_object_inline(json);
	sarif_result_text(json, "text", out_contents(&help));
	json_end(json);
	out_fini(&help);
	put_help_uri(json, row->rfc);
	json_key(json, "defaultConfiguration");
	json_object_inline(json);
	json_put_text(json, "level", sarif_result_level(row->severity));
	json_end(json);
	put_rule_properties(json, row);
}

/* A rule of another version has only its name. */
static void
put_rule(struct json *json, struct slice name)
{
	enum rule_id nearest;
	enum rule_id rule = row_find(name, &nearest);

	json_object(json);
	json_put_octets(json, "id", name);
	if (rule != RULE_COUNT)
		put_known_rule(json, row_of(rule));
	json_end(json);
}

static void
put_tool(struct json *json, const struct jsonvalue *report, const struct names *names)
{
	const struct jsonvalue *version = measure_place(report, "tool/version");

	json_key(json, "tool");
	json_object(json);
	json_key(json, "driver");
	json_object(json);
	json_put_text(json, "name", "cachetap");
	if (version)
		json_put_octets(json, "semanticVersion", version->text);
	json_key(json, "rules");
	json_array(json);
	for (size_t i = 0; i < names->count; i++)
		put_rule(json, names->of[i]);
	json_end(json);
	json_end(json);
	json_end(json);
}

/* ---- the run ---- */

static void
put_artifacts(struct json *json, const struct jsonvalue *sources)
{
	json_key(json, "artifacts");
	json_array(json);
	for (const struct jsonvalue *s = sources ? sources->first : NULL; s;
		s = s->next) {
		const struct jsonvalue *path = jsonvalue_get(s, "path");
		const struct jsonvalue *format = jsonvalue_get(s, "format");

		if (!path || (format && slice_eq(format->text, SLICE("live"))))
			continue;
		json_object(json);
		json_key(json, "location");
		json_object_inline(json);
		sarif_result_uri(json, path->text);
		json_end(json);
		json_put_text(json, "mimeType", "application/vnd.tcpdump.pcap");
		json_key(json, "roles");
		json_array_inline(json);
		json_text(json, "analysisTarget");
		json_end(json);
		json_end(json);
	}
	json_end(json);
}

static void
begin_notification(struct json *json, const char *level, struct slice text)
{
	json_object_inline(json);
	json_put_text(json, "level", level);
	json_key(json, "message");
	json_object_inline(json);
	sarif_result_text(json, "text", text);
	json_end(json);
}

/* The file that it is about. */
static void
put_notified(struct json *json, struct slice path, int64_t artifact)
{
	json_key(json, "locations");
	json_array_inline(json);
	json_object_inline(json);
	json_key(json, "physicalLocation");
	json_object_inline(json);
	json_key(json, "artifactLocation");
	json_object_inline(json);
	sarif_result_uri(json, path);
	json_put_int(json, "index", artifact);
	json_end(json);
	json_end(json);
	json_end(json);
	json_end(json);
}

static bool
is_failed(const struct jsonvalue *source)
{
	const struct jsonvalue *failed = jsonvalue_get(source, "failed");

	return failed && failed->boolean;
}

static bool
was_read(const struct jsonvalue *sources)
{
	const struct jsonvalue *source = sources ? sources->first : NULL;

	while (source && !is_failed(source))
		source = source->next;
	return !source;
}

/* Files that could not be read, or not to their end. */
static void
put_troubles(struct json *json, const struct jsonvalue *sources)
{
	for (const struct jsonvalue *s = sources ? sources->first : NULL; s;
		s = s->next) {
		const struct jsonvalue *trouble = jsonvalue_get(s, "trouble");
		const struct jsonvalue *path = jsonvalue_get(s, "path");
		int64_t artifact;

		if (!trouble || trouble->type != JSONVALUE_STRING)
			continue;
		begin_notification(
			json, is_failed(s) ? "error" : "warning", trouble->text);
		artifact = path ? sarif_result_artifact(path->text, sources) : -1;
		if (artifact >= 0)
			put_notified(json, path->text, artifact);
		json_end(json);
	}
}

/* What could not be read, and what the capture cannot tell. */
static void
put_invocation(struct json *json, const struct jsonvalue *report)
{
	const struct jsonvalue *warning = measure_place(report, "quality/warnings");
	const struct jsonvalue *sources = measure_place(report, "capture/sources");

	json_key(json, "invocations");
	json_array(json);
	json_object(json);
	json_put_bool(json, "executionSuccessful", was_read(sources));
	json_key(json, "toolExecutionNotifications");
	json_array(json);
	put_troubles(json, sources);
	for (warning = warning ? warning->first : NULL; warning;
		warning = warning->next) {
		begin_notification(json, "note", warning->text);
		json_end(json);
	}
	json_end(json);
	json_end(json);
	json_end(json);
}

static void
put_results(struct json *json, const struct found_list *list,
	const struct found_list *other, bool is_baseline, const struct names *names,
	const struct jsonvalue *sources)
{
	static const char *const states[] = {[FOUND_NEW] = "new",
		[FOUND_RISEN] = "updated",
		[FOUND_KNOWN] = "unchanged"};

	for (size_t i = 0; i < list->count; i++) {
		const struct found *found = &list->items[i];
		enum found_state state = other ? found_list_state(other, found)
					       : FOUND_NEW;

		if (is_baseline && state != FOUND_NEW)
			continue;
		sarif_result(json, found, find_name(names, found->rule),
			!other	      ? NULL
			: is_baseline ? "absent"
				      : states[state],
			sources);
	}
}

static void
put_run(struct json *json, const struct jsonvalue *report,
	const struct jsonvalue *baseline)
{
	const struct jsonvalue *sources = measure_place(report, "capture/sources");
	struct found_list now, before = {0};
	struct names names = {0};

	found_list_read(&now, report);
	add_names(&names, &now);
	if (baseline) {
		found_list_read(&before, baseline);
		add_names(&names, &before);
	}
	json_object(json);
	put_tool(json, report, &names);
	put_invocation(json, report);
	put_artifacts(json, sources);
	json_key(json, "results");
	json_array(json);
	put_results(json, &now, baseline ? &before : NULL, false, &names, sources);
	if (baseline) /* where it was is not a file of this run */
		put_results(json, &before, &now, true, &names, NULL);
	json_end(json);
	json_end(json);
	mem_free(names.of);
	found_list_fini(&now);
	found_list_fini(&before);
}

void
sarif_write(
	struct out *out, const struct jsonvalue *report, const struct jsonvalue *baseline)
{
	struct json json;

	json_init(&json, out, true);
	json_object(&json);
	json_put_text(&json, "$schema", schema_uri);
	json_put_text(&json, "version", "2.1.0");
	json_key(&json, "runs");
	json_array(&json);
	put_run(&json, report, baseline);
	json_end(&json);
	json_end(&json);
	out_octet(out, '\n');
}
