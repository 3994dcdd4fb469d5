/*
 * Strings in, output forms out.  Input: a length of four octets, little-endian, and
 * as many octets, again and again.  Output: one line a string, in the form that is named.
 */
#include "analyzer/base/json.h"
#include "analyzer/base/mem.h"
#include "analyzer/base/text.h"
#include "analyzer/export/csv.h"
#include "analyzer/export/prom.h"

#include <stdio.h>
#include <unistd.h>

static size_t
read_string(uint8_t **octets)
{
	uint8_t length[4];
	size_t n;

	if (fread(length, 1, sizeof length, stdin) != sizeof length)
		return SIZE_MAX;
	n = (size_t)length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16;
	*octets = mem_grow(*octets, n + 1);
	return fread(*octets, 1, n, stdin);
}

static void
put_json(struct out *out, struct slice s)
{
	struct json json;

	json_init(&json, out, false);
	json_object(&json);
	json_put_octets(&json, "string", s);
	json_key(&json, "pair");
	json_array(&json);
	json_octets(&json, s);
	json_end(&json);
	json_end(&json);
}

static const struct {
	const char *name;
	void (*put)(struct out *out, struct slice s);
} forms[] = {
	{"json", put_json},
	{"text", text_safe},
	{"csv", csv_text},
	{"prom", prom_label},
};

int
main(int argc, char **argv)
{
	uint8_t *octets = NULL;
	unsigned form = 0;
	struct out out;
	struct err err;
	size_t n;

	while (argc > 1 && form + 1 < sizeof forms / sizeof *forms &&
		strcmp(argv[1], forms[form].name) != 0)
		form++;
	out_init(&out, STDOUT_FILENO, "stdout");
	while ((n = read_string(&octets)) != SIZE_MAX) {
		forms[form].put(&out, slice_of(octets, n));
		out_octet(&out, '\n');
	}
	mem_free(octets);
	n = (size_t)out_finish(&out, &err);
	out_fini(&out);
	return n ? EXIT_OUTPUT : EXIT_DONE;
}
