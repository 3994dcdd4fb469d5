#include "analyzer/options_parts.h"

#include "analyzer/base/mem.h"
#include "analyzer/export/csv.h"

#include <string.h>
#include <sys/stat.h>

/* ---- --table ---- */

static int
refuse_table(const char *name, struct err *err)
{
	char names[160] = "";
	size_t n = 0;

	for (size_t i = 0; csv_table_name(i) && n < sizeof names; i++)
		n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "",
			csv_table_name(i));
	err_set(err, EXIT_USAGE, "--table: there is no table '%s'", name);
	return err_hint(err, "%s", names);
}

int
options_table(struct options *options, const char *name, struct err *err)
{
	struct output *last = options->output_count
				      ? &options->outputs[options->output_count - 1]
				      : NULL;
	size_t table = 0;

	while (csv_table_name(table) && strcmp(csv_table_name(table), name) != 0)
		table++;
	if (!csv_table_name(table))
		return refuse_table(name, err);
	if (last && last->format == FORMAT_CSV) {
		last->table = table;
		last->has_table = true;
	} else {
		options->table = table;
		options->has_table = true;
	}
	return 0;
}

/* ---- a folder of tables ---- */

static bool
is_folder(const char *path)
{
	struct stat status;

	return path && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static struct output *
append(struct options *options, struct output output)
{
	options->outputs = mem_grow(
		options->outputs, (options->output_count + 1) * sizeof *options->outputs);
	options->outputs[options->output_count] = output;
	return &options->outputs[options->output_count++];
}

/* FOLDER/NAME.csv; the path is the output's own. */
static void
append_file(struct options *options, const struct output *folder, size_t table)
{
	struct output *file = append(options, *folder);
	const char *name = csv_table_name(table);
	size_t n = strlen(folder->path) + strlen(name) + sizeof "/.csv";
	char *path = mem_alloc(n);

	snprintf(path, n, "%s/%s.csv", folder->path, name);
	file->path = file->own_path = path;
	file->table = table;
}

static void
append_tables(struct options *options, const struct output *output)
{
	if (output->has_table) {
		append_file(options, output, output->table);
		return;
	}
	for (size_t table = 0; csv_table_name(table); table++)
		append_file(options, output, table);
}

int
options_check_tables(struct options *options, struct err *err)
{
	struct output *given = options->outputs;
	size_t count = options->output_count, tables = 0;

	options->outputs = NULL;
	options->output_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct output output = given[i];

		if (output.format == FORMAT_CSV && !output.has_table) {
			output.table = options->table;
			output.has_table = options->has_table;
		}
		tables += output.format == FORMAT_CSV;
		if (output.format == FORMAT_CSV && is_folder(output.path))
			append_tables(options, &output);
		else
			append(options, output);
	}
	mem_free(given);
	if (!options->has_table || tables)
		return 0;
	err_set(err, EXIT_USAGE, "--table is for -T csv");
	return err_hint(err, "-T csv --table %s", csv_table_name(options->table));
}
