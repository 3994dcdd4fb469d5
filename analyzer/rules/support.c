#include "analyzer/rules/support.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/config.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/view.h"

#define SUPPORT_WINDOW_NS (3600 * CONFIG_S_NS)

struct supports {
	struct table *table; /* by variant and validator: those that are in no slot */
};

struct supports *
supports_new(uint64_t memory_bytes)
{
	struct supports *supports = mem_alloc(sizeof *supports);

	supports->table = table_new_rough(sizeof(struct support), memory_bytes, NULL);
	return supports;
}

void
supports_free(struct supports **supports)
{
	if (!*supports)
		return;
	table_free(&(*supports)->table);
	mem_free(*supports);
	*supports = NULL;
}

uint64_t
supports_evictions(const struct supports *supports)
{
	return table_evictions(supports->table);
}

/* A date is numbered, and so it is not taken for a tag. */
static uint64_t
validator_of(const struct view *view)
{
	const struct exchange *x = view->x;
	struct slice rest = x->inm;
	struct etag tag, other;

	if (x->cond == COND_IMS)
		return key_of_number((uint64_t)x->ims.unix_s).low | 1;
	if (x->cond != COND_INM && x->cond != COND_BOTH)
		return 0;
	if (x->etag.raw.at)
		return view->tag_key.low | 1;
	if (!exchange_next_tag(x, &rest, &tag) || exchange_next_tag(x, &rest, &other))
		return 0;
	return aggregate_tag_key(view->aggregate, &tag).low | 1;
}

static bool
is_recent(const struct support *s, int64_t ts_ns)
{
	return s->answer_ns[0] - ts_ns <= SUPPORT_WINDOW_NS;
}

/* Two of each within the window, or 304, 200, 304. */
static bool
is_inconsistent(const struct support *s)
{
	if (!s->plain_200 && s->plain_304 && !s->forced_304)
		return false;
	if (s->validated >= 2 && is_recent(s, s->validated_ns[1]) && s->full >= 2 &&
		is_recent(s, s->full_ns[1]))
		return true;
	return s->answers >= 3 && is_recent(s, s->answer_ns[2]) && s->was_304[0] &&
	       !s->was_304[1] && s->was_304[2];
}

static void
push_time(int64_t *times, size_t count, int64_t ts_ns)
{
	memmove(times + 1, times, (count - 1) * sizeof *times);
	times[0] = ts_ns;
}

static void
support_add(struct support *s, const struct view *view)
{
	bool is_304 = view_is_304(view), forced = view_asks_no_cache(view);
	int64_t now_ns = view->x->q.first.ts_ns;
	bool was = s->inconsistent;

	memmove(s->was_304 + 1, s->was_304, 2 * sizeof *s->was_304);
	s->was_304[0] = is_304;
	push_time(s->answer_ns, 3, now_ns);
	push_time(is_304 ? s->validated_ns : s->full_ns, 2, now_ns);
	s->validated += is_304;
	s->full += !is_304;
	s->plain_200 |= !is_304 && !forced;
	s->plain_304 |= is_304 && !forced;
	s->forced_304 |= is_304 && forced;
	s->answers++;
	s->octets += view_octets(view);
	s->inconsistent = was || is_inconsistent(s);
	s->just_revealed = s->inconsistent && !was;
}

static struct key
key_of(const struct view *view, uint64_t validator)
{
	return key_add_number(view->before->variant, validator);
}

/* The slot becomes the validator's; what it had waits in the table. */
static void
slot_turn(struct supports *supports, struct support_slot *slot, const struct view *view,
	uint64_t validator)
{
	struct key key = key_of(view, validator);
	const struct support *known = table_find(supports->table, key);
	struct support_slot turned = {.validator = validator};

	if (known) {
		turned.support = *known;
		table_remove(supports->table, key);
	}
	if (slot->validator)
		*(struct support *)table_put(
			supports->table, key_of(view, slot->validator)) = slot->support;
	*slot = turned;
}

const struct support *
supports_add(
	struct supports *supports, struct support_slot *slot, const struct view *view)
{
	uint64_t validator = validator_of(view);
	struct support *support;

	if (!validator)
		return NULL;
	if (slot && slot->validator != validator)
		slot_turn(supports, slot, view, validator);
	support = slot ? &slot->support
		       : table_put(supports->table, key_of(view, validator));
	support_add(support, view);
	return support;
}
