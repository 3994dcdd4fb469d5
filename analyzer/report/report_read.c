#include "analyzer/report/report_read.h"

#include "analyzer/report/report_sum_findings.h"
#include "analyzer/report/report_sum_fixes.h"
#include "analyzer/report/report_sum_tables.h"

enum {
	MEMBERS_MAX = 2048 /* of an object; by_status has up to 1,000 */
};

/* Objects of a report are small: looking for a member costs next to nothing. */
static bool
is_modest(const struct jsonvalue *value)
{
	if (value->type == JSONVALUE_OBJECT && value->count > MEMBERS_MAX)
		return false;
	for (value = value->first; value; value = value->next)
		if (!is_modest(value))
			return false;
	return true;
}

static bool
names_schema(const struct jsonvalue *report)
{
	const struct jsonvalue *schema = jsonvalue_get(report, "schema");

	return schema && slice_eq(schema->text, SLICE("cachetap-report/1"));
}

static bool
is_report(const struct jsonvalue *report)
{
	static const char *const sections[] = {"tool", "options", "capture", "ledger",
		"http", "metrics", "more", "quality"};
	const struct jsonvalue *findings = jsonvalue_get(report, "findings");

	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		const struct jsonvalue *section = jsonvalue_get(report, sections[i]);

		if (!section || section->type != JSONVALUE_OBJECT)
			return false;
	}
	return findings && findings->type == JSONVALUE_ARRAY &&
	       report_sum_findings_valid(findings) &&
	       report_sum_fixes_valid(jsonvalue_get(report, "fixes")) &&
	       report_sum_tables_valid(jsonvalue_get(report, "tables")) &&
	       is_modest(report);
}

struct jsonvalue *
report_read(struct slice octets, struct arena *arena, const char *path, struct err *err)
{
	size_t at;
	struct jsonvalue *report = jsonread(octets, arena, &at);

	if (report && names_schema(report) && is_report(report))
		return report;
	if (!report)
		err_set(err, EXIT_INPUT, "%s: not JSON, at octet %zu", path, at);
	else if (names_schema(report))
		err_set(err, EXIT_INPUT,
			"%s: a report of another version of cachetap, or a broken one",
			path);
	else
		err_set(err, EXIT_INPUT, "%s: JSON, but no report of cachetap", path);
	err_hint(err, "cachetap -T json -o REPORT.json CAPTURE makes one");
	return NULL;
}
