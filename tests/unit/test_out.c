// room: ct_base
#define _GNU_SOURCE /* memfd_create() and its seals */
/* The buffered writer: nothing is lost, and what could not be written is said. */
#include "analyzer/base/out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static void
memory_grows(void **state)
{
	struct out out;

	(void)state;
	out_init_memory(&out);
	assert_int_equal(out_contents(&out).n, 0);
	for (unsigned i = 0; i < 5000; i++)
		out_octet(&out, (uint8_t)i);
	assert_int_equal(out_contents(&out).n, 5000);
	assert_int_equal(out_contents(&out).at[4999], 4999 % 256);
	out_clear(&out);
	out_number(&out, UINT64_MAX);
	out_format(&out, " %d", -1);
	assert_memory_equal(out_contents(&out).at, "18446744073709551615 -1", 23);
	out_fini(&out);
}

static void
octets_come_out_in_order(void **state)
{
	FILE *file = tmpfile();
	struct out out;
	struct err err;
	static uint8_t large[200000];

	(void)state;
	for (size_t i = 0; i < sizeof large; i++)
		large[i] = (uint8_t)(i * 7 >> 3);
	out_init(&out, fileno(file), "a file");
	for (size_t at = 0, n = 1; at < sizeof large; at += n, n = n * 3 % 70001 + 1)
		out_slice(&out, slice_part(slice_of(large, sizeof large), at, at + n));
	assert_int_equal(out_finish(&out, &err), 0);
	assert_int_equal(lseek(fileno(file), 0, SEEK_END), sizeof large);
	rewind(file);
	for (size_t i = 0; i < sizeof large; i++)
		assert_int_equal(getc(file), large[i]);
	out_fini(&out);
	fclose(file);
}

static void
a_full_device_is_said(void **state)
{
	int fd = open("/dev/full", O_WRONLY);
	struct out out;
	struct err err;

	(void)state;
	assert_true(fd >= 0);
	out_init(&out, fd, "report.json");
	out_text(&out, "x");
	assert_int_equal(out_finish(&out, &err), -1);
	assert_int_equal(err.code, EXIT_OUTPUT);
	assert_non_null(strstr(err.what, "report.json"));
	assert_non_null(strstr(err.what, strerror(ENOSPC)));
	assert_false(out_pipe_closed(&out));
	out_text(&out, "y");
	assert_int_equal(out_finish(&out, &err), -1);
	out_fini(&out);
	close(fd);
}

static void
a_closed_pipe_is_known(void **state)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct out out;
	struct err err;
	int ends[2];

	(void)state;
	sigaction(SIGPIPE, &ignore, NULL);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	out_init(&out, ends[1], "stdout");
	out_text(&out, "x");
	assert_int_equal(out_finish(&out, &err), -1);
	assert_true(out_pipe_closed(&out));
	out_fini(&out);
	close(ends[1]);
}

/* A file that cannot grow is a full disk. */
static int
old_report(bool is_full)
{
	int fd = memfd_create("report", MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "an old report", 13), 13);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	if (is_full)
		assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), 0);
	return fd;
}

static void
check_contents(int fd, const char *wanted)
{
	char text[64] = "";

	assert_true(pread(fd, text, sizeof text - 1, 0) >= 0);
	assert_string_equal(text, wanted);
	close(fd);
}

struct whole_row {
	const char *name, *report, *left;
	bool is_full;
};

static const struct whole_row wholes[] = {
	{"shorter", "new", "new", false},
	{"longer", "a new and longer report", "a new and longer report", false},
	{"shorter, on a full disk", "new", "new", true},
	{"longer, on a full disk", "a new and longer report", "an old report", true},
	{"nothing new", "", "an old report", false},
};

static void
an_old_report_stays_until_there_is_room(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++) {
		int fd = old_report(wholes[i].is_full);
		bool fails = *wholes[i].report &&
			     strcmp(wholes[i].left, wholes[i].report) != 0;
		struct out out;
		struct err err;

		out_init_whole(&out, fd, wholes[i].name);
		out_text(&out, wholes[i].report);
		out_flush(&out);
		assert_int_equal(out_finish(&out, &err), fails ? -1 : 0);
		out_fini(&out);
		check_contents(fd, wholes[i].left);
	}
}

/* What is too long for memory is written behind the old report, and moved. */
static void
a_long_report_takes_the_place_of_the_old_one(void **state)
{
	enum {
		LINES = 300000,
		LINE_BYTES = 8,
		ROOM_BYTES = 1 << 21
	};
	const struct rlimit no_limit = {RLIM_INFINITY, RLIM_INFINITY},
			    full = {ROOM_BYTES, RLIM_INFINITY};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};

	(void)state;
	sigaction(SIGXFSZ, &ignore, NULL);
	for (unsigned is_full = 0; is_full < 2; is_full++) {
		int fd = old_report(false);
		struct out out;
		struct err err;
		char got[LINE_BYTES + 1] = "", wanted[LINE_BYTES + 1];

		out_init_whole(&out, fd, "long");
		assert_int_equal(setrlimit(RLIMIT_FSIZE, is_full ? &full : &no_limit), 0);
		for (int i = 0; i < LINES; i++)
			out_format(&out, "%07d\n", i);
		assert_int_equal(out_finish(&out, &err), is_full ? -1 : 0);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &no_limit), 0);
		out_fini(&out);
		if (is_full) {
			check_contents(fd, "an old report");
			continue;
		}
		assert_int_equal(lseek(fd, 0, SEEK_END), LINES * LINE_BYTES);
		for (int i = 0; i < LINES; i++) {
			assert_int_equal(
				pread(fd, got, LINE_BYTES, (off_t)i * LINE_BYTES),
				LINE_BYTES);
			snprintf(wanted, sizeof wanted, "%07d\n", i);
			assert_string_equal(got, wanted);
		}
		close(fd);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_grows),
		cmocka_unit_test(octets_come_out_in_order),
		cmocka_unit_test(a_full_device_is_said),
		cmocka_unit_test(a_closed_pipe_is_known),
		cmocka_unit_test(an_old_report_stays_until_there_is_room),
		cmocka_unit_test(a_long_report_takes_the_place_of_the_old_one),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
