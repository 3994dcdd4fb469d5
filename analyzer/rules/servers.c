#include "analyzer/rules/servers.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/config.h"

enum {
	SERVERS_COMPARED = 64, /* clocks that vouch for the capture's */
	SERVERS_MIN = 3,
	CLOCK_RIGHT_S = 2,
	CLOCK_ALONE_S = 60,
	CLOCK_NONE_S = 365 * 24 * 3600, /* so much is no clock, but not whose */
	AGE_MIN_S = 10,			/* an Age that cannot be a rounding */
	LIMIT_REQUESTS = 50,		/* on one connection: it may have had its fill */
};

#define SOON_NS (100 * CONFIG_MS_NS) /* what comes later may be a timeout */

struct servers {
	struct table *table;
	struct key compared[SERVERS_COMPARED]; /* the first of them */
	unsigned compared_count;
};

struct servers *
servers_new(uint64_t memory_bytes)
{
	struct servers *servers = mem_alloc(sizeof *servers);

	servers->table = table_new_rough(sizeof(struct server), memory_bytes, NULL);
	return servers;
}

void
servers_free(struct servers **servers)
{
	if (!*servers)
		return;
	table_free(&(*servers)->table);
	mem_free(*servers);
	*servers = NULL;
}

uint64_t
servers_evictions(const struct servers *servers)
{
	return table_evictions(servers->table);
}

static bool
is_skewed(int64_t off_s)
{
	return off_s > CLOCK_SKEWED_S || off_s < -CLOCK_SKEWED_S;
}

/* What Date says beside the time in which it can have been made; 0: within. */
static int64_t
date_off_s(const struct exchange *x)
{
	int64_t age_s = x->age_s > 0 ? x->age_s : 0;
	int64_t made_s = x->date.unix_s + age_s;
	int64_t last_s = x->r.first.ts_ns / CONFIG_S_NS;
	int64_t first_s = x->has_request ? x->q.first.ts_ns / CONFIG_S_NS : last_s;

	if (made_s > last_s)
		return made_s - last_s;
	return made_s < first_s ? made_s - first_s : 0;
}

/* Answers that a cache kept without saying how long, or dated anew, tell nothing. */
static bool
tells_clock(const struct exchange *x)
{
	int64_t off_s = x->date.unix_s - x->r.first.ts_ns / CONFIG_S_NS;
	bool renewed = x->age_s >= AGE_MIN_S && off_s <= CLOCK_SKEWED_S &&
		       off_s >= -CLOCK_SKEWED_S;

	return x->date.form != HTTPDATE_INVALID && !renewed &&
	       (x->age_s >= 0 || !x->via_cache || off_s > 0);
}

static struct server *
server_put(struct servers *servers, struct key key)
{
	struct server *known = table_use(servers->table, key);
	bool is_new = !known;

	/* One that was forgotten is among them still. */
	for (unsigned i = 0; is_new && i < servers->compared_count; i++)
		is_new = !key_eq(servers->compared[i], key);
	if (is_new && servers->compared_count < SERVERS_COMPARED)
		servers->compared[servers->compared_count++] = key;
	return known ? known : table_put(servers->table, key);
}

/* The client and its version would have the connection stay. */
static bool
may_stay(const struct exchange *x)
{
	return x->has_request && x->q.minor && !(x->q.connection & CONNECTION_CLOSE);
}

static bool
ends_soon(const struct exchange *x)
{
	return x->ended_after_ns >= 0 && x->ended_after_ns < SOON_NS;
}

bool
server_closes(const struct exchange *x)
{
	return ends_soon(x) || x->r.connection & CONNECTION_CLOSE;
}

bool
server_hides_close(const struct exchange *x)
{
	return ends_soon(x) && may_stay(x) && x->r.minor && x->r.end == END_FRAMING &&
	       x->trans < LIMIT_REQUESTS && !(x->r.connection & CONNECTION_CLOSE);
}

struct server *
servers_add(struct servers *servers, struct key key, const struct exchange *x)
{
	struct server *s = server_put(servers, key);

	if (tells_clock(x)) {
		if (s->samples == CLOCK_SAMPLES)
			s->skewed -= is_skewed(s->off_s[s->next]);
		s->off_s[s->next] = date_off_s(x);
		s->date_s[s->next] = x->date.unix_s;
		s->skewed += is_skewed(s->off_s[s->next]);
		s->samples += s->samples < CLOCK_SAMPLES;
		s->next = s->next + 1 < CLOCK_SAMPLES ? s->next + 1 : 0;
	}
	s->connections += x->trans == 1;
	s->hidden_closes += server_hides_close(x);
	if (!may_stay(x))
		return s;
	s->validated += x->r.status == 304;
	s->validated_closing += x->r.status == 304 && server_closes(x);
	s->full += x->r.status == 200;
	s->full_closing += x->r.status == 200 && server_closes(x);
	return s;
}

/* Clocks agree nearly always: then each number finds its place at once. */
static int64_t
median(const int64_t *numbers, unsigned count)
{
	int64_t sorted[SERVERS_COMPARED];

	for (unsigned i = 0; i < count; i++) {
		unsigned j = i;

		for (; j > 0 && sorted[j - 1] > numbers[i]; j--)
			sorted[j] = sorted[j - 1];
		sorted[j] = numbers[i];
	}
	return sorted[count / 2];
}

static unsigned
count_distinct(const int64_t *numbers, unsigned count)
{
	unsigned distinct = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned j = 0;

		while (j < i && numbers[j] != numbers[i])
			j++;
		distinct += j == i;
	}
	return distinct;
}

int64_t
server_off_s(const struct server *s)
{
	int64_t off_s;
	unsigned near = 0;

	if (s->samples < CLOCK_SAMPLES_MIN)
		return 0;
	off_s = median(s->off_s, s->samples);
	for (unsigned i = 0; i < s->samples; i++)
		near += s->off_s[i] - off_s <= CLOCK_SKEWED_S &&
			off_s - s->off_s[i] <= CLOCK_SKEWED_S;
	/* An old Date again and again is that of a copy. */
	if (near * 4 < s->samples * 3 ||
		(off_s < 0 && count_distinct(s->date_s, s->samples) < CLOCK_SAMPLES_MIN))
		return 0;
	return off_s;
}

/* The clocks of the other servers that are known; how many there are. */
static unsigned
others_off(const struct servers *servers, struct key server, int64_t *off_s)
{
	unsigned count = 0;

	for (unsigned i = 0; i < servers->compared_count; i++) {
		const struct server *s = table_find(servers->table, servers->compared[i]);

		if (s && s->samples && !key_eq(servers->compared[i], server))
			off_s[count++] = median(s->off_s, s->samples);
	}
	return count;
}

bool
servers_are_skewed(const struct servers *servers, struct key server)
{
	const struct server *s = table_find(servers->table, server);
	int64_t others[SERVERS_COMPARED], off_s = s ? server_off_s(s) : 0, all_s;
	unsigned count = others_off(servers, server, others);

	if (off_s <= CLOCK_SKEWED_S && off_s >= -CLOCK_SKEWED_S)
		return false;
	if (count + 1 < SERVERS_MIN)
		return (off_s > CLOCK_ALONE_S && off_s < CLOCK_NONE_S) ||
		       (off_s < -CLOCK_ALONE_S && off_s > -CLOCK_NONE_S);
	all_s = median(others, count);
	return all_s <= CLOCK_RIGHT_S && all_s >= -CLOCK_RIGHT_S;
}
