// room: ct_capture
/* Which names are one ring, and what shows that a file was written anew. */
#include "analyzer/capture/ring.h"

#include "tests/lib/rows.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct family {
	const char *name, *a, *b;
	bool is_one;
};

static const struct family families[] = {
	{"tcpdump -C: the first has no number", "x.pcap", "x.pcap1", true},
	{"tcpdump -C: more digits later", "x.pcap9", "x.pcap10", true},
	{"tcpdump -W: leading zeros", "x.pcap00", "x.pcap17", true},
	{"tcpdump -G: times", "x-20261121_0455.pcap", "x-20261121_0500.pcap", true},
	{"tcpdump -G -C: a time and a number", "x-0455.pcap", "x-0500.pcap3", true},
	{"dumpcap -b: number and time", "x_00001_20261121045500.pcapng",
		"x_100000_20261122000000.pcapng", true},
	{"a name is in its own family", "x.pcap", "x.pcap", true},
	{"another word", "x.pcap", "y.pcap", false},
	{"another form", "x1.pcap", "x1.pcapng", false},
	{"a packed one", "x.pcap1", "x.pcap1.gz", false},
	{"a number in the middle is no number at the end", "x.pcap", "x1.pcap", false},
	{"one number more", "x-1.pcap", "x-1-1.pcap", false},
};

static void
family(void **state)
{
	const struct family *row = *state;

	assert_int_equal(ring_is_family(row->a, row->b), row->is_one);
	assert_int_equal(ring_is_family(row->b, row->a), row->is_one);
}

struct change {
	const char *name;
	size_t before, kept, after; /* octets: written, of those kept, in all then */
	bool goes_on;
};

/* Of octets that are kept a file still has the beginning; the others are new. */
static const struct change changes[] = {
	{"nothing happened", 900, 900, 900, true},
	{"it has grown", 900, 900, 5000, true},
	{"it was empty", 0, 0, 900, true},
	{"it has grown when it was short", 30, 30, 900, true},
	{"overwritten by as much", 900, 24, 900, false},
	{"overwritten by more", 900, 24, 5000, false},
	{"overwritten by less", 900, 24, 100, false},
	{"only the header is there again", 900, 24, 24, false},
	{"emptied", 900, 0, 0, false},
	{"cut", 900, 100, 100, true},
};

static void
fill(int fd, size_t begin, size_t end, uint8_t octet)
{
	assert_int_equal(ftruncate(fd, (off_t)begin), 0);
	for (size_t at = begin; at < end; at++)
		assert_int_equal(pwrite(fd, &octet, 1, (off_t)at), 1);
}

static void
change(void **state)
{
	const struct change *row = *state;
	char path[] = "edition-XXXXXX";
	int fd = mkstemp(path);
	struct edition edition;
	struct stat status;

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	fill(fd, 0, row->before, 'a');
	assert_int_equal(fstat(fd, &status), 0);
	edition_begin(&edition, &status, fd);
	assert_true(edition_looks_same(&edition, &status));
	assert_int_equal(edition_is_blank(&edition), row->before <= 24);
	fill(fd, row->kept, row->after, 'b');
	assert_int_equal(edition_goes_on(&edition, fd), row->goes_on);
	assert_int_equal(edition_goes_on(&edition, fd), row->goes_on);
	close(fd);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(families, family) + ROWS_RUN(changes, change);
}
