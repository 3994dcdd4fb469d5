#include "analyzer/comparison.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PEEK_BYTES = 64
};

int
comparison_open(
	struct comparison *operand, const char *path, const char *filter, struct err *err)
{
	char *paths[] = {(char *)(uintptr_t)path};
	struct stat status = {0};
	bool standard = strcmp(path, "-") == 0;

	*operand = (struct comparison){.path = path};
	if (!standard)
		stat(path, &status);
	if (!S_ISDIR(status.st_mode) && reportfile_open(&operand->file, path, err) < 0)
		return -1;
	if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
		return source_open_files(&operand->source, paths, 1, filter, err);
	return 0;
}

void
comparison_recognise(struct comparison *operand)
{
	char octets[PEEK_BYTES];
	ssize_t n;
	size_t at = 0;

	operand->is_report = !operand->source;
	if (operand->is_report || !operand->file.path)
		return;
	n = pread(operand->file.fd, octets, sizeof octets, 0);
	while (n > 0 && at < (size_t)n && strchr(" \t\r\n", octets[at]) && octets[at])
		at++;
	operand->is_report = n > 0 && at < (size_t)n && octets[at] == '{';
}

void
comparison_close(struct comparison *operand)
{
	if (operand->path)
		reportfile_close(&operand->file);
	source_close(&operand->source);
}
