/* What many answers of a server say together [RFC9110 6.6.1, 13.1.2; RFC9112 9.3]. */
#include "analyzer/config.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"

enum {
	AGE_MIN_S = 10,
	NOW_S = 5,	 /* a Date so near is that of the moment */
	CLOSED_MIN = 10, /* 304s, to speak of a server */
	CLOSED_PERCENT = 80,
	CLOSED_FULL_PERCENT = 50,
	HIDDEN_MIN = 10, /* closes, to speak of a server */
	HIDDEN_PERCENT = 50,
	ZONE_S = 900, /* zones differ by quarters of an hour */
	ZONE_SLACK_S = 30,
	ZONE_MAX_S = 15 * 3600,
};

bool
rule_304_despite_newer_etag(const struct view *view, struct ruling *ruling)
{
	const struct observation *o = aggregate_newer(view);

	if (!o)
		return false;
	ruling->pending = true; /* until the tag comes again */
	ruling->ref = o;
	ruling->a = view->x->inm;
	ruling->b = o->etag_raw;
	if (!view_same_server(view, o))
		ruling->severity = SEVERITY_WARNING;
	if (view->x->age_s > 0)
		ruling->severity = SEVERITY_ADVICE;
	return true;
}

bool
rule_connection_closed_after_304(const struct view *view, struct ruling *ruling)
{
	const struct server *s = server_closes(view->x) ? view->known->server : NULL;

	if (!s)
		return false;
	ruling->n = s->validated_closing;
	ruling->m = s->validated;
	return s->validated >= CLOSED_MIN &&
	       s->validated_closing * 100 >= s->validated * CLOSED_PERCENT &&
	       s->full_closing * 100 < s->full * CLOSED_FULL_PERCENT;
}

bool
rule_close_not_signalled(const struct view *view, struct ruling *ruling)
{
	const struct server *s = server_hides_close(view->x) ? view->known->server : NULL;

	if (!s)
		return false;
	ruling->n = s->hidden_closes;
	ruling->m = s->connections;
	return s->hidden_closes >= HIDDEN_MIN &&
	       s->hidden_closes * 100 >= s->connections * HIDDEN_PERCENT;
}

bool
rule_date_skewed(const struct view *view, struct ruling *ruling)
{
	const struct server *s = view->known->server;
	int64_t off_s = s && s->skewed ? server_off_s(s) : 0;

	if (view->x->date.form == HTTPDATE_INVALID ||
		(off_s <= CLOCK_SKEWED_S && off_s >= -CLOCK_SKEWED_S))
		return false;
	ruling->pending = true; /* other clocks may say the same */
	ruling->a = message_value(&view->x->r, FIELD_DATE);
	ruling->b = off_s > 0 ? SLICE("ahead") : SLICE("behind");
	ruling->n = (uint64_t)(off_s > 0 ? off_s : -off_s);
	ruling->m = s->samples;
	if ((ruling->n + ZONE_SLACK_S) % ZONE_S <= 2 * ZONE_SLACK_S &&
		ruling->n > ZONE_SLACK_S && ruling->n <= ZONE_MAX_S)
		ruling->kind = "timezone";
	return true;
}

bool
rule_date_reset_by_intermediary(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	int64_t off_s, ahead_s;

	if (x->date.form == HTTPDATE_INVALID || x->age_s < AGE_MIN_S)
		return false;
	off_s = view->known->server ? server_off_s(view->known->server) : 0;
	ahead_s = x->date.unix_s - x->r.first.ts_ns / CONFIG_S_NS;
	ruling->a = message_value(&x->r, FIELD_DATE);
	ruling->b = message_value(&x->r, FIELD_VIA);
	ruling->n = (uint64_t)x->age_s;
	return ahead_s <= NOW_S && ahead_s >= -NOW_S && off_s >= -NOW_S;
}
