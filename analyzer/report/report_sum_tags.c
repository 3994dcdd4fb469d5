#include "analyzer/report/report_sum_tags.h"

#include "analyzer/base/mem.h"
#include "analyzer/history/server.h"
#include "analyzer/report/report_endpoint.h"
#include "analyzer/report/restore.h"
#include "parsers/number.h"

#include <stdlib.h>

/* ---- reading ---- */

enum {
	GIVER_SERVER,
	GIVER_TAG,
	GIVER_VIA,
	GIVER_SOFTWARE,
	GIVER_ANSWERS,
	GIVER_NUMBERS
};

enum {
	ALIKE_MAX = 64 /* variants of one resource that are looked through */
};

static bool
is_array(const struct jsonvalue *value, size_t max)
{
	return value && value->type == JSONVALUE_ARRAY && value->count <= max;
}

/* Times in microseconds: that of the first answer and that of the last. */
static bool
read_life(const struct jsonvalue *pair, struct tags_tag *tag)
{
	const struct jsonvalue *first = pair ? pair->first : NULL;

	return restore_is_time(first, &tag->first_ns) &&
	       restore_is_time(first->next, &tag->last_ns);
}

static bool
read_content(const struct jsonvalue *value, uint64_t *content)
{
	*content = 0;
	if (!value || (value->type != JSONVALUE_NULL &&
			      (value->type != JSONVALUE_STRING || value->text.n != 16)))
		return false;
	return value->type == JSONVALUE_NULL || number_hex(value->text, content);
}

static bool
read_tag(const struct jsonvalue *name, struct tags_tag *tag)
{
	struct slice text = slice_part(name->text, 0, TAGS_TEXT_BYTES);

	if (name->type != JSONVALUE_STRING || !text.n)
		return false;
	memcpy(tag->text, text.at, text.n);
	tag->n = (unsigned)text.n;
	tag->tag = key_add(key_start(0),
		slice_has_prefix(text, SLICE("W/")) ? slice_from(text, 2) : text);
	return true;
}

static bool
read_tags(const struct jsonvalue *value, struct tags_row *row)
{
	const struct jsonvalue *names = jsonvalue_get(value, "tags");
	const struct jsonvalue *contents = jsonvalue_get(value, "contents");
	const struct jsonvalue *lives = jsonvalue_get(
		jsonvalue_get(value, "time"), "seen_us");

	if (!is_array(names, TAGS_MAX) || !is_array(contents, names->count) ||
		!is_array(lives, names->count))
		return false;
	contents = contents->first;
	lives = lives->first;
	for (names = names->first; names; names = names->next) {
		struct tags_tag *tag = &row->tags[row->tag_count++];

		if (!read_tag(names, tag) || !read_content(contents, &tag->content) ||
			!read_life(lives, tag))
			return false;
		contents = contents->next;
		lives = lives->next;
	}
	return true;
}

static bool
read_giver(const struct jsonvalue *value, const struct endpoint *servers, size_t count,
	struct tags_row *row)
{
	uint64_t numbers[GIVER_NUMBERS];
	const struct jsonvalue *number = value->first;

	for (unsigned i = 0; i < GIVER_NUMBERS; i++, number = number->next)
		if (!restore_is_count(number, &numbers[i]))
			return false;
	if (numbers[GIVER_SERVER] >= count || numbers[GIVER_TAG] >= row->tag_count)
		return false;
	row->givers[row->giver_count++] = (struct tags_giver){
		.tag = (uint8_t)numbers[GIVER_TAG],
		.server = servers[numbers[GIVER_SERVER]],
		.marks = {[TAGS_BY_SERVER] = (uint32_t)numbers[GIVER_SERVER],
			[TAGS_BY_VIA] = (uint32_t)numbers[GIVER_VIA],
			[TAGS_BY_SOFTWARE] = (uint32_t)numbers[GIVER_SOFTWARE]},
		.answers = numbers[GIVER_ANSWERS]};
	return true;
}

static bool
read_givers(const struct jsonvalue *value, struct tags_row *row)
{
	const struct jsonvalue *servers = jsonvalue_get(value, "servers");
	const struct jsonvalue *givers = jsonvalue_get(value, "givers");
	struct endpoint endpoints[TAGS_GIVERS];
	size_t count = 0;

	if (!is_array(servers, TAGS_GIVERS) || !is_array(givers, TAGS_GIVERS))
		return false;
	for (servers = servers->first; servers; servers = servers->next) {
		const struct jsonvalue *name = jsonvalue_get(servers, "server");

		if (!name || !report_endpoint_read(name->text, &endpoints[count++]))
			return false;
	}
	for (givers = givers->first; givers; givers = givers->next)
		if (!read_giver(givers, endpoints, count, row))
			return false;
	return true;
}

static bool
read_causes(const struct jsonvalue *causes, struct tags_row *row)
{
	uint64_t count;

	if (!causes || causes->type != JSONVALUE_OBJECT)
		return false;
	for (causes = causes->first; causes; causes = causes->next) {
		if (!restore_is_count(causes, &count))
			return false;
		for (unsigned i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
			if (slice_eq(causes->key,
				    slice_of(cause_name(i), strlen(cause_name(i)))))
				row->by_cause[i] = count;
	}
	return true;
}

static bool
read_row(const struct jsonvalue *value, struct tags_row *row)
{
	const struct jsonvalue *url = jsonvalue_get(value, "resource");
	const struct jsonvalue *complete = jsonvalue_get(value, "complete");

	*row = (struct tags_row){0};
	if (!url || url->type != JSONVALUE_STRING || !complete)
		return false;
	row->url = url->text;
	row->forgotten = !complete->boolean;
	return restore_is_count(jsonvalue_get(value, "lost_304s"), &row->lost) &&
	       restore_is_count(jsonvalue_get(value, "lost_octets"), &row->lost_octets) &&
	       read_causes(jsonvalue_get(value, "causes"), row) &&
	       read_tags(value, row) && read_givers(value, row);
}

bool
report_sum_tags_valid(const struct jsonvalue *array)
{
	struct tags_row row;

	if (array->type != JSONVALUE_ARRAY)
		return false;
	for (const struct jsonvalue *value = array->first; value; value = value->next)
		if (!read_row(value, &row))
			return false;
	return true;
}

/* ---- sums ---- */

void
report_sum_tags_fini(struct report_sum_tags *tags)
{
	mem_free(tags->rows);
	*tags = (struct report_sum_tags){0};
}

void
report_sum_tags_add(struct report_sum_tags *tags, const struct jsonvalue *array)
{
	for (const struct jsonvalue *value = array->first; value; value = value->next) {
		if (tags->count == tags->room) {
			tags->room = tags->room ? 2 * tags->room : 16;
			tags->rows = mem_grow(
				tags->rows, tags->room * sizeof *tags->rows);
		}
		read_row(value, &tags->rows[tags->count++]);
	}
}

static void
add(uint64_t *into, uint64_t count)
{
	*into = (uint64_t)jsonvalue_sum((int64_t)*into, (int64_t)count);
}

/* The place of a tag in a row, or TAGS_NONE. */
static unsigned
place_of(const struct tags_row *row, const struct tags_tag *tag)
{
	for (unsigned i = 0; i < row->tag_count; i++)
		if (key_eq(row->tags[i].tag, tag->tag))
			return i;
	return TAGS_NONE;
}

static bool
is_of_one_variant(const struct tags_row *a, const struct tags_row *b)
{
	for (unsigned i = 0; i < b->tag_count; i++)
		if (place_of(a, &b->tags[i]) != TAGS_NONE)
			return true;
	return false;
}

static unsigned
unite_tag(struct tags_row *into, const struct tags_tag *from)
{
	unsigned at = place_of(into, from);
	struct tags_tag *tag;

	if (at == TAGS_NONE && into->tag_count == TAGS_MAX) {
		into->forgotten = true;
		return TAGS_NONE;
	}
	if (at == TAGS_NONE) {
		at = into->tag_count++;
		into->tags[at] = *from;
	}
	tag = &into->tags[at];
	if (from->first_ns < tag->first_ns)
		tag->first_ns = from->first_ns;
	if (from->last_ns > tag->last_ns)
		tag->last_ns = from->last_ns;
	if (!tag->content)
		tag->content = from->content;
	return at;
}

static bool
is_giver(const struct tags_giver *a, const struct tags_giver *b)
{
	return a->tag == b->tag && a->server.port == b->server.port &&
	       address_eq(&a->server.address, &b->server.address) &&
	       a->marks[TAGS_BY_VIA] == b->marks[TAGS_BY_VIA] &&
	       a->marks[TAGS_BY_SOFTWARE] == b->marks[TAGS_BY_SOFTWARE];
}

static void
unite_giver(struct tags_row *into, const struct tags_giver *giver)
{
	unsigned i = 0;

	while (i < into->giver_count && !is_giver(&into->givers[i], giver))
		i++;
	if (i < into->giver_count)
		add(&into->givers[i].answers, giver->answers);
	else if (i < TAGS_GIVERS)
		into->givers[into->giver_count++] = *giver;
	else
		into->forgotten = true;
}

static void
unite(struct tags_row *into, const struct tags_row *from)
{
	unsigned places[TAGS_MAX];

	add(&into->lost, from->lost);
	add(&into->lost_octets, from->lost_octets);
	for (unsigned i = 0; i < CAUSE_COUNT; i++)
		add(&into->by_cause[i], from->by_cause[i]);
	into->forgotten |= from->forgotten;
	for (unsigned i = 0; i < from->tag_count; i++)
		places[i] = unite_tag(into, &from->tags[i]);
	for (unsigned i = 0; i < from->giver_count; i++) {
		struct tags_giver giver = from->givers[i];

		giver.tag = (uint8_t)places[giver.tag];
		if (giver.tag != TAGS_NONE)
			unite_giver(into, &giver);
	}
}

/* Servers that are the same have the same mark, whatever their place was. */
static void
mark_servers(struct tags_row *row)
{
	for (unsigned i = 0; i < row->giver_count; i++) {
		const struct endpoint *server = &row->givers[i].server;

		row->givers[i].marks[TAGS_BY_SERVER] = server_mark(server);
	}
}

/* Of one resource the row that begins first, whatever the order of the reports. */
static int
by_url(const void *a, const void *b)
{
	const struct tags_row *x = a, *y = b;
	int order = slice_order(x->url, y->url);
	int64_t first = x->tag_count ? x->tags[0].first_ns : 0,
		second = y->tag_count ? y->tags[0].first_ns : 0;

	return order ? order : (first > second) - (first < second);
}

void
report_sum_tags_fill(struct report_sum_tags *tags, struct tags *into)
{
	struct tags_row *rows = tags->rows;
	size_t n = 0, begin = 0;

	if (tags->count)
		qsort(rows, tags->count, sizeof *rows, by_url);
	for (size_t i = 0; i < tags->count; i++) {
		size_t k;

		if (n && slice_order(rows[begin].url, rows[i].url) != 0)
			begin = n;
		for (k = n - begin > ALIKE_MAX ? n - ALIKE_MAX : begin;
			k < n && !is_of_one_variant(&rows[k], &rows[i]); k++)
			;
		if (k < n)
			unite(&rows[k], &rows[i]);
		else
			rows[n++] = rows[i];
	}
	tags->count = n;
	for (size_t i = 0; i < n; i++) {
		mark_servers(&rows[i]);
		tags_restore(into, &rows[i]);
	}
}
