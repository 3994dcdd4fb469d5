/*
 * analyzer/base/err.h - what went wrong outside: files, devices, options
 *
 * Functions that depend on the environment return 0 or -1 and fill a struct
 * err, once, where the failure is known best.  main prints it.
 *
 *	cachetap: eth0: not permitted to capture (Operation not permitted)
 *	  try: sudo cachetap live -i eth0
 */
#ifndef ANALYZER_BASE_ERR_H
#define ANALYZER_BASE_ERR_H

/* Exit codes of the program. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_CONDITION = 1, /* a --fail-on condition holds */
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,	  /* missing or unreadable */
	EXIT_CAPTURE = 4, /* not permitted, or the interface went away */
	EXIT_INTERNAL = 5,
	EXIT_OUTPUT = 6, /* could not be written */
};

struct err {
	enum exit_code code;
	char what[512]; /* one line without the program's name */
	char hint[256]; /* the next step to try, may be empty */
};

/* Both return -1, so that a caller can `return err_set(...)`. */
int err_set(struct err *err, enum exit_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int err_hint(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints it; its exit code. */
enum exit_code err_complain(const struct err *err);

#endif
