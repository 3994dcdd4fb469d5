#include "analyzer/options.h"

static const struct {
	char letter;
	const char *name, *argument;
	unsigned commands;
	const char *help;
} rows[] = {
#define OPTION(id, letter, name, argument, commands, help)                               \
	{letter, name, argument, commands, help},
#include "analyzer/options.def"
#undef OPTION
};

static const char program_help[] =
	"cachetap - what HTTP caching really does on this wire\n"
	"\n"
	"  cachetap capture.pcapng              a report of a capture\n"
	"  cachetap -T json -o r.json *.pcap.gz several files, one time line, as JSON\n"
	"  ssh host tcpdump -U -w - | cachetap -\n"
	"  sudo cachetap live -i eth0           sniff; Ctrl-C prints the report\n"
	"  cachetap show -f 'host 10.0.0.7' capture.pcapng\n"
	"                                       exchanges, a line each; -v with heads\n"
	"  cachetap explain 304-with-body       what a finding means and how to mend it\n"
	"\n"
	"commands:\n"
	"  report [OPTIONS] FILE...   analyse captures (default)\n"
	"  live [OPTIONS] -i IFACE    sniff, report at the end\n"
	"  show [OPTIONS] FILE...     list exchanges, one line each; -v with heads\n"
	"  extract [OPTIONS] FILE...  exchanges as lines of JSON: the facts, not judged\n"
	"  explain NAME...            what a rule or a class of waste means, and the "
	"fix\n"
	"  rules                      the catalogue of rules\n"
	"  merge REPORT.json...       add up reports: what adds up of them\n"
	"  --version, --help, COMMAND --help\n"
	"\n"
	"exit: 0 done, 1 a --fail-on condition holds, 2 usage, 3 input unreadable,\n"
	"      4 capture not permitted, 5 internal error, 6 output could not be "
	"written\n";

static void
help_thresholds(FILE *out)
{
	fputs("\nlimits for --threshold, and what they are otherwise:\n", out);
	for (unsigned i = 0; i < THRESHOLD_COUNT; i++) {
		char left[64];

		snprintf(left, sizeof left, "%s=%llu", threshold_name(i),
			(unsigned long long)thresholds_usual.of[i]);
		fprintf(out, "  %-34s %s\n", left, threshold_meaning(i));
	}
}

void
options_help(FILE *out, enum command command)
{
	if (!command) {
		fputs(program_help, out);
		return;
	}
	fprintf(out, "cachetap %s", options_command_name(command));
	fputs(command & COMMAND_FILES	     ? " [OPTIONS] FILE...\n\n"
		: command == COMMAND_LIVE    ? " [OPTIONS] -i IFACE\n\n"
		: command == COMMAND_EXPLAIN ? " NAME...\n\n"
		: command == COMMAND_MERGE   ? " [OPTIONS] REPORT.json...\n\n"
					     : "\n\n",
		out);
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		char left[64];

		if (!(rows[i].commands & command))
			continue;
		snprintf(left, sizeof left, "%c%c%s --%s%s%s", rows[i].letter ? '-' : ' ',
			rows[i].letter ? rows[i].letter : ' ', rows[i].letter ? "," : " ",
			rows[i].name, rows[i].argument ? " " : "",
			rows[i].argument ? rows[i].argument : "");
		fprintf(out, "  %-34s %s\n", left, rows[i].help);
	}
	if (command & (COMMAND_REPORT | COMMAND_LIVE))
		help_thresholds(out);
}
