#include "analyzer/options_parts.h"

#include <string.h>
#include <sys/stat.h>

#include "analyzer/export/diff.h"

static int
check_merge(struct options *options, struct err *err)
{
	if (!options->file_count) {
		err_set(err, EXIT_USAGE, "no report given");
		return err_hint(err, "cachetap merge A.json B.json");
	}
	return options_check_outputs(options, err);
}

static int
check_diff(const struct options *options, struct err *err)
{
	if (options->file_count == DIFF_SIDES)
		return 0;
	err_set(err, EXIT_USAGE, "diff compares two, not %zu", options->file_count);
	return err_hint(err, "cachetap diff BEFORE.json AFTER.pcap");
}

static bool
is_numbered(const struct client_rule *rule)
{
	return rule->by == CLIENT_BY_COOKIE || rule->by == CLIENT_BY_AUTHORIZATION;
}

static int
check_client(const struct options *options, struct err *err)
{
	bool walks = client_rule_walks(&options->client);

	if (options->command == COMMAND_EXTRACT && is_numbered(&options->client)) {
		err_set(err, EXIT_USAGE,
			"clients by credential are numbered in the order of the history, "
			"and extract keeps none");
		return err_hint(err, "cachetap -T ndjson --client-key %s FILE",
			options->client_key);
	}
	/* Each of the two would do nothing without the other. */
	if (options->client.trusted_count && !walks) {
		err_set(err, EXIT_USAGE,
			"--trusted-proxy is for client keys that look behind proxies");
		return err_hint(err, "--client-key xff");
	}
	if (options->client.by == CLIENT_BY_XFF && !options->client.trusted_count) {
		err_set(err, EXIT_USAGE,
			"--client-key xff believes nobody without --trusted-proxy");
		return err_hint(err, "--trusted-proxy 10.0.0.0/8");
	}
	return 0;
}

/* Whether what was read can be read again. */
static bool
is_lasting(const char *path)
{
	struct stat status;

	return strcmp(path, "-") != 0 &&
	       (stat(path, &status) < 0 || S_ISREG(status.st_mode) ||
		       S_ISDIR(status.st_mode));
}

/* What marks flows and what keeps packets for -w is then one thread. */
static void
settle_write(struct options *options)
{
	options->comes_once = options->command == COMMAND_LIVE || options->follow;
	for (size_t i = 0; i < options->file_count; i++)
		options->comes_once |= !is_lasting(options->files[i]);
	if (options->comes_once)
		options->jobs = 1;
}

int
options_check(struct options *options, struct err *err)
{
	if (options->command == COMMAND_MERGE)
		return check_merge(options, err);
	if (options_check_outputs(options, err) < 0)
		return -1;
	switch (options->command) {
	case COMMAND_REPORT:
	case COMMAND_SHOW:
	case COMMAND_EXTRACT:
		if (options->live.duration_ns && !options->follow)
			return err_set(err, EXIT_USAGE,
				"-a is for live and for files with --follow");
		if (options->file_count)
			break;
		err_set(err, EXIT_USAGE, "no capture file given");
		return err_hint(err,
			"cachetap %s FILE.pcap, cachetap live -i IFACE, or "
			"cachetap --help",
			options_command_name(options->command));
	case COMMAND_DIFF:
		if (check_diff(options, err) < 0)
			return -1;
		break;
	case COMMAND_LIVE:
		options->jobs = 1;
		if (options->file_count)
			return err_set(err, EXIT_USAGE, "live reads no files: %s",
				options->files[0]);
		if (options->live.interface || options->list_interfaces)
			break;
		err_set(err, EXIT_USAGE, "no interface given");
		return err_hint(
			err, "cachetap live -i IFACE; cachetap live -D lists them");
	case COMMAND_EXPLAIN:
		if (options->file_count)
			break;
		err_set(err, EXIT_USAGE, "no rule, class or cause given");
		return err_hint(err, "cachetap rules lists the rules");
	default:
		break;
	}
	if (check_client(options, err) < 0)
		return -1;
	if (options->write_path)
		settle_write(options);
	return rules_check_options(&options->rules, err);
}
