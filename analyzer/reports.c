#include "analyzer/reports.h"

#include "analyzer/config.h"
#include "analyzer/report/har.h"
#include "analyzer/report/page.h"
#include "analyzer/report/show.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	REPORT_OPTIONS = 18 + THRESHOLD_COUNT /* that come once */
};

bool
reports_colour(const struct options *options, const struct out *out)
{
	const char *no_colour = getenv("NO_COLOR");

	if (options->colour != COLOUR_AUTO)
		return options->colour == COLOUR_ALWAYS;
	return isatty(out->fd) && !(no_colour && no_colour[0]);
}

/* ---- records ---- */

/* 0: it is no terminal. */
static unsigned
terminal_columns(const struct out *out)
{
	struct winsize size;

	return ioctl(out->fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

unsigned
reports_columns(const struct out *out)
{
	return page_columns_on(terminal_columns(out));
}

/* The form in which an output gets records, or NULL. */
static const struct record_form *
form_of(const struct options *options, enum format format)
{
	if (options->command == COMMAND_SHOW)
		return &show_list;
	return format == FORMAT_NDJSON ? &record_lines
	       : format == FORMAT_HAR  ? &har_form
				       : NULL;
}

bool
reports_is_streamed(const struct options *options, enum format format)
{
	return form_of(options, format) != NULL;
}

size_t
reports_records(
	const struct options *options, struct out *outs, struct judge_records *records)
{
	size_t count = 0;

	for (size_t i = 0; i < options->output_count; i++) {
		const struct record_form *form = form_of(
			options, options->outputs[i].format);

		if (form)
			records[count++] = (struct judge_records){&outs[i], form};
	}
	return count;
}

struct record_options
reports_record_options(const struct options *options, const struct source *source,
	const struct out *outs)
{
	struct record_options records = {.redact = options->redact,
		.client = options->client,
		.version = CACHETAP_VERSION,
		.probe_ns = (int64_t)options->thresholds.of[THRESHOLD_PROBE_S] *
			    CONFIG_S_NS,
		.wait_ns = options->follow || options->command == COMMAND_LIVE
				   ? CONFIG_RECORD_NS
				   : 0,
		.colour = reports_colour(options, &outs[0]),
		.verbose = options->verbose,
		.columns = terminal_columns(&outs[0])};

	records.paths = source_paths(source, &records.path_count);
	return records;
}

/* ---- the report ---- */

static struct report_source *
report_sources(const struct source *source)
{
	size_t count = source_count(source);
	struct report_source *sources = mem_alloc(count * sizeof *sources);

	for (size_t i = 0; i < count; i++) {
		const struct source_info *info = source_info(source, i);

		sources[i] = (struct report_source){.path = info->path,
			.format = info->format,
			.compression = info->compression,
			.link_types = info->link_types,
			.link_type_count = info->link_type_count,
			.packets = info->packets,
			.octets = info->octets,
			.truncated_tail = info->truncated_tail,
			.is_rewritten = info->is_rewritten,
			.is_late = info->is_late,
			.damaged_records = info->damaged_records,
			.skipped_octets = info->skipped_octets,
			.tail_octets = info->tail_octets,
			.bad_options = info->bad_options,
			.trouble = info->failed ? info->err.what : info->trouble,
			.failed = info->failed};
	}
	return sources;
}

/* The options that change a number. */
static size_t
report_options(const struct options *options, struct report_option *list)
{
	size_t n = 0;

	if (options->filter)
		list[n++] = (struct report_option){
			.key = "filter", .text = options->filter};
	if (options->packets_max)
		list[n++] = (struct report_option){
			.key = "count", .number = options->packets_max};
	list[n++] = (struct report_option){
		.key = "max_memory", .number = options->memory_bytes};
	if (options->flows_max)
		list[n++] = (struct report_option){
			.key = "max_flows", .number = options->flows_max};
	if (options->overlap)
		list[n++] = (struct report_option){
			.key = "overlap", .text = overlap_names[options->overlap]};
	if (options->fingerprint)
		list[n++] = (struct report_option){
			.key = "fingerprint", .text = options->fingerprint};
	for (unsigned i = 0; i < THRESHOLD_COUNT; i++)
		list[n++] = (struct report_option){
			.key = threshold_name(i), .number = options->thresholds.of[i]};
	if (options->history_age_s)
		list[n++] = (struct report_option){
			.key = "history_max_age_s", .number = options->history_age_s};
	if (options->conservative_age)
		list[n++] = (struct report_option){
			.key = "conservative_age", .number = 1};
	if (options->client_key)
		list[n++] = (struct report_option){
			.key = "client_key", .text = options->client_key};
	for (size_t i = 0; i < options->client.trusted_count; i++)
		list[n++] = (struct report_option){
			.key = "trusted_proxy", .text = options->trusted[i]};
	if (options->whatif.heuristic)
		list[n++] = (struct report_option){.key = "heuristic", .number = 1};
	for (size_t i = 0; i < options->whatif.shared_lru_count; i++)
		list[n++] = (struct report_option){.key = "shared_lru",
			.number = options->whatif.shared_lru_octets[i]};
	for (size_t i = 0; i < options->rules.disabled_count; i++)
		list[n++] = (struct report_option){
			.key = "disable", .text = options->rules.disabled[i]};
	for (size_t i = 0; i < options->rules.severity_count; i++)
		list[n++] = (struct report_option){
			.key = "severity", .text = options->rules.severities[i]};
	if (options->redact != REDACT_SECRETS)
		list[n++] = (struct report_option){
			.key = "redact", .text = redact_names[options->redact]};
	return n;
}

/* Addresses on the command line are as telling as those in the capture. */
static void
hide_options(const struct hiding *hiding, struct report_option *list, size_t count,
	struct arena *arena)
{
	for (size_t i = 0; hiding && i < count; i++)
		if (list[i].text)
			list[i].text = (const char *)hiding_text(hiding,
				slice_of(list[i].text, strlen(list[i].text) + 1),
				HIDING_TEXT, arena)
					       .at;
}

static enum exit_code
make_views(const struct options *options, const struct report *report,
	const struct views *views, struct out *outs)
{
	struct out json;
	enum exit_code code;

	if (!views_wanted(options))
		return EXIT_DONE;
	out_init_memory(&json);
	report_json(&json, report);
	code = views_make(views, options, out_contents(&json), outs);
	out_fini(&json);
	return code;
}

bool
reports_want_visits(const struct options *options)
{
	for (size_t i = 0; i < options->output_count; i++)
		if (options->outputs[i].format == FORMAT_HTML)
			return true;
	return false;
}

enum exit_code
reports_write(const struct options *options, struct report *report,
	const struct views *views, struct out *outs)
{
	report->verbose = options->verbose;
	report->headline_only = options->quiet;
	report->proven_only = options->proven_only;
	report->top = options->top;
	for (size_t i = 0; i < options->output_count; i++) {
		report->colour = reports_colour(options, &outs[i]);
		report->columns = reports_columns(&outs[i]);
		if (options->outputs[i].format == FORMAT_HTML)
			report_html(&outs[i], report);
		else if (options->outputs[i].format == FORMAT_TEXT)
			report_text(&outs[i], report);
	}
	return make_views(options, report, views, outs);
}

enum exit_code
reports_print(const struct options *options, struct source *source,
	const struct pipeline *pipeline, const struct views *views, struct out *outs)
{
	struct report_option *list = mem_alloc(
		(REPORT_OPTIONS + options->client.trusted_count +
			options->whatif.shared_lru_count + options->rules.disabled_count +
			options->rules.severity_count) *
		sizeof *list);
	struct report_source *sources = report_sources(source);
	struct arena arena = {0};
	enum exit_code code;
	struct report report = {.version = CACHETAP_VERSION,
		.options = list,
		.option_count = report_options(options, list),
		.sources = sources,
		.source_count = source_count(source),
		.kernel_dropped = source_kernel_dropped(source),
		.interface_dropped = source_interface_dropped(source),
		.thresholds = options->thresholds};

	pipeline_report(pipeline, &report);
	hide_options(report.hiding, list, report.option_count, &arena);
	code = reports_write(options, &report, views, outs);
	arena_fini(&arena);
	mem_free(sources);
	mem_free(list);
	return code;
}
