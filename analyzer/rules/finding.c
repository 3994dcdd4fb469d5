#include "analyzer/rules/finding.h"

#include "analyzer/base/digits.h"
#include "analyzer/base/table.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/note.h"
#include "analyzer/rules/row.h"

#include <stdlib.h>

enum {
	HEAD_TEXT_BYTES = 16 << 10, /* of a head that is kept as evidence */
	SUBJECT_TEXT_BYTES = 4 << 10,
	LINE_FRAME_BYTES = 4,  /* ": " and CRLF */
	START_LINE_BYTES = 24, /* at most, without what is counted by itself */
	AUTHORITY_BYTES = 64,  /* "http://", an address and a port, at most */
};

/* What changes with each exchange: apart, for it is found with each. */
struct count {
	uint64_t number; /* of the entry, from 1 on */
	uint64_t exchanges, octets;
	uint64_t firm; /* of the exchanges: those that are not tentative */
	int64_t last_ns;
	uint8_t severity, confidence; /* the worst, the surest */
	bool pending;		      /* not yet known to be true */
};

struct entry {
	struct finding finding;
	struct count *count; /* NULL: it was restored, and is counted no more */
	struct key subject, host;
	struct endpoint server; /* of the first, as others know it */
};

_Static_assert(3 * (sizeof(struct count) + 32) < sizeof(struct entry),
	"a quarter of the memory is enough for the counts");

struct findings {
	struct entry **entries;
	size_t count, room;
	const struct finding **order; /* what can be shown, in the order of the report */
	size_t shown;
	struct arena arena;	       /* of entries and their texts */
	struct table *counts;	       /* by the key of a finding: entry_settle() */
	struct key starts[RULE_COUNT]; /* of the keys of each */
	uint64_t budget_bytes, dropped;
	enum redact redact;
	struct client_rule client;
};

struct findings *
findings_new(uint64_t memory_bytes, const struct rules_options *options)
{
	struct findings *f = mem_alloc(sizeof *f);

	/* An entry needs many times what its count does, so no count is forgotten. */
	f->budget_bytes = memory_bytes - memory_bytes / 4;
	f->counts = table_new_rough(sizeof(struct count), memory_bytes / 4, NULL);
	for (unsigned i = 0; i < RULE_COUNT; i++)
		f->starts[i] = key_add_number(key_start(options->seed), i);
	f->redact = options->redact;
	f->client = options->client;
	return f;
}

void
findings_free(struct findings **findings)
{
	struct findings *f = *findings;

	if (!f)
		return;
	arena_fini(&f->arena);
	mem_free(f->entries);
	mem_free(f->order);
	table_free(&f->counts);
	mem_free(f);
	*findings = NULL;
}

/* A buffer of an arena that takes no more than it can hold. */
struct text {
	uint8_t *at;
	size_t n, size;
};

static void
text_put(struct text *text, struct slice s)
{
	size_t n = s.n < text->size - text->n ? s.n : text->size - text->n;

	if (n)
		memcpy(text->at + text->n, s.at, n);
	text->n += n;
}

static struct text
text_new(struct arena *arena, size_t bytes, size_t max)
{
	size_t size = bytes < max ? bytes : max;

	return (struct text){arena_alloc(arena, size), 0, size};
}

static void
put_number(struct text *text, unsigned number)
{
	char digits[DIGITS_MAX];

	text_put(text, slice_of(digits, digits_of(number, digits)));
}

static void
put_version(struct text *text, const struct message *m)
{
	text_put(text, SLICE("HTTP/"));
	put_number(text, m->major);
	text_put(text, SLICE("."));
	put_number(text, m->minor);
}

static void
put_start_line(struct text *text, const struct message *m)
{
	if (m->status == 0) {
		text_put(text, m->method);
		text_put(text, SLICE(" "));
		text_put(text, m->target);
		text_put(text, SLICE(" "));
		put_version(text, m);
	} else {
		put_version(text, m);
		text_put(text, SLICE(" "));
		put_number(text, m->status);
		text_put(text, SLICE(" "));
		text_put(text, m->reason);
	}
	text_put(text, SLICE("\r\n"));
}

static size_t
head_text_bytes(const struct message *m)
{
	size_t n = START_LINE_BYTES + m->method.n + m->target.n + m->reason.n;

	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *field = &m->fields[i];

		n += field->name.n + LINE_FRAME_BYTES;
		n += field->value.n > REDACTED.n ? field->value.n : REDACTED.n;
	}
	return n;
}

/* Of a head that was cut lines may reach beyond; that of a twin is none at all. */
static bool
is_within(struct slice line, struct slice head)
{
	return head.n && line.at >= head.at && line.at < head.at + head.n &&
	       line.n <= (size_t)(head.at + head.n - line.at);
}

/* A field line if it is shown octet by octet as it was sent; else nothing. */
static struct slice
line_as_sent(const struct message *m, const struct field *field, enum redact redact)
{
	struct slice name = field->name, value = field->value;
	struct slice line = {name.at, name.n + value.n + LINE_FRAME_BYTES};
	const struct slice nothing = {NULL, 0};

	if (!is_within(line, m->head) || value.at != name.at + name.n + 2 ||
		memcmp(name.at + name.n, ": ", 2) != 0 ||
		memcmp(value.at + value.n, "\r\n", 2) != 0)
		return nothing;
	return redact != REDACT_NONE && redact_is_secret(field) ? nothing : line;
}

static void
put_field(struct text *text, const struct field *field, enum redact redact)
{
	text_put(text, redact_name(redact, field));
	text_put(text, SLICE(": "));
	text_put(text, redact_value(redact, field));
	text_put(text, SLICE("\r\n"));
}

/* Lines that are shown as they were sent, and one follows the other, are put at once. */
static void
put_fields(struct text *text, const struct message *m, enum redact redact)
{
	struct slice run = {NULL, 0};

	for (size_t i = 0; i < m->field_count; i++) {
		struct slice line = line_as_sent(m, &m->fields[i], redact);

		if (line.n && run.n && line.at == run.at + run.n) {
			run.n += line.n;
			continue;
		}
		text_put(text, run);
		run = line;
		if (!line.n)
			put_field(text, &m->fields[i], redact);
	}
	text_put(text, run);
}

static struct slice
head_text(struct arena *arena, const struct message *m, enum redact redact)
{
	struct text text = text_new(arena, head_text_bytes(m), HEAD_TEXT_BYTES);

	put_start_line(&text, m);
	put_fields(&text, m, redact);
	return slice_of(text.at, text.n);
}

static void
put_server(struct text *text, const struct endpoint *server)
{
	char address[ADDRESS_TEXT_BYTES];
	size_t n = address_text(&server->address, address);
	bool bracket = !address_is_ipv4(&server->address);

	text_put(text, bracket ? SLICE("[") : SLICE(""));
	text_put(text, slice_of(address, n));
	text_put(text, bracket ? SLICE("]") : SLICE(""));
	text_put(text, SLICE(":"));
	put_number(text, server->port);
}

static struct slice
client_text(struct arena *arena, const struct client_rule *rule, const struct exchange *x,
	uint32_t number)
{
	struct slice text;
	struct out out;

	out_init_memory(&out);
	client_write(&out, rule, x, number);
	text = arena_copy(arena, slice_part(out_contents(&out), 0, SUBJECT_TEXT_BYTES));
	out_fini(&out);
	return text;
}

static struct slice
subject_text(struct arena *arena, const struct exchange *x, enum counted_by by)
{
	bool is_host = by != COUNTED_BY_SERVER && x->host.n;
	size_t bytes = x->scheme.n + x->path_query.n +
		       (is_host ? x->host.n + SLICE("http://").n : AUTHORITY_BYTES);
	struct text text = text_new(arena, bytes, SUBJECT_TEXT_BYTES);

	if (by != COUNTED_BY_SERVER) {
		text_put(&text, x->scheme.n ? x->scheme : SLICE("http"));
		text_put(&text, SLICE("://"));
	}
	if (is_host)
		text_put(&text, x->host);
	else
		put_server(&text, &x->server);
	if (by == COUNTED_BY_RESOURCE)
		text_put(&text, x->path_query);
	return slice_of(text.at, text.n);
}

static struct entry *
entry_new(struct findings *f, const struct view *view, const struct hit *hit,
	const struct ruling *ruling, const struct finding_terms *terms)
{
	struct entry *entry = arena_alloc(&f->arena, sizeof *entry);
	const struct exchange *x = view->shown ? view->shown : view->x;
	char note[NOTE_BYTES];

	note_format(note, row_of(hit->rule)->text->note, view, ruling, f->redact);
	entry->subject = terms->subject;
	entry->host = terms->host;
	entry->server = view->x->server;
	entry->finding = (struct finding){
		.rule = hit->rule,
		.kind = hit->kind,
		.fault = hit->fault,
		.via_cache = x->via_cache,
		.counted_by = terms->counted_by,
		.counted = terms->counted_by == COUNTED_BY_CLIENT
				   ? client_text(&f->arena, &f->client, x,
					     view->before->client_number)
				   : subject_text(&f->arena, x, terms->counted_by),
		.first_ns = x->has_request ? x->q.first.ts_ns : x->r.first.ts_ns,
		.severity = hit->severity,
		.confidence = hit->confidence,
		.client = x->client,
		.server = x->server,
		.connection = x->connection,
		.request_first = x->q.first,
		.request_last = x->q.last,
		.response_first = x->r.first,
		.response_last = x->r.last,
		.note = (const char *)arena_copy(
			&f->arena, slice_of(note, strlen(note) + 1))
				.at,
	};
	if (x->has_request)
		entry->finding.request_head = head_text(&f->arena, &x->q, f->redact);
	if (x->has_response)
		entry->finding.response_head = head_text(&f->arena, &x->r, f->redact);
	return entry;
}

static void
findings_append(struct findings *f, struct entry *entry)
{
	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 16;
		f->entries = mem_grow(f->entries, f->room * sizeof *f->entries);
	}
	f->entries[f->count++] = entry;
}

/* The count of a finding that is new; NULL if there is no room for it. */
static struct count *
count_new(struct findings *f, struct key key, struct entry *entry)
{
	struct count *count = table_put(f->counts, key);

	findings_append(f, entry);
	count->number = f->count;
	count->severity = (uint8_t)entry->finding.severity;
	count->confidence = (uint8_t)entry->finding.confidence;
	count->pending = true;
	entry->count = count;
	return count;
}

/* NULL if there is no room for it. */
static struct count *
count_get(struct findings *f, const struct view *view, const struct hit *hit,
	const struct ruling *ruling, const struct finding_terms *terms)
{
	struct key key = f->starts[hit->rule];
	struct count *count;

	if (hit->kind)
		key = key_add(key, slice_of(hit->kind, strlen(hit->kind)));
	key = key_add_key(key, terms->subject);
	count = table_use(f->counts, key);
	if (count)
		return count;
	if (f->arena.bytes + table_bytes(f->counts) >= f->budget_bytes) {
		f->dropped++;
		return NULL;
	}
	return count_new(f, key, entry_new(f, view, hit, ruling, terms));
}

size_t
findings_add(struct findings *f, const struct view *view, const struct hit *hit,
	const struct ruling *ruling, const struct finding_terms *terms)
{
	struct count *count = count_get(f, view, hit, ruling, terms);

	if (!count)
		return 0;
	if (hit->severity < count->severity)
		count->severity = (uint8_t)hit->severity;
	if (hit->confidence < count->confidence)
		count->confidence = (uint8_t)hit->confidence;
	count->firm += !hit->tentative;
	count->exchanges += ruling->count;
	count->octets += ruling->octets;
	count->last_ns = view->x->has_request ? view->x->q.first.ts_ns
					      : view->x->r.first.ts_ns;
	count->pending &= ruling->pending;
	return count->number;
}

static const char *
text_copy(struct arena *arena, const char *text)
{
	return (const char *)arena_copy(arena, slice_of(text, strlen(text) + 1)).at;
}

void
findings_restore(struct findings *f, const struct finding *finding)
{
	struct entry *entry = arena_alloc(&f->arena, sizeof *entry);
	struct finding *to = &entry->finding;

	*to = *finding;
	if (finding->kind)
		to->kind = text_copy(&f->arena, finding->kind);
	to->counted = arena_copy(&f->arena, finding->counted);
	to->request_head = arena_copy(&f->arena, finding->request_head);
	to->response_head = arena_copy(&f->arena, finding->response_head);
	to->note = text_copy(&f->arena, finding->note);
	findings_append(f, entry);
	f->order = mem_grow(f->order, f->room * sizeof *f->order);
	f->order[f->shown++] = to;
}

void
findings_doubt(struct findings *f, size_t number)
{
	struct count *count = f->entries[number - 1]->count;

	count->firm--;
	if (!count->firm && count->confidence == CONFIDENCE_CERTAIN)
		count->confidence = CONFIDENCE_LIKELY;
}

/* A host's finding has the host's numbers; false if they no longer say it. */
static bool
refresh_host(struct entry *entry, const struct aggregate *aggregate)
{
	const struct aggregate_host *host = aggregate_host(aggregate, entry->subject);

	if (!host)
		return true;
	entry->finding.count = host->ignored;
	entry->finding.octets = host->octets;
	entry->finding.first_ns = host->first_ns;
	entry->finding.last_ns = host->last_ns;
	return aggregate_host_ignores(host);
}

static void
entry_settle(struct entry *entry)
{
	const struct count *count = entry->count;
	struct finding *finding = &entry->finding;

	finding->count = count->exchanges;
	finding->octets = count->octets;
	finding->last_ns = count->last_ns;
	finding->severity = count->severity;
	finding->confidence = count->confidence;
	finding->tentative = !count->firm;
}

static bool
entry_holds(struct entry *entry, const struct aggregate *aggregate)
{
	bool pending = entry->count && entry->count->pending;

	if (entry->finding.rule == RULE_HOST_IGNORES_CONDITIONALS)
		return refresh_host(entry, aggregate);
	if (entry->finding.rule == RULE_304_MISSING_DATE && pending)
		return aggregate_has_clock(aggregate, &entry->server);
	if (entry->finding.rule == RULE_DATE_SKEWED)
		return aggregate_is_skewed(aggregate, &entry->server);
	if (entry->finding.rule == RULE_304_DESPITE_NEWER_ETAG)
		return aggregate_is_contested(aggregate, entry->subject);
	return !pending;
}

static bool
is_about_one_exchange(enum rule_id rule)
{
	return rule == RULE_200_DESPITE_INM_MATCH || rule == RULE_INM_WEAK_MATCH_MISSED ||
	       rule == RULE_ETAG_CODING_SUFFIX_MISMATCH ||
	       rule == RULE_INM_QUOTE_MISMATCH || rule == RULE_200_DESPITE_IMS_MATCH;
}

static int
by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->high != y->high)
		return x->high < y->high ? -1 : 1;
	return x->low < y->low ? -1 : x->low > y->low;
}

/* The single findings of a host that ignores conditions are folded under it. */
static void
fold(struct findings *f, struct key *hosts, size_t host_count)
{
	qsort(hosts, host_count, sizeof *hosts, by_key);
	for (size_t i = 0; i < f->count; i++) {
		struct entry *entry = f->entries[i];

		entry->finding.folded = is_about_one_exchange(entry->finding.rule) &&
					bsearch(&entry->host, hosts, host_count,
						sizeof *hosts, by_key) != NULL;
	}
}

/* Then by what is older, so that the order never depends on memory. */
static int
by_weight(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a;
	const struct finding *y = *(const struct finding *const *)b;

	if (x->severity != y->severity)
		return x->severity < y->severity ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	if (x->connection != y->connection)
		return x->connection < y->connection ? -1 : 1;
	return strcmp(x->kind ? x->kind : "", y->kind ? y->kind : "");
}

void
findings_finish(struct findings *f, const struct aggregate *aggregate)
{
	struct key *hosts = mem_alloc(f->count * sizeof *hosts);
	size_t host_count = 0;

	f->order = mem_grow(f->order, f->count * sizeof *f->order);
	f->shown = 0;
	for (size_t i = 0; i < f->count; i++) {
		struct entry *entry = f->entries[i];

		if (entry->count)
			entry_settle(entry);
		if (!entry_holds(entry, aggregate))
			continue;
		f->order[f->shown++] = &entry->finding;
		if (entry->finding.rule == RULE_HOST_IGNORES_CONDITIONALS)
			hosts[host_count++] = entry->subject;
	}
	fold(f, hosts, host_count);
	mem_free(hosts);
	qsort(f->order, f->shown, sizeof *f->order, by_weight);
}

size_t
findings_count(const struct findings *f)
{
	return f->shown;
}

const struct finding *
findings_at(const struct findings *f, size_t index)
{
	return f->order[index];
}

uint64_t
findings_dropped(const struct findings *f)
{
	return f->dropped;
}
