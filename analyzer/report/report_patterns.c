#include "analyzer/report/report_patterns.h"

#include "analyzer/base/mem.h"
#include "analyzer/report/restore.h"

#include <stdlib.h>

enum {
	TOLD = 10000
};

/* ---- writing ---- */

static int64_t
to_us(int64_t ns)
{
	return ns / 1000 - (ns % 1000 < 0);
}

/* Of each lifetime of ladder_ttl_s; none if none avoids anything. */
static void
put_rungs(struct json *json, const struct ladder_pattern *pattern)
{
	bool any = pattern->rungs[LADDER_RUNGS - 1].avoided > 0;

	json_key(json, "rungs");
	json_array_inline(json);
	for (unsigned i = 0; any && i < LADDER_RUNGS; i++) {
		const struct ladder_rung *rung = &pattern->rungs[i];

		json_array_inline(json);
		json_uint(json, rung->avoided);
		json_uint(json, rung->avoided_octets);
		json_uint(json, rung->stale);
		json_uint(json, rung->unknown);
		json_end(json);
	}
	json_end(json);
}

static void
put_pattern(struct json *json, const struct ladder_pattern *pattern)
{
	json_object_inline(json);
	json_put_octets(json, "host", pattern->host);
	json_put_octets(json, "pattern", pattern->pattern);
	json_put_uint(json, "exchanges", pattern->exchanges);
	json_put_int(json, "first_us", to_us(pattern->first_ns));
	json_put_int(json, "last_us", to_us(pattern->last_ns));
	json_key(json, "given_s");
	if (pattern->lifetime_s < 0)
		json_null(json);
	else
		json_int(json, pattern->lifetime_s);
	json_key(json, "obstacles");
	json_array_inline(json);
	for (unsigned bit = 1; bit < OBSTACLE_END; bit <<= 1)
		if (pattern->obstacles & bit)
			json_text(json, ladder_obstacle_name(bit));
	json_end(json);
	put_rungs(json, pattern);
	json_end(json);
}

void
report_patterns_json(struct json *json, const struct ladder *ladder, size_t rows_max)
{
	size_t count = ladder_count(ladder), told = count < TOLD ? count : TOLD;
	const struct ladder_pattern **rows = mem_alloc((count + 1) * sizeof *rows);

	ladder_ranked(ladder, rows);
	if (told > rows_max)
		told = rows_max;
	json_key(json, "patterns");
	json_array(json);
	for (size_t i = 0; i < told; i++)
		put_pattern(json, rows[i]);
	json_end(json);
	mem_free(rows);
}

uint64_t
report_patterns_left_out(const struct ladder *ladder)
{
	size_t count = ladder_count(ladder);

	return count < TOLD ? 0 : count - TOLD;
}

/* ---- reading ---- */

static bool
read_rung(const struct jsonvalue *value, struct ladder_rung *rung)
{
	uint64_t *const counts[] = {
		&rung->avoided, &rung->avoided_octets, &rung->stale, &rung->unknown};
	const struct jsonvalue *count = value->first;

	for (unsigned i = 0; i < 4; i++, count = count->next)
		if (!restore_is_count(count, counts[i]))
			return false;
	return value->type == JSONVALUE_ARRAY && value->count == 4;
}

static bool
read_rungs(const struct jsonvalue *rungs, struct ladder_pattern *pattern)
{
	const struct jsonvalue *value;
	unsigned i = 0;

	if (!rungs || rungs->type != JSONVALUE_ARRAY ||
		(rungs->count && rungs->count != LADDER_RUNGS))
		return false;
	for (value = rungs->first; value; value = value->next)
		if (!read_rung(value, &pattern->rungs[i++]))
			return false;
	return true;
}

/* What is not known here speaks against a lifetime all the more. */
static unsigned
obstacle_of(struct slice name)
{
	for (unsigned bit = 1; bit < OBSTACLE_END; bit <<= 1) {
		const char *known = ladder_obstacle_name(bit);

		if (slice_eq(name, slice_of(known, strlen(known))))
			return bit;
	}
	return OBSTACLE_NO_STORE;
}

static bool
read_pattern(const struct jsonvalue *value, struct ladder_pattern *pattern)
{
	const struct jsonvalue *host = jsonvalue_get(value, "host"),
			       *path = jsonvalue_get(value, "pattern"),
			       *given = jsonvalue_get(value, "given_s"),
			       *obstacles = jsonvalue_get(value, "obstacles");

	*pattern = (struct ladder_pattern){.lifetime_s = -1};
	if (!host || host->type != JSONVALUE_STRING || !path ||
		path->type != JSONVALUE_STRING || !given || !obstacles ||
		obstacles->type != JSONVALUE_ARRAY)
		return false;
	pattern->host = host->text;
	pattern->pattern = path->text;
	if (given->type == JSONVALUE_INTEGER)
		pattern->lifetime_s = given->integer;
	for (const struct jsonvalue *o = obstacles->first; o; o = o->next)
		pattern->obstacles |= obstacle_of(o->text);
	return restore_is_count(jsonvalue_get(value, "exchanges"), &pattern->exchanges) &&
	       restore_is_time(jsonvalue_get(value, "first_us"), &pattern->first_ns) &&
	       restore_is_time(jsonvalue_get(value, "last_us"), &pattern->last_ns) &&
	       read_rungs(jsonvalue_get(value, "rungs"), pattern);
}

bool
report_patterns_valid(const struct jsonvalue *array)
{
	struct ladder_pattern pattern;

	if (array->type != JSONVALUE_ARRAY)
		return false;
	for (const struct jsonvalue *value = array->first; value; value = value->next)
		if (!read_pattern(value, &pattern))
			return false;
	return true;
}

/* ---- sums ---- */

void
report_patterns_fini(struct report_patterns *patterns)
{
	mem_free(patterns->rows);
	*patterns = (struct report_patterns){0};
}

void
report_patterns_add(struct report_patterns *patterns, const struct jsonvalue *array)
{
	for (const struct jsonvalue *value = array->first; value; value = value->next) {
		if (patterns->count == patterns->room) {
			patterns->room = patterns->room ? 2 * patterns->room : 64;
			patterns->rows = mem_grow(
				patterns->rows, patterns->room * sizeof *patterns->rows);
		}
		read_pattern(value, &patterns->rows[patterns->count++]);
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct ladder_pattern *x = a, *y = b;
	int order = slice_order(x->host, y->host);

	return order ? order : slice_order(x->pattern, y->pattern);
}

static void
add(uint64_t *into, uint64_t count)
{
	*into = (uint64_t)jsonvalue_sum((int64_t)*into, (int64_t)count);
}

/* A pattern that nobody got has no times. */
static void
unite(struct ladder_pattern *into, const struct ladder_pattern *from)
{
	if (from->exchanges && (!into->exchanges || from->first_ns < into->first_ns))
		into->first_ns = from->first_ns;
	if (from->exchanges && (!into->exchanges || from->last_ns > into->last_ns))
		into->last_ns = from->last_ns;
	add(&into->exchanges, from->exchanges);
	if (from->lifetime_s > into->lifetime_s)
		into->lifetime_s = from->lifetime_s;
	into->obstacles |= from->obstacles;
	for (unsigned i = 0; i < LADDER_RUNGS; i++) {
		add(&into->rungs[i].avoided, from->rungs[i].avoided);
		add(&into->rungs[i].avoided_octets, from->rungs[i].avoided_octets);
		add(&into->rungs[i].stale, from->rungs[i].stale);
		add(&into->rungs[i].unknown, from->rungs[i].unknown);
	}
}

void
report_patterns_fill(struct report_patterns *patterns, struct whatif *whatif)
{
	struct ladder_pattern *rows = patterns->rows;
	size_t n = 0;

	if (patterns->count)
		qsort(rows, patterns->count, sizeof *rows, by_name);
	for (size_t i = 0; i < patterns->count; i++) {
		if (n && by_name(&rows[n - 1], &rows[i]) == 0)
			unite(&rows[n - 1], &rows[i]);
		else
			rows[n++] = rows[i];
	}
	patterns->count = n;
	for (size_t i = 0; i < n; i++)
		whatif_restore(whatif, &rows[i]);
}
