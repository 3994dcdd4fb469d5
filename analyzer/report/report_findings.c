#include "analyzer/report/report_findings.h"

#include "analyzer/base/communityid.h"
#include "analyzer/http/hiding.h"

static int64_t
to_us(int64_t ns)
{
	return ns / 1000 - (ns % 1000 < 0);
}

static void
put_frames(struct json *json, const char *key, const struct place *first,
	const struct place *last)
{
	if (!first->frame)
		return;
	json_key(json, key);
	json_array_inline(json);
	json_uint(json, first->frame);
	json_uint(json, last->frame > first->frame ? last->frame : first->frame);
	json_end(json);
}

/* Of the frame that shows it: the first of the answer, or of the request without one. */
static void
put_offset(struct json *json, const struct finding *f)
{
	const struct place *at = f->response_first.frame ? &f->response_first
							 : &f->request_first;

	if (!at->offset)
		return;
	json_put_uint(json, "file_offset", at->offset);
	json_put_uint(json, "file_octets", at->octets);
}

static void
put_flow(struct json *json, const struct finding *f)
{
	const struct address *a = &f->client.address, *b = &f->server.address;
	bool ipv4 = address_is_ipv4(a);
	size_t skip = ipv4 ? 12 : 0, n = ipv4 ? 4 : 16;
	char id[COMMUNITYID_BYTES];

	if (ipv4 != address_is_ipv4(b))
		return;
	communityid(slice_of(a->octets + skip, n), f->client.port,
		slice_of(b->octets + skip, n), f->server.port, id);
	json_put_text(json, "flow", id);
}

void
report_filter(struct out *out, const struct endpoint *end)
{
	/* A pseudonym is in no packet. */
	if (!hiding_is_pseudonym(&end->address)) {
		out_text(out,
			address_is_ipv4(&end->address) ? "ip.addr==" : "ipv6.addr==");
		out_text(out, address_name(&end->address).s);
		out_text(out, " && ");
	}
	out_text(out, "tcp.port==");
	out_number(out, end->port);
}

static void
put_filter(struct json *json, const struct finding *f)
{
	struct out filter;

	out_init_memory(&filter);
	report_filter(&filter, &f->client);
	out_text(&filter, " && ");
	report_filter(&filter, &f->server);
	json_put_octets(json, "filter", out_contents(&filter));
	out_fini(&filter);
}

static const struct place *
first_place(const struct finding *f)
{
	return f->request_first.frame ? &f->request_first : &f->response_first;
}

void
report_evidence(struct json *json, const char *key, const struct finding *f,
	const struct report *report)
{
	const struct place *first = first_place(f);

	json_key(json, key);
	json_object(json);
	json_put_int(json, "ts_us", to_us(f->first_ns));
	if (first->source < report->source_count)
		json_put_text(json, "source", report->sources[first->source].path);
	put_frames(json, "request_frames", &f->request_first, &f->request_last);
	put_frames(json, "response_frames", &f->response_first, &f->response_last);
	put_offset(json, f);
	put_flow(json, f);
	put_filter(json, f);
	if (f->request_head.n)
		json_put_octets(json, "request_head", f->request_head);
	if (f->response_head.n)
		json_put_octets(json, "response_head", f->response_head);
	if (*f->note)
		json_put_text(json, "note", f->note);
	json_end(json);
}

static const char *
subject_name(enum counted_by by)
{
	return by == COUNTED_BY_SERVER	 ? "server"
	       : by == COUNTED_BY_CLIENT ? "client"
					 : "resource";
}

static void
put_finding(struct json *json, const struct finding *f, const struct report *report)
{
	json_object(json);
	json_put_text(json, "rule", rule_name(f->rule));
	json_put_text(json, "kind", f->kind);
	json_put_text(json, "severity", severity_name(f->severity));
	json_put_text(json, "confidence", confidence_name(f->confidence));
	json_put_bool(json, "tentative", f->tentative);
	json_put_text(json, "fault", fault_name(f->fault));
	if (f->via_cache)
		json_put_bool(json, "via_cache", true);
	if (f->folded)
		json_put_bool(json, "folded", true);
	json_put_text(json, "rfc", rule_rfc(f->rule));
	json_put_uint(json, "count", f->count);
	json_put_uint(json, "octets", f->octets);
	json_put_octets(json, subject_name(f->counted_by), f->counted);
	report_evidence(json, "first", f, report);
	json_put_int(json, "last_us", to_us(f->last_ns));
	json_end(json);
}

void
report_findings_json(struct json *json, const struct report *report, size_t rows_max)
{
	size_t count = rules_finding_count(report->rules);

	json_key(json, "findings");
	json_array(json);
	for (size_t i = 0; i < count && i < rows_max; i++)
		put_finding(json, rules_finding(report->rules, i), report);
	json_end(json);
}
