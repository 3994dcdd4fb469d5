/*
 * docs/manual/manual.c - what the manual page and the shells must know of the options
 *
 *	manual options|bash|zsh|fish
 *
 * Everything comes from the tables of which the program itself is made, so that no
 * option is missing and none is there too many.  `options` is the section of the manual
 * page, in scdoc's notation.
 */
#include "analyzer/options.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct command_row {
	const char *name, *operands, *help;
	unsigned bit;
} commands[] = {
#define COMMAND(id, name, operands, help) {name, operands, help, COMMAND_##id},
#include "analyzer/command.def"
#undef COMMAND
};

static const struct option_row {
	const char *name, *argument, *help;
	unsigned commands;
	char letter;
} options[] = {
#define OPTION(id, letter, name, argument, commands, help)                               \
	{name, argument, help, commands, letter},
#include "analyzer/options.def"
#undef OPTION
};

static const char *const formats[] = {
#define FORMAT(id, name, commands) name,
#include "analyzer/format.def"
#undef FORMAT
};

#define FOR_COMMANDS(c)                                                                  \
	for (const struct command_row *c = commands;                                     \
		c < commands + sizeof commands / sizeof *commands; c++)
#define FOR_OPTIONS(o)                                                                   \
	for (const struct option_row *o = options;                                       \
		o < options + sizeof options / sizeof *options; o++)

/* What stands for an option's argument, or a command's operands. */
enum values {
	VALUES_NONE,
	VALUES_ANY,
	VALUES_CHOICES, /* a|b|c */
	VALUES_FORMATS,
	VALUES_FILES,
	VALUES_RULES,
	VALUES_INTERFACES,
	VALUES_USERS,
};

static enum values
values_of(const char *argument)
{
	if (!argument)
		return VALUES_NONE;
	if (strcmp(argument, "FORMAT") == 0)
		return VALUES_FORMATS;
	if (strcmp(argument, "IFACE") == 0)
		return VALUES_INTERFACES;
	if (strcmp(argument, "USER") == 0)
		return VALUES_USERS;
	if (strcmp(argument, "FILE") == 0 || strncmp(argument, "REPORT", 6) == 0)
		return VALUES_FILES;
	if (strncmp(argument, "RULE[", 5) == 0 || strncmp(argument, "RULE=", 5) == 0)
		return VALUES_RULES;
	return strchr(argument, '|') && islower((unsigned char)*argument) ? VALUES_CHOICES
									  : VALUES_ANY;
}

static enum values
operands_of(const struct command_row *c)
{
	if (strstr(c->operands, "FILE") || strstr(c->operands, ".json"))
		return VALUES_FILES;
	return strstr(c->operands, "NAME") ? VALUES_RULES : VALUES_NONE;
}

/* Choices with blanks between them. */
static void
put_choices(const struct option_row *o)
{
	if (values_of(o->argument) == VALUES_FORMATS) {
		for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
			printf("%s%s", i ? " " : "", formats[i]);
		return;
	}
	for (const char *c = o->argument; *c; c++)
		putchar(*c == '|' ? ' ' : *c);
}

/* Within single quotes of a shell; `special` gets a backslash, too. */
static void
put_quoted(const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", stdout);
		else if (strchr(special, *text))
			putchar('\\');
		putchar(*text);
	}
}

/* ---- the manual page ---- */

static void
put_scdoc_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*_[]#<>", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void
put_scdoc_option(const struct option_row *o)
{
	if (o->letter)
		printf("*-%c*, ", o->letter);
	printf("*--%s*", o->name);
	if (o->argument) {
		fputs(" _", stdout);
		put_scdoc_text(o->argument);
		putchar('_');
	}
	fputs("\n\t", stdout);
	put_scdoc_text(o->help);
	fputs(".", stdout);
	if (o->commands != ~0u) {
		const char *before = " Of ";

		FOR_COMMANDS(c)
		if (o->commands & c->bit) {
			printf("%s*%s*", before, c->name);
			before = ", ";
		}
		putchar('.');
	}
	fputs("\n\n", stdout);
}

static void
put_scdoc(void)
{
	puts("# COMMANDS\n");
	FOR_COMMANDS(c)
	{
		printf("*%s* ", c->name);
		put_scdoc_text(c->operands);
		fputs("\n\t", stdout);
		put_scdoc_text(c->help);
		fputs(".\n\n", stdout);
	}
	puts("# OPTIONS\n");
	FOR_OPTIONS(o) put_scdoc_option(o);
}

/* ---- bash ---- */

static const char bash_values[] = "_cachetap_rules() { cachetap rules 2>/dev/null | "
				  "sed -nE 's/^([0-9a-z]+(-[0-9a-z]+)+) .*/\\1/p'; }\n"
				  "_cachetap_files() { compopt -o filenames; "
				  "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); }\n"
				  "_cachetap_words() { mapfile -t COMPREPLY < <(compgen "
				  "-W \"$1\" -- \"$cur\"); }\n";

static void
put_bash_values(const struct option_row *o)
{
	switch (values_of(o->argument)) {
	case VALUES_CHOICES:
	case VALUES_FORMATS:
		fputs("_cachetap_words '", stdout);
		put_choices(o);
		putchar('\'');
		break;
	case VALUES_FILES:
		fputs("_cachetap_files", stdout);
		break;
	case VALUES_RULES:
		fputs("_cachetap_words \"$(_cachetap_rules)\"", stdout);
		break;
	case VALUES_INTERFACES:
		fputs("_cachetap_words \"any $(ls /sys/class/net)\"", stdout);
		break;
	case VALUES_USERS:
		fputs("mapfile -t COMPREPLY < <(compgen -u -- \"$cur\")", stdout);
		break;
	default:
		fputs("COMPREPLY=()", stdout);
	}
}

static void
put_bash_arguments(void)
{
	puts("\tcase $prev in");
	FOR_OPTIONS(o)
	{
		if (!o->argument)
			continue;
		if (o->letter)
			printf("\t-%c|--%s) ", o->letter, o->name);
		else
			printf("\t--%s) ", o->name);
		put_bash_values(o);
		puts("; return ;;");
	}
	puts("\tesac");
}

static void
put_bash_command(const struct command_row *c)
{
	printf("\t%s) options='", c->name);
	FOR_OPTIONS(o)
	if (o->commands & c->bit)
		printf("%s--%s", o == options ? "" : " ", o->name);
	printf("'; operands=%s ;;\n", operands_of(c) == VALUES_FILES   ? "_cachetap_files"
				      : operands_of(c) == VALUES_RULES ? "_cachetap_names"
								       : ":");
}

static void
put_bash(void)
{
	puts("# bash completion of cachetap");
	fputs(bash_values, stdout);
	puts("_cachetap_names() { _cachetap_words \"$(_cachetap_rules)\"; }\n"
	     "_cachetap() {\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	     "\tlocal command=report options operands\n"
	     "\tCOMPREPLY=()");
	fputs("\tcase ${COMP_WORDS[1]} in\n\t", stdout);
	FOR_COMMANDS(c)
	printf("%s%s", c == commands ? "" : "|", c->name);
	puts(") [ \"$COMP_CWORD\" -gt 1 ] && command=${COMP_WORDS[1]} ;;\n\tesac");
	put_bash_arguments();
	puts("\tcase $command in");
	FOR_COMMANDS(c) put_bash_command(c);
	puts("\tesac\n"
	     "\tif [[ $cur == -* ]]; then _cachetap_words \"$options\"; return; fi\n"
	     "\t$operands");
	fputs("\t[ \"$COMP_CWORD\" -gt 1 ] || mapfile -t -O \"${#COMPREPLY[@]}\" "
	      "COMPREPLY < "
	      "<(compgen -W '",
		stdout);
	FOR_COMMANDS(c)
	printf("%s%s", c == commands ? "" : " ", c->name);
	puts("' -- \"$cur\")\n"
	     "}\n"
	     "complete -F _cachetap cachetap");
}

/* ---- zsh ---- */

static void
put_zsh_action(const struct option_row *o)
{
	switch (values_of(o->argument)) {
	case VALUES_CHOICES:
	case VALUES_FORMATS:
		putchar('(');
		put_choices(o);
		putchar(')');
		break;
	case VALUES_FILES:
		fputs("_files", stdout);
		break;
	case VALUES_RULES:
		fputs("_cachetap_rules", stdout);
		break;
	case VALUES_INTERFACES:
		fputs("_net_interfaces", stdout);
		break;
	case VALUES_USERS:
		fputs("_users", stdout);
		break;
	default:
		putchar(' ');
	}
}

static void
put_zsh_option(const struct option_row *o, bool short_form)
{
	if (short_form)
		printf("\t\t'*-%c[", o->letter);
	else
		printf("\t\t'*--%s[", o->name);
	put_quoted(o->help, "[]:\\");
	putchar(']');
	if (o->argument) {
		putchar(':');
		put_quoted(o->argument, "[]:\\");
		putchar(':');
		put_zsh_action(o);
	}
	puts("' \\");
}

static void
put_zsh_command(const struct command_row *c)
{
	printf("\t(%s)\n\t\t_arguments -s \\\n", c->name);
	FOR_OPTIONS(o)
	{
		if (!(o->commands & c->bit))
			continue;
		if (o->letter)
			put_zsh_option(o, true);
		put_zsh_option(o, false);
	}
	printf("\t\t'*: :%s' ;;\n", operands_of(c) == VALUES_FILES   ? "_files"
				    : operands_of(c) == VALUES_RULES ? "_cachetap_rules"
								     : " ");
}

static void
put_zsh(void)
{
	puts("#compdef cachetap\n"
	     "_cachetap_rules() {\n"
	     "\tlocal -a rules=(${(f)\"$(cachetap rules 2>/dev/null | "
	     "sed -nE 's/^([0-9a-z]+(-[0-9a-z]+)+) .*/\\1/p')\"})\n"
	     "\tcompadd -a rules\n"
	     "}\n"
	     "_cachetap() {\n"
	     "\tlocal command=report\n"
	     "\tlocal -a commands=(");
	FOR_COMMANDS(c)
	{
		printf("\t\t'%s:", c->name);
		put_quoted(c->help, ":\\");
		puts("'");
	}
	puts("\t)\n"
	     "\tif (( CURRENT == 2 )); then\n"
	     "\t\t_describe command commands\n"
	     "\tfi\n"
	     "\tif (( CURRENT > 2 )) && [[ -n ${commands[(r)$words[2]:*]} ]]; then\n"
	     "\t\tcommand=$words[2]\n"
	     "\t\tshift words\n"
	     "\t\t(( CURRENT-- ))\n"
	     "\tfi\n"
	     "\tcase $command in");
	FOR_COMMANDS(c) put_zsh_command(c);
	puts("\tesac\n"
	     "}\n"
	     "_cachetap \"$@\"");
}

/* ---- fish ---- */

static void
put_fish_condition(const struct command_row *c)
{
	if (c->bit != COMMAND_REPORT) {
		printf("-n '__fish_seen_subcommand_from %s'", c->name);
		return;
	}
	fputs("-n 'not __fish_seen_subcommand_from", stdout);
	FOR_COMMANDS(other)
	if (other != c)
		printf(" %s", other->name);
	putchar('\'');
}

static void
put_fish_values(const struct option_row *o)
{
	switch (values_of(o->argument)) {
	case VALUES_NONE:
		break;
	case VALUES_CHOICES:
	case VALUES_FORMATS:
		fputs(" -x -a '", stdout);
		put_choices(o);
		putchar('\'');
		break;
	case VALUES_FILES:
		fputs(" -r -F", stdout);
		break;
	case VALUES_RULES:
		fputs(" -x -a '(__cachetap_rules)'", stdout);
		break;
	case VALUES_INTERFACES:
		fputs(" -x -a 'any (ls /sys/class/net)'", stdout);
		break;
	case VALUES_USERS:
		fputs(" -x -a '(__fish_complete_users)'", stdout);
		break;
	default:
		fputs(" -x", stdout);
	}
}

static void
put_fish_option(const struct command_row *c, const struct option_row *o)
{
	fputs("complete -c cachetap ", stdout);
	put_fish_condition(c);
	if (o->letter)
		printf(" -s %c", o->letter);
	printf(" -l %s", o->name);
	put_fish_values(o);
	fputs(" -d '", stdout);
	put_quoted(o->help, "\\");
	puts("'");
}

static void
put_fish(void)
{
	puts("# fish completion of cachetap\n"
	     "function __cachetap_rules\n"
	     "\tcachetap rules 2>/dev/null | "
	     "string match -rg '^([0-9a-z]+(?:-[0-9a-z]+)+) '\n"
	     "end");
	FOR_COMMANDS(c)
	{
		printf("complete -c cachetap -n __fish_use_subcommand -a %s -d '",
			c->name);
		put_quoted(c->help, "\\");
		puts("'");
		if (operands_of(c) == VALUES_RULES) {
			fputs("complete -c cachetap -f ", stdout);
			put_fish_condition(c);
			puts(" -a '(__cachetap_rules)'");
		}
		FOR_OPTIONS(o)
		if (o->commands & c->bit)
			put_fish_option(c, o);
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*put)(void);
	} forms[] = {{"options", put_scdoc}, {"bash", put_bash}, {"zsh", put_zsh},
		{"fish", put_fish}};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (argc == 2 && strcmp(argv[1], forms[i].name) == 0) {
			forms[i].put();
			return 0;
		}
	fputs("usage: manual options|bash|zsh|fish\n", stderr);
	return 2;
}
