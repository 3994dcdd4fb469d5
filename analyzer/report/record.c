#include "analyzer/report/record.h"

#include "analyzer/base/text.h"

#include <inttypes.h>
#include <stdio.h>

void
record_note_hole(struct record_open *open, enum record_hole_kind kind, size_t begin,
	const struct out *out)
{
	open->holes[open->hole_count++] = (struct record_hole){kind, begin, out->used};
}

const struct place *
record_response_first(const struct exchange *x)
{
	return x->interim_count && x->interim_first.frame ? &x->interim_first
							  : &x->r.first;
}

/* Microseconds, rounded down. */
static int64_t
to_us(int64_t ns)
{
	return ns / 1000 - (ns % 1000 < 0);
}

static void
put_times(struct json *json, const struct exchange *x)
{
	const struct place *answer = record_response_first(x);

	json_put_int(
		json, "ts_us", to_us(x->has_request ? x->q.first.ts_ns : answer->ts_ns));
	if (!x->has_request || !x->has_response)
		return;
	json_put_int(json, "dur_us", to_us(x->r.last.ts_ns) - to_us(x->q.first.ts_ns));
	if (x->wait_ns >= 0)
		json_put_int(json, "wait_us", to_us(x->wait_ns));
	json_put_int(json, "ttfb_us", to_us(answer->ts_ns) - to_us(x->q.first.ts_ns));
}

static struct slice
address_octets(const struct address *address)
{
	if (address_is_ipv4(address))
		return slice_of(address->octets + 12, 4);
	return slice_of(address->octets, 16);
}

bool
record_flow_id(const struct exchange *x, char id[COMMUNITYID_BYTES])
{
	const struct endpoint *a = &x->client, *b = &x->server;

	if (address_is_ipv4(&a->address) != address_is_ipv4(&b->address))
		return false;
	communityid(address_octets(&a->address), a->port, address_octets(&b->address),
		b->port, id);
	return true;
}

static void
put_client(struct json *json, const struct record *record,
	const struct record_options *options)
{
	struct out name;

	out_init_memory(&name);
	client_write(&name, &options->client, record->x,
		record->before ? record->before->client_number : 0);
	json_put_octets(json, "client", out_contents(&name));
	out_fini(&name);
}

void
record_put_flow(struct json *json, const struct record *record,
	const struct record_options *options)
{
	const struct exchange *x = record->x;
	char id[COMMUNITYID_BYTES];

	if (record_flow_id(x, id))
		json_put_text(json, "flow", id);
	if (x->trans) /* an answer without a request has none */
		json_put_uint(json, "trans", x->trans);
	json_put_text(json, "client_ip", address_name(&x->client.address).s);
	json_put_uint(json, "client_port", x->client.port);
	json_put_text(json, "server_ip", address_name(&x->server.address).s);
	json_put_uint(json, "server_port", x->server.port);
	if (x->has_request)
		put_client(json, record, options);
}

static void
put_start_lines(struct json *json, const struct exchange *x)
{
	const struct message *versioned = x->has_request ? &x->q : &x->r;
	char version[8];

	if (x->has_request) {
		json_put_octets(json, "method", x->q.method);
		if (x->scheme.n)
			json_put_octets(json, "scheme", x->scheme);
		if (x->host.n)
			json_put_octets(json, "host", x->host);
		json_put_octets(json, "uri", x->q.target);
	}
	snprintf(version, sizeof version, "%u.%u", versioned->major, versioned->minor);
	json_put_text(json, "http_version", version);
	if (x->has_response) {
		json_put_uint(json, "status", x->r.status);
		json_put_octets(json, "reason", x->r.reason);
	}
}

static void
put_fields(
	struct json *json, const char *key, const struct message *m, enum redact redact)
{
	json_key(json, key);
	json_array(json);
	for (size_t i = 0; i < m->field_count; i++) {
		json_array(json);
		json_octets(json, redact_name(redact, &m->fields[i]));
		json_octets(json, redact_value(redact, &m->fields[i]));
		json_end(json);
	}
	json_end(json);
}

static void
put_octets(struct json *json, const struct exchange *x)
{
	json_put_uint(json, "q_head", x->q.head_bytes);
	json_put_uint(json, "q_body", x->q.content_bytes + x->q.framing_bytes);
	json_put_uint(json, "r_head", exchange_r_head(x));
	json_put_uint(json, "r_content", x->r.content_bytes);
	json_put_uint(json, "r_framing", x->r.framing_bytes);
	json_put_uint(json, "stray", x->stray_bytes);
}

static void
put_digest(struct json *json, const char *key, const struct digest *digest)
{
	char hex[2 * 16 + 1];

	snprintf(hex, sizeof hex, "%016" PRIx64 "%016" PRIx64, digest->high, digest->low);
	json_put_text(json, key, hex);
}

static void
put_waste_entry(struct json *json, const struct waste *w)
{
	json_object(json);
	json_put_text(json, "class", waste_name(w->class));
	json_put_text(json, "part", part_name(w->part));
	json_put_uint(json, "octets", w->octets);
	json_put_text(json, "tier", tier_name(w->tier));
	json_put_text(json, "fault", fault_name(w->fault));
	json_put_text(json, "cause", cause_name(w->cause));
	json_end(json);
}

static void
put_waste(struct json *json, const struct verdict *v, struct record_open *open)
{
	json_key(json, "waste");
	json_array(json);
	for (unsigned i = 0; i < v->waste_count; i++)
		put_waste_entry(json, &v->waste[i]);
	record_note_hole(open, RECORD_WASTE, json->out->used, json->out);
	json_end(json);
}

static void
put_saved_value(struct json *json, bool known, uint64_t octets, enum saving_source source)
{
	json_object(json);
	json_key(json, "octets");
	if (known)
		json_uint(json, octets);
	else
		json_null(json);
	json_put_text(json, "source", saving_source_name(source));
	json_end(json);
}

static void
put_saved(struct json *json, const struct saving *saving, struct record_open *open)
{
	size_t begin;

	if (saving->source == SAVING_NONE)
		return;
	json_key(json, "saved");
	begin = json->out->used;
	put_saved_value(
		json, saving->source != SAVING_UNKNOWN, saving->octets, saving->source);
	record_note_hole(open, RECORD_SAVED, begin, json->out);
}

static void
put_verdict(struct json *json, const struct exchange *x, const struct verdict *v,
	struct record_open *open)
{
	if (cond_name(x->cond))
		json_put_text(json, "cond", cond_name(x->cond));
	json_put_text(json, "outcome", outcome_name(v->outcome));
	put_saved(json, &v->saving, open);
	put_waste(json, v, open);
}

/* A late saving replaces the value, late waste is one more entry. */
void
record_fill(struct out *out, const struct record_hole *hole,
	const struct record_open *open, const struct record_late *late)
{
	struct json json;

	json_init(&json, out, false);
	if (hole->kind == RECORD_SAVED) {
		put_saved_value(&json, true, late->saved_octets, SAVING_LATER);
		return;
	}
	if (open->has_waste)
		out_octet(out, ',');
	put_waste_entry(&json, &late->waste);
}

static void
put_findings(struct json *json, const struct hit *hits, size_t count)
{
	json_key(json, "findings");
	json_array(json);
	for (size_t i = 0; i < count; i++) {
		json_object(json);
		json_put_text(json, "rule", rule_name(hits[i].rule));
		json_put_text(json, "kind", hits[i].kind);
		json_put_text(json, "severity", severity_name(hits[i].severity));
		json_put_text(json, "confidence", confidence_name(hits[i].confidence));
		json_end(json);
	}
	json_end(json);
}

static void
put_frames(struct json *json, const char *key, uint64_t first, uint64_t last)
{
	if (!first)
		return;
	json_key(json, key);
	json_array(json);
	json_uint(json, first);
	json_uint(json, last > first ? last : first);
	json_end(json);
}

static void
put_quality(
	struct json *json, const struct exchange *x, const struct record_options *options)
{
	const struct place *answer = record_response_first(x);
	uint32_t source = x->has_request ? x->q.first.source : answer->source;

	json_put_bool(json, "complete",
		x->has_request && x->has_response && x->q.complete && x->r.complete);
	json_put_uint(json, "gap_octets", x->q.gap_bytes + x->r.gap_bytes);
	json_put_bool(json, "tentative", x->tentative);
	if (source < options->path_count)
		json_put_text(json, "source", options->paths[source]);
	if (x->has_request)
		put_frames(json, "request_frames", x->q.first.frame, x->q.last.frame);
	if (x->has_response)
		put_frames(json, "response_frames", answer->frame, x->r.last.frame);
}

static void
put_messages(struct json *json, const struct record *record,
	const struct record_options *options)
{
	const struct exchange *x = record->x;

	json_put_uint(json, "v", 1);
	put_times(json, x);
	record_put_flow(json, record, options);
	put_start_lines(json, x);
	if (x->has_request)
		put_fields(json, "req_fields", &x->q, options->redact);
	if (x->has_response)
		put_fields(json, "resp_fields", &x->r, options->redact);
	put_octets(json, x);
}

static void
put_digests(struct json *json, const struct message *r)
{
	if (r->has_digest)
		put_digest(json, "digest", &r->digest);
	if (r->has_digest_decoded)
		put_digest(json, "digest_decoded", &r->digest_decoded);
}

void
record_put_rest(struct json *json, const struct record *record,
	const struct record_options *options, struct record_open *open)
{
	put_digests(json, &record->x->r);
	if (record->verdict) {
		open->has_waste = record->verdict->waste_count > 0;
		put_verdict(json, record->x, record->verdict, open);
	}
	if (!record->facts_only)
		put_findings(json, record->hits, record->hit_count);
	put_quality(json, record->x, options);
}

static struct record_open
write_line(struct out *out, const struct record *record,
	const struct record_options *options)
{
	struct record_open open = {.has_waste = false};
	struct json json;

	json_init(&json, out, false);
	json_object(&json);
	put_messages(&json, record, options);
	record_put_rest(&json, record, options, &open);
	json_end(&json);
	out_octet(out, '\n');
	return open;
}

const struct record_form record_lines = {.write = write_line, .fill = record_fill};
