// room: ct_report
/* Addresses with ports, as reports name them: what is written is read again. */
#include "analyzer/report/report_endpoint.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *text;
	bool is_read;
};

static const struct row rows[] = {
	{"IPv4", "10.77.1.31:80", true},
	{"IPv6", "[2001:db8::1]:8080", true},
	{"the last port", "192.0.2.1:65535", true},
	{"a port too large", "192.0.2.1:65536", false},
	{"no port", "192.0.2.1", false},
	{"an empty port", "192.0.2.1:", false},
	{"a port that is none", "192.0.2.1:8o", false},
	{"no address", ":80", false},
	{"brackets around nothing", "[]:80", false},
	{"an open bracket", "[2001:db8::1:80", false},
	{"a name", "server:80", false},
	{"nothing", "", false},
};

static void
is_read_again(void **state)
{
	const struct row *row = *state;
	struct endpoint endpoint;
	struct guard guard = {0};
	struct slice text = guard_slice(&guard, row->text, strlen(row->text));

	assert_int_equal(report_endpoint_read(text, &endpoint), row->is_read);
	if (row->is_read)
		assert_string_equal(report_server_name(&endpoint).s, row->text);
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, is_read_again);
}
