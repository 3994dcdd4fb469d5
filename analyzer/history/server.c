#include "analyzer/history/server.h"

struct clock {
	unsigned count, next;
	int64_t samples_us[SKEW_SAMPLES];
};

struct table *
server_new(uint64_t budget_bytes)
{
	return table_new_rough(sizeof(struct clock), budget_bytes, NULL);
}

uint32_t
server_mark(const struct endpoint *server)
{
	uint8_t octets[sizeof server->address.octets + 2];

	memcpy(octets, server->address.octets, sizeof server->address.octets);
	octets[sizeof octets - 2] = (uint8_t)(server->port >> 8);
	octets[sizeof octets - 1] = (uint8_t)server->port;
	return (uint32_t)key_printed(slice_of(octets, sizeof octets)).low;
}

static struct key
server_key(uint64_t seed, uint32_t server)
{
	return key_add_number(key_start(seed), server);
}

void
server_learn(struct table *table, uint64_t seed, const struct exchange *x)
{
	struct clock *clock;

	if (x->date.form == HTTPDATE_INVALID || message_has(&x->r, FIELD_AGE) ||
		message_has(&x->r, FIELD_VIA))
		return;
	clock = table_put(table, server_key(seed, server_mark(&x->server)));
	clock->samples_us[clock->next] = x->r.first.ts_ns / 1000 -
					 x->date.unix_s * 1000000;
	clock->next = (clock->next + 1) % SKEW_SAMPLES;
	if (clock->count < SKEW_SAMPLES)
		clock->count++;
}

bool
server_skew_us(
	const struct table *table, uint64_t seed, uint32_t server, int64_t *skew_us)
{
	const struct clock *clock = table_find(table, server_key(seed, server));
	int64_t sorted[SKEW_SAMPLES];

	if (!clock)
		return false;
	for (unsigned i = 0; i < clock->count; i++) {
		unsigned at = i;

		for (; at > 0 && sorted[at - 1] > clock->samples_us[i]; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = clock->samples_us[i];
	}
	*skew_us = sorted[clock->count / 2];
	return true;
}
