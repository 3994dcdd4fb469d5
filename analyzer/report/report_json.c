#include "analyzer/report/report.h"

#include "analyzer/report/report_findings.h"
#include "analyzer/report/report_fixes.h"
#include "analyzer/report/report_metrics.h"
#include "analyzer/report/report_patterns.h"
#include "analyzer/report/report_sum.h"
#include "analyzer/report/report_tables.h"
#include "parsers/link.h"
#include "parsers/segment.h"
#include "parsers/tunnel.h"

#include <stdio.h>

static int64_t
to_us(int64_t ns)
{
	return ns / 1000 - (ns % 1000 < 0);
}

static void
put_option(struct json *json, const struct report_option *option)
{
	if (option->text)
		json_text(json, option->text);
	else
		json_uint(json, option->number);
}

/* An option that was given several times is an array; its uses stand together. */
static void
put_options(struct json *json, const struct report *report)
{
	const struct report_option *option = report->options;
	const struct report_option *end = option + report->option_count;

	json_key(json, "options");
	json_object(json);
	while (option < end) {
		const struct report_option *first = option++;

		json_key(json, first->key);
		if (option == end || strcmp(option->key, first->key) != 0) {
			put_option(json, first);
			continue;
		}
		json_array_inline(json);
		put_option(json, first);
		while (option < end && strcmp(option->key, first->key) == 0)
			put_option(json, option++);
		json_end(json);
	}
	json_end(json);
}

static void
put_source(struct json *json, const struct report_source *source)
{
	json_object(json);
	json_put_text(json, "path", source->path);
	json_put_text(json, "format", source->format);
	json_put_text(json, "compression", source->compression);
	json_key(json, "link_types");
	json_array_inline(json);
	for (unsigned i = 0; i < source->link_type_count; i++)
		json_uint(json, source->link_types[i]);
	json_end(json);
	json_put_uint(json, "packets", source->packets);
	json_put_uint(json, "octets", source->octets);
	json_put_bool(json, "truncated_tail", source->truncated_tail);
	json_put_uint(json, "damaged_records", source->damaged_records);
	if (source->failed)
		json_put_bool(json, "failed", true);
	if (source->trouble && *source->trouble)
		json_put_text(json, "trouble", source->trouble);
	json_end(json);
}

static void
put_capture(struct json *json, const struct report *report)
{
	const struct counters *c = report->counters;

	json_key(json, "capture");
	json_object(json);
	json_key(json, "sources");
	json_array(json);
	for (size_t i = 0; i < report->source_count; i++)
		put_source(json, &report->sources[i]);
	json_end(json);
	json_put_uint(json, "packets", c->packets);
	json_put_uint(json, "frame_octets", c->frame_octets);
	if (c->packets) {
		int64_t first_us = to_us(c->first_ns), last_us = to_us(c->last_ns);

		json_put_int(json, "first_us", first_us);
		json_put_int(json, "last_us", last_us);
		json_put_int(json, "duration_us", last_us - first_us);
	}
	json_put_uint(json, "flows", c->flows);
	json_put_uint(json, "flows_midstream", c->flows_midstream);
	json_put_uint(json, "flows_one_sided", c->flows_one_sided);
	json_put_uint(json, "flows_not_http", c->flows_not_http);
	json_key(json, "kernel_dropped");
	if (report->kernel_dropped < 0)
		json_null(json);
	else
		json_int(json, report->kernel_dropped);
	json_end(json);
}

static void
put_ledger(struct json *json, const struct counters *c)
{
	json_key(json, "ledger");
	json_object(json);
	json_put_uint(json, "frame_octets", c->frame_octets);
	json_put_uint(json, "link_octets", c->link_octets);
	json_put_uint(json, "network_octets", c->network_octets);
	json_put_uint(json, "transport_octets", c->transport_octets);
	json_put_uint(json, "not_tcp_octets", c->not_tcp_octets);
	json_put_uint(json, "payload_octets", c->payload_octets);
	json_put_uint(json, "http_octets", c->http_octets);
	json_put_uint(json, "unparsed_octets", c->unparsed_octets);
	json_put_uint(json, "not_http_octets", c->not_http_octets);
	json_put_uint(json, "retransmitted_octets", c->retransmitted_octets);
	json_put_uint(json, "capture_duplicate_octets", c->duplicate_octets);
	json_put_uint(json, "pending_octets", c->pending_octets);
	json_put_uint(json, "gap_octets", c->gap_octets);
	json_put_uint(json, "snapped_octets", c->snapped_octets);
	json_end(json);
}

static void
put_by_status(struct json *json, const struct tally_http *http)
{
	char key[8];

	json_key(json, "by_status");
	json_object(json);
	for (unsigned i = 0; i < TALLY_STATUSES; i++) {
		if (!http->by_status[i])
			continue;
		snprintf(key, sizeof key, "%03u", i);
		json_put_uint(json, key, http->by_status[i]);
	}
	json_end(json);
}

static void
put_http(struct json *json, const struct tally_http *http)
{
	json_key(json, "http");
	json_object(json);
	json_put_uint(json, "requests", http->requests);
	json_put_uint(json, "responses", http->responses);
	json_put_uint(json, "interim", http->interim);
	json_put_uint(json, "exchanges", http->requests);
	json_put_uint(json, "unanswered", http->unanswered);
	json_put_uint(json, "orphan_responses", http->orphan_responses);
	json_put_uint(json, "incomplete", http->incomplete);
	put_by_status(json, http);
	json_key(json, "by_method");
	json_object(json);
	for (unsigned i = 0; i < http->method_count; i++)
		json_put_uint(json, http->methods[i].name, http->methods[i].count);
	if (http->other_methods)
		json_put_uint(json, "other", http->other_methods);
	json_end(json);
	json_end(json);
}

static void
put_evictions(struct json *json, const struct report *report)
{
	const struct report_evictions *e = &report->evictions;

	json_key(json, "evictions");
	json_object(json);
	json_put_uint(json, "held", e->held);
	json_put_uint(json, "represented", e->represented);
	json_put_uint(json, "delivered", e->delivered);
	json_put_uint(json, "resources", e->resources);
	json_put_uint(json, "servers", e->servers);
	json_put_uint(json, "clients", e->clients);
	json_put_uint(json, "savings", e->savings);
	json_put_uint(json, "flows", report->counters->flows_evicted);
	json_put_uint(json, "requests", report->counters->requests_given_up);
	json_put_uint(json, "decoders", report->counters->decoders_given_up);
	json_put_uint(json, "records", e->records);
	json_put_uint(json, "written_flows", e->written_flows);
	json_put_uint(json, "shared", e->whatif.shared);
	json_put_uint(json, "ladder", e->whatif.ladder);
	json_put_uint(json, "comparable", e->whatif.comparable);
	json_put_uint(json, "findings", rules_dropped(report->rules));
	json_put_uint(json, "rule_entries", rules_evictions(report->rules));
	json_put_uint(json, "table_rows", tables_folded(&report->tally->tables));
	json_put_uint(json, "table_late_octets",
		tables_unplaced_octets(&report->tally->tables));
	json_put_uint(json, "tags", report->tags ? tags_evictions(report->tags) : 0);
	json_put_uint(json, "patterns",
		report_patterns_left_out(whatif_ladder(report->whatif)));
	json_put_uint(json, "fix_resources", fixes_uncounted(report->tally->fixes));
	json_end(json);
}

static void
put_fragments(struct json *json, const struct counters *c)
{
	json_put_uint(json, "fragments", c->fragment_packets);
	json_put_uint(json, "fragments_copied", c->fragments_copied);
	json_put_uint(json, "fragments_expired", c->fragments_expired);
	json_put_uint(json, "fragments_overlapping", c->fragments_overlapping);
	json_put_uint(
		json, "fragments_conflicting_octets", c->fragments_conflicting_octets);
	json_put_uint(json, "datagrams_reassembled", c->datagrams_reassembled);
}

/* The reasons and the kinds that there are. */
static void
put_malformed(struct json *json, const struct counters *c)
{
	json_key(json, "malformed");
	json_object(json);
	for (unsigned i = 0; i < MALFORMED_REASONS; i++)
		if (c->malformed_packets[i])
			json_put_uint(json, malformed_name(i), c->malformed_packets[i]);
	json_end(json);
}

/* Frames of 802.11 that were left out, the reasons that there are. */
static void
put_unread(struct json *json, const struct counters *c)
{
	json_key(json, "wlan_unread");
	json_object(json);
	for (unsigned i = LINK_UNREAD_NOTHING + 1; i < LINK_UNREADS; i++)
		if (c->unread_packets[i])
			json_put_uint(json, link_unread_name(i), c->unread_packets[i]);
	json_end(json);
}

static void
put_tunnels(struct json *json, const struct counters *c)
{
	json_key(json, "tunnels");
	json_object(json);
	for (unsigned i = 0; i < TUNNELS; i++)
		if (c->tunnel_packets[i])
			json_put_uint(json, tunnel_name(i), c->tunnel_packets[i]);
	json_end(json);
}

/* What was mended or lost while files were read. */
static void
put_damage(struct json *json, const struct report *report)
{
	uint64_t damaged = 0, skipped = 0, tail = 0, options = 0, rewritten = 0;
	uint64_t late = 0;

	for (size_t i = 0; i < report->source_count; i++) {
		damaged += report->sources[i].damaged_records;
		skipped += report->sources[i].skipped_octets;
		tail += report->sources[i].tail_octets;
		options += report->sources[i].bad_options;
		rewritten += report->sources[i].is_rewritten;
		late += report->sources[i].is_late;
	}
	json_put_uint(json, "damaged_records", damaged);
	json_put_uint(json, "skipped_file_octets", skipped);
	json_put_uint(json, "truncated_tail_octets", tail);
	json_put_uint(json, "bad_options", options);
	if (rewritten)
		json_put_uint(json, "rewritten_files", rewritten);
	if (late)
		json_put_uint(json, "late_files", late);
	if (report->interface_dropped >= 0)
		json_put_int(json, "interface_dropped", report->interface_dropped);
}

/* What HTTP had to send twice, by direction. */
static void
put_transport(struct json *json, const struct counters *c)
{
	static const char *const names[] = {
		[TO_SERVER] = "to_server", [TO_CLIENT] = "to_client"};

	json_key(json, "transport");
	json_object(json);
	for (enum counters_to to = TO_SERVER; to <= TO_CLIENT; to++) {
		const struct counters_direction *d = &c->http_direction[to];

		json_key(json, names[to]);
		json_object(json);
		json_put_uint(json, "stream_octets", d->stream_octets);
		json_put_uint(json, "retransmitted_octets", d->retransmitted_octets);
		json_put_uint(json, "capture_duplicate_octets", d->duplicate_octets);
		json_put_uint(json, "gap_octets", d->gap_octets);
		report_rate(json, "retransmitted_share",
			(struct rate){d->retransmitted_octets,
				d->stream_octets + d->retransmitted_octets});
		json_end(json);
	}
	json_end(json);
}

static void
put_packets(struct json *json, const struct report *report)
{
	const struct counters *c = report->counters;

	json_key(json, "packets");
	json_object(json);
	put_damage(json, report);
	json_put_uint(json, "duplicates", c->duplicate_packets);
	json_put_uint(json, "retransmitted", c->retransmitted_packets);
	json_put_uint(json, "reordered", c->reordered_packets);
	put_fragments(json, c);
	json_put_uint(json, "not_tcp", c->not_tcp_packets);
	put_malformed(json, c);
	put_unread(json, c);
	put_tunnels(json, c);
	json_put_uint(json, "encap_too_deep", c->too_deep_packets);
	json_put_uint(json, "unknown_link", c->unknown_link_packets);
	json_put_uint(json, "time_backwards", c->time_backwards_packets);
	json_put_uint(json, "ignored_rst", c->ignored_rst_packets);
	json_put_uint(json, "conflicting_octets", c->conflicting_octets);
	put_transport(json, c);
	json_end(json);
}

static void
put_intervals(struct json *json, const struct tally *tally)
{
	report_pairs(json, &tally->doubts);
	if (interval_is_needless(&tally->doubts))
		return;
	json_key(json, "intervals");
	json_object(json);
	for (enum interval_of i = 0; i < INTERVAL_COUNT; i++)
		report_interval(json, i, tally_rate(tally, i), &tally->doubts);
	json_end(json);
}

static void
put_warning(void *context, const char *sentence)
{
	json_text(context, sentence);
}

static void
put_quality(struct json *json, const struct report *report)
{
	const struct tally_http *http = &report->tally->http;
	uint64_t cut = http->unanswered + http->incomplete;

	json_key(json, "quality");
	json_object(json);
	json_put_bool(json, "exact", report_is_exact(report));
	put_evictions(json, report);
	json_put_uint(json, "gaps", report->counters->gaps);
	json_put_uint(json, "cut_heads", http->cut_heads);
	report_rate(json, "complete_share",
		(struct rate){http->requests - cut, http->requests});
	put_intervals(json, report->tally);
	json_key(json, "warnings");
	json_array(json);
	report_warnings(report, put_warning, json);
	json_end(json);
	put_packets(json, report);
	json_end(json);
}

static void
put_report(struct json *json, const struct report *report, size_t rows_max)
{
	json_object(json);
	json_put_text(json, "schema", "cachetap-report/1");
	json_key(json, "tool");
	json_object_inline(json);
	json_put_text(json, "name", "cachetap");
	json_put_text(json, "version", report->version);
	json_end(json);
	put_options(json, report);
	put_capture(json, report);
	put_ledger(json, report->counters);
	put_http(json, &report->tally->http);
	report_metrics(json, report);
	report_more(json, report, rows_max);
	report_tables_json(json, &report->tally->tables, rows_max);
	report_findings_json(json, report, rows_max);
	report_fixes_json(json, report);
	put_quality(json, report);
	json_end(json);
}

void
report_json(struct out *out, const struct report *report)
{
	struct json json;

	if (report->sum) {
		report_sum_write(report->sum, out);
		return;
	}
	json_init(&json, out, true);
	put_report(&json, report, SIZE_MAX);
	out_octet(out, '\n');
}

void
report_json_compact(struct out *out, const struct report *report, size_t rows_max)
{
	struct json json;

	if (report->sum) {
		report_sum_compact(report->sum, out, rows_max);
		return;
	}
	json_init(&json, out, false);
	put_report(&json, report, rows_max);
}
