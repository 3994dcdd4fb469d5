#include "analyzer/capture/source_file.h"

/*
 * A record is given when the one behind it is credible too.  If that is not, either
 * this one's length is wrong or that one's header is, and the octets tell which: there
 * is one place at which records go on.
 */

/* Whether records go on at `at`, or nothing does. */
static bool
pcap_goes_on(struct source_file *file, size_t at, int64_t before_ns)
{
	struct pcapfile_question question = source_file_question(file);
	enum pcapfile_answer answer;

	do {
		answer = pcap_record_chains(&question, &file->pcap, at, before_ns, 0);
	} while (source_file_ask_again(file, &question, answer));
	return answer == PCAPFILE_YES || (question.is_all && at == question.octets.n);
}

static bool
pcap_goes_on_somehow(struct source_file *file, size_t at)
{
	struct pcapfile_question question = source_file_question(file);
	enum pcapfile_answer answer;

	do {
		answer = pcap_record_chains_somehow(&question, &file->pcap, at);
	} while (source_file_ask_again(file, &question, answer));
	return answer == PCAPFILE_YES;
}

/* Where records go on, from *at on and before `end`. */
static bool
pcap_search(
	struct source_file *file, size_t *at, size_t end, int64_t before_ns, size_t reach)
{
	struct pcapfile_question question = source_file_question(file);
	enum pcapfile_answer answer;

	do {
		answer = pcap_record_find(
			&question, &file->pcap, at, end, before_ns, reach);
	} while (source_file_ask_again(file, &question, answer));
	return answer == PCAPFILE_YES;
}

/*
 * A record's length that is wrong leaves its length on the wire, which most often is
 * the same number.
 */
static bool
pcap_mend_by_wire(struct source_file *file, struct pcap_record *record)
{
	size_t header_bytes = file->pcap.record_header_bytes;

	if (record->wire_bytes == record->captured_bytes || !record->wire_bytes ||
		record->wire_bytes > PACKET_BYTES_MAX ||
		!pcap_goes_on(file, header_bytes + record->wire_bytes, record->ts_ns))
		return false;
	record->captured_bytes = record->wire_bytes;
	return true;
}

/* Records that go on inside the data claimed: then they go on beyond its end too. */
static bool
pcap_mend_by_search(struct source_file *file, struct pcap_record *record)
{
	size_t header_bytes = file->pcap.record_header_bytes;
	size_t at = header_bytes, end = header_bytes + record->captured_bytes;
	bool is_credible = record->captured_bytes <= record->wire_bytes;

	if (!pcap_search(file, &at, end, record->ts_ns, is_credible ? end : 0))
		return false;
	record->captured_bytes = (uint32_t)(at - header_bytes);
	return true;
}

static bool
pcap_mend(struct source_file *file, struct pcap_record *record)
{
	if (!pcap_mend_by_wire(file, record) && !pcap_mend_by_search(file, record))
		return false;
	source_file_damaged(file, "a wrong record length, mended,");
	return true;
}

/* What follows a record is no record as they usually are. */
static void
pcap_examine(struct source_file *file, struct pcap_record *record)
{
	size_t end = file->pcap.record_header_bytes + (size_t)record->captured_bytes;

	if (pcapfile_begins(slice_from(window_view(&file->window), end)))
		file->is_next_other = true;
	else if (!pcap_mend_by_wire(file, record) && !pcap_goes_on_somehow(file, end) &&
		 !pcap_mend_by_search(file, record))
		file->is_suspect = true;
	if (record->captured_bytes != end - file->pcap.record_header_bytes)
		source_file_damaged(file, "a wrong record length, mended,");
}

static int
pcap_packet(
	struct source_file *file, struct packet *packet, const struct pcap_record *record)
{
	size_t header_bytes = file->pcap.record_header_bytes;
	struct slice data = slice_of(
		window_at(&file->window) + header_bytes, record->captured_bytes);

	packet->ts_ns = record->ts_ns;
	packet->link_type = file->pcap.link_type;
	packet->fcs_bytes = file->pcap.fcs_bytes;
	source_file_take(
		file, header_bytes + record->captured_bytes, &file->info.record_octets);
	return source_file_packet(file, packet, data, record->wire_bytes);
}

/* Passes over all before the next place where records go on. */
static int
pcap_skip(struct source_file *file)
{
	size_t at = 1;
	bool is_found;

	do {
		is_found = pcap_search(
			file, &at, SOURCE_FILE_SEARCH_BYTES, file->before_ns, 0);
		source_file_take(file, at, &file->info.skipped_octets);
		at = 0;
	} while (!is_found && window_has(&file->window, 1));
	return SOURCE_FILE_AGAIN;
}

/*
 * The view begins with a header that cannot be.  If its length alone is wrong, the
 * record is mended; else the place of the next one is looked for.
 */
static int
pcap_recover(struct source_file *file, struct packet *packet, struct pcap_record *record)
{
	size_t at = file->pcap.record_header_bytes;
	struct pcap_record whole = *record;

	if (pcapfile_begins(window_view(&file->window))) {
		file->is_next_other = true;
		return SOURCE_FILE_AGAIN;
	}
	file->is_suspect = false;
	source_file_damaged(file, "a damaged record");
	whole.captured_bytes = whole.wire_bytes;
	if (pcap_record_follows(&whole, file->before_ns)) {
		if (pcap_mend_by_wire(file, record))
			return pcap_packet(file, packet, record);
		if (pcap_search(file, &at, at + record->wire_bytes, record->ts_ns, 0)) {
			record->captured_bytes = (uint32_t)(at -
							    file->pcap
								    .record_header_bytes);
			return pcap_packet(file, packet, record);
		}
	}
	return pcap_skip(file);
}

/* There is no header behind it: the last record, whole or cut, if it does not lie. */
static int
pcap_last(struct source_file *file, struct packet *packet, struct pcap_record *record)
{
	struct window *window = &file->window;
	size_t header_bytes = file->pcap.record_header_bytes;

	if (window_has(window, header_bytes + record->captured_bytes) ||
		(record->captured_bytes > record->wire_bytes && pcap_mend(file, record)))
		return pcap_packet(file, packet, record);
	packet->ts_ns = record->ts_ns;
	packet->link_type = file->pcap.link_type;
	packet->fcs_bytes = file->pcap.fcs_bytes;
	return source_file_packet_last(file, packet,
		slice_from(window_view(window), header_bytes),
		record->wire_bytes > record->captured_bytes ? record->wire_bytes
							    : record->captured_bytes);
}

/* Looks at a record of which nothing is known yet. */
static int
pcap_begin(struct source_file *file, struct packet *packet)
{
	if (file->is_next_other)
		return source_file_begin_other(file) ? SOURCE_FILE_AGAIN
						     : source_file_end_cut(file);
	if (!window_has(&file->window, file->pcap.record_header_bytes))
		return source_file_end_cut(file);
	pcap_record_parse(&file->upcoming, &file->pcap, window_at(&file->window));
	if (file->is_suspect || !pcap_record_is_possible(&file->upcoming))
		return pcap_recover(file, packet, &file->upcoming);
	file->is_upcoming = true;
	return SOURCE_FILE_AGAIN;
}

int
source_pcap_next(struct source_file *file, struct packet *packet)
{
	struct window *window = &file->window;
	size_t header_bytes = file->pcap.record_header_bytes;
	struct pcap_record record = file->upcoming;
	size_t record_bytes = header_bytes + record.captured_bytes;

	if (!file->is_upcoming)
		return pcap_begin(file, packet);
	file->is_upcoming = false;
	if (!window_peek(window, record_bytes + header_bytes))
		return pcap_last(file, packet, &record);
	pcap_record_parse(&file->upcoming, &file->pcap, window_at(window) + record_bytes);
	file->is_upcoming = pcap_record_follows(&file->upcoming, record.ts_ns);
	if (!file->is_upcoming)
		pcap_examine(file, &record);
	return pcap_packet(file, packet, &record);
}
