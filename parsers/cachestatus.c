#include "parsers/cachestatus.h"

#include "parsers/structured.h"

static enum cachestatus_fwd
fwd_of(struct slice token)
{
	static const struct slice names[FWD_COUNT] = {[FWD_BYPASS] = SLICE_INIT("bypass"),
		[FWD_METHOD] = SLICE_INIT("method"),
		[FWD_URI_MISS] = SLICE_INIT("uri-miss"),
		[FWD_VARY_MISS] = SLICE_INIT("vary-miss"),
		[FWD_MISS] = SLICE_INIT("miss"),
		[FWD_REQUEST] = SLICE_INIT("request"),
		[FWD_STALE] = SLICE_INIT("stale"),
		[FWD_PARTIAL] = SLICE_INIT("partial")};

	for (unsigned fwd = FWD_NONE + 1; fwd < FWD_COUNT; fwd++)
		if (slice_eq(token, names[fwd]))
			return fwd;
	return FWD_NONE;
}

/* False for a value that RFC 9211 does not allow. */
static bool
take_parameter(
	struct cachestatus *status, struct slice key, const struct structured *item)
{
	if (slice_eq(key, SLICE("hit")))
		status->hit = item->is_true;
	if (slice_eq(key, SLICE("hit")) || slice_eq(key, SLICE("stored")) ||
		slice_eq(key, SLICE("collapsed")))
		return item->type == STRUCTURED_BOOLEAN;
	if (slice_eq(key, SLICE("fwd"))) {
		status->fwd = item->type == STRUCTURED_TOKEN ? fwd_of(item->text)
							     : FWD_NONE;
		return status->fwd != FWD_NONE;
	}
	if (slice_eq(key, SLICE("fwd-status")))
		status->fwd_status = item->integer;
	return !(slice_eq(key, SLICE("fwd-status")) || slice_eq(key, SLICE("ttl"))) ||
	       item->type == STRUCTURED_INTEGER;
}

static bool
take_member(struct slice *rest, struct cachestatus *status)
{
	struct structured item;
	struct slice key;
	enum structured_next next;

	status->hit = false;
	status->fwd = FWD_NONE;
	status->fwd_status = 0;
	while ((next = structured_parameter(rest, &key, &item)) == STRUCTURED_NEXT) {
		status->flaw = key;
		if (!take_parameter(status, key, &item))
			return false;
	}
	status->flaw = *rest;
	return next == STRUCTURED_END && !(status->hit && status->fwd);
}

struct cachestatus
cachestatus_parse(struct slice value)
{
	struct cachestatus status = {0};
	struct structured item;
	enum structured_next next;
	bool first = true;

	while ((next = structured_member(&value, first, &item)) == STRUCTURED_NEXT) {
		first = false;
		status.flaw = item.text;
		if (item.type != STRUCTURED_TOKEN && item.type != STRUCTURED_STRING)
			return status;
		if (!take_member(&value, &status))
			return status;
	}
	status.is_valid = next == STRUCTURED_END && !first;
	return status;
}
