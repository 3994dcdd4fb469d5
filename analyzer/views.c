#include "analyzer/views.h"

#include "analyzer/export/csv.h"
#include "analyzer/export/measure.h"
#include "analyzer/export/prom.h"
#include "analyzer/export/sarif.h"
#include "analyzer/report/report_read.h"

int
views_open(struct views *views, const struct options *options, struct err *err)
{
	return options->baseline ? reportfile_open(&views->file, options->baseline, err)
				 : 0;
}

/* "all", as a report says it; what is as usual is left out. */
static struct slice
redaction_of(const struct jsonvalue *report)
{
	const struct jsonvalue *option = measure_place(report, "options/redact");

	return option && option->type == JSONVALUE_STRING ? option->text
							  : SLICE("secrets");
}

/* What is hidden in one report and not in the other makes its findings others. */
static int
check_redaction(const struct views *views, struct slice mine, struct err *err)
{
	struct slice other = redaction_of(views->baseline);

	if (slice_eq(mine, other))
		return 0;
	err_set(err, EXIT_USAGE,
		"%s: made with --redact %.*s, but this run is with %.*s: what is new "
		"cannot be told",
		views->file.path, (int)other.n, (const char *)other.at, (int)mine.n,
		(const char *)mine.at);
	return err_hint(err, "the same --redact as the baseline, or a new baseline");
}

int
views_read(struct views *views, const struct options *options, struct err *err)
{
	const char *mine = redact_names[options->redact];

	struct out octets;

	if (!views->file.path)
		return 0;
	out_init_memory(&octets);
	if (reportfile_read(&views->file, &octets, err) == 0)
		views->baseline = report_read(
			out_contents(&octets), &views->arena, views->file.path, err);
	out_fini(&octets);
	if (!views->baseline)
		return -1;
	found_list_read(&views->known, views->baseline);
	return options->command == COMMAND_MERGE
		       ? 0
		       : check_redaction(views, slice_of(mine, strlen(mine)), err);
}

void
views_close(struct views *views)
{
	reportfile_close(&views->file);
	found_list_fini(&views->known);
	arena_fini(&views->arena);
}

/* Some formats are not made of the JSON. */
static bool
is_view(enum format format)
{
	return format == FORMAT_JSON || format == FORMAT_CSV || format == FORMAT_PROM ||
	       format == FORMAT_SARIF;
}

bool
views_wanted(const struct options *options)
{
	for (size_t i = 0; i < options->output_count; i++)
		if (is_view(options->outputs[i].format))
			return true;
	return options->gate_count;
}

static enum exit_code
check_gates(const struct views *views, const struct options *options,
	const struct jsonvalue *report)
{
	struct found_list findings;
	enum exit_code code = EXIT_DONE;

	found_list_read(&findings, report);
	for (size_t i = 0; i < options->gate_count; i++) {
		const struct gate *gate = &options->gates[i];
		struct out line;

		out_init_memory(&line);
		if (gate_holds(gate, report, &findings,
			    views->baseline ? &views->known : NULL,
			    options->fail_on_likely, &line)) {
			fprintf(stderr, "cachetap: --fail-on %s: %.*s\n", gate->text,
				(int)line.used, (const char *)line.buffer);
			code = EXIT_CONDITION;
		}
		out_fini(&line);
	}
	found_list_fini(&findings);
	return code;
}

static void
write_view(const struct views *views, struct out *out, const struct output *output,
	struct slice json, const struct jsonvalue *report)
{
	switch (output->format) {
	case FORMAT_JSON:
		out_slice(out, json);
		break;
	case FORMAT_CSV:
		csv_write(out, report, output->table);
		break;
	case FORMAT_PROM:
		prom_write(out, report);
		break;
	case FORMAT_SARIF:
		sarif_write(out, report, views->baseline);
		break;
	default:
		break;
	}
}

/* Something asks for numbers by their names; a report alone is not read again. */
static bool
is_read(const struct options *options)
{
	for (size_t i = 0; i < options->output_count; i++)
		if (is_view(options->outputs[i].format) &&
			options->outputs[i].format != FORMAT_JSON)
			return true;
	return options->gate_count;
}

enum exit_code
views_make(const struct views *views, const struct options *options, struct slice json,
	struct out *outs)
{
	struct arena arena = {0};
	struct err err;
	const struct jsonvalue *report = NULL;
	enum exit_code code;

	if (is_read(options) && !(report = report_read(json, &arena, "the report", &err)))
		return err_complain(&err);
	/* Of a sum it is known only now. */
	if (report && views->baseline &&
		check_redaction(views, redaction_of(report), &err) < 0) {
		arena_fini(&arena);
		return err_complain(&err);
	}
	for (size_t i = 0; i < options->output_count; i++)
		write_view(views, &outs[i], &options->outputs[i], json, report);
	code = report ? check_gates(views, options, report) : EXIT_DONE;
	arena_fini(&arena);
	return code;
}
