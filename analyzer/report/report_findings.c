#include "analyzer/report/report_findings.h"

#include "analyzer/base/communityid.h"

#include <stdio.h>

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

static void
put_end(struct out *out, const struct endpoint *end)
{
	out_format(out, "%s==%s && tcp.port==%u",
		address_is_ipv4(&end->address) ? "ip.addr" : "ipv6.addr",
		text_address(end->address.octets).s, end->port);
}

static void
put_filter(struct json *json, const struct finding *f)
{
	struct out filter;

	out_init_memory(&filter);
	put_end(&filter, &f->client);
	out_text(&filter, " && ");
	put_end(&filter, &f->server);
	json_put_octets(json, "filter", out_contents(&filter));
	out_fini(&filter);
}

static const struct place *
first_place(const struct finding *f)
{
	return f->request_first.frame ? &f->request_first : &f->response_first;
}

static void
put_first(struct json *json, const struct finding *f, const struct report *report)
{
	const struct place *first = first_place(f);

	json_key(json, "first");
	json_object(json);
	json_put_int(json, "ts_us", to_us(f->first_ns));
	if (first->source < report->source_count)
		json_put_text(json, "source", report->sources[first->source].path);
	put_frames(json, "request_frames", &f->request_first, &f->request_last);
	put_frames(json, "response_frames", &f->response_first, &f->response_last);
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
	json_put_text(json, "rfc", rule_rfc(f->rule));
	json_put_uint(json, "count", f->count);
	json_put_uint(json, "octets", f->octets);
	json_put_octets(json, f->counted_by == COUNTED_BY_SERVER ? "server" : "resource",
		f->counted);
	put_first(json, f, report);
	json_put_int(json, "last_us", to_us(f->last_ns));
	json_end(json);
}

void
report_findings_json(struct json *json, const struct report *report)
{
	size_t count = rules_finding_count(report->rules);

	json_key(json, "findings");
	json_array(json);
	for (size_t i = 0; i < count; i++)
		put_finding(json, rules_finding(report->rules, i), report);
	json_end(json);
}

static bool
is_shell_safe(uint8_t c)
{
	return (c >= '0' && c <= '9') ||
	       (octet_lower(c) >= 'a' && octet_lower(c) <= 'z') ||
	       (c && strchr("_./+-:,=@%", c));
}

void
report_path(struct out *out, const char *path)
{
	struct slice all = slice_of(path, strlen(path));
	bool quoted = !all.n;

	for (size_t i = 0; i < all.n; i++)
		quoted |= !is_shell_safe(all.at[i]);
	if (quoted)
		out_octet(out, '\'');
	while (all.n) {
		size_t end = slice_find(all, '\'', 0);

		text_safe(out, slice_part(all, 0, end));
		if (end < all.n)
			out_text(out, "'\\''");
		all = slice_from(all, end + 1);
	}
	if (quoted)
		out_octet(out, '\'');
}

enum {
	FINDINGS_SHOWN = 8,
	NAME_COLUMNS = 62,
	ASKED_COLUMNS = 54,
	ANSWERED_COLUMNS = 37,
};

static struct slice
next_line(struct slice *head)
{
	size_t end = slice_find(*head, '\n', 0);
	struct slice line = slice_part(*head, 0, end);

	*head = slice_from(*head, end + 1);
	while (line.n && line.at[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* Adds the lines of a head whose field is one of `names`, which ends with n = 0. */
static void
put_fields(struct out *out, struct slice head, const struct slice *names)
{
	while (head.n) {
		struct slice line = next_line(&head);
		struct slice name = slice_part(line, 0, slice_find(line, ':', 0));

		for (const struct slice *wanted = names; wanted->n; wanted++)
			if (slice_eq_nocase(name, *wanted)) {
				out_text(out, "  ");
				out_slice(out, line);
			}
	}
}

/* "GET /a  If-None-Match: "x"", without the version. */
static void
put_asked(struct out *out, struct slice head)
{
	static const struct slice names[] = {
		SLICE_INIT("if-none-match"),
		SLICE_INIT("if-modified-since"),
		SLICE_INIT("if-match"),
		SLICE_INIT("if-unmodified-since"),
		SLICE_INIT("if-range"),
		SLICE_INIT("range"),
		{NULL, 0},
	};
	struct slice line = next_line(&head);
	size_t end = line.n;

	while (end && line.at[end - 1] != ' ')
		end--;
	if (end && slice_has_prefix(slice_from(line, end), SLICE("HTTP/")))
		line = slice_trim(slice_part(line, 0, end));
	out_slice(out, line);
	put_fields(out, head, names);
}

/* "304 Not Modified  ETag: "x"", without the version. */
static void
put_answered(struct out *out, struct slice head)
{
	static const struct slice names[] = {
		SLICE_INIT("etag"),
		SLICE_INIT("last-modified"),
		SLICE_INIT("content-length"),
		SLICE_INIT("content-range"),
		{NULL, 0},
	};
	struct slice line = next_line(&head);

	if (slice_has_prefix(line, SLICE("HTTP/")))
		line = slice_trim(slice_from(line, slice_find(line, ' ', 0)));
	out_slice(out, line);
	put_fields(out, head, names);
}

static void
show_heads(struct page *page, const struct finding *f)
{
	struct out asked, answered;
	struct slice a, b;
	unsigned used;

	out_init_memory(&asked);
	out_init_memory(&answered);
	put_asked(&asked, f->request_head);
	put_answered(&answered, f->response_head);
	a = out_contents(&asked);
	b = out_contents(&answered);
	page_spaces(page, 4);
	used = text_clip(page->out, a,
		text_columns(b) < ANSWERED_COLUMNS
			? ASKED_COLUMNS + ANSWERED_COLUMNS - text_columns(b)
			: ASKED_COLUMNS);
	if (b.n) {
		out_text(page->out, "  →  ");
		text_clip(page->out, b, PAGE_COLUMNS - 4 - used - 5);
	}
	out_octet(page->out, '\n');
	out_fini(&asked);
	out_fini(&answered);
}

static void
put_frame_range(struct out *out, const struct place *first, const struct place *last)
{
	out_number(out, first->frame);
	if (last->frame > first->frame) {
		out_text(out, "-");
		out_number(out, last->frame);
	}
}

/* "wireshark -r FILE -g N"; nothing for what came from a pipe. */
static void
put_command(struct out *out, const struct finding *f, const struct report *report)
{
	const struct place *at = f->response_first.frame ? &f->response_first
							 : &f->request_first;

	if (at->source >= report->source_count ||
		strcmp(report->sources[at->source].path, "-") == 0)
		return;
	out_text(out, "   wireshark -r ");
	report_path(out, report->sources[at->source].path);
	out_text(out, " -g ");
	out_number(out, at->frame);
}

static void
show_frames(struct page *page, const struct finding *f, const struct report *report)
{
	struct out line, filter;
	unsigned columns;

	out_init_memory(&line);
	out_init_memory(&filter);
	out_text(&line, "frames ");
	if (f->request_first.frame)
		put_frame_range(&line, &f->request_first, &f->request_last);
	if (f->request_first.frame && f->response_first.frame)
		out_text(&line, ", ");
	if (f->response_first.frame)
		put_frame_range(&line, &f->response_first, &f->response_last);
	put_command(&line, f, report);
	out_text(&filter, "filter ");
	put_end(&filter, &f->client);

	columns = 4 + text_columns(out_contents(&line)) + 3 +
		  text_columns(out_contents(&filter));
	page_spaces(page, 4);
	out_slice(page->out, out_contents(&line));
	out_text(page->out, columns > PAGE_COLUMNS ? "\n    " : "   ");
	out_slice(page->out, out_contents(&filter));
	out_octet(page->out, '\n');
	out_fini(&line);
	out_fini(&filter);
}

static void
show_mark(struct page *page, enum severity severity)
{
	static const char *const marks[] = {"✗", "!", "·"};
	static const enum style styles[] = {STYLE_RED, STYLE_YELLOW, STYLE_GREEN};

	page_spaces(page, PAGE_INDENT);
	page_styled(page, styles[severity], marks[severity]);
	out_octet(page->out, ' ');
}

/* How sure it is and whose job; nothing is said of what is certain. */
static void
put_standing(struct out *out, const struct finding *f)
{
	if (f->confidence != CONFIDENCE_CERTAIN)
		out_format(out, "%s, ", confidence_name(f->confidence));
	if (f->tentative)
		out_text(out, "tentative, ");
	out_text(out, fault_name(f->fault));
	if (f->via_cache && f->fault == FAULT_SERVER)
		out_text(out, " or cache");
}

/* "RFC 9110 13.1.2" of "RFC 9110 13.1.2, 8.8.3.2; RFC 9111 4.3.2". */
static struct slice
first_clause(enum rule_id rule)
{
	const char *rfc = rule_rfc(rule);

	return slice_of(rfc, strcspn(rfc, ",;"));
}

static void
show_finding(struct page *page, const struct finding *f, const struct report *report)
{
	struct out name, standing;
	char count[TEXT_BYTES + 4];

	out_init_memory(&name);
	out_init_memory(&standing);
	out_text(&name, rule_name(f->rule));
	if (f->kind)
		out_format(&name, " (%s)", f->kind);
	out_text(&name, "  ");
	out_slice(&name, first_clause(f->rule));
	put_standing(&standing, f);
	out_octet(&standing, '\0');
	snprintf(count, sizeof count, "%s×", text_count(f->count).s);

	show_mark(page, f->severity);
	page_left(page, out_contents(&name), NAME_COLUMNS);
	page_right(page, (const char *)standing.buffer, 24);
	page_right(page, count, PAGE_COLUMNS - 4 - NAME_COLUMNS - 24);
	out_octet(page->out, '\n');
	if (*f->note) {
		page_spaces(page, 4);
		text_clip(
			page->out, slice_of(f->note, strlen(f->note)), PAGE_COLUMNS - 4);
		out_octet(page->out, '\n');
	}
	show_heads(page, f);
	show_frames(page, f, report);
	out_fini(&name);
	out_fini(&standing);
}

static void
show_rest(struct page *page, size_t shown, size_t count)
{
	if (shown == count)
		return;
	page_spaces(page, PAGE_INDENT);
	out_format(page->out, "… %s more: add -v\n", text_count(count - shown).s);
}

void
report_findings_text(struct page *page, const struct report *report)
{
	size_t count = rules_finding_count(report->rules), by_severity[3] = {0};
	size_t shown = report->verbose ? count
		       : report->top   ? report->top
				       : FINDINGS_SHOWN;
	char columns[96];

	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		by_severity[rules_finding(report->rules, i)->severity]++;
	snprintf(columns, sizeof columns,
		"✗ violations %zu   ! warnings %zu   · advice %zu",
		by_severity[SEVERITY_VIOLATION], by_severity[SEVERITY_WARNING],
		by_severity[SEVERITY_ADVICE]);
	page_heading(page, "Protocol findings", columns);
	if (shown > count)
		shown = count;
	for (size_t i = 0; i < shown; i++)
		show_finding(page, rules_finding(report->rules, i), report);
	show_rest(page, shown, count);
}
