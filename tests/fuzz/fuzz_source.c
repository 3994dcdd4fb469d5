// room: ct_capture
/*
 * The input is a capture file, whole or as a program that damages files left it.
 * Beside crashes, it looks for octets that are in no place, packets that are longer
 * than their file, and frames that are not counted.  What the search for a place to go
 * on says is looked at on its own: it asks for more only while there may be more.
 */
#include "analyzer/capture/source.h"
#include "parsers/pcapfile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Not assert(): the properties are the point of the program, in every build. */
static void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "property broken: %s\n", what);
	abort();
}
#define REQUIRE(expression) require(expression, #expression)

static void
check_answer(
	enum pcapfile_answer answer, const struct pcapfile_question *question, size_t at)
{
	if (answer == PCAPFILE_NEED_MORE)
		REQUIRE(!question->is_all && question->need > question->octets.n);
	if (answer == PCAPFILE_YES)
		REQUIRE(at < question->octets.n);
}

/* The same place is found whether all octets are there at once or come later. */
static void
check_search(struct slice input, bool is_pcapng)
{
	struct pcap_header header = {.record_header_bytes = 16};
	struct pcapfile_question question = {.octets = slice_part(input, 0, 24)};
	struct pcapfile_question whole = {.octets = input, .is_all = true};
	size_t at = 0, at_once = 0;
	enum pcapfile_answer answer, once;

	once = is_pcapng ? pcapng_block_find(&whole, &at_once, input.n, false)
			 : pcap_record_find(&whole, &header, &at_once, input.n,
				   PCAPFILE_TIME_NONE, 0);
	check_answer(once, &whole, at_once);
	do {
		question.is_all = question.octets.n == input.n;
		answer = is_pcapng ? pcapng_block_find(&question, &at, input.n, false)
				   : pcap_record_find(&question, &header, &at, input.n,
					     PCAPFILE_TIME_NONE, 0);
		check_answer(answer, &question, at);
		question.octets = slice_part(input, 0, question.need);
	} while (answer == PCAPFILE_NEED_MORE);
	REQUIRE(answer == once && at == at_once);
}

static void
check_file(char *path, bool is_packed)
{
	struct source *source;
	struct packet packet;
	struct err err;
	uint64_t frames = 0, octets = 0;

	if (source_open_files(&source, &path, 1, NULL, &err))
		return;
	while (source_next(source, &packet, &err) == 1) {
		REQUIRE(packet.frame == ++frames);
		REQUIRE(packet.wire_bytes >= packet.data.n);
		REQUIRE(packet.data.n <= PACKET_BYTES_MAX);
		octets += packet.data.n;
	}
	REQUIRE(!source_check(source));
	REQUIRE(source_info(source, 0)->packets == frames);
	REQUIRE(is_packed || source_info(source, 0)->failed ||
		octets <= source_info(source, 0)->file_octets);
	REQUIRE(!source_info(source, 0)->failed || !frames);
	source_close(&source);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static FILE *file; /* one for all inputs */
	char path[64];

	if (!file)
		file = tmpfile();
	REQUIRE(file && ftruncate(fileno(file), 0) == 0);
	REQUIRE(pwrite(fileno(file), data, n, 0) == (ssize_t)n);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
	check_file(path, n > 1 && (data[0] == 0x1f || data[0] == 0x28));
	check_search(slice_of(data, n), false);
	check_search(slice_of(data, n), true);
	return 0;
}
