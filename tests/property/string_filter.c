/*
 * Strings in, output forms out.  Input: a length of four octets, little-endian, and
 * as many octets, again and again.  Output: one line a string, as JSON or as text.
 */
#include "analyzer/base/json.h"
#include "analyzer/base/mem.h"
#include "analyzer/base/text.h"

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

int
main(int argc, char **argv)
{
	uint8_t *octets = NULL;
	struct out out;
	struct err err;
	size_t n;

	out_init(&out, STDOUT_FILENO, "stdout");
	while ((n = read_string(&octets)) != SIZE_MAX) {
		if (argc > 1 && strcmp(argv[1], "json") == 0)
			put_json(&out, slice_of(octets, n));
		else
			text_safe(&out, slice_of(octets, n));
		out_octet(&out, '\n');
	}
	mem_free(octets);
	n = (size_t)out_finish(&out, &err);
	out_fini(&out);
	return n ? EXIT_OUTPUT : EXIT_DONE;
}
