#include "analyzer/capture/source_file.h"

#include "analyzer/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_stdin(const struct source_file *file)
{
	return strcmp(file->info.path, "-") == 0;
}

static const char *
file_name(const struct source_file *file)
{
	return is_stdin(file) ? "standard input" : file->info.path;
}

static void
file_end(struct source_file *file)
{
	file->state = SOURCE_FILE_ENDED;
	window_fini(&file->window);
}

int
source_file_fail(struct source_file *file, const char *why, const char *hint)
{
	const char *name = file_name(file);

	file->info.failed = true;
	err_set(&file->info.err, EXIT_INPUT, "%s: %s", name, why);
	if (hint)
		err_hint(&file->info.err, "%s", hint);
	file_end(file);
	return 0;
}

/* The first one is told; the others are counted. */
__attribute__((format(printf, 2, 3))) static void
file_trouble(struct source_file *file, const char *format, ...)
{
	va_list args;

	if (file->info.trouble[0])
		return;
	va_start(args, format);
	vsnprintf(file->info.trouble, sizeof file->info.trouble, format, args);
	va_end(args);
}

static const char *
open_hint(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "look at the path; a folder stands for the captures in it";
	case EACCES:
	case EPERM:
		return "sudo: files are opened first, then root is given up";
	case EMFILE:
	case ENFILE:
		return "ulimit -n with a larger number";
	default:
		return NULL;
	}
}

void
source_file_init(struct source_file *file, const char *path, int fd)
{
	*file = (struct source_file){.info = {.path = path, .compression = "none"},
		.before_ns = PCAPFILE_TIME_NONE};
	window_init(&file->window, fd);
}

int
source_file_open(struct source_file *file, const char *path)
{
	int fd = STDIN_FILENO;

	source_file_init(file, path, -1);
	if (!is_stdin(file))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		int error = errno;

		source_file_fail(file, strerror(error), open_hint(error));
		return error;
	}
	window_init(&file->window, fd);
	if (is_stdin(file) && isatty(fd))
		source_file_fail(file, "a terminal, not a capture",
			"tcpdump -w - | cachetap -r -");
	return 0;
}

void
source_file_close(struct source_file *file)
{
	window_fini(&file->window);
	mem_free(file->interfaces);
	file->interfaces = NULL;
}

void
source_file_note_link_type(struct source_file *file, uint16_t link_type)
{
	struct source_info *info = &file->info;

	for (unsigned i = 0; i < info->link_type_count; i++)
		if (info->link_types[i] == link_type)
			return;
	if (info->link_type_count < SOURCE_LINK_TYPES_MAX)
		info->link_types[info->link_type_count++] = link_type;
}

static int
file_fail_packed(struct source_file *file)
{
	static const char *const programs[] = {
		[UNPACK_GZIP] = "gzip",
		[UNPACK_ZSTD] = "zstd",
		[UNPACK_XZ] = "xz",
		[UNPACK_LZ4] = "lz4",
		[UNPACK_BZIP2] = "bzip2",
	};
	enum unpack_coding coding = file->window.coding;
	struct err *err = &file->info.err;

	source_file_fail(file, "compressed, and this program cannot unpack it", NULL);
	err_set(err, EXIT_INPUT, "%s: compressed with %s, which is not built in",
		file_name(file), unpack_name(coding));
	err_hint(err, "%s -dc %s | cachetap -r -", programs[coding],
		is_stdin(file) ? "" : file->info.path);
	return 0;
}

/* The first octets are none of ours. */
static int
file_fail_foreign(struct source_file *file)
{
	static const struct {
		struct slice magic;
		const char *why;
	} known[] = {
		{SLICE_INIT("snoop\0\0\0"), "a snoop capture, not pcap or pcapng"},
		{SLICE_INIT("RTSS"), "a Network Monitor capture, not pcap or pcapng"},
		{SLICE_INIT("GMBU"), "a Network Monitor capture, not pcap or pcapng"},
		{SLICE_INIT("\x7f\x45LF"), "a program, not a capture"},
		{SLICE_INIT("PK\x03\x04"), "a zip archive, not a capture"},
	};
	struct slice view = window_view(&file->window);

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_has_prefix(view, known[i].magic))
			return source_file_fail(file, known[i].why,
				"editcap OLD NEW.pcapng converts what Wireshark can "
				"read");
	return source_file_fail(file, "not a pcap or pcapng capture",
		"tcpdump -w FILE makes one; editcap OLD NEW.pcapng converts others");
}

static int
file_fail_short(struct source_file *file)
{
	struct window *window = &file->window;
	size_t n = window_view(window).n;
	char why[160];

	if (window->error)
		return source_file_fail(file, strerror(window->error), NULL);
	if (window_damage(window)) {
		snprintf(why, sizeof why, "damaged %s data (%s)",
			unpack_name(window->coding), window_damage(window));
		return source_file_fail(file, why, "copy the file again");
	}
	if (n == 0)
		return source_file_fail(file, "empty file",
			"tcpdump -U writes each packet at once; look whether it still "
			"runs");
	snprintf(why, sizeof why, "ends inside the file header, after %zu octets", n);
	return source_file_fail(file, why, "copy the file again");
}

static bool
view_may_be_capture(struct slice view)
{
	static const struct slice magics[] = {
		SLICE_INIT("\xa1\xb2"),
		SLICE_INIT("\xd4\xc3\xb2\xa1"),
		SLICE_INIT("\x4d\x3c\xb2\xa1"),
		SLICE_INIT("\x34\xcd\xb2\xa1"),
		SLICE_INIT("\x0a\x0d\x0d\x0a"),
	};

	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (slice_has_prefix(view, slice_part(magics[i], 0, view.n)))
			return true;
	return false;
}

static bool
file_begin_pcap(struct source_file *file)
{
	struct window *window = &file->window;

	if (!pcap_header_parse(&file->pcap, window_view(window)))
		return false;
	file->has_odd_version |= !pcapfile_begins(window_view(window));
	source_file_take(file, PCAP_HEADER_BYTES, &file->info.header_octets);
	file->state = SOURCE_FILE_PCAP;
	if (!file->info.format)
		file->info.format = "pcap";
	source_file_note_link_type(file, file->pcap.link_type);
	if (window_has(window, file->pcap.record_header_bytes))
		pcap_header_refine(&file->pcap, window_view(window));
	return true;
}

static bool
file_begin_pcapng(struct source_file *file)
{
	bool is_big_endian;

	if (!pcapng_block_is_section(&is_big_endian, window_at(&file->window)))
		return false;
	file->state = SOURCE_FILE_PCAPNG;
	file->interface_count = 0;
	if (!file->info.format)
		file->info.format = "pcapng";
	return true;
}

bool
source_file_begin_other(struct source_file *file)
{
	file->is_next_other = file->is_suspect = false;
	file->before_ns = PCAPFILE_TIME_NONE;
	return window_has(&file->window, PCAP_HEADER_BYTES) &&
	       (file_begin_pcap(file) || file_begin_pcapng(file));
}

/* False: the file has failed. */
static bool
file_begin(struct source_file *file)
{
	struct window *window = &file->window;

	if (!window_begin(window)) {
		file_fail_packed(file);
		return false;
	}
	file->info.compression = unpack_name(window->coding);
	if (window->follow && window->coding != UNPACK_NONE)
		window->follow = window->follow->is_many ? NULL : window->follow;
	if (window->follow && window->coding != UNPACK_NONE) {
		source_file_fail(file, "compressed: it cannot be followed",
			"without --follow what is there is read");
		return false;
	}
	if (!window_has(window, PCAP_HEADER_BYTES)) {
		if (window->follow && window->follow->goes_on)
			source_file_end_cut(
				file); /* the newest of a ring has just begun */
		else if (window_view(window).n &&
			 !view_may_be_capture(window_view(window)))
			file_fail_foreign(file);
		else
			file_fail_short(file);
		return false;
	}
	if (file_begin_pcap(file) || file_begin_pcapng(file))
		return true;
	file_fail_foreign(file);
	return false;
}

/* Nothing more can be read; `is_inside` a record or block. */
static void
file_note_end(struct source_file *file, bool is_inside)
{
	struct window *window = &file->window;

	if (window->follow)
		file->info.is_rewritten = window->follow->is_rewritten;
	if (window->follow && window->follow->ended)
		file_trouble(file, "%s, after packet %" PRIu64, window->follow->ended,
			file->frame);
	if (window->error) {
		file_trouble(file, "reading ended after packet %" PRIu64 ": %s",
			file->frame, strerror(window->error));
	} else if (window_damage(window)) {
		file->info.damaged_records++;
		file_trouble(file, "damaged %s data (%s): packets are missing",
			unpack_name(window->coding), window_damage(window));
	} else if (is_inside || window_is_cut(window)) {
		file->info.truncated_tail = true;
		file_trouble(file, "cut off inside the record after packet %" PRIu64,
			file->frame);
	}
}

/* What is harmless is told if nothing else is. */
static void
file_note_oddities(struct source_file *file)
{
	if (file->info.bad_options)
		file_trouble(file, "%" PRIu64 " interfaces have unusable options",
			file->info.bad_options);
	if (file->has_odd_version)
		file_trouble(file, "pcap version %u.%u: read as 2.4",
			file->pcap.version_major, file->pcap.version_minor);
}

static int
file_end_read(struct source_file *file)
{
	if (file->homeless_packets && !file->frame)
		return source_file_fail(file,
			"packets without an interface block: of what link type they are "
			"is unknown",
			"capture again with tcpdump -w, or convert the original");
	file_note_oddities(file);
	file->info.file_octets = window_read_octets(&file->window);
	file_end(file);
	return 0;
}

/* A followed file ends between two records, where it may go on later. */
static bool
file_is_left(const struct source_file *file)
{
	return file->window.follow && file->window.follow->is_left &&
	       !file->window.error && !window_view(&file->window).n && file->frame &&
	       (file->state == SOURCE_FILE_PCAP || file->state == SOURCE_FILE_PCAPNG);
}

static int
file_leave(struct source_file *file)
{
	file_note_oddities(file);
	file->info.file_octets = window_read_octets(&file->window);
	window_leave(&file->window);
	return 0;
}

void
source_file_return(struct source_file *file, int fd)
{
	bool is_readable = file->state != SOURCE_FILE_ENDED;

	if (!file->info.is_late) {
		file->info.is_told = false;
		snprintf(file->info.trouble, sizeof file->info.trouble,
			"it went on after a later file was begun: its rest is %s",
			is_readable ? "read after that" : "missing");
	}
	file->info.is_late = true;
	if (is_readable)
		window_return(&file->window, fd);
	else
		close(fd);
}

int
source_file_end_cut(struct source_file *file)
{
	size_t left = window_view(&file->window).n;

	if (file_is_left(file))
		return file_leave(file);
	file_note_end(file, left > 0);
	source_file_take(file, left, &file->info.tail_octets);
	return file_end_read(file);
}

int
source_file_packet_last(struct source_file *file, struct packet *packet,
	struct slice data, uint32_t wire_bytes)
{
	if (data.n == 0)
		return source_file_end_cut(file);
	file_note_end(file, true);
	source_file_take(file, window_view(&file->window).n, &file->info.tail_octets);
	file->state = SOURCE_FILE_LAST_GIVEN;
	return source_file_packet(file, packet, data, wire_bytes);
}

void
source_file_damaged(struct source_file *file, const char *what)
{
	file->info.damaged_records++;
	file_trouble(file, "%s at octet %" PRIu64 " after packet %" PRIu64, what,
		window_offset(&file->window), file->frame);
}

struct pcapfile_question
source_file_question(const struct source_file *file)
{
	return (struct pcapfile_question){
		.octets = window_view(&file->window), .is_all = file->window.ended};
}

bool
source_file_ask_again(struct source_file *file, struct pcapfile_question *question,
	enum pcapfile_answer answer)
{
	if (answer != PCAPFILE_NEED_MORE)
		return false;
	window_has(&file->window, question->need);
	*question = source_file_question(file);
	return true;
}

/* What is in view of a compressed file was packed as well as all before it. */
int
source_file_progress(const struct source_file *file, uint64_t octets)
{
	const struct window *window = &file->window;
	struct stat status;
	double at;

	if (fstat(window->fd, &status) || !S_ISREG(status.st_mode) || !status.st_size)
		return -1;
	at = (double)lseek(window->fd, 0, SEEK_CUR);
	if (window->unpack)
		at -= (double)unpack_waiting(window->unpack);
	return (int)(1000 * at / (double)status.st_size * (double)octets /
		     (double)window_read_octets(window));
}

static int
file_step(struct source_file *file, struct packet *packet)
{
	switch (file->state) {
	case SOURCE_FILE_UNREAD:
		return file_begin(file) ? SOURCE_FILE_AGAIN : 0;
	case SOURCE_FILE_PCAP:
		return source_pcap_next(file, packet);
	case SOURCE_FILE_PCAPNG:
		return source_pcapng_next(file, packet);
	case SOURCE_FILE_LAST_GIVEN:
		return file_end_read(file);
	case SOURCE_FILE_ENDED:
		break;
	}
	return 0;
}

int
source_file_next(struct source_file *file, struct packet *packet)
{
	int got;

	while ((got = file_step(file, packet)) == SOURCE_FILE_AGAIN)
		;
	return got;
}
