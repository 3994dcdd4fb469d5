#include "analyzer/base/err.h"

#include <stdarg.h>
#include <stdio.h>

int
err_set(struct err *err, enum exit_code code, const char *format, ...)
{
	va_list args;

	err->code = code;
	err->hint[0] = '\0';
	va_start(args, format);
	vsnprintf(err->what, sizeof err->what, format, args);
	va_end(args);
	return -1;
}

int
err_hint(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->hint, sizeof err->hint, format, args);
	va_end(args);
	return -1;
}

enum exit_code
err_complain(const struct err *err)
{
	fprintf(stderr, "cachetap: %s\n", err->what);
	if (err->hint[0])
		fprintf(stderr, "  try: %s\n", err->hint);
	return err->code;
}
