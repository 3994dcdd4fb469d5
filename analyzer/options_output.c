#include "analyzer/options_parts.h"

#include "analyzer/base/mem.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	unsigned commands;
} formats[] = {
#define FORMAT(id, name, commands) {name, commands},
#include "analyzer/format.def"
#undef FORMAT
};

enum {
	FORMATS = sizeof formats / sizeof *formats
};

static struct output *
add_output(struct options *options)
{
	struct output *output;

	options->outputs = mem_grow(
		options->outputs, (options->output_count + 1) * sizeof *options->outputs);
	output = &options->outputs[options->output_count++];
	*output = (struct output){.format = FORMAT_TEXT};
	return output;
}

enum format
options_preset(enum command command)
{
	return command == COMMAND_MERGE	    ? FORMAT_JSON
	       : command == COMMAND_EXTRACT ? FORMAT_NDJSON
					    : FORMAT_TEXT;
}

const char *
options_formats(enum command command, char names[OPTIONS_FORMATS_BYTES])
{
	size_t n = 0;

	names[0] = '\0';
	for (unsigned i = 0; i < FORMATS && n < OPTIONS_FORMATS_BYTES; i++)
		if (formats[i].commands & command)
			n += (size_t)snprintf(names + n, OPTIONS_FORMATS_BYTES - n,
				"%s%s", n ? ", " : "", formats[i].name);
	return names;
}

static int
hint_formats(enum command command, struct err *err)
{
	char names[OPTIONS_FORMATS_BYTES];

	return err_hint(err, "-T with %s", options_formats(command, names));
}

int
options_format(struct options *options, const char *name, struct err *err)
{
	for (unsigned i = 0; i < FORMATS; i++)
		if (strcmp(name, formats[i].name) == 0) {
			add_output(options)->format = i;
			return 0;
		}
	err_set(err, EXIT_USAGE, "--format: no such choice: %s", name);
	return hint_formats(options->command, err);
}

/* FORMATS if the extension is no format's name. */
static unsigned
format_of(const char *extension)
{
	unsigned i = 0;

	while (i < FORMATS && strcasecmp(extension, formats[i].name) != 0)
		i++;
	return strcasecmp(extension, "txt") == 0 ? FORMAT_TEXT : i;
}

int
options_output(struct options *options, const char *path, struct err *err)
{
	struct output *last = options->output_count
				      ? &options->outputs[options->output_count - 1]
				      : NULL;
	const char *dot = strrchr(path, '.');
	unsigned format = dot ? format_of(dot + 1) : FORMAT_TEXT;

	if (!last || last->path) {
		last = add_output(options);
		if (options->command & COMMAND_LISTS) /* whatever the name */
			format = options_preset(options->command);
		if (format == FORMATS) {
			err_set(err, EXIT_USAGE, "%s: the extension names no format",
				path);
			return err_hint(err, "-T text -o %s", path);
		}
		last->format = format;
	}
	last->path = path;
	return 0;
}

int
options_check_outputs(struct options *options, struct err *err)
{
	if (!options->output_count)
		add_output(options)->format = options_preset(options->command);
	for (size_t i = 0; i < options->output_count; i++) {
		unsigned format = options->outputs[i].format;

		if (formats[format].commands & options->command)
			continue;
		err_set(err, EXIT_USAGE, "%s writes no %s",
			options_command_name(options->command), formats[format].name);
		return hint_formats(options->command, err);
	}
	return options_check_tables(options, err);
}
