#include "analyzer/history/turns.h"

#include "analyzer/config.h"
#include "analyzer/history/history.h"

#define HOUR_NS (3600 * CONFIG_S_NS)

struct turns {
	uint32_t now, before; /* of the values; 0: none */
	uint32_t count;
	int64_t changed_ns;
};

struct table *
turns_new(uint64_t budget_bytes)
{
	return table_new_rough(sizeof(struct turns), budget_bytes, NULL);
}

static uint32_t
mark_of(struct key value)
{
	return (uint32_t)value.low | 1;
}

unsigned
turns_take(struct table *table, struct key name, struct key value, int64_t now_ns)
{
	struct turns *turns = table_put(table, name);
	uint32_t mark = mark_of(value);
	bool back = mark == turns->before;

	if (mark == turns->now)
		return 0;
	if (turns->now && now_ns - turns->changed_ns > HOUR_NS)
		turns->count = back = 0;
	turns->before = turns->now;
	turns->now = mark;
	turns->changed_ns = now_ns;
	turns->count += back;
	return back ? turns->count : 0;
}

bool
turns_is_last(const struct table *table, struct key name, struct key value)
{
	const struct turns *turns = table_find(table, name);

	return turns && turns->now == mark_of(value);
}
