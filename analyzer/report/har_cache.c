#include "analyzer/config.h"
#include "analyzer/http/hiding.h"
#include "analyzer/report/har_parts.h"

/* ---- the text of a tag, of which the history keeps a key ---- */

static bool
is_tag(struct key resource, const struct etag *tag, const struct held *held)
{
	return tag->raw.at && key_eq(history_etag_key(resource, tag), held->etag);
}

static bool
find_asked(const struct record *record, const struct held *held, struct etag *tag)
{
	struct slice rest = record->x->inm;

	while (exchange_next_tag(record->x, &rest, tag))
		if (is_tag(record->before->resource, tag, held))
			return true;
	return false;
}

static bool
find_observed(const struct record *record, const struct held *held, struct etag *tag)
{
	struct key key = record->before->resource;
	const struct resource *resource = history_resource(record->history, key);

	for (unsigned i = 0; resource && i < resource->observation_count; i++) {
		*tag = resource->observations[i]->etag;
		if (is_tag(key, tag, held))
			return true;
	}
	return false;
}

/* As the client holds it: whoever else named it may have left the W/ out, or put it in.
 */
static void
put_tag_as_held(struct json *json, const struct hiding *hiding, const struct etag *tag,
	const struct held *held)
{
	bool well_formed = etag_is_valid(tag);
	struct arena scratch = {0};
	struct slice shown;
	struct out text;

	out_init_memory(&text);
	if (well_formed && held->etag_weak && !tag->weak)
		out_text(&text, "W/");
	out_slice(&text, well_formed && tag->weak && !held->etag_weak
				 ? slice_from(tag->raw, 2)
				 : tag->raw);
	shown = out_contents(&text);
	if (hiding)
		shown = hiding_text(hiding, shown, HIDING_TEXT, &scratch);
	json_put_octets(json, "eTag", shown);
	out_fini(&text);
	arena_fini(&scratch);
}

/* Empty if it has none, or if nobody remembers. */
static void
put_tag(struct json *json, const struct record *record, const struct held *held)
{
	struct etag tag = record->x->etag;

	if (held->has_etag && (is_tag(record->before->resource, &tag, held) ||
				      find_asked(record, held, &tag) ||
				      find_observed(record, held, &tag)))
		put_tag_as_held(json, record->hiding, &tag, held);
	else
		json_put_text(json, "eTag", "");
}

/* ---- an entry of a cache ---- */

/* Only what the server said; a time beyond what nanoseconds hold is left out. */
static void
put_expires(struct json *json, const struct held *held)
{
	const struct freshness *f = &held->freshness;
	int64_t at_s = held->received_ns / CONFIG_S_NS - f->initial_age_ns / CONFIG_S_NS +
		       f->lifetime_s;

	if (f->kind == FRESHNESS_EXPLICIT && at_s > 0 && at_s < INT64_MAX / CONFIG_S_NS)
		har_put_time(json, "expires",
			at_s * CONFIG_S_NS + held->received_ns % CONFIG_S_NS);
}

/* How often it was used without a request nobody can see: hits are confirmations. */
static void
put_entry(struct json *json, const char *key, const struct record *record,
	const struct held *held)
{
	bool freshened = held->received_ns > held->delivered_ns;

	json_key(json, key);
	json_object(json);
	put_expires(json, held);
	har_put_time(
		json, "lastAccess", freshened ? held->received_ns : held->delivered_ns);
	put_tag(json, record, held);
	json_put_uint(json, "hitCount", held->confirmed);
	json_end(json);
}

/* An entry that was invalidated may be there or not. */
static void
put_state(struct json *json, const char *key, const struct record *record,
	const struct held *held)
{
	if (!held->storable) {
		json_key(json, key);
		json_null(json);
	} else if (!held->invalidated) {
		put_entry(json, key, record, held);
	}
}

void
har_put_cache(struct json *json, const struct record *record)
{
	const struct exchange *x = record->x;
	struct held held;

	json_key(json, "cache");
	json_object(json);
	if (record->before->has_held)
		put_state(json, "beforeRequest", record, &record->before->held);
	if (x->has_response && x->r.complete &&
		history_held(record->history, record->before, exchange_real(x), &held))
		put_state(json, "afterRequest", record, &held);
	json_end(json);
}
