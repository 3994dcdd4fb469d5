/*
 * analyzer/options.h - the command line, read into one struct
 *
 * options.def is the table; parsing and --help come from it.  Strings are those of
 * argv and live as long.
 */
#ifndef ANALYZER_OPTIONS_H
#define ANALYZER_OPTIONS_H

#include "analyzer/base/err.h"
#include "analyzer/base/threshold.h"
#include "analyzer/capture/source.h"
#include "analyzer/export/gate.h"
#include "analyzer/flow/queue.h"
#include "analyzer/history/client.h"
#include "analyzer/http/redact.h"
#include "analyzer/ledger/whatif.h"
#include "analyzer/rules/rule.h"

enum command {
	COMMAND_REPORT = 1 << 0,
	COMMAND_LIVE = 1 << 1,
	COMMAND_RULES = 1 << 2,
	COMMAND_EXPLAIN = 1 << 3,
	COMMAND_HELP = 1 << 4,
	COMMAND_VERSION = 1 << 5,
	COMMAND_MERGE = 1 << 6,
	COMMAND_SHOW = 1 << 7,
	COMMAND_EXTRACT = 1 << 8,
	COMMAND_DIFF = 1 << 9,

	/* Groups: what lists exchanges, reads files, makes reports, judges, and all that
	 * looks at packets. */
	COMMAND_LISTS = COMMAND_SHOW | COMMAND_EXTRACT,
	COMMAND_FILES = COMMAND_REPORT | COMMAND_LISTS,
	COMMAND_REPORTS = COMMAND_REPORT | COMMAND_LIVE | COMMAND_DIFF,
	COMMAND_JUDGES = COMMAND_REPORTS | COMMAND_SHOW,
	COMMAND_PACKETS = COMMAND_JUDGES | COMMAND_EXTRACT,
};

enum format {
#define FORMAT(id, name, commands) FORMAT_##id,
#include "analyzer/format.def"
#undef FORMAT
};

enum colour {
	COLOUR_AUTO,
	COLOUR_ALWAYS,
	COLOUR_NEVER,
};

struct output {
	enum format format;
	const char *path; /* NULL: stdout */
	char *own_path;	  /* made of a folder's; or NULL */
	size_t table;	  /* of csv.h */
	bool has_table;	  /* it was named */
};

struct options {
	enum command command;
	enum command help_for; /* of COMMAND_HELP; 0: the whole program */

	const char *
		*files; /* operands and -r; for explain the rules, for merge reports */
	size_t file_count;
	struct output *outputs; /* at least one */
	size_t output_count;
	size_t table; /* of -T csv, if has_table */
	bool has_table;

	const char *write_path; /* of -w, or NULL */
	bool comes_once;	/* and the input cannot be read again for it */
	const char *filter;
	struct source_live_options live;
	bool list_interfaces, follow;
	uint64_t packets_max; /* 0: no limit */
	const char *user;
	uint64_t memory_bytes;
	uint64_t flows_max; /* 0: what the memory holds */
	unsigned jobs;	    /* threads; 1 when live */
	enum overlap overlap;
	const char *fingerprint; /* NULL: the built-in form of versioned URLs */
	struct thresholds thresholds;
	struct client_rule client;
	uint32_t history_age_s; /* 0: for ever */
	bool conservative_age, proven_only, no_progress;
	const char *client_key; /* as given; NULL: not */
	const char **trusted;	/* as given, as many as the rule has */
	struct rules_options rules;
	struct whatif_options whatif;
	struct gate *gates; /* --fail-on */
	size_t gate_count;
	bool fail_on_likely;
	const char *baseline; /* a report; NULL: none */
	enum redact redact;
	enum colour colour;
	unsigned top;
	bool self_check, verbose, quiet;
};

/* -1 with EXIT_USAGE.  options_free() in any case. */
int options_read(struct options *options, int argc, char **argv, struct err *err);
void options_free(struct options *options);

/* What is typed for it; of commands that are options the default. */
const char *options_command_name(enum command command);

/* --help: examples first, then the options of the command. */
void options_help(FILE *out, enum command command);

#endif
