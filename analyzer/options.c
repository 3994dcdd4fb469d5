#include "analyzer/options_parts.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"
#include "analyzer/value.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

enum option_id {
#define OPTION(id, letter, name, argument, commands, help) OPTION_##id,
#include "analyzer/options.def"
#undef OPTION
};

static const struct row {
	enum option_id id;
	char letter;
	const char *name, *argument;
	unsigned commands;
} rows[] = {
#define OPTION(id, letter, name, argument, commands, help)                               \
	{OPTION_##id, letter, name, argument, commands},
#include "analyzer/options.def"
#undef OPTION
};

enum {
	ROWS = sizeof rows / sizeof *rows
};

static const struct {
	const char *name;
	enum command command;
} commands[] = {
#define COMMAND(id, name, operands, help) {name, COMMAND_##id},
#include "analyzer/command.def"
#undef COMMAND
};

/* ---- values ---- */

static int
read_choice(const struct row *row, const char *text, const char *const *choices,
	unsigned count, unsigned *choice, struct err *err)
{
	if (value_choice(row->name, text, choices, count, choice, err) == 0)
		return 0;
	return err_hint(err, "%s", row->argument);
}

static void
add_string(const char *const **list, size_t *count, const char *text)
{
	const char **grown = mem_grow(
		(void *)(uintptr_t)*list, (*count + 1) * sizeof *grown);

	grown[(*count)++] = text;
	*list = grown;
}

static int
read_client_key(struct options *options, const char *text, struct err *err)
{
	options->client_key = text;
	if (client_rule_parse(slice_of(text, strlen(text)), &options->client))
		return 0;
	err_set(err, EXIT_USAGE, "--client-key: no such key: %s", text);
	return err_hint(err, "ip-ua, ip, conn, xff, cookie:NAME or authorization");
}

static int
add_trusted(struct options *options, const char *text, struct err *err)
{
	size_t count = options->client.trusted_count;
	struct network *networks = mem_grow((void *)(uintptr_t)options->client.trusted,
		(count + 1) * sizeof *networks);

	options->client.trusted = networks;
	if (!network_parse(slice_of(text, strlen(text)), &networks[count])) {
		err_set(err, EXIT_USAGE, "--trusted-proxy wants ADDRESS/BITS, not %s",
			text);
		return err_hint(err, "--trusted-proxy 10.0.0.0/8, fd00::/8 or 192.0.2.1");
	}
	options->trusted = mem_grow(
		options->trusted, (count + 1) * sizeof *options->trusted);
	options->trusted[count] = text;
	options->client.trusted_count++;
	return 0;
}

static int
add_gate(struct options *options, const char *text, struct err *err)
{
	options->gates = mem_grow(
		options->gates, (options->gate_count + 1) * sizeof *options->gates);
	return gate_parse(&options->gates[options->gate_count++], text, err);
}

static void
add_file(struct options *options, const char *path)
{
	options->files = mem_grow(
		options->files, (options->file_count + 1) * sizeof *options->files);
	options->files[options->file_count++] = path;
}

/* ---- one option ---- */

static int
apply_source(const struct row *row, struct options *options, const char *value,
	struct err *err)
{
	uint64_t number;

	switch (row->id) {
	case OPTION_READ:
		add_file(options, value);
		return 0;
	case OPTION_INTERFACE:
		options->live.interface = value;
		return 0;
	case OPTION_LIST_INTERFACES:
		options->list_interfaces = true;
		return 0;
	case OPTION_FILTER:
		options->filter = value;
		return 0;
	case OPTION_SNAPLEN:
		if (value_number(row->name, value, 0, 262144, &number, err) < 0)
			return -1;
		options->live.snaplen_bytes = (uint32_t)number;
		return 0;
	case OPTION_BUFFER:
		if (value_number(row->name, value, 1, 1u << 21, &number, err) < 0)
			return -1;
		options->live.buffer_kib = (uint32_t)number;
		return 0;
	case OPTION_NO_PROMISCUOUS:
		options->live.no_promiscuous = true;
		return 0;
	case OPTION_COUNT:
		return value_number(
			row->name, value, 1, UINT64_MAX, &options->packets_max, err);
	case OPTION_AUTOSTOP:
		return value_duration(row->name, value, &options->live.duration_ns, err);
	case OPTION_FOLLOW:
		options->follow = true;
		return 0;
	default:
		options->user = value;
		return 0;
	}
}

static int
apply_output(const struct row *row, struct options *options, const char *value,
	struct err *err)
{
	static const char *const colours[] = {[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never"};
	static const char *const progresses[] = {"auto", "never"};
	unsigned choice = 0;
	uint64_t number;

	switch (row->id) {
	case OPTION_FORMAT:
		return options_format(options, value, err);
	case OPTION_WRITE:
		options->write_path = value;
		return 0;
	case OPTION_OUTPUT:
		return options_output(options, value, err);
	case OPTION_TABLE:
		return options_table(options, value, err);
	case OPTION_REDACT:
		if (read_choice(row, value, redact_names, 3, &choice, err) < 0)
			return -1;
		options->redact = options->rules.redact = choice;
		return 0;
	case OPTION_COLOUR:
		if (read_choice(row, value, colours, 3, &choice, err) < 0)
			return -1;
		options->colour = choice;
		return 0;
	case OPTION_PROGRESS:
		if (read_choice(row, value, progresses, 2, &choice, err) < 0)
			return -1;
		options->no_progress = choice;
		return 0;
	case OPTION_TOP:
		if (value_number(row->name, value, 1, 10000, &number, err) < 0)
			return -1;
		options->top = (unsigned)number;
		return 0;
	case OPTION_VERBOSE:
		options->verbose = true;
		return 0;
	case OPTION_QUIET:
		options->quiet = true;
		return 0;
	default: /* -n */
		return 0;
	}
}

static int
read_overlap(
	const struct row *row, const char *text, enum overlap *overlap, struct err *err)
{
	unsigned choice = 0;

	if (read_choice(row, text, overlap_names, OVERLAPS, &choice, err) < 0)
		return -1;
	*overlap = choice;
	return 0;
}

static int
read_capacity(const struct row *row, const char *text, struct whatif_options *whatif,
	struct err *err)
{
	uint64_t octets;

	if (value_size(row->name, text, 1, &octets, err) < 0)
		return -1;
	if (whatif->shared_lru_count == SHAREDCACHE_LRU_MAX)
		return err_set(err, EXIT_USAGE, "--%s: at most %d of them", row->name,
			SHAREDCACHE_LRU_MAX);
	whatif->shared_lru_octets[whatif->shared_lru_count++] = octets;
	return 0;
}

static int
read_threshold(const struct row *row, const char *text, struct thresholds *thresholds,
	struct err *err)
{
	if (threshold_set(thresholds, slice_of(text, strlen(text))))
		return 0;
	err_set(err, EXIT_USAGE, "--%s: no such limit, or not of that size: %s",
		row->name, text);
	return err_hint(err, "--%s %s=512; cachetap --help tells the names", row->name,
		threshold_name(0));
}

static int
apply(const struct row *row, struct options *options, const char *value, struct err *err)
{
	uint64_t number;

	switch (row->id) {
	case OPTION_HELP:
		options->help_for = options->command;
		options->command = COMMAND_HELP;
		return 0;
	case OPTION_DISABLE:
		add_string(
			&options->rules.disabled, &options->rules.disabled_count, value);
		return 0;
	case OPTION_SEVERITY:
		add_string(&options->rules.severities, &options->rules.severity_count,
			value);
		return 0;
	case OPTION_FAIL_ON:
		return add_gate(options, value, err);
	case OPTION_FAIL_ON_LIKELY:
		options->fail_on_likely = true;
		return 0;
	case OPTION_BASELINE:
		options->baseline = value;
		return 0;
	case OPTION_OVERLAP:
		return read_overlap(row, value, &options->overlap, err);
	case OPTION_FINGERPRINT:
		return value_expression(row->name, value, &options->fingerprint, err);
	case OPTION_THRESHOLD:
		return read_threshold(row, value, &options->thresholds, err);
	case OPTION_CLIENT_KEY:
		return read_client_key(options, value, err);
	case OPTION_TRUSTED_PROXY:
		return add_trusted(options, value, err);
	case OPTION_SHARED_LRU:
		return read_capacity(row, value, &options->whatif, err);
	case OPTION_HEURISTIC:
		options->whatif.heuristic = true;
		return 0;
	case OPTION_HISTORY_AGE:
		return value_age(row->name, value, &options->history_age_s, err);
	case OPTION_CONSERVATIVE_AGE:
		options->conservative_age = true;
		return 0;
	case OPTION_PROVEN_ONLY:
		options->proven_only = true;
		return 0;
	case OPTION_MEMORY:
		return value_size(
			row->name, value, 1u << 20, &options->memory_bytes, err);
	case OPTION_MAX_FLOWS:
		return value_number(
			row->name, value, 1, UINT32_MAX / 2, &options->flows_max, err);
	case OPTION_JOBS:
		if (value_number(row->name, value, 1, 1024, &number, err) < 0)
			return -1;
		options->jobs = (unsigned)number;
		return 0;
	case OPTION_SELF_CHECK:
		options->self_check = true;
		return 0;
	case OPTION_FORMAT:
	case OPTION_WRITE:
	case OPTION_OUTPUT:
	case OPTION_TABLE:
	case OPTION_REDACT:
	case OPTION_COLOUR:
	case OPTION_PROGRESS:
	case OPTION_TOP:
	case OPTION_VERBOSE:
	case OPTION_QUIET:
	case OPTION_NO_NAMES:
	case OPTION_UTC:
		return apply_output(row, options, value, err);
	default:
		return apply_source(row, options, value, err);
	}
}

/* ---- the whole line ---- */

const char *
options_command_name(enum command command)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].command == command)
			return commands[i].name;
	return "report";
}

static void
build_tables(enum command command, char *letters, struct option *longs)
{
	*letters++ = ':';
	for (unsigned i = 0; i < ROWS; i++) {
		if (!(rows[i].commands & command))
			continue;
		*longs++ = (struct option){rows[i].name,
			rows[i].argument ? required_argument : no_argument, NULL,
			(int)i + 1};
		if (!rows[i].letter)
			continue;
		*letters++ = rows[i].letter;
		if (rows[i].argument)
			*letters++ = ':';
	}
	*letters = '\0';
	*longs = (struct option){0};
}

/* getopt gives the index of a long option, and a letter of a short one. */
static const struct row *
find_row(int got, enum command command)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].commands & command &&
			((int)i + 1 == got || (rows[i].letter && rows[i].letter == got)))
			return &rows[i];
	return NULL;
}

static int
unknown_option(int got, char *const *argv, enum command command, struct err *err)
{
	const char *text = optopt > ROWS || !optopt ? argv[optind - 1]
						    : rows[optopt - 1].name;
	char letter[3] = {'-', (char)optopt, '\0'};

	if (optopt > ROWS && argv[optind - 1][0] == '-' && argv[optind - 1][1] != '-')
		text = letter;
	if (got == ':')
		err_set(err, EXIT_USAGE, "%s%s wants a value",
			optopt && optopt <= ROWS ? "--" : "", text);
	else
		err_set(err, EXIT_USAGE, "%s has no option %s",
			options_command_name(command), text);
	return err_hint(err, "cachetap %s --help", options_command_name(command));
}

/* Takes the command off the front; without one it is a report. */
static int
read_command(struct options *options, int argc, char **argv)
{
	options->command = COMMAND_REPORT;
	if (argc < 2)
		return 0;
	if (strcmp(argv[1], "--version") == 0) {
		options->command = COMMAND_VERSION;
		return 1;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		options->command = COMMAND_HELP;
		return 1;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0) {
			options->command = commands[i].command;
			return 1;
		}
	return 0;
}

static unsigned
processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count > 1 ? (unsigned)count : 1;
}

int
options_read(struct options *options, int argc, char **argv, struct err *err)
{
	char letters[2 * ROWS + 2];
	struct option longs[ROWS + 1];
	int skip, got;
	enum command command;

	*options = (struct options){.memory_bytes = CONFIG_MEMORY_BYTES,
		.thresholds = thresholds_usual,
		.jobs = processors()};
#ifdef CACHETAP_SELF_CHECK
	options->self_check = true;
#endif
	skip = read_command(options, argc, argv);
	if (options->command == COMMAND_VERSION || options->command == COMMAND_HELP)
		return 0;
	command = options->command;
	if (command == COMMAND_LIVE)
		options->history_age_s = CONFIG_LIVE_HISTORY_S;
	build_tables(command, letters, longs);
	argc -= skip;
	argv += skip;
	opterr = 0;
	optind = 1;
	while ((got = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct row *row = find_row(got, command);

		if (!row)
			return unknown_option(got, argv, command, err);
		if (apply(row, options, optarg, err) < 0)
			return -1;
		if (options->command == COMMAND_HELP)
			return 0;
	}
	for (; optind < argc; optind++)
		add_file(options, argv[optind]);
	return options_check(options, err);
}

void
options_free(struct options *options)
{
	mem_free(options->files);
	for (size_t i = 0; i < options->output_count; i++)
		mem_free(options->outputs[i].own_path);
	mem_free(options->outputs);
	mem_free(options->trusted);
	mem_free(options->gates);
	mem_free((void *)(uintptr_t)options->client.trusted);
	mem_free((void *)(uintptr_t)options->rules.disabled);
	mem_free((void *)(uintptr_t)options->rules.severities);
	*options = (struct options){0};
}
