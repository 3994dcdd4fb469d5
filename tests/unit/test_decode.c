// room: ct_http
/* Content codings removed: whole, octet by octet, damaged, and as bombs. */
#include "analyzer/http/decode.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"
#include "tests/lib/rows.h"

#include <zlib.h>

enum {
	TEXT_BYTES = 5000,
	GZIP_BITS = 15 + 16,
	ZLIB_BITS = 15,
	RAW_BITS = -15,
};

struct output {
	uint8_t octets[2 * TEXT_BYTES];
	uint64_t n;
};

static void
collect(void *context, struct slice s)
{
	struct output *out = context;

	if (out->n + s.n <= sizeof out->octets)
		memcpy(out->octets + out->n, s.at, s.n);
	out->n += s.n;
}

static void
fill_text(uint8_t *text)
{
	for (size_t i = 0; i < TEXT_BYTES; i++)
		text[i] = (uint8_t)("the quick brown fox "[i % 20] + (i / 97) % 3);
}

static struct slice
compress_text(int bits, struct slice text, uint8_t *room, size_t size)
{
	z_stream z = {0};

	assert_int_equal(
		deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (uint8_t *)(uintptr_t)text.at;
	z.avail_in = (unsigned)text.n;
	z.next_out = room;
	z.avail_out = (unsigned)size;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	size -= z.avail_out;
	deflateEnd(&z);
	return slice_of(room, size);
}

struct row {
	const char *name;
	enum coding coding;
	int bits;
};

static const struct row codings[] = {
	{"gzip", CODING_GZIP, GZIP_BITS},
	{"deflate is the zlib format", CODING_DEFLATE, ZLIB_BITS},
	{"deflate without its wrapper is sent as well", CODING_DEFLATE, RAW_BITS},
};

static void
decode(const struct row *row, struct slice sent, size_t piece, struct output *out,
	bool ends)
{
	struct decoder *decoder = decoder_new(&row->coding, 1, collect, out);

	out->n = 0;
	assert_non_null(decoder);
	while (sent.n) {
		decoder_feed(decoder, slice_part(sent, 0, piece));
		sent = slice_from(sent, piece);
	}
	assert_int_equal(decoder_finish(decoder), ends);
	decoder_free(&decoder);
}

static void
test_coding(void **state)
{
	uint8_t text[TEXT_BYTES], room[2 * TEXT_BYTES];
	static struct output out;
	struct slice sent;

	fill_text(text);
	sent = compress_text(((const struct row *)*state)->bits,
		slice_of(text, TEXT_BYTES), room, sizeof room);
	for (size_t piece = 1; piece < 2 * TEXT_BYTES; piece = piece * 3 + 1) {
		decode(*state, sent, piece, &out, true);
		assert_int_equal(out.n, TEXT_BYTES);
		assert_memory_equal(out.octets, text, TEXT_BYTES);
	}
	decode(*state, slice_part(sent, 0, sent.n - 1), sent.n, &out, false);
}

static void
test_members_of_gzip_continue(void **state)
{
	uint8_t text[TEXT_BYTES], room[2 * TEXT_BYTES];
	static struct output out;
	struct slice one, two;

	(void)state;
	fill_text(text);
	one = compress_text(GZIP_BITS, slice_of(text, 3000), room, sizeof room);
	two = compress_text(GZIP_BITS, slice_of(text + 3000, TEXT_BYTES - 3000),
		room + one.n, sizeof room - one.n);
	decode(&codings[0], slice_of(room, one.n + two.n), 11, &out, true);
	assert_int_equal(out.n, TEXT_BYTES);
	assert_memory_equal(out.octets, text, TEXT_BYTES);
}

static void
test_two_codings(void **state)
{
	const enum coding both[] = {CODING_GZIP, CODING_DEFLATE};
	uint8_t text[TEXT_BYTES], once[TEXT_BYTES], twice[2 * TEXT_BYTES];
	static struct output out;
	struct decoder *decoder;
	struct slice sent;

	(void)state;
	fill_text(text);
	out.n = 0;
	sent = compress_text(GZIP_BITS, slice_of(text, TEXT_BYTES), once, sizeof once);
	sent = compress_text(ZLIB_BITS, sent, twice, sizeof twice);
	decoder = decoder_new(both, 2, collect, &out);
	assert_true(decoder_feed(decoder, sent));
	assert_true(decoder_finish(decoder));
	assert_int_equal(out.n, TEXT_BYTES);
	decoder_free(&decoder);
	assert_null(decoder_new(both, CONFIG_DECODE_CODINGS + 1, collect, &out));
}

static void
test_damage_stops(void **state)
{
	uint8_t text[TEXT_BYTES], room[2 * TEXT_BYTES];
	static struct output out;
	struct slice sent;

	(void)state;
	fill_text(text);
	sent = compress_text(GZIP_BITS, slice_of(text, TEXT_BYTES), room, sizeof room);
	room[sent.n / 2] ^= 0xff;
	decode(&codings[0], sent, sent.n, &out, false);
}

static void
test_a_bomb_is_cut_off(void **state)
{
	enum {
		BOMB_BYTES = 64 << 20
	};
	uint8_t *zeros = mem_alloc(BOMB_BYTES), *room = mem_alloc(1 << 20);
	static struct output out;
	struct slice sent;

	(void)state;
	sent = compress_text(GZIP_BITS, slice_of(zeros, BOMB_BYTES), room, 1 << 20);
	decode(&codings[0], sent, sent.n, &out, false);
	/* The ratio of this bomb is just over a thousand. */
	assert_true(
		out.n <= sent.n * CONFIG_DECODE_RATIO + CONFIG_DECODE_RATIO_FROM_BYTES);
	mem_free(zeros);
	mem_free(room);
}

struct window {
	const char *name;
	enum coding coding;
	struct slice sent;
	size_t least_bytes, most_bytes;
};

/* Each ends in the middle of its content. */
static const struct window windows[] = {
	{"gzip takes its 32 KiB of window", CODING_GZIP,
		SLICE_INIT("\x1f\x8b\x08\0\0\0\0\0\0\xff\x4b"), 32 << 10, 64 << 10},
#ifdef HAVE_ZSTD
	{"zstd takes the 8 MiB that its frame asks for", CODING_ZSTD,
		SLICE_INIT("\x28\xb5\x2f\xfd\0\x68\x28\0\0hello"), 8 << 20, 10 << 20},
	{"zstd takes little where its frame asks for little", CODING_ZSTD,
		SLICE_INIT("\x28\xb5\x2f\xfd\0\0\x28\0\0hello"), 64 << 10, 1 << 20},
	{"zstd takes nothing for a window beyond 8 MiB", CODING_ZSTD,
		SLICE_INIT("\x28\xb5\x2f\xfd\0\x70\x28\0\0hello"), 0, 4 << 10},
#endif
#ifdef HAVE_BROTLI
	{"brotli takes 16 MiB after five octets", CODING_BROTLI,
		SLICE_INIT("\xcf\xff\xff\xffh"), 16 << 20, 17 << 20},
	{"brotli takes less where less is announced", CODING_BROTLI,
		SLICE_INIT("\x0f\x02\x80hello"), 1 << 10, 64 << 10},
#endif
};

static void
test_window(void **state)
{
	const struct window *row = *state;
	static struct output out;
	struct decoder *decoder = decoder_new(&row->coding, 1, collect, &out);
	size_t idle = decoder_bytes(decoder);

	assert_true(idle < 4 << 10);
	decoder_feed(decoder, row->sent);
	assert_in_range(decoder_bytes(decoder), row->least_bytes, row->most_bytes);
	assert_false(decoder_finish(decoder));
	decoder_stop(decoder);
	assert_int_equal(decoder_bytes(decoder), idle);
	assert_false(decoder_feed(decoder, row->sent));
	assert_false(decoder_finish(decoder));
	decoder_free(&decoder);
}

struct damage {
	const char *name;
	enum coding coding;
	struct slice sent;
	enum coded_fault fault;
};

#define EMPTY_GZIP "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0"
#define EMPTY_ZLIB "\x78\x9c\x03\0\0\0\0\x01"
#define END "\0\0\0\0\0\0\0\0"

static const struct damage damages[] = {
	{"nothing is wrong", CODING_GZIP, SLICE_INIT(EMPTY_GZIP END), CODED_FINE},
	{"another member may follow", CODING_GZIP,
		SLICE_INIT(EMPTY_GZIP END EMPTY_GZIP END), CODED_FINE},
	{"text called gzip is in no coding", CODING_GZIP, SLICE_INIT("text"),
		CODED_PLAIN},
	{"one octet called gzip is in none", CODING_GZIP, SLICE_INIT("t"), CODED_PLAIN},
	{"text called deflate is in no coding", CODING_DEFLATE, SLICE_INIT("hello"),
		CODED_PLAIN},
	{"text that might be raw deflate is in none", CODING_DEFLATE,
		SLICE_INIT("text goes here"), CODED_PLAIN},
	{"zlib called gzip is another coding", CODING_GZIP, SLICE_INIT(EMPTY_ZLIB),
		CODED_OTHER},
	{"gzip called deflate is another coding", CODING_DEFLATE,
		SLICE_INIT(EMPTY_GZIP END), CODED_OTHER},
	{"an impossible block is damage", CODING_GZIP,
		SLICE_INIT("\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff\xff\xff"),
		CODED_CORRUPT},
	{"the checksum is looked at", CODING_GZIP,
		SLICE_INIT(EMPTY_GZIP "\x01\0\0\0\0\0\0\0"), CODED_CHECKSUM},
	{"the length is looked at", CODING_GZIP,
		SLICE_INIT(EMPTY_GZIP "\0\0\0\0\x01\0\0\0"), CODED_LENGTH},
	{"a trailer that is cut short is missed", CODING_GZIP,
		SLICE_INIT(EMPTY_GZIP "\0\0\0"), CODED_TRUNCATED},
	{"something behind gzip is seen", CODING_GZIP, SLICE_INIT(EMPTY_GZIP END "\r\n"),
		CODED_TRAILING},
	{"one octet behind gzip is seen", CODING_GZIP, SLICE_INIT(EMPTY_GZIP END "\n"),
		CODED_TRAILING},
	{"something behind zlib is seen", CODING_DEFLATE, SLICE_INIT(EMPTY_ZLIB "\n"),
		CODED_TRAILING},
};

static void
test_fault(void **state)
{
	const struct damage *damage = *state;
	static struct output out;

	for (size_t piece = 1; piece <= damage->sent.n; piece++) {
		struct decoder *decoder = decoder_new(&damage->coding, 1, collect, &out);
		struct slice rest = damage->sent;
		struct coded coded;

		for (; rest.n; rest = slice_from(rest, piece))
			decoder_feed(decoder, slice_part(rest, 0, piece));
		coded = decoder_result(decoder, true);
		assert_int_equal(coded.fault, damage->fault);
		assert_memory_equal(coded.first, damage->sent.at, coded.first_bytes);
		decoder_free(&decoder);
	}
}

static void
test_what_may_go_on_is_not_cut_short(void **state)
{
	static struct output out;
	struct decoder *decoder = decoder_new(&codings[0].coding, 1, collect, &out);

	(void)state;
	decoder_feed(decoder, SLICE(EMPTY_GZIP));
	assert_int_equal(decoder_result(decoder, false).fault, CODED_FINE);
	assert_int_equal(decoder_result(decoder, true).fault, CODED_TRUNCATED);
	decoder_free(&decoder);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members_of_gzip_continue),
		cmocka_unit_test(test_two_codings),
		cmocka_unit_test(test_damage_stops),
		cmocka_unit_test(test_a_bomb_is_cut_off),
		cmocka_unit_test(test_what_may_go_on_is_not_cut_short),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(codings, test_coding) + ROWS_RUN(windows, test_window) +
	       ROWS_RUN(damages, test_fault) + cmocka_run_group_tests(tests, NULL, NULL);
}
