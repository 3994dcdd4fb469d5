#include "analyzer/report/fixes.h"

#include "analyzer/base/table.h"
#include "analyzer/report/report_endpoint.h"
#include "analyzer/report/tally.h"
#include "parsers/fingerprint.h"
#include "parsers/urlpattern.h"

#include <stdlib.h>

enum {
	ROOM = 16,	     /* rows at first */
	RESOURCE_BYTES = 96, /* of an entry of the set, generously */
	STEMS_BYTES = FIXES_RESOURCES * RESOURCE_BYTES, /* at most */
};

/*
 * A URL without its fingerprint, the fingerprint seen last, and the row it counts for.
 * What is forgotten of them makes advice more cautious, and nothing else.
 */
struct stem {
	struct key fingerprint;
	size_t row; /* 1 + row, or 0 */
	bool several;
};

struct fixes {
	struct fixes_row *rows;
	size_t count, room;
	uint16_t index[WASTE_COUNT][CAUSE_COUNT][FIX_PARTIES]; /* 1 + row, or 0 */
	struct table *resources; /* a set of rows and resources */
	size_t resources_max;
	struct table *stems;
	uint64_t uncounted; /* of that set, for want of room */
};

struct fixes *
fixes_new(uint64_t memory_bytes)
{
	struct fixes *fixes = mem_alloc(sizeof *fixes);
	uint64_t half = memory_bytes / 2 < STEMS_BYTES ? memory_bytes / 2 : STEMS_BYTES;

	fixes->resources_max = half / RESOURCE_BYTES;
	fixes->resources = table_new(0, half, NULL);
	fixes->stems = table_new(sizeof(struct stem), half, NULL);
	return fixes;
}

void
fixes_free(struct fixes **fixes)
{
	if (!*fixes)
		return;
	table_free(&(*fixes)->resources);
	table_free(&(*fixes)->stems);
	mem_free((*fixes)->rows);
	mem_free(*fixes);
	*fixes = NULL;
}

static size_t
row_of(struct fixes *fixes, const struct exchange *x, const struct waste *waste)
{
	const struct fix *fix = fix_find(
		waste->class, waste->cause, fix_party_of(x, waste->fault));
	uint16_t *index = &fixes->index[waste->class][waste->cause]
				       [fix ? fix->party : FIX_OTHER];

	if (*index)
		return *index - 1u;
	if (fixes->count == fixes->room) {
		fixes->room = fixes->room ? 2 * fixes->room : ROOM;
		fixes->rows = mem_grow(fixes->rows, fixes->room * sizeof *fixes->rows);
	}
	fixes->rows[fixes->count++] = (struct fixes_row){
		.class = waste->class, .cause = waste->cause, .fix = fix};
	*index = (uint16_t)fixes->count;
	return fixes->count - 1;
}

static void
count_resource(struct fixes *fixes, size_t row, struct key resource)
{
	struct key key = key_add_number(resource, row);

	if (table_find(fixes->resources, key))
		return;
	if (table_count(fixes->resources) >= fixes->resources_max) {
		fixes->uncounted++;
		return;
	}
	table_put(fixes->resources, key);
	fixes->rows[row].resources++;
}

/* A new name takes the place of the smallest, and its count. */
static void
count_name(struct fixes_names *list, struct slice value, uint64_t weight)
{
	struct fixes_name *name = list->names;

	if (!value.n)
		return;
	value = slice_part(value, 0, FIXES_NAME_BYTES);
	for (unsigned i = 0; i < list->count; i++) {
		struct fixes_name *known = &list->names[i];

		if (slice_eq(slice_of(known->octets, known->n), value)) {
			known->count += weight;
			return;
		}
		if (known->count < name->count)
			name = known;
	}
	if (list->count < FIXES_NAMES) {
		name = &list->names[list->count++];
		name->count = 0;
	}
	name->count += weight;
	name->n = (unsigned)value.n;
	memcpy(name->octets, value.at, value.n);
}

/* Where it was, as the tables of URLs and servers name it. */
static void
count_place(struct fixes_row *row, const struct exchange *x, uint64_t octets)
{
	struct text server = report_server_name(&x->server);
	uint8_t url[FIXES_NAME_BYTES];
	struct slice host = slice_part(x->host, 0, sizeof url / 2);

	octets_lower(url, host.at, host.n);
	count_name(&row->lists[FIXES_URLS],
		slice_of(url, host.n + urlpattern(x->path_query, url + host.n,
					       sizeof url - host.n)),
		octets);
	count_name(
		&row->lists[FIXES_SERVERS], slice_of(server.s, strlen(server.s)), octets);
}

static void
count_exchange(struct fixes *fixes, size_t at, const struct exchange *x,
	struct key resource, enum fault fault)
{
	struct fixes_row *row = &fixes->rows[at];

	count_resource(fixes, at, resource);
	count_name(&row->lists[FIXES_SOFTWARE], fix_party_value(x, fault), 1);
	if (row->exchanges++ && row->example.first_ns <= x->q.first.ts_ns)
		return;
	row->example = (struct fixes_example){
		.first_ns = x->q.first.ts_ns,
		.client = x->client,
		.server = x->server,
		.request_first = x->q.first,
		.request_last = x->q.last,
		.response_first = x->r.first,
		.response_last = x->r.last,
	};
}

/* An exchange counts once in a row, whatever parts of it are wasted. */
static bool
is_first_of_its_kind(const struct waste *waste, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (waste[i].class == waste[at].class &&
			waste[i].cause == waste[at].cause)
			return false;
	return true;
}

static bool
is_whole_exchange(const struct exchange *x, const struct waste *waste)
{
	return waste->part == PART_HEAD &&
	       waste->octets == x->q.head_bytes + exchange_r_head(x);
}

/* The stem of a URL with a fingerprint, or NULL. */
static struct stem *
stem_of(struct fixes *fixes, const struct exchange *x)
{
	struct slice url = x->path_query;
	struct key key = key_start(0);
	struct stem *stem;
	size_t begin, end;

	if (x->method != METHOD_GET || !fingerprint_find(url, &begin, &end))
		return NULL;
	key = key_add_nocase(key_add_nocase(key, x->scheme), x->host);
	key = key_add(key_add(key, slice_part(url, 0, begin)), slice_from(url, end));
	stem = table_put(fixes->stems, key);
	key = key_add(key, slice_part(url, begin, end));
	stem->several |= !key_eq(stem->fingerprint, key) &&
			 !key_eq(stem->fingerprint, (struct key){0, 0});
	stem->fingerprint = key;
	return stem;
}

static void
count_versions(struct fixes *fixes, const struct exchange *x)
{
	struct stem *stem = x->has_response && x->r.status < 400 ? stem_of(fixes, x)
								 : NULL;

	if (stem && stem->several && stem->row)
		fixes->rows[stem->row - 1].several = true;
}

static void
count_version_of(struct fixes *fixes, size_t row, const struct exchange *x)
{
	struct stem *stem = stem_of(fixes, x);

	if (!stem)
		return;
	stem->row = row + 1;
	fixes->rows[row].several |= stem->several;
}

void
fixes_add(struct fixes *fixes, const struct exchange *x, struct key resource,
	const struct waste *waste, unsigned count)
{
	count_versions(fixes, x);
	for (unsigned i = 0; i < count; i++) {
		const struct waste *w = &waste[i];
		size_t at = row_of(fixes, x, w);
		struct fixes_row *row = &fixes->rows[at];

		row->octets[w->tier] += w->octets;
		count_place(row, x, w->octets);
		if (is_whole_exchange(x, w)) {
			row->requests++;
			tally_add_ns(&row->wait_ns, x->wait_ns > 0 ? x->wait_ns : 0);
		}
		if (w->class == WASTE_VERSIONED_REVALIDATION)
			count_version_of(fixes, at, x);
		if (is_first_of_its_kind(waste, i))
			count_exchange(fixes, at, x, resource, w->fault);
	}
}

/* Each of them may make a row, and then all may lie elsewhere. */
void
fixes_add_hidden(struct fixes *fixes, const struct exchange *x,
	const struct waste *hidden, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		size_t at = row_of(fixes, x, &hidden[i]);

		fixes->rows[at].hidden += hidden[i].octets;
	}
}

void
fixes_restore(struct fixes *fixes, const struct fixes_row *row)
{
	if (fixes->count == fixes->room) {
		fixes->room = fixes->room ? 2 * fixes->room : ROOM;
		fixes->rows = mem_grow(fixes->rows, fixes->room * sizeof *fixes->rows);
	}
	fixes->rows[fixes->count++] = *row;
}

size_t
fixes_count(const struct fixes *fixes)
{
	size_t count = 0;

	for (size_t i = 0; i < fixes->count; i++)
		count += fixes->rows[i].exchanges != 0;
	return count;
}

const struct fix *
fixes_fix(const struct fixes_row *row)
{
	if (row->class == WASTE_VERSIONED_REVALIDATION && !row->several)
		return fix_find(row->class, row->cause, FIX_OTHER);
	return row->fix;
}

uint64_t
fixes_saving(const struct fixes_row *row)
{
	return row->octets[TIER_1] + row->octets[TIER_2];
}

uint64_t
fixes_alone(const struct fixes_row *row)
{
	return fixes_saving(row) + row->octets[TIER_3] + row->hidden;
}

/* The order does not depend on that of the exchanges. */
static int
by_saving(const void *a, const void *b)
{
	const struct fixes_row *x = *(const struct fixes_row *const *)a;
	const struct fixes_row *y = *(const struct fixes_row *const *)b;

	if (fixes_saving(x) != fixes_saving(y))
		return fixes_saving(x) > fixes_saving(y) ? -1 : 1;
	if (x->octets[TIER_3] != y->octets[TIER_3])
		return x->octets[TIER_3] > y->octets[TIER_3] ? -1 : 1;
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	if (x->cause != y->cause)
		return x->cause < y->cause ? -1 : 1;
	return x->fix < y->fix ? -1 : x->fix > y->fix;
}

void
fixes_ranked(const struct fixes *fixes, const struct fixes_row **rows)
{
	size_t count = 0;

	for (size_t i = 0; i < fixes->count; i++)
		if (fixes->rows[i].exchanges)
			rows[count++] = &fixes->rows[i];
	if (count)
		qsort(rows, count, sizeof *rows, by_saving);
}

static int
compare(const struct fixes_name *a, const struct fixes_name *b)
{
	int order = memcmp(a->octets, b->octets, a->n < b->n ? a->n : b->n);

	return order ? order : (a->n > b->n) - (a->n < b->n);
}

static int
by_name(const void *a, const void *b)
{
	return compare(*(const struct fixes_name *const *)a,
		*(const struct fixes_name *const *)b);
}

/* Of equally large ones the first in the alphabet. */
static int
by_count(const void *a, const void *b)
{
	const struct fixes_name *x = *(const struct fixes_name *const *)a;
	const struct fixes_name *y = *(const struct fixes_name *const *)b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return compare(x, y);
}

static unsigned
names_by(const struct fixes_names *list, const struct fixes_name *names[FIXES_NAMES],
	int (*order)(const void *a, const void *b))
{
	for (unsigned i = 0; i < list->count; i++)
		names[i] = &list->names[i];
	qsort(names, list->count, sizeof *names, order);
	return list->count;
}

unsigned
fixes_names(const struct fixes_row *row, enum fixes_list list,
	const struct fixes_name *names[FIXES_NAMES])
{
	return names_by(&row->lists[list], names, by_name);
}

unsigned
fixes_largest(const struct fixes_row *row, enum fixes_list list,
	const struct fixes_name *names[FIXES_NAMES])
{
	return names_by(&row->lists[list], names, by_count);
}

struct slice
fixes_software(const struct fixes_row *row)
{
	const struct fixes_name *names[FIXES_NAMES];

	if (!fixes_largest(row, FIXES_SOFTWARE, names))
		return slice_of("", 0);
	return slice_of(names[0]->octets, names[0]->n);
}

uint64_t
fixes_uncounted(const struct fixes *fixes)
{
	return fixes->uncounted;
}
