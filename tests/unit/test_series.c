// room: ct_capture
/* Names of files that were written one after the other, and names that were not. */
#include "analyzer/capture/series.h"
#include "tests/lib/rows.h"

struct row {
	const char *name;
	const char *before, *after;
	bool follows;
};

static const struct row rows[] = {
	{"tcpdump's first has no number", "x.pcap", "x.pcap1", true},
	{"then they count", "/a/x.pcap9", "/a/x.pcap10", true},
	{"with -W they have zeros", "x.pcap08", "x.pcap09", true},
	{"not the other way round", "x.pcap1", "x.pcap", false},
	{"not the one after the next", "x.pcap", "x.pcap2", false},
	{"not itself", "x.pcap", "x.pcap", false},
	{"another folder", "a/x.pcap", "b/x.pcap1", false},
	{"a suffix of digits is no number", "x.1", "x.2", false},
	{"a number before the suffix may be a device", "eth0.pcap", "eth1.pcap", false},
	{"without a suffix the number may be one, too", "eth0", "eth1", false},
	{"a dot of the folder is no suffix", "a.b/eth0", "a.b/eth1", false},
	{"a number too long", "x.pcap1000000000", "x.pcap1000000001", false},
	{"dumpcap's ring", "x_00001_20261121064500.pcapng",
		"x_00002_20261121064459.pcapng", true},
	{"dumpcap's ring without a suffix", "x_00099_20261121064500",
		"x_00100_20261121064459", true},
	{"of another interface", "a_00001_20261121064500.pcapng",
		"b_00002_20261121064459.pcapng", false},
	{"with another suffix", "x_00001_20261121064500.pcapng",
		"x_00002_20261121064459.pcap", false},
	{"a time alone", "x_20261121064500.pcapng", "x_20261121064501.pcapng", false},
	{"nothing", "", "", false},
};

static void
test_follows(void **state)
{
	const struct row *row = *state;

	assert_int_equal(series_follows(row->before, row->after), row->follows);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, test_follows);
}
