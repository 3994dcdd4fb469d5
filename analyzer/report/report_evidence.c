#include "analyzer/report/report_findings.h"

#include <stdio.h>
#include <stdlib.h>

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
	ALSO_SHOWN = 3, /* further resources of one finding */
	MARGIN = 4,
	TEXT_COLUMNS = PAGE_COLUMNS - MARGIN,
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

struct slice
report_counted(const struct finding *f)
{
	return slice_has_prefix(f->counted, SLICE("http://")) ? slice_from(f->counted, 7)
							      : f->counted;
}

/* "GET host/a  If-None-Match: "x"": with the resource, or the server and the target. */
static void
put_asked(struct out *out, const struct finding *f, bool dates)
{
	static const struct slice names[] = {
		SLICE_INIT("if-modified-since"),
		SLICE_INIT("if-unmodified-since"),
		SLICE_INIT("if-none-match"),
		SLICE_INIT("if-match"),
		SLICE_INIT("if-range"),
		SLICE_INIT("range"),
		{NULL, 0},
	};
	struct slice head = f->request_head, line = next_line(&head);
	size_t method = slice_find(line, ' ', 0);
	struct slice target = slice_from(line, method + 1);

	target = slice_part(target, 0, slice_find(target, ' ', 0));
	if (f->counted_by == COUNTED_BY_RESOURCE) {
		out_slice(out, slice_part(line, 0, method + 1));
		out_slice(out, report_counted(f));
	} else if (f->counted_by != COUNTED_BY_CLIENT &&
		   slice_has_prefix(target, SLICE("/"))) {
		out_slice(out, slice_part(line, 0, method + 1));
		out_slice(out, report_counted(f));
		out_slice(out, target);
	} else {
		out_slice(out, line);
	}
	put_fields(out, head, names + (dates ? 0 : 2));
}

/* "304 Not Modified  ETag: "x"", without the version. */
static void
put_answered(struct out *out, const struct finding *f, bool dates)
{
	static const struct slice names[] = {
		SLICE_INIT("last-modified"),
		SLICE_INIT("etag"),
		SLICE_INIT("content-length"),
		SLICE_INIT("content-range"),
		{NULL, 0},
	};
	struct slice head = f->response_head, line = next_line(&head);

	if (slice_has_prefix(line, SLICE("HTTP/")))
		line = slice_trim(slice_from(line, slice_find(line, ' ', 0)));
	out_slice(out, line);
	put_fields(out, head, names + (dates ? 0 : 1));
}

static bool
has_tag(struct slice head)
{
	static const struct slice names[] = {SLICE_INIT("etag"),
		SLICE_INIT("if-none-match"), SLICE_INIT("if-match"), {NULL, 0}};
	struct out found;
	bool any;

	out_init_memory(&found);
	put_fields(&found, head, names);
	any = out_contents(&found).n > 0;
	out_fini(&found);
	return any;
}

/* What has no room loses its dates, if there is a tag: that is the evidence. */
static void
put_fitting(struct out *out, const struct finding *f, struct slice head, unsigned columns,
	void (*put)(struct out *out, const struct finding *f, bool dates))
{
	put(out, f, true);
	if (text_columns(out_contents(out)) <= columns || !has_tag(head))
		return;
	out_clear(out);
	put(out, f, false);
}

/* Request and answer, on one line if they fit. */
static void
show_heads(struct page *page, const struct finding *f)
{
	unsigned used = 0, room = page_stretch(page, TEXT_COLUMNS);
	struct out asked, answered;

	out_init_memory(&asked);
	out_init_memory(&answered);
	put_fitting(&asked, f, f->request_head, room, put_asked);
	put_fitting(&answered, f, f->response_head, room - 5, put_answered);
	page_spaces(page, MARGIN);
	if (f->request_head.n)
		used = text_clip(page->out, out_contents(&asked), room);
	if (f->response_head.n) {
		if (used && used + 5 + text_columns(out_contents(&answered)) > room)
			out_text(page->out, "\n      →  ");
		else
			out_text(page->out, used ? "  →  " : "→  ");
		text_clip(page->out, out_contents(&answered), room - 5);
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

void
report_command(struct out *out, const struct finding *f, const struct report *report)
{
	const struct place *at = f->response_first.frame ? &f->response_first
							 : &f->request_first;

	if (at->source >= report->source_count ||
		strcmp(report->sources[at->source].path, "-") == 0)
		return;
	out_text(out, "wireshark -r ");
	report_path(out, report->sources[at->source].path);
	out_text(out, " -g ");
	out_number(out, at->frame);
}

void
report_frame_numbers(struct out *out, const struct finding *f)
{
	if (f->request_first.frame)
		put_frame_range(out, &f->request_first, &f->request_last);
	if (f->request_first.frame && f->response_first.frame)
		out_text(out, ", ");
	if (f->response_first.frame)
		put_frame_range(out, &f->response_first, &f->response_last);
}

static void
put_frames(struct out *out, const struct finding *f, const struct report *report)
{
	struct out command;

	out_init_memory(&command);
	out_text(out, "frames ");
	report_frame_numbers(out, f);
	report_command(&command, f, report);
	if (out_contents(&command).n)
		out_text(out, "   ");
	out_slice(out, out_contents(&command));
	out_fini(&command);
}

void
report_frames(struct page *page, const struct finding *f, const struct report *report)
{
	struct out line, filter;
	unsigned columns;

	out_init_memory(&line);
	out_init_memory(&filter);
	put_frames(&line, f, report);
	out_text(&filter, "filter ");
	report_filter(&filter, &f->client);
	columns = text_columns(out_contents(&line)) + 3 +
		  text_columns(out_contents(&filter));
	page_spaces(page, MARGIN);
	out_slice(page->out, out_contents(&line));
	out_text(
		page->out, columns > page_stretch(page, TEXT_COLUMNS) ? "\n    " : "   ");
	out_slice(page->out, out_contents(&filter));
	out_octet(page->out, '\n');
	out_fini(&line);
	out_fini(&filter);
}

bool
report_findings_alike(const struct finding *a, const struct finding *b)
{
	bool kinds = a->kind == b->kind ||
		     (a->kind && b->kind && strcmp(a->kind, b->kind) == 0);

	return a->rule == b->rule && a->severity == b->severity && kinds;
}

static int
by_weight(const void *a, const void *b)
{
	const struct findings_group *x = a, *y = b;

	if (x->first->severity != y->first->severity)
		return (int)x->first->severity - (int)y->first->severity;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

struct findings_group *
report_findings_groups(const struct report *report, size_t *groups_count)
{
	const struct rules *rules = report->rules;
	struct findings_group *groups = mem_alloc(
		(rules_finding_count(rules) + 1) * sizeof *groups);
	size_t count = 0;

	for (size_t i = 0; i < rules_finding_count(rules); i++) {
		const struct finding *f = rules_finding(rules, i);
		size_t at = 0;

		while (at < count && !report_findings_alike(groups[at].first, f))
			at++;
		if (at == count)
			groups[count++] = (struct findings_group){.first = f, .order = i};
		groups[at].count += f->count;
		groups[at].resources++;
	}
	qsort(groups, count, sizeof *groups, by_weight);
	*groups_count = count;
	return groups;
}

void
report_mark(struct page *page, enum severity severity)
{
	static const char *const marks[] = {"✗", "!", "·"};
	static const enum style styles[] = {STYLE_RED, STYLE_YELLOW, STYLE_GREEN};

	page_styled(page, styles[severity], marks[severity]);
}

/* How sure it is and whose job, how often; nothing is said of what is certain. */
static void
put_standing(struct out *out, const struct findings_group *group)
{
	const struct finding *f = group->first;

	if (f->confidence != CONFIDENCE_CERTAIN)
		out_format(out, "%s, ", confidence_name(f->confidence));
	if (f->tentative)
		out_text(out, "tentative, ");
	out_text(out, fault_name(f->fault));
	if (f->via_cache && f->fault == FAULT_SERVER)
		out_text(out, " or cache");
	out_format(out, "%8s×", text_count(group->count).s);
}

/* "RFC 9110 §13.1.2" of "RFC 9110 §13.1.2, §8.8.3.2; RFC 9111 §4.3.2". */
static void
put_name(struct out *out, const struct finding *f)
{
	const char *rfc = rule_rfc(f->rule);

	out_text(out, rule_name(f->rule));
	if (f->kind)
		out_format(out, " (%s)", f->kind);
	out_text(out, "  ");
	out_write(out, rfc, strcspn(rfc, ",;"));
}

static void
show_name(struct page *page, const struct findings_group *group)
{
	struct out name, standing;
	unsigned columns;

	out_init_memory(&name);
	out_init_memory(&standing);
	put_name(&name, group->first);
	put_standing(&standing, group);
	columns = text_columns(out_contents(&standing));
	page_spaces(page, PAGE_INDENT);
	report_mark(page, group->first->severity);
	out_octet(page->out, ' ');
	page_left(page, out_contents(&name),
		page_stretch(page, TEXT_COLUMNS) - columns - 1);
	out_octet(page->out, ' ');
	out_slice(page->out, out_contents(&standing));
	out_octet(page->out, '\n');
	out_fini(&name);
	out_fini(&standing);
}

/* The other resources of a group, one a line. */
static void
show_also(struct page *page, const struct findings_group *group,
	const struct report *report)
{
	size_t shown = 0, more = group->resources - 1;
	size_t max = report->verbose ? more : ALSO_SHOWN;

	for (size_t i = 0; shown < max && shown < more; i++) {
		const struct finding *f = rules_finding(report->rules, i);
		char count[TEXT_BYTES + 4];

		if (f == group->first || !report_findings_alike(f, group->first))
			continue;
		snprintf(count, sizeof count, "%s×", text_count(f->count).s);
		page_spaces(page, MARGIN);
		out_text(page->out, "also ");
		page_left(page, report_counted(f),
			page_stretch(page, TEXT_COLUMNS) - 5 - 10);
		page_right(page, count, 10);
		out_octet(page->out, '\n');
		shown++;
	}
	if (shown < more)
		out_format(page->out, "    also %s more: add -v\n",
			text_count(more - shown).s);
}

static void
show_group(struct page *page, const struct findings_group *group,
	const struct report *report)
{
	const struct finding *f = group->first;

	show_name(page, group);
	if (*f->note)
		page_paragraph(page, slice_of(f->note, strlen(f->note)), 0, MARGIN);
	show_heads(page, f);
	report_frames(page, f, report);
	show_also(page, group, report);
}

static void
show_title(struct page *page, const struct findings_group *groups, size_t count)
{
	size_t by_severity[SEVERITY_ADVICE + 1] = {0};
	char columns[96];

	for (size_t i = 0; i < count; i++)
		by_severity[groups[i].first->severity]++;
	snprintf(columns, sizeof columns,
		"✗ violations %zu   ! warnings %zu   · advice %zu",
		by_severity[SEVERITY_VIOLATION], by_severity[SEVERITY_WARNING],
		by_severity[SEVERITY_ADVICE]);
	page_heading(page, "Protocol findings", columns);
}

const struct finding *
report_findings_first(const struct report *report)
{
	size_t count;
	struct findings_group *groups = report_findings_groups(report, &count);
	const struct finding *first = groups[0].first;

	mem_free(groups);
	return first;
}

void
report_findings_text(struct page *page, const struct report *report)
{
	size_t count;
	struct findings_group *groups = report_findings_groups(report, &count);
	size_t shown = report->top ? report->top : FINDINGS_SHOWN;

	if (count)
		show_title(page, groups, count);
	if (report->verbose || shown > count)
		shown = count;
	for (size_t i = 0; i < shown; i++)
		show_group(page, &groups[i], report);
	if (shown < count)
		out_format(
			page->out, "  … %s more: add -v\n", text_count(count - shown).s);
	mem_free(groups);
}
