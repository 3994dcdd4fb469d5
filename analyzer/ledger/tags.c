#include "analyzer/ledger/tags.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/config.h"
#include "analyzer/history/server.h"
#include "analyzer/history/validator.h"
#include "analyzer/http/hiding.h"

enum {
	URL_BYTES_MAX = 512
};

struct tags {
	struct table *rows; /* by variant */
	const struct hiding *hiding;
};

/* What an answer tells: a tag, of what, and who gives it. */
struct given {
	const struct hiding *hiding;
	const struct etag *tag;
	uint64_t content;
	struct endpoint server;
	struct slice via, software;
	int64_t ns;
};

static void
row_drop(void *entry)
{
	mem_free((void *)((struct tags_row *)entry)->url.at);
}

struct tags *
tags_new(uint64_t memory_bytes, const struct hiding *hiding)
{
	struct tags *tags = mem_alloc(sizeof *tags);

	tags->hiding = hiding;
	tags->rows = table_new(sizeof(struct tags_row), memory_bytes, row_drop);
	return tags;
}

void
tags_free(struct tags **tags)
{
	if (!*tags)
		return;
	table_free(&(*tags)->rows);
	mem_free(*tags);
	*tags = NULL;
}

/* ---- tags and their givers ---- */

/* As it may be shown, cut afterwards: half an address is not known for one. */
static void
keep_text(struct tags_tag *tag, const struct given *given)
{
	struct arena scratch = {0};
	struct slice raw = given->tag->raw;

	if (given->hiding)
		raw = hiding_text(given->hiding, raw, HIDING_TEXT, &scratch);
	tag->n = (unsigned)slice_part(raw, 0, TAGS_TEXT_BYTES).n;
	if (tag->n)
		memcpy(tag->text, raw.at, tag->n);
	arena_fini(&scratch);
}

static struct tags_tag *
row_tag(struct tags_row *row, const struct given *given)
{
	struct key key = key_add(key_start(0), given->tag->opaque);
	struct tags_tag *stalest = row->tags;

	for (unsigned i = 0; i < row->tag_count; i++) {
		struct tags_tag *tag = &row->tags[i];

		if (key_eq(tag->tag, key))
			return tag;
		if (tag->last_ns < stalest->last_ns)
			stalest = tag;
	}
	if (row->tag_count < TAGS_MAX) {
		stalest = &row->tags[row->tag_count++];
	} else {
		row->forgotten = true;
		for (unsigned i = 0; i < row->giver_count; i++)
			if (row->givers[i].tag == stalest - row->tags)
				row->givers[i].tag = TAGS_NONE;
	}
	*stalest = (struct tags_tag){.tag = key, .first_ns = given->ns};
	keep_text(stalest, given);
	return stalest;
}

static bool
is_giver(const struct tags_giver *a, const struct tags_giver *b)
{
	return a->tag == b->tag && a->server.port == b->server.port &&
	       memcmp(&a->server.address, &b->server.address, sizeof a->server.address) ==
		       0 &&
	       memcmp(a->marks, b->marks, sizeof a->marks) == 0;
}

/* The same one, else a free place, else that of the stalest. */
static struct tags_giver *
row_giver(struct tags_row *row, const struct tags_giver *giver)
{
	struct tags_giver *found = row->givers;

	for (unsigned i = 0; i < row->giver_count; i++) {
		struct tags_giver *known = &row->givers[i];

		if (is_giver(known, giver))
			return known;
		if (known->tag == TAGS_NONE || known->last_ns < found->last_ns)
			found = known;
	}
	if (row->giver_count < TAGS_GIVERS)
		found = &row->givers[row->giver_count++];
	else
		row->forgotten |= found->tag != TAGS_NONE;
	*found = *giver;
	return found;
}

static uint32_t
mark_of(struct slice value)
{
	return value.n ? (uint32_t)key_add(key_start(0), value).low : 0;
}

static void
row_see(struct tags_row *row, const struct given *given)
{
	struct tags_tag *tag = row_tag(row, given);
	struct tags_giver giver = {.tag = (uint8_t)(tag - row->tags),
		.server = given->server,
		.marks = {server_mark(&given->server), mark_of(given->via),
			mark_of(given->software)}};
	struct tags_giver *known = row_giver(row, &giver);

	if (given->content)
		tag->content = given->content;
	tag->last_ns = known->last_ns = given->ns;
	tag->answers++;
	known->answers++;
}

/* ---- exchanges ---- */

static struct slice
url_of(const struct exchange *x)
{
	const struct slice parts[] = {x->scheme, SLICE("://"), x->host, x->path_query};
	uint8_t octets[URL_BYTES_MAX], *kept;
	size_t n = 0;

	for (size_t i = x->scheme.n ? 0 : 2; i < sizeof parts / sizeof *parts; i++) {
		struct slice part = slice_part(parts[i], 0, sizeof octets - n);

		if (part.n)
			memcpy(octets + n, part.at, part.n);
		n += part.n;
	}
	kept = mem_alloc(n + 1);
	memcpy(kept, octets, n);
	return slice_of(kept, n);
}

/* 0 stands for the unknown. */
static uint64_t
content_of(bool is_known, struct digest digest)
{
	return !is_known ? 0 : digest.low ? digest.low : 1;
}

/* What had been answered before anything was lost. */
static void
row_recall(struct tags_row *row, const struct hiding *hiding,
	const struct history *history, const struct before *before)
{
	const struct resource *resource = history_resource(history, before->resource);

	for (unsigned i = resource ? resource->observation_count : 0; i--;) {
		const struct observation *o = resource->observations[i];
		struct given given = {.hiding = hiding,
			.tag = &o->etag,
			.content = content_of(o->has_digest_decoded, o->digest_decoded),
			.server = hiding_endpoint(hiding, &o->server),
			.via = o->via,
			.software = o->server_field,
			.ns = o->response_ns};

		if (o->etag_raw.at && key_eq(o->variant, before->variant))
			row_see(row, &given);
	}
}

static const struct waste *
churn_of(const struct verdict *verdict)
{
	for (unsigned i = 0; i < verdict->waste_count; i++)
		if (verdict->waste[i].class == WASTE_VALIDATOR_CHURN)
			return &verdict->waste[i];
	return NULL;
}

static struct tags_row *
row_of(struct tags *tags, const struct history *history, const struct before *before,
	const struct exchange *x, bool is_lost)
{
	struct tags_row *row;

	if (!is_lost)
		return table_count(tags->rows) ? table_use(tags->rows, before->variant)
					       : NULL;
	row = table_put(tags->rows, before->variant);
	if (!row->url.at) {
		row->url = url_of(x);
		row_recall(row, tags->hiding, history, before);
		table_own(tags->rows, row, row->url.n);
	}
	return row;
}

void
tags_add(struct tags *tags, const struct history *history, const struct before *before,
	const struct exchange *x, const struct verdict *verdict)
{
	const struct waste *churn = churn_of(verdict);
	struct tags_row *row = row_of(tags, history, before, x, churn != NULL);
	struct given given = {.hiding = tags->hiding,
		.tag = &x->etag,
		.server = x->server,
		.via = message_value(&x->r, FIELD_VIA),
		.software = message_value(&x->r, FIELD_SERVER),
		.ns = x->r.first.ts_ns};
	struct represented body;

	if (!row)
		return;
	if (churn) {
		row->lost++;
		row->lost_octets += churn->octets;
		row->by_cause[churn->cause]++;
	}
	if (x->method != METHOD_GET || !validator_has_tag(x) ||
		!message_is_clean(&x->r) ||
		(x->r.status != 200 && x->r.status != 203 && x->r.status != 304))
		return;
	body = represented_of(x);
	if (x->r.status != 304)
		given.content = content_of(body.has_digest_decoded, body.digest_decoded);
	row_see(row, &given);
}

void
tags_restore(struct tags *tags, const struct tags_row *row)
{
	struct tags_row *to = table_put(
		tags->rows, key_add_number(key_start(0), table_count(tags->rows)));
	uint8_t *url = mem_alloc(row->url.n + 1);

	if (row->url.n)
		memcpy(url, row->url.at, row->url.n);
	*to = *row;
	to->url = slice_of(url, row->url.n);
	table_own(tags->rows, to, row->url.n);
}

/* ---- what the rows say ---- */

/* One content under two names; contents that were not seen are as good as any. */
static bool
is_same_content(const struct tags_tag *a, const struct tags_tag *b)
{
	return !a->content || !b->content || a->content == b->content;
}

/* Answers that are hardly apart may have come in any order: that proves nothing. */
static bool
is_there_at(const struct tags_tag *tag, int64_t ns)
{
	return tag->first_ns <= ns && tag->last_ns >= ns + CONFIG_SETTLE_NS;
}

unsigned
tags_alive(const struct tags_row *row)
{
	unsigned most = 0;

	for (unsigned i = 0; i < row->tag_count; i++) {
		const struct tags_tag *one = &row->tags[i];
		unsigned alive = 0;

		/* The most are alive when one of them begins. */
		for (unsigned k = 0; k < row->tag_count; k++) {
			const struct tags_tag *other = &row->tags[k];

			alive += k == i || (is_there_at(other, one->first_ns) &&
						   is_same_content(one, other));
		}
		if (alive > most)
			most = alive;
	}
	return most;
}

static bool
go_with(const struct tags_row *row, enum tags_mark mark)
{
	bool several = false;

	for (unsigned i = 0; i < row->giver_count; i++)
		for (unsigned k = 0; k < i; k++) {
			const struct tags_giver *a = &row->givers[i],
						*b = &row->givers[k];

			if (a->tag == TAGS_NONE || b->tag == TAGS_NONE ||
				!is_same_content(&row->tags[a->tag], &row->tags[b->tag]))
				continue;
			if (a->marks[mark] != b->marks[mark])
				several |= a->tag != b->tag;
			else if (a->tag != b->tag)
				return false;
		}
	return several;
}

enum tags_mark
tags_go_with(const struct tags_row *row)
{
	enum tags_mark mark = 0;

	while (mark < TAGS_MARKS && !go_with(row, mark))
		mark++;
	return mark;
}

enum waste_cause
tags_cause(const struct tags_row *row)
{
	enum waste_cause most = CAUSE_NONE;

	for (enum waste_cause i = CAUSE_NONE; i < CAUSE_COUNT; i++)
		if (row->by_cause[i] > row->by_cause[most])
			most = i;
	return most;
}

const char *
tags_mark_name(enum tags_mark mark)
{
	static const char *const names[TAGS_MARKS + 1] = {
		[TAGS_BY_SERVER] = "server address",
		[TAGS_BY_VIA] = "Via",
		[TAGS_BY_SOFTWARE] = "Server",
	};

	return names[mark];
}

static bool
is_before(const struct tags_row *a, const struct tags_row *b)
{
	size_t n = a->url.n < b->url.n ? a->url.n : b->url.n;
	int order;

	if (a->lost_octets != b->lost_octets)
		return a->lost_octets > b->lost_octets;
	order = memcmp(a->url.at, b->url.at, n);
	if (order || a->url.n != b->url.n)
		return order ? order < 0 : a->url.n < b->url.n;
	return a->lost > b->lost;
}

size_t
tags_rows(const struct tags *tags, const struct tags_row **rows, size_t count)
{
	size_t n = 0;

	for (const void *entry = table_oldest(tags->rows); entry;
		entry = table_newer(tags->rows, entry)) {
		const struct tags_row *row = entry;
		size_t at = n;

		if (n == count && (!count || !is_before(row, rows[n - 1])))
			continue;
		if (n < count)
			n++;
		else
			at--;
		for (; at && is_before(row, rows[at - 1]); at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
	return n;
}

uint64_t
tags_count(const struct tags *tags)
{
	return table_count(tags->rows);
}

uint64_t
tags_evictions(const struct tags *tags)
{
	return table_evictions(tags->rows);
}
