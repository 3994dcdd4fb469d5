#include "analyzer/report/show_details.h"

#include "analyzer/report/page.h"
#include "analyzer/report/report_findings.h"

static void
put_fields(struct out *out, char mark, const struct message *m, enum redact redact)
{
	for (size_t i = 0; i < m->field_count; i++) {
		out_format(out, "%c ", mark);
		text_safe(out, redact_name(redact, &m->fields[i]));
		out_text(out, ": ");
		text_safe(out, redact_value(redact, &m->fields[i]));
		out_octet(out, '\n');
	}
}

static void
put_request(struct out *out, const struct message *q, enum redact redact)
{
	out_text(out, "> ");
	text_safe(out, q->method);
	out_octet(out, ' ');
	text_safe(out, q->target);
	out_format(out, " HTTP/%u.%u\n", q->major, q->minor);
	put_fields(out, '>', q, redact);
}

static void
put_response(struct out *out, const struct message *r, enum redact redact)
{
	out_format(out, "< HTTP/%u.%u %u ", r->major, r->minor, r->status);
	text_safe(out, r->reason);
	out_octet(out, '\n');
	put_fields(out, '<', r, redact);
}

/* ---- where and when ---- */

static void
put_frames(struct out *out, const char *what, const struct place *first,
	const struct place *last)
{
	out_format(out, "%s ", what);
	out_number(out, first->frame);
	if (last->frame > first->frame) {
		out_octet(out, '-');
		out_number(out, last->frame);
	}
}

static void
put_place(struct out *out, const struct exchange *x, const struct record_options *options)
{
	const struct place *answer = record_response_first(x);
	const struct place *first = x->has_request ? &x->q.first : answer;

	out_text(out, "* ");
	if (x->has_request)
		put_frames(out, "asked in frames", &x->q.first, &x->q.last);
	if (x->has_request && x->has_response)
		out_text(out, ", ");
	if (x->has_response)
		put_frames(out, "answered in", answer, &x->r.last);
	if (first->source < options->path_count) {
		out_text(out, " of ");
		report_path(out, options->paths[first->source]);
	}
	out_text(out, "   filter ");
	report_filter(out, &x->client);
	out_octet(out, '\n');
}

static void
put_times(struct out *out, const struct exchange *x)
{
	if (!x->has_request)
		return;
	if (!x->has_response) {
		out_text(out, "* not answered\n");
		return;
	}
	out_format(out, "* took %s", text_duration(x->r.last.ts_ns - x->q.first.ts_ns).s);
	if (x->wait_ns >= 0)
		out_format(out, ", waited %s", text_duration(x->wait_ns).s);
	if (!x->q.complete || !x->r.complete)
		out_text(out, "; not complete");
	if (x->q.gap_bytes + x->r.gap_bytes)
		out_format(out, "; %s octets were not captured",
			text_count(x->q.gap_bytes + x->r.gap_bytes).s);
	out_octet(out, '\n');
}

/* ---- what is said of it ---- */

static void
put_named(struct out *out, const char *name, const char *detail)
{
	out_text(out, name);
	if (detail)
		out_format(out, " (%s)", detail);
}

void
show_details_waste(struct out *out, const struct waste *w)
{
	out_format(out,
		"* %s %s octets (%s): ", w->tier == TIER_3 ? "avoidable" : "wasted",
		text_count(w->octets).s, part_name(w->part));
	put_named(out, waste_name(w->class), w->cause ? cause_name(w->cause) : NULL);
	if (w->tier != TIER_3)
		out_text(out, w->tier == TIER_1 ? ", proven" : ", likely");
	out_format(out, ", %s\n", fault_name(w->fault));
}

static void
put_finding(struct page *page, const struct hit *hit)
{
	out_text(page->out, "* ");
	report_mark(page, hit->severity);
	out_octet(page->out, ' ');
	put_named(page->out, rule_name(hit->rule), hit->kind);
	out_format(page->out, ", %s, %s, %s\n", severity_name(hit->severity),
		confidence_name(hit->confidence), fault_name(hit->fault));
}

void
show_details(struct out *out, const struct record *record,
	const struct record_options *options, struct record_open *open)
{
	const struct exchange *x = record->x;
	struct page page = {.out = out, .colour = options->colour};

	if (x->has_request)
		put_request(out, &x->q, options->redact);
	if (x->has_response)
		put_response(out, &x->r, options->redact);
	put_place(out, x, options);
	put_times(out, x);
	for (unsigned i = 0; record->verdict && i < record->verdict->waste_count; i++)
		show_details_waste(out, &record->verdict->waste[i]);
	record_note_hole(open, RECORD_WASTE, out->used, out);
	for (size_t i = 0; i < record->hit_count; i++)
		put_finding(&page, &record->hits[i]);
	out_octet(out, '\n');
}
