#include "analyzer/history/agents.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/config.h"
#include "analyzer/history/clients.h"

enum {
	HOUR_S = 3600
};

struct agent {
	uint32_t mark;
	uint32_t seen_s; /* modulo 2^32: only differences count */
};

/* An address; the User-Agent that was seen last is the first. */
struct machine {
	uint16_t count, room;
	bool shared;
	struct agent first; /* most have no other */
	struct agent *others;
};

struct agents {
	uint64_t seed, *by_count;
	struct table *machines;
};

static void
machine_drop(void *entry)
{
	mem_free(((struct machine *)entry)->others);
}

struct agents *
agents_new(uint64_t memory_bytes, uint64_t seed, uint64_t *by_count)
{
	struct agents *agents = mem_alloc(sizeof *agents);

	agents->seed = seed;
	agents->by_count = by_count;
	agents->machines = table_new_rough(
		sizeof(struct machine), memory_bytes, machine_drop);
	return agents;
}

void
agents_free(struct agents **agents)
{
	if (!*agents)
		return;
	table_free(&(*agents)->machines);
	mem_free(*agents);
	*agents = NULL;
}

void
agents_expire(struct agents *agents, uint32_t now_s, uint32_t idle_s)
{
	table_expire(agents->machines, now_s, idle_s);
}

uint64_t
agents_evictions(const struct agents *agents)
{
	return table_evictions(agents->machines);
}

/* Room for one more behind the first. */
static void
machine_grow(struct agents *agents, struct machine *machine)
{
	if (machine->count <= machine->room)
		return;
	machine->room = machine->room ? 2 * machine->room : 4;
	machine->others = mem_grow(
		machine->others, machine->room * sizeof *machine->others);
	table_own(agents->machines, machine, machine->room * sizeof *machine->others);
}

/* The place of a new one: behind the others, or where the stalest is. */
static struct agent *
machine_add(struct agents *agents, struct machine *machine, uint32_t now_s)
{
	struct agent *stalest = machine->others;

	if (machine->count < AGENTS_COUNTED) {
		if (machine->count)
			agents->by_count[machine->count]--;
		agents->by_count[++machine->count]++;
		if (machine->count == 1)
			return &machine->first;
		machine_grow(agents, machine);
		return &machine->others[machine->count - 2];
	}
	for (unsigned i = 1; i + 1 < machine->count; i++)
		if (now_s - machine->others[i].seen_s > now_s - stalest->seen_s)
			stalest = &machine->others[i];
	return stalest;
}

static struct agent *
machine_find(struct machine *machine, uint32_t mark)
{
	if (machine->count && machine->first.mark == mark)
		return &machine->first;
	for (unsigned i = 0; i + 1 < machine->count; i++)
		if (machine->others[i].mark == mark)
			return &machine->others[i];
	return NULL;
}

static unsigned
machine_recent(const struct machine *machine, uint32_t now_s)
{
	unsigned count = now_s - machine->first.seen_s <= HOUR_S;

	for (unsigned i = 0; i + 1 < machine->count; i++)
		count += now_s - machine->others[i].seen_s <= HOUR_S;
	return count;
}

bool
agents_see(struct agents *agents, const struct client *client, const struct exchange *x)
{
	struct slice address = slice_of(
		client->address.octets, sizeof client->address.octets);
	struct machine *machine = table_put(
		agents->machines, key_add(key_start(agents->seed), address));
	uint32_t mark = (uint32_t)key_add(
		key_start(agents->seed), message_value(&x->q, FIELD_USER_AGENT))
				.low;
	uint32_t now_s = (uint32_t)(x->q.head_end.ts_ns / CONFIG_S_NS);
	struct agent *agent = machine_find(machine, mark), last;

	if (!agent)
		agent = machine_add(agents, machine, now_s);
	*agent = machine->first;
	last = (struct agent){mark, now_s};
	machine->first = last;
	if (machine->count > AGENTS_SHARED && !machine->shared)
		machine->shared = machine_recent(machine, now_s) > AGENTS_SHARED;
	return machine->shared;
}
