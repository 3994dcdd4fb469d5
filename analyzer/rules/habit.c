#include "analyzer/rules/habit.h"

#include "analyzer/base/mem.h"
#include "analyzer/rules/view.h"

struct change {
	int64_t changed_ns; /* INT64_MIN: not yet */
	bool guarded, blurred;
	struct endpoint server;
};

struct habits {
	struct table *clients; /* by client and resource */
	struct table *changes; /* by resource */
	struct table *totals;  /* by client */
	struct table *lossy;   /* connections with an answer that has no request: a set */
	bool any_blurred;      /* any change ever was, as far as is known */
	int64_t begin_ns;
};

struct habits *
habits_new(uint64_t memory_bytes)
{
	struct habits *habits = mem_alloc(sizeof *habits);

	habits->clients = table_new_rough(
		sizeof(struct habit), memory_bytes / 4 * 3, NULL);
	habits->totals = table_new_rough(
		sizeof(struct habit_client), memory_bytes / 16, NULL);
	habits->lossy = table_new_rough(0, memory_bytes / 16, NULL);
	habits->changes = table_new_rough(sizeof(struct change), memory_bytes / 8, NULL);
	habits->begin_ns = INT64_MAX;
	return habits;
}

void
habits_free(struct habits **habits)
{
	if (!*habits)
		return;
	table_free(&(*habits)->clients);
	table_free(&(*habits)->changes);
	table_free(&(*habits)->totals);
	table_free(&(*habits)->lossy);
	mem_free(*habits);
	*habits = NULL;
}

void
habits_expect(
	const struct habits *habits, const struct before *before, table_fetch *fetch)
{
	fetch(habits->clients, before->pair);
}

const struct habit *
habits_of(const struct habits *habits, const struct before *before)
{
	return table_find(habits->clients, before->pair);
}

bool
habits_changed_since(
	const struct habits *habits, const struct before *before, int64_t ts_ns)
{
	const struct change *change = table_find(habits->changes, before->resource);

	return change && change->changed_ns >= ts_ns;
}

bool
habits_is_guarded(const struct habits *habits, const struct before *before)
{
	const struct change *change = table_find(habits->changes, before->resource);

	return change && change->guarded;
}

int64_t
habits_begin_ns(const struct habits *habits)
{
	return habits->begin_ns;
}

static void
add_get(struct habits *habits, const struct view *view, bool wrong)
{
	const struct exchange *x = view->x;
	bool filled = x->r.status == 200 && !view_has_condition(view) &&
		      !message_has(&x->q, FIELD_RANGE) && message_is_whole(&x->r);
	struct habit *habit;

	if (!filled && !view_is_304(view))
		return;
	habit = table_put(habits->clients, view->before->pair);
	habit->variant = view->before->variant.low;
	if (filled) {
		habit->was_filled = true;
		habit->filled_ns = x->r.first.ts_ns;
		return;
	}
	habit->was_validated = true;
	habit->was_validated_well = !wrong;
	habit->validated_ns = x->q.first.ts_ns;
	habit->validated_connection = x->connection;
}

static void
add_total(struct habits *habits, const struct view *view)
{
	bool conditional = view_has_standard_condition(view), forced;
	struct habit_client *client;

	if (!conditional && !view->before->has_held)
		return;
	client = table_put(habits->totals, view->before->client);
	client->conditional += conditional;
	if (!view->before->has_held)
		return;
	forced = view_asks_no_store(view);
	client->known++;
	client->forced += forced && !conditional;
	client->refetched += !forced && !conditional && view->x->r.status == 200;
}

const struct habit_client *
habits_client(const struct habits *habits, const struct before *before)
{
	return table_find(habits->totals, before->client);
}

bool
habits_write_ns(const struct habits *habits, const struct before *before,
	const struct endpoint *server, int64_t *write_ns)
{
	const struct change *change = table_find(habits->changes, before->resource);

	if (!change || change->changed_ns == INT64_MIN ||
		change->server.port != server->port ||
		!address_eq(&change->server.address, &server->address))
		return false;
	*write_ns = change->changed_ns;
	return true;
}

static struct change *
change_put(struct habits *habits, const struct before *before)
{
	bool is_new = !table_find(habits->changes, before->resource);
	struct change *change = table_put(habits->changes, before->resource);

	if (is_new)
		change->changed_ns = INT64_MIN;
	return change;
}

void
habits_lose(struct habits *habits, uint64_t connection)
{
	table_put(habits->lossy, key_of_number(connection));
}

bool
habits_is_blurred(const struct habits *habits, const struct view *view)
{
	const struct change *change = habits->any_blurred
					      ? table_find(habits->changes,
							view->before->resource)
					      : NULL;

	return (change && change->blurred) ||
	       table_find(habits->lossy, key_of_number(view->x->connection));
}

static void
add_change(struct habits *habits, const struct view *view)
{
	const struct exchange *x = view->x;
	bool done = x->r.status >= 200 && x->r.status < 400;
	bool guarded = message_has(&x->q, FIELD_IF_MATCH);
	struct change *change;

	if (!done && !guarded)
		return;
	change = change_put(habits, view->before);
	if (done) {
		change->changed_ns = x->q.first.ts_ns;
		change->server = x->server;
	}
	change->guarded |= guarded;
}

void
habits_add(struct habits *habits, const struct view *view, bool paired, bool wrong)
{
	const struct exchange *x = view->x;

	if (x->q.first.ts_ns < habits->begin_ns)
		habits->begin_ns = x->q.first.ts_ns;
	if (!paired) {
		change_put(habits, view->before)->blurred = true;
		habits->any_blurred = true;
		return;
	}
	if (x->method == METHOD_GET) {
		add_get(habits, view, wrong);
		add_total(habits, view);
	} else if (view_is_unsafe(view)) {
		add_change(habits, view);
	}
}

uint64_t
habits_evictions(const struct habits *habits)
{
	return table_evictions(habits->clients) + table_evictions(habits->changes) +
	       table_evictions(habits->totals) + table_evictions(habits->lossy);
}
