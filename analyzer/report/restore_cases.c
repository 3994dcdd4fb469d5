#include "analyzer/report/restore.h"

#include "analyzer/rules/row.h"
#include "parsers/number.h"

/* ---- where it was ---- */

/* "ip.addr==10.0.0.1 && tcp.port==80 && " and the rest; what is hidden has no address. */
static void
restore_end(struct slice *filter, struct endpoint *end)
{
	bool has_port = false;

	*end = (struct endpoint){{{0x01}}, 0};
	while (filter->n && !has_port) {
		size_t n = slice_find(*filter, ' ', 0);
		struct slice term = slice_part(*filter, 0, n);
		size_t at = slice_find(term, '=', 0) + 2;
		uint64_t port = 0;

		has_port = slice_has_prefix(term, SLICE("tcp.port=="));
		if (has_port)
			number_decimal(slice_from(term, at), &port);
		else
			address_parse(slice_from(term, at), &end->address);
		end->port = (uint16_t)port;
		*filter = slice_from(*filter, n + sizeof " && " - 1);
	}
}

/* The place of the file of that name; of several of one name the first. */
static uint32_t
source_of(struct slice path, const struct jsonvalue *sources)
{
	uint32_t at = 0;

	for (const struct jsonvalue *s = sources->first; s; s = s->next, at++)
		if (slice_eq(restore_text(s, "path"), path))
			return at;
	return at;
}

static void
restore_frames(struct place *first, struct place *last, const struct jsonvalue *frames)
{
	const struct jsonvalue *from = frames ? frames->first : NULL;
	const struct jsonvalue *to = from ? from->next : NULL;

	if (!to || from->integer < 0 || to->integer < 0)
		return;
	first->frame = (uint64_t)from->integer;
	last->frame = (uint64_t)to->integer;
}

struct restored_evidence
restore_evidence(const struct jsonvalue *first, const struct jsonvalue *sources)
{
	struct restored_evidence e = {.first_ns = restore_time_ns(first, "ts_us")};
	struct slice filter = restore_text(first, "filter");
	struct place *shown;

	e.request_first.source = e.response_first.source = source_of(
		restore_text(first, "source"), sources);
	restore_frames(&e.request_first, &e.request_last,
		jsonvalue_get(first, "request_frames"));
	restore_frames(&e.response_first, &e.response_last,
		jsonvalue_get(first, "response_frames"));
	shown = e.response_first.frame ? &e.response_first : &e.request_first;
	shown->offset = restore_count(first, "file_offset");
	shown->octets = (uint32_t)restore_count(first, "file_octets");
	restore_end(&filter, &e.client);
	restore_end(&filter, &e.server);
	return e;
}

/* ---- findings ---- */

static const char *
severity_called(unsigned severity)
{
	return severity_name(severity);
}

static const char *
confidence_called(unsigned confidence)
{
	return confidence_name(confidence);
}

static bool
is_true(const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	return value && value->type == JSONVALUE_BOOL && value->boolean;
}

static struct slice
counted_of(const struct jsonvalue *finding)
{
	static const char *const names[] = {"resource", "server", "client"};

	for (unsigned i = 0; i < 3; i++)
		if (jsonvalue_get(finding, names[i]))
			return restore_text(finding, names[i]);
	return (struct slice){NULL, 0};
}

static const char *
terminated(struct slice text, struct arena *arena)
{
	char *copy = arena_alloc(arena, text.n + 1);

	if (text.n)
		memcpy(copy, text.at, text.n);
	copy[text.n] = '\0';
	return copy;
}

/* Of a rule that is not known here nothing can be told but its numbers, in the JSON. */
void
restore_finding(struct rules *rules, const struct jsonvalue *finding,
	const struct jsonvalue *sources, struct arena *arena)
{
	const struct jsonvalue *first = jsonvalue_get(finding, "first");
	struct restored_evidence e = restore_evidence(first, sources);
	struct slice kind = restore_text(finding, "kind");
	enum rule_id nearest, rule = row_find(restore_text(finding, "rule"), &nearest);

	if (rule == RULE_COUNT)
		return;
	rules_restore(rules,
		&(struct finding){.rule = rule,
			.kind = kind.at ? terminated(kind, arena) : NULL,
			.severity = restore_named(restore_text(finding, "severity"),
				severity_called, SEVERITY_ADVICE + 1),
			.confidence = restore_named(restore_text(finding, "confidence"),
				confidence_called, CONFIDENCE_HINT + 1),
			.fault = restore_fault(restore_text(finding, "fault")),
			.tentative = is_true(finding, "tentative"),
			.via_cache = is_true(finding, "via_cache"),
			.folded = is_true(finding, "folded"),
			.count = restore_count(finding, "count"),
			.octets = restore_count(finding, "octets"),
			.counted_by = row_of(rule)->counted_by,
			.counted = counted_of(finding),
			.first_ns = e.first_ns,
			.last_ns = restore_time_ns(finding, "last_us"),
			.client = e.client,
			.server = e.server,
			.request_first = e.request_first,
			.request_last = e.request_last,
			.response_first = e.response_first,
			.response_last = e.response_last,
			.request_head = restore_text(first, "request_head"),
			.response_head = restore_text(first, "response_head"),
			.note = terminated(restore_text(first, "note"), arena)});
}

/* ---- fixes ---- */

static const struct fix *
fix_named(struct slice name)
{
	for (size_t i = 0; name.at && i < fix_count(); i++) {
		const struct fix *fix = fix_at(i);

		if (slice_eq(name, slice_of(fix->name, strlen(fix->name))))
			return fix;
	}
	return NULL;
}

/* Where a name of that count belongs: at the end, or instead of the smallest; or NULL. */
static struct fixes_name *
room_for(struct fixes_names *list, uint64_t count)
{
	struct fixes_name *least = list->names;

	if (list->count < FIXES_NAMES)
		return &list->names[list->count++];
	for (unsigned i = 1; i < FIXES_NAMES; i++)
		if (list->names[i].count < least->count)
			least = &list->names[i];
	return least->count < count ? least : NULL;
}

/* A sum may have more names than there is room for: the largest stay. */
static void
restore_names(struct fixes_names *list, const struct jsonvalue *names)
{
	const struct jsonvalue *value = names ? names->first : NULL;

	for (; value; value = value->next) {
		struct slice text = slice_part(value->key, 0, FIXES_NAME_BYTES);
		struct fixes_name *name;

		if (value->type != JSONVALUE_INTEGER || value->integer < 0 || !text.n)
			continue;
		name = room_for(list, (uint64_t)value->integer);
		if (!name)
			continue;
		name->count = (uint64_t)value->integer;
		name->n = (unsigned)text.n;
		memcpy(name->octets, text.at, text.n);
	}
}

void
restore_fix(
	struct fixes *fixes, const struct jsonvalue *fix, const struct jsonvalue *sources)
{
	struct restored_evidence e = restore_evidence(
		jsonvalue_get(fix, "example"), sources);
	uint64_t alone = restore_count(fix, "octets_alone"), all;
	struct fixes_row row = {.class = restore_class(restore_text(fix, "class")),
		.cause = restore_cause(restore_text(fix, "cause")),
		.fix = fix_named(restore_text(fix, "name")),
		.several = true,
		.octets = {[TIER_1] = restore_count(fix, "octets_T1"),
			[TIER_2] = restore_count(fix, "octets_T2"),
			[TIER_3] = restore_count(fix, "octets_T3")},
		.exchanges = restore_count(fix, "exchanges"),
		.resources = restore_count(fix, "resources"),
		.requests = restore_count(fix, "requests_avoided"),
		.wait_ns = restore_time_ns(jsonvalue_get(fix, "time"), "wait_avoided_us"),
		.example = {e.first_ns, e.client, e.server, e.request_first,
			e.request_last, e.response_first, e.response_last}};

	all = row.octets[TIER_1] + row.octets[TIER_2] + row.octets[TIER_3];
	row.hidden = alone > all ? alone - all : 0;
	restore_names(&row.lists[FIXES_SOFTWARE], jsonvalue_get(fix, "software"));
	restore_names(&row.lists[FIXES_URLS], jsonvalue_get(fix, "url"));
	restore_names(&row.lists[FIXES_SERVERS], jsonvalue_get(fix, "server"));
	fixes_restore(fixes, &row);
}
