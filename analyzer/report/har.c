#include "analyzer/report/har.h"

#include "analyzer/report/har_parts.h"
#include "analyzer/report/moment.h"

#include <inttypes.h>
#include <stdio.h>

void
har_put_time(struct json *json, const char *key, int64_t ns)
{
	char text[2 * TEXT_BYTES + 3];

	snprintf(text, sizeof text, "%sT%sZ", moment_day(ns).s, moment_clock(ns, 6).s);
	json_put_text(json, key, text);
}

/* ---- times ---- */

/* Moments of an exchange in their order, whatever the capture's clock did. */
struct phases {
	int64_t sent_ns, answered_ns, ended_ns;
};

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* An answer may begin before the request has ended: then nothing was waited for. */
static struct phases
phases_of(const struct exchange *x)
{
	struct phases phases;

	phases.sent_ns = later(x->q.last.ts_ns, x->q.first.ts_ns);
	phases.answered_ns = phases.ended_ns = phases.sent_ns;
	if (!x->has_response)
		return phases;
	phases.answered_ns = later(record_response_first(x)->ts_ns, x->q.first.ts_ns);
	if (phases.sent_ns > phases.answered_ns)
		phases.sent_ns = phases.answered_ns;
	phases.ended_ns = later(x->r.last.ts_ns, phases.answered_ns);
	return phases;
}

/* Milliseconds with three decimals: all that a microsecond needs. */
static void
put_ms(struct json *json, const char *key, int64_t begin_ns, int64_t end_ns)
{
	int64_t us = end_ns / 1000 - begin_ns / 1000;

	json_key(json, key);
	json_raw(json);
	out_format(json->out, "%" PRId64 ".%03" PRId64, us / 1000, us % 1000);
}

/* How long a connection took to be made is not a part of the exchange. */
static void
put_timings(struct json *json, const struct exchange *x, const struct phases *phases)
{
	static const char *const unknown[] = {"blocked", "dns", "connect", "ssl"};

	json_key(json, "timings");
	json_object(json);
	for (unsigned i = 0; i < sizeof unknown / sizeof *unknown; i++)
		json_put_int(json, unknown[i], -1);
	put_ms(json, "send", x->q.first.ts_ns, phases->sent_ns);
	put_ms(json, "wait", phases->sent_ns, phases->answered_ns);
	put_ms(json, "receive", phases->answered_ns, phases->ended_ns);
	json_end(json);
}

/* ---- an entry ---- */

static void
put_comment(struct json *json, const struct record *record)
{
	struct out names;

	if (!record->hit_count)
		return;
	out_init_memory(&names);
	for (size_t i = 0; i < record->hit_count; i++) {
		out_text(&names, i ? ", " : "");
		out_text(&names, rule_name(record->hits[i].rule));
	}
	json_put_octets(json, "comment", out_contents(&names));
	out_fini(&names);
}

static void
put_connection(struct json *json, const struct exchange *x)
{
	char number[24];

	json_put_text(json, "serverIPAddress", address_name(&x->server.address).s);
	snprintf(number, sizeof number, "%" PRIu64, x->connection);
	json_put_text(json, "connection", number);
}

static struct record_open
write_entry(struct out *out, const struct record *record,
	const struct record_options *options)
{
	const struct exchange *x = record->x;
	struct record_open open = {.has_waste = false};
	struct phases phases = phases_of(x);
	struct json json;

	if (!x->has_request)
		return open;
	json_init(&json, out, false);
	json.latin1_key = "_latin1";
	json_object(&json);
	har_put_time(&json, "startedDateTime", x->q.first.ts_ns);
	put_ms(&json, "time", x->q.first.ts_ns, phases.ended_ns);
	har_put_messages(&json, record, options);
	har_put_cache(&json, record);
	put_timings(&json, x, &phases);
	put_connection(&json, x);
	put_comment(&json, record);
	json_key(&json, "_cachetap");
	json_object(&json);
	record_put_flow(&json, record, options);
	record_put_rest(&json, record, options, &open);
	json_end(&json);
	json_end(&json);
	return open;
}

/* ---- the archive ---- */

static void
begin_archive(struct out *out, const struct record_options *options)
{
	out_format(out,
		"{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"cachetap\","
		"\"version\":\"%s\"},\"pages\":[],\"entries\":[",
		options->version);
}

static void
separate(struct out *out, const struct record_options *options, int64_t last_ns,
	int64_t ts_ns)
{
	(void)options;
	(void)ts_ns;
	out_text(out, last_ns == INT64_MIN ? "\n" : ",\n");
}

static void
end_archive(struct out *out)
{
	out_text(out, "\n]}}\n");
}

const struct record_form har_form = {.begin = begin_archive,
	.end = end_archive,
	.between = separate,
	.write = write_entry,
	.fill = record_fill};
