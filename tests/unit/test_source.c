// room: ct_capture
/* Captures in every format, whole, cut and damaged, written into a folder of their own.
 */
#include "analyzer/capture/source.h"

#include "analyzer/base/mem.h"
#include "tests/lib/capture.h"
#include "tests/lib/rows.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

struct folder {
	char path[256];
	char file[2][300];
};

static int
folder_setup(void **state)
{
	const char *base = getenv("TMPDIR");
	struct folder *folder = mem_alloc(sizeof *folder);

	snprintf(folder->path, sizeof folder->path, "%s/cachetap-source-XXXXXX",
		base ? base : ".");
	if (!mkdtemp(folder->path))
		return -1;
	for (int i = 0; i < 2; i++)
		snprintf(folder->file[i], sizeof folder->file[i], "%s/%c", folder->path,
			'a' + i);
	*state = folder;
	return 0;
}

static int
folder_teardown(void **state)
{
	struct folder *folder = *state;

	for (int i = 0; i < 2; i++)
		unlink(folder->file[i]);
	rmdir(folder->path);
	mem_free(folder);
	return 0;
}

static void
file_write(const char *path, const void *octets, size_t n)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(octets, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

struct result {
	unsigned packets;
	uint64_t octets, frame_last;
	int64_t ns[2 * CAPTURE_PACKETS];
	uint32_t sources[2 * CAPTURE_PACKETS];
	struct source_info info;
};

/* Reads all there is; the info is that of the first file. */
static struct result
read_all(char *const *paths, size_t count, const char *filter)
{
	struct result result = {0};
	struct source *source;
	struct packet packet;
	struct err err;

	assert_int_equal(source_open_files(&source, paths, count, filter, &err), 0);
	while (source_next(source, &packet, &err) == 1) {
		assert_true(packet.wire_bytes >= packet.data.n);
		assert_true(result.packets < 2 * CAPTURE_PACKETS);
		result.ns[result.packets] = packet.ts_ns;
		result.sources[result.packets++] = packet.source;
		result.octets += packet.data.n;
		result.frame_last = packet.frame;
	}
	assert_int_equal(source_next(source, &packet, &err), 0);
	assert_null(source_check(source));
	result.info = *source_info(source, 0);
	assert_int_equal(source_kernel_dropped(source), -1);
	source_close(&source);
	assert_null(source);
	return result;
}

static struct result
read_octets(struct folder *folder, const void *octets, size_t n)
{
	char *paths[] = {folder->file[0]};

	file_write(paths[0], octets, n);
	return read_all(paths, 1, NULL);
}

static void
test_whole(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);

	for (size_t i = 0; i < CAPTURE_FORMATS; i++) {
		const struct format *format = &capture_formats[i];
		struct result result;

		capture_make(b, format, 0, 1);
		result = read_octets(folder, b->octets, b->n);
		assert_int_equal(result.packets, CAPTURE_PACKETS);
		assert_int_equal(result.octets, CAPTURE_PACKETS * 54 + 15);
		assert_int_equal(result.frame_last, CAPTURE_PACKETS);
		assert_string_equal(result.info.format, format->is);
		assert_string_equal(result.info.compression, "none");
		assert_int_equal(result.info.link_type_count, 1);
		assert_int_equal(result.info.link_types[0], 1);
		assert_int_equal(result.info.packets, CAPTURE_PACKETS);
		assert_int_equal(result.info.octets, result.octets);
		assert_string_equal(result.info.trouble, "");
		assert_false(result.info.truncated_tail || result.info.failed);
		for (unsigned k = 0; k < CAPTURE_PACKETS && !format->is_simple; k++)
			assert_int_equal(result.ns[k],
				capture_packet_ns(k) / format->unit_ns * format->unit_ns);
	}
	mem_free(b);
}

/* Cut at each octet: never fewer packets or octets than with one octet less. */
static void
test_every_cut(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);

	for (size_t i = 0; i < CAPTURE_FORMATS; i++) {
		unsigned packets = 0, whole = 0;
		uint64_t octets = 0;

		capture_make(b, &capture_formats[i], 0, 1);
		for (size_t n = 0; n <= b->n; n++) {
			struct result result = read_octets(folder, b->octets, n);

			/* Nokia's form shows with the second record. */
			if (capture_formats[i].surplus != 4 || n > 24 + 40 + 54 + 55) {
				assert_true(result.packets >= packets);
				assert_true(result.octets >= octets);
				assert_int_equal(result.info.truncated_tail,
					result.info.trouble[0] != '\0');
			}
			packets = result.packets;
			octets = result.octets;
			assert_false(result.info.failed && packets);
			assert_true(result.info.failed || n >= 24);
			whole += !result.info.failed && !result.info.truncated_tail;
		}
		assert_int_equal(packets, CAPTURE_PACKETS);
		assert_true(whole >= CAPTURE_PACKETS + 1);
	}
	mem_free(b);
}

static void
test_cut_record_is_used(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	capture_make(b, &capture_formats[0], 0, 1);
	result = read_octets(folder, b->octets, b->n - 39);
	assert_int_equal(result.packets, CAPTURE_PACKETS);
	assert_int_equal(result.octets, CAPTURE_PACKETS * 54 + 15 - 39);
	assert_int_equal(result.info.octets, CAPTURE_PACKETS * 54 + 15);
	assert_true(result.info.truncated_tail);
	result = read_octets(folder, b->octets, b->n - 59);
	assert_int_equal(result.packets, CAPTURE_PACKETS - 1);
	assert_true(result.info.truncated_tail);
	mem_free(b);
}

static void
test_damaged_record(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	capture_make(b, &capture_formats[0], 0, 1);
	memset(b->octets + 24 + 16 + 54 + 16 + 55, 0xff, 16);
	result = read_octets(folder, b->octets, b->n);
	assert_int_equal(result.packets, CAPTURE_PACKETS - 1);
	assert_int_equal(result.frame_last, CAPTURE_PACKETS - 1);
	assert_int_equal(result.info.damaged_records, 1);
	assert_int_equal(result.info.skipped_octets, 16 + 56);
	assert_false(result.info.truncated_tail);
	assert_non_null(strstr(result.info.trouble, "after packet 2"));
	mem_free(b);
}

static void
test_pcapng_skips_what_it_cannot_use(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);
	const struct format *format = &capture_formats[6];
	uint8_t frame[128];
	uint32_t n = (uint32_t)capture_frame(frame, 0);
	struct result result;

	capture_put_header(b, format, 1);
	capture_put_packet(b, format, 0, capture_packet_ns(0));
	capture_put_block(
		b, format, 7, capture_packet_ns(1), frame, n); /* no such interface */
	capture_block_begin(b, 0x0badbeef, 40000);
	capture_put_zeros(b, 40000);
	capture_put_32(b, 40012);
	capture_block_begin(b, 6, 20); /* claims more than it holds */
	capture_put_zeros(b, 12);
	capture_put_32(b, 1000);
	capture_put_32(b, 1000);
	capture_put_32(b, 32);
	capture_put_packet(b, format, 2, capture_packet_ns(2));
	result = read_octets(folder, b->octets, b->n);
	assert_int_equal(result.packets, 2);
	assert_int_equal(result.info.damaged_records, 2);
	assert_false(result.info.truncated_tail);
	mem_free(b);
}

static void
test_sections_and_interfaces(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	capture_put_header(b, &capture_formats[6], 1);
	capture_put_interface(b, 276, 9);
	capture_put_block(b, &capture_formats[6], 0, capture_packet_ns(0),
		(const uint8_t *)"abcd", 4);
	capture_put_block(b, &capture_formats[8], 1, capture_packet_ns(1),
		(const uint8_t *)"abcd", 4);
	capture_put_header(b, &capture_formats[7], 101);
	capture_put_block(b, &capture_formats[7], 0, capture_packet_ns(2),
		(const uint8_t *)"abcd", 4);
	capture_put_block(b, &capture_formats[7], 1, capture_packet_ns(3),
		(const uint8_t *)"abcd", 4);
	result = read_octets(folder, b->octets, b->n);
	assert_int_equal(result.packets, 3);
	assert_int_equal(result.ns[1], capture_packet_ns(1));
	assert_int_equal(result.ns[2], capture_packet_ns(2) / 1000 * 1000);
	assert_int_equal(result.info.link_type_count, 3);
	assert_int_equal(result.info.link_types[1], 276);
	assert_int_equal(result.info.link_types[2], 101);
	assert_int_equal(result.info.damaged_records, 1);
	mem_free(b);
}

static size_t
gzip(uint8_t *to, size_t room, const uint8_t *octets, size_t n)
{
	z_stream z = {.next_in = (uint8_t *)(uintptr_t)octets,
		.avail_in = (uInt)n,
		.next_out = to,
		.avail_out = (uInt)room};

	assert_int_equal(
		deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static void
test_gzip_members(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);
	uint8_t packed[4096];
	size_t first, n;
	struct result result;

	capture_make(b, &capture_formats[0], 0, 1);
	first = gzip(packed, sizeof packed, b->octets, 100);
	n = first +
	    gzip(packed + first, sizeof packed - first, b->octets + 100, b->n - 100);
	memcpy(packed + n, "trailing junk", 13);
	result = read_octets(folder, packed, n + 13);
	assert_int_equal(result.packets, CAPTURE_PACKETS);
	assert_string_equal(result.info.compression, "gzip");
	assert_string_equal(result.info.trouble, "");

	packed[first + 20] ^= 0xff;
	result = read_octets(folder, packed, n);
	assert_int_equal(result.info.damaged_records, 1);
	assert_true(result.packets >= 1);
	mem_free(b);
}

/* The second of three members fails its check, or cannot be unpacked: others follow. */
static void
test_gzip_damaged_member(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);
	uint8_t packed[4096];
	size_t begin, end, n;
	struct result result;

	capture_make(b, &capture_formats[0], 0, 1);
	begin = gzip(packed, sizeof packed, b->octets, 94 + 71);
	end = begin +
	      gzip(packed + begin, sizeof packed - begin, b->octets + 94 + 71, 72);
	n = end + gzip(packed + end, sizeof packed - end, b->octets + 94 + 71 + 72,
			  b->n - 94 - 71 - 72);
	packed[end - 7] ^= 0xff;
	result = read_octets(folder, packed, n);
	assert_int_equal(result.packets, CAPTURE_PACKETS);
	assert_int_equal(result.info.damaged_records, 1);
	assert_non_null(strstr(result.info.trouble, "damaged gzip"));
	memset(packed + begin + 10, 0xff, 8);
	result = read_octets(folder, packed, n);
	assert_true(result.packets >= CAPTURE_PACKETS - 2);
	assert_true(result.info.damaged_records >= 1);
	mem_free(b);
}

/* As far as it can be unpacked, and no further. */
static void
test_gzip_every_cut(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);
	uint8_t packed[4096];
	unsigned packets = 0;
	size_t n;

	capture_make(b, &capture_formats[6], 0, 1);
	n = gzip(packed, sizeof packed, b->octets, b->n);
	for (size_t cut = 0; cut <= n; cut++) {
		struct result result = read_octets(folder, packed, cut);

		assert_true(result.packets >= packets);
		assert_true(
			result.info.failed || result.info.truncated_tail == (cut < n));
		packets = result.packets;
	}
	assert_int_equal(packets, CAPTURE_PACKETS);
	mem_free(b);
}

static void
test_zstd(void **state)
{
	struct folder *folder = *state;
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	capture_make(b, &capture_formats[0], 0, 1);
#ifdef HAVE_ZSTD
	uint8_t packed[4096];
	size_t n = ZSTD_compress(packed, sizeof packed, b->octets, b->n, 3);

	assert_false(ZSTD_isError(n));
	result = read_octets(folder, packed, n);
	assert_int_equal(result.packets, CAPTURE_PACKETS);
	assert_string_equal(result.info.compression, "zstd");
	result = read_octets(folder, packed, n - 1);
	assert_true(result.info.truncated_tail || result.info.failed);
	n = ZSTD_compress(packed, sizeof packed, b->octets, 100, 3);
	n += ZSTD_compress(packed + n, sizeof packed - n, b->octets + 100, b->n - 100, 3);
	result = read_octets(folder, packed, n);
	assert_int_equal(result.packets, CAPTURE_PACKETS);
	assert_string_equal(result.info.trouble, "");
	for (size_t cut = 0; cut < n; cut++) {
		result = read_octets(folder, packed, cut);
		assert_true(result.info.truncated_tail || result.info.failed ||
			    result.packets);
	}
#else
	result = read_octets(folder, "\x28\xb5\x2f\xfd\0\0\0\0", 8);
	assert_true(result.info.failed);
	assert_non_null(strstr(result.info.err.hint, "zstd -dc"));
#endif
	mem_free(b);
}

struct foreign {
	const char *octets;
	size_t n;
	const char *what, *hint;
};

static void
test_not_a_capture(void **state)
{
	static const struct foreign foreign[] = {
		{"", 0, "empty file", "tcpdump -U"},
		{"GET / HTTP/1.1\r\nHost: ex.test\r\n\r\n", 34, "not a pcap", "editcap"},
		{"short", 5, "not a pcap", "editcap"},
		{"\xd4\xc3\xb2\xa1\2\0\4\0", 8, "ends inside the file header", "copy"},
		{"\x0a\x0d\x0d\x0a\x1c\0", 6, "ends inside the file header", "copy"},
		{"snoop\0\0\0\0\0\0\2\0\0\0\4\0\0\0\0\0\0\0\0", 24, "snoop", "editcap"},
		{"\xfd\x37zXZ\0\0\4", 8, "compressed with xz", "xz -dc "},
		{"\x04\x22\x4d\x18\x60\x40", 6, "compressed with lz4", "lz4 -dc "},
		{"BZh91AY&SY", 10, "compressed with bzip2", "bzip2 -dc "},
		{"\x1f\x8b\x08\0\0\0\0\0\0\3\xff\xff\xff\xff", 14, "damaged gzip",
			"copy"},
	};

	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		struct result result = read_octets(
			*state, foreign[i].octets, foreign[i].n);
		const struct folder *folder = *state;

		assert_true(result.info.failed);
		assert_int_equal(result.info.err.code, EXIT_INPUT);
		assert_memory_equal(
			result.info.err.what, folder->file[0], strlen(folder->file[0]));
		assert_non_null(strstr(result.info.err.what, foreign[i].what));
		assert_non_null(strstr(result.info.err.hint, foreign[i].hint));
	}
}

static void
test_missing_files(void **state)
{
	struct folder *folder = *state;
	char *paths[] = {folder->file[0], folder->file[1]};
	struct capture *b = mem_alloc(sizeof *b);
	struct source *source;
	struct result result;
	struct err err;

	unlink(paths[0]);
	assert_int_equal(source_open_files(&source, paths, 1, NULL, &err), -1);
	assert_int_equal(err.code, EXIT_INPUT);
	assert_null(source);
	capture_make(b, &capture_formats[0], 0, 1);
	file_write(paths[1], b->octets, b->n);
	result = read_all(paths, 2, NULL);
	assert_int_equal(result.packets, CAPTURE_PACKETS);
	assert_int_equal(result.sources[0], 1);
	assert_true(result.info.failed);
	mem_free(b);
}

static void
test_merge(void **state)
{
	struct folder *folder = *state;
	char *paths[] = {folder->file[0], folder->file[1]};
	char *both[] = {folder->path};
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	capture_make(b, &capture_formats[0], 1, 2);
	file_write(paths[0], b->octets, b->n);
	capture_make(b, &capture_formats[7], 0, 2);
	file_write(paths[1], b->octets, b->n);
	for (int i = 0; i < 2; i++) {
		result = i ? read_all(both, 1, NULL) : read_all(paths, 2, NULL);
		assert_int_equal(result.packets, CAPTURE_PACKETS);
		for (unsigned k = 0; k < CAPTURE_PACKETS; k++) {
			assert_int_equal(
				result.ns[k], capture_packet_ns(k) / 1000 * 1000);
			assert_int_equal(result.sources[k], k % 2 == 0);
		}
	}
	mem_free(b);
}

static void
test_merge_keeps_the_order_of_a_file(void **state)
{
	static const int64_t offsets[] = {50 * MS, 10 * MS, 60 * MS};
	struct folder *folder = *state;
	char *paths[] = {folder->file[0], folder->file[1]};
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	capture_put_header(b, &capture_formats[2], 1);
	for (unsigned i = 0; i < 3; i++)
		capture_put_packet(
			b, &capture_formats[2], i, CAPTURE_START_NS + offsets[i]);
	file_write(paths[0], b->octets, b->n);
	b->n = 0;
	capture_put_header(b, &capture_formats[2], 1);
	capture_put_packet(b, &capture_formats[2], 0, CAPTURE_START_NS + 55 * MS);
	capture_put_packet(b, &capture_formats[2], 1, CAPTURE_START_NS + 60 * MS);
	file_write(paths[1], b->octets, b->n);
	result = read_all(paths, 2, NULL);
	assert_int_equal(result.packets, 5);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(result.sources[i], i == 2 || i == 4);
	assert_int_equal(result.ns[1], CAPTURE_START_NS + 10 * MS);
	mem_free(b);
}

/* The clock goes back where one part ends and the next begins: their order holds. */
static void
test_parts_of_one_capture(void **state)
{
	struct folder *folder = *state;
	char *paths[] = {folder->file[0], folder->file[1]};
	struct capture *b = mem_alloc(sizeof *b);

	for (unsigned late_ms = 0; late_ms < 1000; late_ms += 199) {
		struct result result;

		for (unsigned part = 0; part < 2; part++) {
			b->n = 0;
			capture_put_header(b, &capture_formats[0], 1);
			for (unsigned i = 0; i < CAPTURE_PACKETS; i++)
				capture_put_packet(b, &capture_formats[0], i,
					CAPTURE_START_NS + i * 1000 * MS +
						part * (5001 - late_ms) * MS);
			file_write(paths[part], b->octets, b->n);
		}
		result = read_all(paths, 2, NULL);
		assert_int_equal(result.packets, 2 * CAPTURE_PACKETS);
		for (unsigned i = 0; i < 2 * CAPTURE_PACKETS; i++)
			assert_int_equal(result.sources[i], i >= CAPTURE_PACKETS);
	}
	mem_free(b);
}

/* Each packet twice, at the same time. */
static void
test_same_file_twice(void **state)
{
	struct folder *folder = *state;
	char *paths[] = {folder->file[0], folder->file[0]};
	struct capture *b = mem_alloc(sizeof *b);
	struct result result;

	capture_make(b, &capture_formats[0], 0, 1);
	file_write(paths[0], b->octets, b->n);
	result = read_all(paths, 2, NULL);
	assert_int_equal(result.packets, 2 * CAPTURE_PACKETS);
	for (unsigned i = 0; i < 2 * CAPTURE_PACKETS; i++) {
		assert_int_equal(result.sources[i], i % 2);
		assert_int_equal(result.ns[i], capture_packet_ns(i / 2) / 1000 * 1000);
	}
	mem_free(b);
}

/* What a child writes while it is read, a few octets at a time. */
static void
write_slowly(const char *path, const struct capture *b)
{
	struct timespec pause = {0, 20 * MS};
	FILE *file = fopen(path, "ab");

	for (size_t at = 0; file && at < b->n; at += 101) {
		fwrite(b->octets + at, 1, b->n - at < 101 ? b->n - at : 101, file);
		fflush(file);
		nanosleep(&pause, NULL);
	}
	unlink(path);
	_exit(0);
}

static void
test_follow(void **state)
{
	struct folder *folder = *state;
	char *path = folder->file[0];
	struct capture *b = mem_alloc(sizeof *b);

	for (size_t i = 0; i < CAPTURE_FORMATS; i += 6) {
		struct source *source;
		struct packet packet;
		struct err err;
		unsigned packets = 0;
		pid_t child;

		capture_make(b, &capture_formats[i], 0, 1);
		file_write(path, b->octets, 3);
		assert_int_equal(source_open_files(&source, &path, 1, NULL, &err), 0);
		assert_int_equal(source_follow(source, 60 * 1000 * MS, &err), 0);
		memmove(b->octets, b->octets + 3, b->n -= 3);
		child = fork();
		assert_true(child >= 0);
		if (!child)
			write_slowly(path, b);
		while (packets < CAPTURE_PACKETS &&
			source_next(source, &packet, &err) == 1)
			packets++;
		assert_int_equal(waitpid(child, NULL, 0), child);
		source_stop();
		assert_int_equal(source_next(source, &packet, &err), 0);
		assert_int_equal(packets, CAPTURE_PACKETS);
		assert_null(source_check(source));
		assert_false(source_info(source, 0)->truncated_tail);
		assert_non_null(strstr(source_info(source, 0)->trouble, "was removed"));
		source_close(&source);
	}
	mem_free(b);
}

/* Each way in which following ends, of a file that is cut inside its last record. */
static void
test_follow_ends(void **state)
{
	static const char *const troubles[] = {"cut off", "cut off", "became shorter"};
	struct folder *folder = *state;
	char *path = folder->file[0];
	struct capture *b = mem_alloc(sizeof *b);

	capture_make(b, &capture_formats[0], 0, 1);
	for (unsigned way = 0; way < 3; way++) {
		struct source *source;
		struct packet packet;
		struct err err;
		unsigned packets = 0;

		file_write(path, b->octets, b->n - 3);
		assert_int_equal(source_open_files(&source, &path, 1, NULL, &err), 0);
		assert_int_equal(
			source_follow(source, (way == 1 ? 60000 : 600) * MS, &err), 0);
		while (packets < CAPTURE_PACKETS - 1 &&
			source_next(source, &packet, &err) == 1)
			packets++;
		if (way == 1)
			source_stop();
		if (way == 2)
			assert_int_equal(truncate(path, 50), 0);
		while (source_next(source, &packet, &err) == 1)
			packets++;
		assert_int_equal(packets, CAPTURE_PACKETS);
		assert_non_null(strstr(source_info(source, 0)->trouble, troubles[way]));
		source_close(&source);
	}
	mem_free(b);
}

static void
test_follow_needs(void **state)
{
	struct folder *folder = *state;
	char *paths[] = {folder->file[0], folder->file[1]};
	struct capture *b = mem_alloc(sizeof *b);
	uint8_t packed[4096];
	struct source *source;
	struct packet packet;
	struct err err;

	capture_make(b, &capture_formats[0], 0, 1);
	file_write(paths[0], packed, gzip(packed, sizeof packed, b->octets, b->n));
	file_write(paths[1], b->octets, b->n);
	assert_int_equal(source_open_files(&source, paths, 2, NULL, &err), 0);
	assert_int_equal(source_follow(source, 0, &err), -1);
	assert_int_equal(err.code, EXIT_USAGE);
	source_close(&source);
	assert_int_equal(source_open_files(&source, paths, 1, NULL, &err), 0);
	assert_int_equal(source_follow(source, 0, &err), 0);
	assert_int_equal(source_next(source, &packet, &err), 0);
	assert_true(source_info(source, 0)->failed);
	assert_non_null(strstr(source_info(source, 0)->err.what, "cannot be followed"));
	source_close(&source);
	mem_free(b);
}

static void
test_filter(void **state)
{
	struct folder *folder = *state;
	char *paths[] = {folder->file[0]};
	struct capture *b = mem_alloc(sizeof *b);
	struct source *source;
	struct result result;
	struct err err;

	capture_make(b, &capture_formats[0], 0, 1);
	file_write(paths[0], b->octets, b->n);
	result = read_all(paths, 1, "tcp port 80");
	assert_int_equal(result.packets, 3);
	assert_int_equal(result.frame_last, 5);
	assert_int_equal(result.info.packets, 3);
	assert_int_equal(read_all(paths, 1, "udp").packets, 3);
	assert_int_equal(read_all(paths, 1, "ip6").packets, 0);
	assert_int_equal(source_open_files(&source, paths, 1, "tcp prot 80", &err), -1);
	assert_int_equal(err.code, EXIT_USAGE);
	b->n = 0;
	capture_put_header(b, &capture_formats[0], 101);
	capture_put_packet(b, &capture_formats[0], 0, CAPTURE_START_NS);
	file_write(paths[0], b->octets, b->n);
	result = read_all(paths, 1, "ether host 2:0:0:0:0:1");
	assert_int_equal(result.packets, 0);
	assert_non_null(strstr(result.info.trouble, "no meaning for link type 101"));
	mem_free(b);
}

/* Longer than the window, and more of them than fit. */
static void
test_long_records(void **state)
{
	enum {
		LONG_BYTES = 3000000,
		LONG_RECORDS = 3
	};
	struct folder *folder = *state;
	char *paths[] = {folder->file[0]};
	struct capture *b = mem_alloc(sizeof *b);
	uint8_t *octets = mem_alloc(LONG_BYTES);
	FILE *file = fopen(paths[0], "wb");
	struct source *source;
	struct packet packet;
	struct err err;

	capture_put_header(b, &capture_formats[0], 1);
	assert_int_equal(fwrite(b->octets, 1, b->n, file), b->n);
	for (unsigned i = 0; i < LONG_RECORDS; i++) {
		b->n = 0;
		capture_put_record(b, &capture_formats[0], CAPTURE_START_NS, octets, 0);
		memcpy(b->octets + 8, "\xc0\xc6\x2d\0\xc0\xc6\x2d\0", 8);
		octets[0] = octets[LONG_BYTES - 1] = (uint8_t)(i + 1);
		assert_int_equal(fwrite(b->octets, 1, b->n, file), b->n);
		assert_int_equal(fwrite(octets, 1, LONG_BYTES, file), LONG_BYTES);
	}
	fclose(file);
	assert_int_equal(source_open_files(&source, paths, 1, NULL, &err), 0);
	for (unsigned i = 0; i < LONG_RECORDS; i++) {
		assert_int_equal(source_next(source, &packet, &err), 1);
		assert_int_equal(packet.data.n, LONG_BYTES);
		assert_int_equal(packet.data.at[0], i + 1);
		assert_int_equal(packet.data.at[LONG_BYTES - 1], i + 1);
	}
	assert_int_equal(source_next(source, &packet, &err), 0);
	source_close(&source);
	mem_free(octets);
	mem_free(b);
}

/* A pipe cannot seek. */
static void
test_standard_input(void **state)
{
	char dash[] = "-";
	char *paths[] = {dash};
	struct capture *b = mem_alloc(sizeof *b);
	int kept = dup(STDIN_FILENO), ends[2];
	struct result result;

	(void)state;
	capture_make(b, &capture_formats[6], 0, 1);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], b->octets, b->n), b->n);
	close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	result = read_all(paths, 1, NULL);
	assert_int_equal(result.packets, CAPTURE_PACKETS);
	dup2(kept, STDIN_FILENO);
	close(kept);
	mem_free(b);
}

#define SOURCE_TEST(sentence, test)                                                      \
	{                                                                                \
		sentence, test, folder_setup, folder_teardown, NULL                      \
	}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SOURCE_TEST("every format and byte order", test_whole),
		SOURCE_TEST("every format cut at every octet", test_every_cut),
		SOURCE_TEST(
			"the rest of a cut record is a packet", test_cut_record_is_used),
		SOURCE_TEST("a damaged record header is counted", test_damaged_record),
		SOURCE_TEST("pcapng blocks without use are passed over",
			test_pcapng_skips_what_it_cannot_use),
		SOURCE_TEST("sections and interfaces of different kinds",
			test_sections_and_interfaces),
		SOURCE_TEST("gzip members, junk and damage", test_gzip_members),
		SOURCE_TEST("a gzip member with damage leaves the others",
			test_gzip_damaged_member),
		SOURCE_TEST("gzip cut at every octet", test_gzip_every_cut),
		SOURCE_TEST("zstd, or how to do without", test_zstd),
		SOURCE_TEST("what is no capture is named", test_not_a_capture),
		SOURCE_TEST("a missing file leaves the others", test_missing_files),
		SOURCE_TEST("two files, or a folder, are one time line", test_merge),
		SOURCE_TEST("a clock that goes back keeps a file's order",
			test_merge_keeps_the_order_of_a_file),
		SOURCE_TEST("parts of one capture whose clock goes back",
			test_parts_of_one_capture),
		SOURCE_TEST("the same file twice", test_same_file_twice),
		SOURCE_TEST("a file that grows is followed", test_follow),
		SOURCE_TEST("how following ends", test_follow_ends),
		SOURCE_TEST("what cannot be followed", test_follow_needs),
		SOURCE_TEST("a filter leaves the frame numbers", test_filter),
		SOURCE_TEST("records longer than the window", test_long_records),
		SOURCE_TEST("standard input", test_standard_input),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
