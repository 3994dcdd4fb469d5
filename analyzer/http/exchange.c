#include "analyzer/http/exchange.h"

#include "analyzer/config.h"
#include "analyzer/http/freshness.h"
#include "analyzer/http/message.h"
#include "analyzer/http/precondition.h"
#include "parsers/number.h"
#include "parsers/target.h"

enum {
	ROOM_BYTES = 3072,     /* for its heads, if they are as usual */
	ROOM_USED_BYTES = 1536 /* of it, by most */
};

struct exchange *
exchange_new(uint64_t *account)
{
	struct exchange *x = mem_grow(NULL, sizeof *x + ROOM_BYTES);

	*x = (struct exchange){.arena = {.bytes = sizeof *x, .account = account}};
	if (account)
		*account += sizeof *x;
	arena_borrow(&x->arena, x + 1, ROOM_BYTES);
	return x;
}

void
exchange_expect(const struct exchange *x)
{
	mem_expect(x, sizeof *x + ROOM_USED_BYTES);
}

void
exchange_let_go(struct exchange *x)
{
	if (x->watch)
		*x->watch = NULL;
	x->watch = NULL;
	arena_leave_account(&x->arena);
	if (x->recent_at)
		*x->recent_at = x->recent_next;
	if (x->recent_next)
		x->recent_next->recent_at = x->recent_at;
	x->recent_next = NULL;
	x->recent_at = NULL;
}

void
exchange_free(struct exchange **x)
{
	if (!*x)
		return;
	exchange_let_go(*x);
	mem_free((*x)->kept);
	arena_fini(&(*x)->arena);
	mem_free(*x);
	*x = NULL;
}

/* "http://h?q" has an empty path, which stands for "/".  [RFC9110 4.2.3] */
static struct slice
with_path(struct arena *arena, struct slice path_query)
{
	uint8_t *at;

	if (path_query.n && path_query.at[0] != '?')
		return path_query;
	at = arena_alloc(arena, path_query.n + 1);
	at[0] = '/';
	if (path_query.n)
		memcpy(at + 1, path_query.at, path_query.n);
	return slice_of(at, path_query.n + 1);
}

/* The effective request URI.  An absolute target wins over Host.  [RFC9110 7.1] */
static void
exchange_read_target(struct exchange *x)
{
	struct target target = target_parse(x->q.target, x->q.method);
	struct slice authority = target.authority.at ? target.authority
						     : message_value(&x->q, FIELD_HOST);

	x->scheme = target.scheme.at ? target.scheme : SLICE("http");
	x->host = target_host_without_default_port(authority, x->scheme);
	x->path_query = target.form == TARGET_ABSOLUTE
				? with_path(&x->arena, target.path_query)
			: target.path_query.at ? target.path_query
					       : x->q.target;
}

/* The single valid date of a field; a field on several lines is none. */
static struct httpdate
message_date(const struct message *m, enum field_id id)
{
	struct slice value = message_value(m, id);

	if (!message_has_one(m, id))
		return (struct httpdate){.form = HTTPDATE_INVALID};
	return httpdate_parse(value, m->first.ts_ns / CONFIG_S_NS);
}

void
exchange_read_request(struct exchange *x)
{
	x->age_s = -1;
	x->method = method_find(x->q.method);
	exchange_read_target(x);
	x->inm = message_values(&x->q, FIELD_IF_NONE_MATCH, &x->arena);
	x->im = message_values(&x->q, FIELD_IF_MATCH, &x->arena);
	x->inm_form = etag_condition(x->inm);
	x->inm_others = x->inm;
	etag_next(&x->inm_others, &x->inm_first);
	x->im_form = etag_condition(x->im);
	x->ims = message_date(&x->q, FIELD_IF_MODIFIED_SINCE);
	x->ius = message_date(&x->q, FIELD_IF_UNMODIFIED_SINCE);
	x->q_cc = cachecontrol_parse(
		message_values(&x->q, FIELD_CACHE_CONTROL, &x->arena));
	x->cond = precondition_effective(x);
	x->forced = precondition_is_forced(x);
}

bool
exchange_is_varnish_hit(const struct exchange *x)
{
	struct slice ids = message_value(&x->r, FIELD_X_VARNISH);

	return slice_find(ids, ' ', 0) < ids.n;
}

void
exchange_read_response(struct exchange *x)
{
	uint64_t age;

	if (message_has(&x->r, FIELD_ETAG))
		x->etag = etag_parse(message_value(&x->r, FIELD_ETAG));
	x->last_modified = message_date(&x->r, FIELD_LAST_MODIFIED);
	x->date = message_date(&x->r, FIELD_DATE);
	x->age_s = -1;
	if (number_decimal(message_value(&x->r, FIELD_AGE), &age))
		x->age_s = age < CACHECONTROL_MAX_S ? (int64_t)age : CACHECONTROL_MAX_S;
	x->r_cc = cachecontrol_parse(
		message_values(&x->r, FIELD_CACHE_CONTROL, &x->arena));
	x->coding_count = (unsigned)coding_list(
		message_values(&x->r, FIELD_CONTENT_ENCODING, &x->arena), x->codings,
		sizeof x->codings / sizeof *x->codings);
	x->claim = claim_of(x);
	x->via_cache = x->claim || message_has(&x->r, FIELD_AGE);
	x->freshness = freshness_read(x);
}
