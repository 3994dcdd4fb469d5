/*
 * analyzer/main.c - from the command line to the report
 *
 * The order is a promise: what the user gave is checked, sources and outputs are
 * opened, root is given up, and only then is the first captured octet looked at.
 */
#include "analyzer/capture/privilege.h"
#include "analyzer/comparison.h"
#include "analyzer/export/diff.h"
#include "analyzer/merge.h"
#include "analyzer/outputs.h"
#include "analyzer/progress.h"
#include "analyzer/report/report_read.h"
#include "analyzer/reports.h"
#include "analyzer/rules/explain.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

/* The first signal ends the capture; the next one finds the default action again. */
static void
on_signal(int signal)
{
	(void)signal;
	source_stop();
}

static void
catch_stop(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction stop = {
		.sa_handler = on_signal, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};

	for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct sigaction before;

		/* nohup and shells' background jobs have some ignored. */
		if (!sigaction(signals[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(signals[i], &stop, NULL);
	}
}

/* A closed pipe is seen as a failed write, and ends the program quietly. */
static void
ignore_closed_pipes(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, NULL);
}

static void
say_trouble(const struct source *source, size_t index, const char *trouble)
{
	if (trouble[0])
		fprintf(stderr, "cachetap: %s: %s\n", source_info(source, index)->path,
			trouble);
}

/* Says what is wrong with the sources; how many could not be read at all. */
static size_t
report_troubles(struct source *source, enum exit_code *code)
{
	size_t failed = 0;

	for (size_t i = 0; i < source_count(source); i++) {
		const struct source_info *info = source_info(source, i);

		if (info->failed) {
			*code = err_complain(&info->err);
			failed++;
		} else if (*code != EXIT_CAPTURE) {
			say_trouble(source, i, source_trouble(source, i));
		}
	}
	return failed;
}

/* Not between the lines of a list that goes to the same terminal. */
static bool
wants_progress(const struct options *options)
{
	return !options->no_progress && options->command & COMMAND_FILES &&
	       !(options->command & COMMAND_LISTS && isatty(STDOUT_FILENO));
}

struct reading {
	struct source *source;
	struct pipeline *pipeline;
	struct progress progress;
	bool is_following;
	uint32_t file; /* that gave the last packet */
};

/* Who follows files for days hears of one when it is over. */
static void
tell_trouble(struct reading *reading)
{
	const char *trouble = reading->is_following
				      ? source_trouble(reading->source, reading->file)
				      : "";

	if (!trouble[0])
		return;
	progress_hide(&reading->progress);
	say_trouble(reading->source, reading->file, trouble);
}

static void
on_idle(void *context, int64_t ts_ns)
{
	struct reading *reading = context;

	tell_trouble(reading);
	pipeline_idle(reading->pipeline, ts_ns);
	if (pipeline_is_unheard(reading->pipeline))
		source_stop();
}

static enum exit_code
read_packets(
	const struct options *options, struct source *source, struct pipeline *pipeline)
{
	struct reading reading = {
		.source = source, .pipeline = pipeline, .is_following = options->follow};
	struct packet packet;
	struct err err;
	uint64_t left = options->packets_max;
	int got = 0;

	progress_begin(&reading.progress, wants_progress(options));
	source_on_idle(source, on_idle, &reading);
	while ((!options->packets_max || left--) && !pipeline_is_unheard(pipeline) &&
		(got = source_next(source, &packet, &err)) > 0) {
		if (packet.source != reading.file)
			tell_trouble(&reading);
		reading.file = packet.source;
		pipeline_packet(pipeline, &packet);
		progress_packet(&reading.progress, source);
	}
	pipeline_finish(pipeline);
	progress_end(&reading.progress);
	return got < 0 ? err_complain(&err) : EXIT_DONE;
}

/* Of hash tables: nobody who makes a capture can know it. */
static uint64_t
run_seed(void)
{
	uint64_t seed;

	return getrandom(&seed, sizeof seed, 0) == sizeof seed ? seed
							       : (uint64_t)getpid();
}

static uint64_t
packets_read(const struct source *source)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < source_count(source); i++)
		packets += source_info(source, i)->packets;
	return packets;
}

/* Packets for -w: of files they are read again, what comes once was kept. */
struct rereading {
	struct source *again;
	struct spool *spool;
};

static bool
is_wanted(const struct rereading *rereading)
{
	return rereading->again || rereading->spool;
}

static void
say_what_is_missing(struct sieve *sieve, const char *name)
{
	uint64_t flows, packets = sieve_lost_packets(sieve, &flows);

	if (sieve_evictions(sieve))
		fprintf(stderr,
			"cachetap: %s: packets of some flows are missing (up to %" PRIu64
			"): the memory did not hold all\n"
			"  try: --max-memory with more\n",
			name, sieve_evictions(sieve));
	if (packets)
		fprintf(stderr,
			"cachetap: %s: %" PRIu64 " packets of %" PRIu64
			" flows are missing: there was no room to keep them\n  try: "
			"--max-memory with more; it bounds the room in TMPDIR as well\n",
			name, packets, flows);
}

/* The packets of flows that have findings; as far as files were read, if a signal ended
 * that. */
static enum exit_code
write_packets(struct sieve *sieve, const struct source *source, struct source *again,
	struct out *out)
{
	struct err err;

	say_what_is_missing(sieve, out->name);
	source_resume();
	if (sieve_write(sieve, again, packets_read(source), out, &err) == 0)
		return EXIT_DONE;
	out_abandon(out);
	return err_complain(&err);
}

static struct pipeline_options
settings_of(const struct options *options)
{
	return (struct pipeline_options){
		.judge = {.memory_bytes = options->memory_bytes,
			.fingerprint = options->fingerprint,
			.thresholds = &options->thresholds,
			.client = options->client,
			.history_age_s = options->history_age_s,
			.conservative_age = options->conservative_age,
			.rules = &options->rules,
			.whatif = &options->whatif,
			.live = options->command == COMMAND_LIVE,
			.facts_only = options->command == COMMAND_EXTRACT},
		.flows_max = options->flows_max,
		.jobs = options->jobs,
		.overlap = options->overlap,
	};
}

static enum exit_code
analyse(const struct options *options, struct source *source,
	const struct rereading *rereading, const struct views *views, struct out *outs)
{
	struct judge_records *outputs = mem_alloc(
		options->output_count * sizeof *outputs);
	struct record_options records;
	struct pipeline_options settings = settings_of(options);
	struct hiding hiding = {.secrets_only = options->redact == REDACT_SECRETS};
	struct pipeline *pipeline;
	enum exit_code code;
	const char *broken;
	bool was_read;

	if (options->redact != REDACT_NONE)
		settings.judge.hiding = &hiding;
	if (options->redact == REDACT_ALL)
		settings.hiding = &hiding;
	records = reports_record_options(options, source, outs);
	settings.judge.record_options = &records;
	settings.judge.records = outputs;
	settings.judge.record_count = reports_records(options, outs, outputs);
	settings.judge.visits = reports_want_visits(options);
	settings.judge.seed = run_seed();
	if (is_wanted(rereading))
		settings.judge.sieve = sieve_new(options->memory_bytes / 32,
			settings.judge.seed, rereading->spool);
	pipeline = pipeline_new(&settings);
	code = read_packets(options, source, pipeline);
	was_read = report_troubles(source, &code) < source_count(source);
	if (was_read && !(options->command & COMMAND_LISTS)) {
		enum exit_code held = reports_print(
			options, source, pipeline, views, outs);

		code = code ? code : held;
	}
	broken = pipeline_check(pipeline);
	if (!broken)
		broken = source_check(source);
	if (broken && options->self_check) {
		fprintf(stderr, "cachetap: self-check: %s\n", broken);
		code = EXIT_INTERNAL;
	}
	/* Above all when a condition holds: then they are asked for. */
	if (is_wanted(rereading) && was_read) {
		enum exit_code wrote = write_packets(settings.judge.sieve, source,
			rereading->again, &outs[options->output_count]);

		code = wrote ? wrote : code;
	}
	sieve_free(&settings.judge.sieve);
	pipeline_free(&pipeline);
	mem_free(outputs);
	return code;
}

static int
open_again(const struct options *options, struct rereading *rereading, struct err *err)
{
	if (!options->write_path)
		return 0;
	if (!options->comes_once)
		return source_open_files(&rereading->again,
			(char *const *)(uintptr_t)options->files, options->file_count,
			options->filter, err);
	rereading->spool = spool_open(options->memory_bytes, err);
	return rereading->spool ? 0 : -1;
}

static int
open_source(const struct options *options, struct source **source, struct err *err)
{
	if (options->command == COMMAND_LIVE) {
		if (source_open_live(source, &options->live, options->filter, err) < 0)
			return -1;
		catch_stop(); /* only an open source can be stopped */
		return 0;
	}
	if (source_open_files(source, (char *const *)(uintptr_t)options->files,
		    options->file_count, options->filter, err) < 0)
		return -1;
	if (options->follow && source_follow(*source, options->live.duration_ns, err) < 0)
		return -1;
	catch_stop();
	return 0;
}

static enum exit_code
run(const struct options *options)
{
	struct out *outs = mem_alloc((options->output_count + 1) * sizeof *outs);
	struct source *source = NULL;
	struct rereading rereading = {NULL, NULL};
	struct views views = {0};
	struct err err;
	enum exit_code code;
	int written;

	if (options->list_interfaces) {
		mem_free(outs);
		return source_list_interfaces(stdout, &err) < 0 ? err_complain(&err)
								: EXIT_DONE;
	}
	ignore_closed_pipes();
	if (open_source(options, &source, &err) < 0 ||
		open_again(options, &rereading, &err) < 0 ||
		views_open(&views, options, &err) < 0 ||
		outputs_open(outs, options, &source, 1, &err) < 0 ||
		privilege_drop(options->user, &err) < 0 ||
		views_read(&views, options, &err) < 0 ||
		outputs_begin(outs, options, &err) < 0)
		code = err_complain(&err);
	else
		code = analyse(options, source, &rereading, &views, outs);
	views_close(&views);
	spool_close(&rereading.spool);
	source_close(&rereading.again);
	source_close(&source);
	written = outputs_close(outs, options->output_count + 1);
	mem_free(outs);
	return written ? (enum exit_code)written : code;
}

/* Reports are files of others as captures are: root is given up before one is read. */
static enum exit_code
add_up(const struct options *options, struct views *views, struct out *outs)
{
	struct report_sum *sum = report_sum_new(CACHETAP_VERSION);
	struct merge *merge = NULL;
	enum exit_code code = EXIT_DONE;
	struct err err;

	if (merge_open(&merge, options->files, options->file_count, &err) < 0 ||
		views_open(views, options, &err) < 0 ||
		outputs_open(outs, options, NULL, 0, &err) < 0 ||
		privilege_drop(options->user, &err) < 0 ||
		views_read(views, options, &err) < 0 || merge_read(merge, sum, &err) < 0)
		code = err_complain(&err);
	else
		code = reports_write(options, report_sum_report(sum), views, outs);
	merge_close(&merge);
	report_sum_free(&sum);
	return code;
}

static enum exit_code
run_merge(const struct options *options)
{
	struct out *outs = mem_alloc(options->output_count * sizeof *outs);
	struct views views = {0};
	enum exit_code code;
	int written;

	ignore_closed_pipes();
	code = add_up(options, &views, outs);
	views_close(&views);
	written = outputs_close(outs, options->output_count);
	mem_free(outs);
	return written ? (enum exit_code)written : code;
}

/* ---- diff ---- */

/* The report of one operand as JSON: it is one, or that of a run of its own. */
static enum exit_code
read_operand(const struct options *options, struct comparison *operand, struct out *json)
{
	struct output output = {.format = FORMAT_JSON};
	struct options alone = *options;
	const struct views none = {0};
	const struct rereading nothing = {NULL, NULL};
	struct err err;

	if (operand->is_report)
		return reportfile_read(&operand->file, json, &err) < 0
			       ? err_complain(&err)
			       : EXIT_DONE;
	alone.outputs = &output;
	alone.output_count = 1;
	return analyse(&alone, operand->source, &nothing, &none, json);
}

static void
write_diff(const struct options *options, const struct diff *diff, struct out *outs)
{
	for (size_t i = 0; i < options->output_count; i++) {
		const struct diff_page page = {.verbose = options->verbose,
			.colour = reports_colour(options, &outs[i]),
			.columns = reports_columns(&outs[i]),
			.headline_only = options->quiet,
			.top = options->top};

		if (options->outputs[i].format == FORMAT_JSON)
			diff_json(&outs[i], diff);
		else
			diff_text(&outs[i], diff, &page);
	}
}

static enum exit_code
compare(const struct options *options, struct comparison operands[DIFF_SIDES],
	struct out *outs)
{
	const struct jsonvalue *reports[DIFF_SIDES] = {NULL};
	struct arena arena = {0};
	struct err err;
	struct diff diff;
	enum exit_code code = EXIT_DONE;

	for (unsigned side = 0; !code && side < DIFF_SIDES; side++) {
		struct out json;

		out_init_memory(&json);
		comparison_recognise(&operands[side]);
		code = read_operand(options, &operands[side], &json);
		if (!code)
			reports[side] = report_read(
				out_contents(&json), &arena, operands[side].path, &err);
		if (!code && !reports[side])
			code = err_complain(&err);
		out_fini(&json);
	}
	if (!code) {
		diff_make(&diff, options->files, reports);
		write_diff(options, &diff, outs);
		diff_fini(&diff);
	}
	arena_fini(&arena);
	return code;
}

static enum exit_code
run_diff(const struct options *options)
{
	struct out *outs = mem_alloc(options->output_count * sizeof *outs);
	struct comparison operands[DIFF_SIDES] = {{0}};
	struct source *sources[DIFF_SIDES];
	enum exit_code code;
	struct err err;
	int failed = 0, written;

	ignore_closed_pipes();
	for (unsigned side = 0; !failed && side < DIFF_SIDES; side++) {
		failed = comparison_open(
			&operands[side], options->files[side], options->filter, &err);
		sources[side] = operands[side].source;
	}
	if (failed || outputs_open(outs, options, sources, DIFF_SIDES, &err) < 0 ||
		privilege_drop(options->user, &err) < 0)
		code = err_complain(&err);
	else
		code = compare(options, operands, outs);
	for (unsigned side = 0; side < DIFF_SIDES; side++)
		comparison_close(&operands[side]);
	written = outputs_close(outs, options->output_count);
	mem_free(outs);
	return written ? (enum exit_code)written : code;
}

static void
print_version(void)
{
	printf("cachetap %s\nbuilt with:%s%s zlib gzip deflate\n", CACHETAP_VERSION,
#ifdef HAVE_BROTLI
		" brotli",
#else
		"",
#endif
#ifdef HAVE_ZSTD
		" zstd"
#else
		""
#endif
	);
}

static enum exit_code
explain(const struct options *options)
{
	struct err err;

	for (size_t i = 0; i < options->file_count; i++) {
		if (i)
			putchar('\n');
		if (explain_name(stdout, options->files[i], &err) < 0)
			return err_complain(&err);
	}
	return EXIT_DONE;
}

int
main(int argc, char **argv)
{
	struct options options;
	struct err err;
	int code = EXIT_DONE;

	if (options_read(&options, argc, argv, &err) < 0) {
		options_free(&options);
		return err_complain(&err);
	}
	switch (options.command) {
	case COMMAND_HELP:
		options_help(stdout, options.help_for);
		break;
	case COMMAND_VERSION:
		print_version();
		break;
	case COMMAND_RULES:
		explain_list(stdout);
		break;
	case COMMAND_EXPLAIN:
		code = explain(&options);
		break;
	case COMMAND_MERGE:
		code = run_merge(&options);
		break;
	case COMMAND_DIFF:
		code = run_diff(&options);
		break;
	default:
		code = run(&options);
	}
	options_free(&options);
	if (fflush(stdout) != 0 && !code) {
		fprintf(stderr, "cachetap: standard output: could not be written\n");
		code = EXIT_OUTPUT;
	}
	return code;
}
