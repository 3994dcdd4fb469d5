/* Feeds files to a fuzz target where libFuzzer is not linked in: replay FILE... */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	FILE_BYTES = 1 << 20, /* libFuzzer writes none as large */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A copy of the file's exact size, so that AddressSanitizer sees each octet too many. */
static int
replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *octets = malloc(FILE_BYTES), *exact = NULL;
	size_t n;
	int failed = 1;

	if (!file || !octets) {
		perror(path);
	} else {
		n = fread(octets, 1, FILE_BYTES, file);
		exact = realloc(octets, n ? n : 1);
		octets = NULL;
		if (exact && !ferror(file)) {
			LLVMFuzzerTestOneInput(exact, n);
			failed = 0;
		}
	}
	if (file)
		fclose(file);
	free(octets);
	free(exact);
	return failed;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%d files replayed\n", argc - 1);
	return failed || argc == 1;
}
