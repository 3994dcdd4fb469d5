// room: ct_flow
/*
 * Fragments: the datagram that comes of them, and what is counted of those of which
 * nothing comes.  Every octet of a frame ends in one place.
 *
 * The datagrams carry a TCP segment of 20 + 27 octets.
 */
#include "analyzer/config.h"
#include "analyzer/flow/defrag.h"
#include "tests/lib/rows.h"

#define TCP "9c400050000003e9000013895018fffe12340000"
#define TEXT "abcdefghijklmnopqrstuvwxyz!"

enum {
	STEPS = 10,
	DATAGRAM_BYTES = 47,
	FRAME_BYTES = 60, /* of each frame, whatever its fragment */
	HEADER_BYTES = 20,
	MS_US = 1000,
	S_US = 1000 * MS_US,
};

/* Octets `begin` to `end` of the datagram; the end of all is the last fragment. */
struct step {
	unsigned begin, end;
	bool is_other; /* with other octets in the text */
	unsigned cut;  /* octets that were not captured */
	unsigned id;
	int us; /* after the step before */
};

struct defrag_row {
	const char *name;
	struct step steps[STEPS];
	const char *log;  /* T whole, . waits or was counted, M malformed */
	const char *text; /* of the last T */
	unsigned copied, expired, overlapping;
	unsigned version;     /* 0: 4 */
	unsigned conflicting; /* octets */
	bool is_contradicted;
};

#define PART(first, after, ...)                                                          \
	{                                                                                \
		.begin = (first), .end = (after), __VA_ARGS__                            \
	}

static const struct defrag_row rows[] = {
	{"in order", {PART(0, 16), PART(16, 32), PART(32, 47)}, "..T", TEXT, 0, 0, 0, 0,
		0, false},
	{"reversed", {PART(32, 47), PART(16, 32), PART(0, 16)}, "..T", TEXT, 0, 0, 0, 0,
		0, false},
	{"version 6, the last one first", {PART(40, 47), PART(0, 40)}, ".T", TEXT, 0, 0,
		0, 6, 0, false},
	{"tiny ones",
		{PART(0, 8), PART(8, 16), PART(40, 47), PART(16, 24), PART(32, 40),
			PART(24, 32)},
		".....T", TEXT, 0, 0, 0, 0, 0, false},
	{"each of them twice", {PART(0, 24), PART(0, 24), PART(24, 47), PART(24, 47)},
		"..T.", TEXT, 2, 0, 0, 0, 0, false},
	{"the last one twice before the first", {PART(24, 47), PART(24, 47), PART(0, 24)},
		"..T", TEXT, 1, 0, 0, 0, 0, false},
	{"all of them again at once",
		{PART(0, 24), PART(24, 47), PART(0, 24), PART(24, 47)}, ".T..", TEXT, 2,
		0, 0, 0, 0, false},
	{"a copy of a part", {PART(0, 32), PART(8, 24), PART(32, 47)}, "..T", TEXT, 1, 0,
		0, 6, 0, false},
	{"one is missing", {PART(0, 16), PART(32, 47)}, "..", NULL, 0, 2, 0, 0, 0, false},
	{"the last one is missing", {PART(0, 16), PART(16, 32)}, "..", NULL, 0, 2, 0, 0,
		0, false},
	{"two datagrams, interleaved",
		{PART(0, 24, .id = 1), PART(0, 24, .id = 2), PART(24, 47, .id = 2),
			PART(24, 47, .id = 1)},
		"..TT", TEXT, 0, 0, 0, 0, 0, false},
	{"the identification is used again",
		{PART(0, 24), PART(24, 47), PART(0, 24, .us = 2 * MS_US), PART(24, 47)},
		".T.T", TEXT, 0, 0, 0, 0, 0, false},
	{"a late copy waits for nothing",
		{PART(0, 24), PART(24, 47), PART(24, 47, .us = 2 * MS_US)}, ".T.", TEXT,
		0, 1, 0, 0, 0, false},
	{"after thirty seconds it is too late",
		{PART(0, 24), PART(24, 47, .us = 31 * S_US)}, "..", NULL, 0, 2, 0, 0, 0,
		false},
	{"an overlap: the first octets stay",
		{PART(0, 32), PART(24, 47, .is_other = true)}, ".T",
		"abcdefghijklNNNNNNNNNNNNNNN", 0, 0, 1, 0, 8, true},
	{"a fragment inside others' octets changes nothing",
		{PART(0, 32), PART(24, 32, .is_other = true), PART(32, 47)}, "..T", TEXT,
		0, 0, 1, 0, 8, true},
	{"an overlap of equal octets contradicts nothing", {PART(0, 32), PART(24, 47)},
		".T", TEXT, 0, 0, 1, 0, 0, false},
	{"of an octet that was not captured nobody knows",
		{PART(0, 32, .cut = 4), PART(24, 47, .is_other = true)}, ".T", "abcdefgh",
		0, 0, 1, 0, 4, true},
	{"one that fills holes and overlaps",
		{PART(24, 32), PART(0, 40, .is_other = true), PART(40, 47)}, "..T",
		"NNNNefghijklNNNNNNNNuvwxyz!", 0, 0, 1, 0, 8, true},
	{"version 6 drops what overlaps, and what is still to come",
		{PART(0, 32), PART(24, 47, .is_other = true), PART(32, 47), PART(0, 32)},
		"....", NULL, 0, 4, 1, 6, 8, false},
	{"two ends: the first one holds", {PART(24, 47), PART(24, 56), PART(0, 24)},
		"..T", TEXT, 0, 1, 1, 0, 0, true},
	{"the octets that were not captured end it",
		{PART(0, 24), PART(24, 40, .cut = 6), PART(40, 47)}, "..T",
		"abcdefghijklmn", 0, 0, 0, 0, 0, false},
	{"a fragment of nothing", {PART(16, 16)}, "M", NULL, 0, 0, 0, 0, 0, false},
	{"one that is no multiple of eight", {PART(0, 17)}, "M", NULL, 0, 0, 0, 0, 0,
		false},
	{"beyond the longest datagram", {PART(65528, 65544)}, "M", NULL, 0, 0, 0, 0, 0,
		false},
};

struct test {
	struct defrag *defrag;
	struct counters counters;
	struct segment seg;
	uint64_t frame_octets, tcp_octets, malformed_octets;
	int64_t now_ns;
};

static void
test_init(struct test *t)
{
	*t = (struct test){.defrag = defrag_new(1), .now_ns = CONFIG_S_NS};
}

static uint32_t
fragment_octets(uint8_t *octets, const struct step *step)
{
	uint8_t whole[2 * DATAGRAM_BYTES] = {0};

	rows_hex(whole, TCP);
	memcpy(whole + HEADER_BYTES, TEXT, sizeof TEXT - 1);
	if (step->is_other)
		memset(whole + HEADER_BYTES, 'N', sizeof TEXT - 1);
	if (step->end <= sizeof whole)
		memcpy(octets, whole + step->begin, step->end - step->begin);
	return step->end - step->begin;
}

static char
test_step(struct test *t, const struct step *step, unsigned version)
{
	uint8_t octets[2 * DATAGRAM_BYTES] = {0};
	uint32_t frame_bytes = FRAME_BYTES, n = fragment_octets(octets, step);
	enum decode decode;

	t->now_ns += step->us ? step->us * INT64_C(1000) : 1000;
	t->seg = (struct segment){
		.fragment = {.src = {{1}},
			.dst = {{2}},
			.octets = slice_of(octets, n - step->cut),
			.bytes = n,
			.header_bytes = HEADER_BYTES,
			.id = step->id,
			.offset = (uint16_t)step->begin,
			.is_last = step->end == DATAGRAM_BYTES || step->end == 56,
			.version = (uint8_t)(version ? version : 4),
			.protocol = 6}};
	t->frame_octets += FRAME_BYTES;
	decode = defrag_feed(t->defrag, &t->seg, &frame_bytes, t->now_ns, &t->counters);
	if (decode == DECODE_TCP) {
		assert_int_equal(t->seg.link_bytes + t->seg.network_bytes +
					 t->seg.transport_bytes + t->seg.payload_bytes,
			frame_bytes);
		t->tcp_octets += frame_bytes;
		return 'T';
	}
	if (decode == DECODE_MALFORMED)
		t->malformed_octets += frame_bytes;
	return decode == DECODE_FRAGMENT ? '.' : 'M';
}

static void
test_finish(struct test *t)
{
	defrag_finish(t->defrag, &t->counters);
	assert_int_equal(t->frame_octets,
		t->tcp_octets + t->malformed_octets + t->counters.not_tcp_octets);
	defrag_free(&t->defrag);
	assert_null(t->defrag);
}

static void
test_row(void **state)
{
	const struct defrag_row *row = *state;
	char log[STEPS + 1] = "";
	struct test t;

	test_init(&t);
	for (unsigned i = 0; i < strlen(row->log); i++) {
		log[i] = test_step(&t, &row->steps[i], row->version);
		if (log[i] == 'T') {
			rows_assert_slice(t.seg.payload, row->text);
			assert_int_equal(t.seg.payload_bytes, sizeof TEXT - 1);
			assert_true(t.seg.network_bytes >= 2 * HEADER_BYTES);
			assert_int_equal(t.seg.is_contradicted, row->is_contradicted);
		}
	}
	assert_string_equal(log, row->log);
	test_finish(&t);
	assert_int_equal(t.counters.fragment_packets, strlen(row->log));
	assert_int_equal(t.counters.fragments_copied, row->copied);
	assert_int_equal(t.counters.fragments_expired, row->expired);
	assert_int_equal(t.counters.fragments_overlapping, row->overlapping);
	assert_int_equal(t.counters.fragments_conflicting_octets, row->conflicting);
}

/* A flood of first fragments: whole datagrams pass all the same. */
static void
test_flood(void **state)
{
	static const struct step first = PART(0, 24), last = PART(24, 47);
	unsigned whole = 0;
	struct test t;

	(void)state;
	test_init(&t);
	for (unsigned i = 0; i < 20000; i++) {
		struct step lone = PART(16, 32, .id = i + 2, .us = 1);

		test_step(&t, &lone, i % 2 ? 4 : 6);
		if (i % 1000 == 0) {
			test_step(&t, &first, 4);
			whole += test_step(&t, &last, 4) == 'T';
			t.now_ns += 2 * CONFIG_DUPLICATE_NS;
		}
	}
	assert_int_equal(whole, 20);
	test_finish(&t);
	assert_int_equal(t.counters.fragments_expired, 20000);
}

/* Fragments at the far end take the most memory: the oldest make room. */
static void
test_budget(void **state)
{
	uint8_t octets[8] = {0};
	struct counters counters = {0};
	struct defrag *defrag = defrag_new(2);

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct segment seg = {.fragment = {.octets = slice_of(octets, 8),
					      .bytes = 8,
					      .id = i,
					      .offset = 65520,
					      .version = 4}};
		uint32_t frame_bytes = 42;

		assert_int_equal(defrag_feed(defrag, &seg, &frame_bytes, 0, &counters),
			DECODE_FRAGMENT);
	}
	assert_true(counters.fragments_expired >= 2000 - CONFIG_DEFRAG_BYTES / 65536);
	defrag_free(&defrag);
}

static void
test_nothing(void **state)
{
	struct defrag *defrag = defrag_new(3);
	struct counters counters = {0};

	(void)state;
	defrag_finish(defrag, &counters);
	defrag_free(&defrag);
	defrag_free(&defrag);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_nothing),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
