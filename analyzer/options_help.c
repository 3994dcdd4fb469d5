#include "analyzer/options_parts.h"

#include <string.h>

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

static const struct {
	enum command command;
	const char *name, *operands, *help;
} commands[] = {
#define COMMAND(id, name, operands, help) {COMMAND_##id, name, operands, help},
#include "analyzer/command.def"
#undef COMMAND
};

static const char examples[] =
	"cachetap - what HTTP caching really does on this wire\n"
	"\n"
	"  cachetap capture.pcapng              a report of a capture\n"
	"  cachetap -T json -o r.json *.pcap.gz several files, one time line, as JSON\n"
	"  ssh host tcpdump -U -w - | cachetap -\n"
	"  sudo cachetap live -i eth0           sniff; Ctrl-C prints the report\n"
	"  cachetap show -f 'host 10.0.0.7' capture.pcapng\n"
	"                                       exchanges, a line each; -v with heads\n"
	"  cachetap explain 304-with-body       what a finding means and how to mend "
	"it\n";

static const char program_end
	[] = "  --version, --help, COMMAND --help\n"
	     "\n"
	     "exit: 0 done, 1 a --fail-on condition holds, 2 usage, 3 input unreadable,\n"
	     "      4 capture not permitted, 5 internal error, 6 output could not be "
	     "written\n";

static void
program_help(FILE *out)
{
	fputs(examples, out);
	fputs("\ncommands:\n", out);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		char left[64];

		snprintf(left, sizeof left, "%s %s", commands[i].name,
			commands[i].operands);
		fprintf(out, "  %-26s %s\n", left, commands[i].help);
	}
	fputs(program_end, out);
}

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
	char formats[OPTIONS_FORMATS_BYTES];

	if (!command) {
		program_help(out);
		return;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].command == command)
			fprintf(out, "cachetap %s%s%s\n\n", commands[i].name,
				*commands[i].operands ? " " : "", commands[i].operands);
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
	if (*options_formats(command, formats) && strchr(formats, ','))
		fprintf(out, "\nformats of -T: %s (default %s)\n", formats,
			options_preset(command) == FORMAT_JSON ? "json" : "text");
	if (command & COMMAND_JUDGES)
		help_thresholds(out);
}
