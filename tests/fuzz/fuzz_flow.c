// room: ct_flow
/*
 * The table of connections, with packets of a few hosts and ports in any order: SYN of
 * old and new connections, FIN, RST, copies, leaps of the clock, a budget that a few
 * dozen connections exhaust.  It asserts that
 *
 * - a user is opened before its chunks, gets each end once, and is closed after both;
 * - its chunks are contiguous;
 * - every octet fed was delivered, or counted as retransmitted, duplicate or pending.
 */
#include "analyzer/config.h"
#include "analyzer/flow/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPERATION_BYTES = 5,
	LENGTHS = 64,
	SPACES = 4 /* of sequence numbers, far from each other */
};

struct user {
	struct world *world;
	uint64_t front[2];
	bool ended[2];
};

struct world {
	struct flow_table *table;
	struct counters counters;
	struct place place;
	uint64_t fed, delivered, lost, opened, closed;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): the properties are the point of the program, in every build. */
static void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "property broken: %s\n", what);
	abort();
}
#define REQUIRE(expression) require(expression, #expression)

static void *
user_open(void *context, const struct flow *flow)
{
	struct user *user = calloc(1, sizeof *user);

	REQUIRE(user && flow->flags & FLOW_OPEN && !(flow->flags & FLOW_CLOSED));
	user->world = context;
	user->world->opened++;
	return user;
}

static void
user_chunk(void *context, unsigned direction, const struct chunk *chunk)
{
	struct user *user = context;

	REQUIRE(!user->ended[direction]);
	REQUIRE(chunk->offset == user->front[direction]);
	user->front[direction] += chunk->data.n + chunk->snapped + chunk->lost;
	user->world->delivered += chunk->data.n + chunk->snapped;
	user->world->lost += chunk->lost;
}

static void
user_end(void *context, unsigned direction, enum stream_end end)
{
	struct user *user = context;

	(void)end;
	REQUIRE(!user->ended[direction]);
	user->ended[direction] = true;
}

/* All octets are the same: no copy contradicts another. */
static void
user_conflict(void *context, unsigned direction, uint64_t begin, uint64_t end)
{
	(void)context;
	(void)direction;
	REQUIRE(begin > end);
}

static int
user_close(void *context)
{
	struct user *user = context;
	bool is_http = user->front[0] & 1;

	REQUIRE(user->ended[0] && user->ended[1]);
	user->world->closed++;
	free(user);
	return is_http ? 0 : -1;
}

static struct address
host(unsigned number)
{
	return address_of_ipv4((const uint8_t[]){10, 0, 0, (uint8_t)number});
}

static void
feed(struct world *w, const uint8_t op[OPERATION_BYTES])
{
	static const uint8_t flags[] = {TCP_ACK, TCP_ACK, TCP_ACK, 0, TCP_SYN,
		TCP_SYN | TCP_ACK, TCP_FIN | TCP_ACK, TCP_RST | TCP_ACK};
	static const uint8_t text[LENGTHS];
	unsigned side = op[0] & 1, client = op[0] >> 1 & 3;
	uint32_t space = (op[1] >> 3) % SPACES * (UINT32_MAX / SPACES);
	uint32_t bytes = op[1] & 128 ? op[4] % LENGTHS : 0;
	struct segment seg = {.src = host(side ? 9 : client),
		.dst = host(side ? client : 9),
		.sport = side ? 80 : 1000 + (op[0] >> 5),
		.dport = side ? 1000 + (op[0] >> 5) : 80,
		.seq = space + op[2] - 100u,
		.ack = space + op[3] - 100u,
		.flags = flags[op[1] & 7],
		.ip_id = op[4] >> 6,
		.payload = {text, bytes / 2},
		.payload_bytes = bytes};

	w->fed += bytes;
	w->place.frame++;
	w->place.ts_ns += 100000;
	flow_table_segment(w->table, &seg, &w->place, &w->counters);
}

static void
check(const struct world *w)
{
	const struct counters *c = &w->counters;

	REQUIRE(w->opened == w->closed);
	REQUIRE(w->lost <= c->gap_octets);
	REQUIRE(w->fed == w->delivered + c->retransmitted_octets + c->duplicate_octets +
				  c->pending_octets);
	REQUIRE(c->flows >= w->opened);
	REQUIRE(c->flows_one_sided <= c->flows && c->flows_midstream <= c->flows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = {.place = {.ts_ns = 1}};
	struct flow_user user = {
		user_open, user_chunk, user_end, user_conflict, user_close, &w};

	w.table = flow_table_new(&user, size % 2 ? 1 << 14 : 1 << 20, size);
	for (; size >= OPERATION_BYTES;
		data += OPERATION_BYTES, size -= OPERATION_BYTES) {
		if (data[0] == 255)
			w.place.ts_ns += (int64_t)(int8_t)data[1] * CONFIG_MS_NS;
		else if (data[0] == 254)
			w.place.ts_ns += data[1] * CONFIG_FLOW_LINGER_NS;
		else
			feed(&w, data);
	}
	flow_table_finish(w.table, &w.counters);
	flow_table_finish(w.table, &w.counters);
	flow_table_free(&w.table);
	check(&w);
	return 0;
}
