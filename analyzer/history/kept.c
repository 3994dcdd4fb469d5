#include "analyzer/history/kept.h"

#include "analyzer/config.h"

/* Rounded down, before 1970 too. */
static int64_t
second_of(int64_t ns)
{
	return ns / CONFIG_S_NS - (ns % CONFIG_S_NS < 0);
}

static bool
is_redirect(uint16_t status)
{
	return status / 100 == 3;
}

static void
write_date(struct kept *kept, const struct held *held)
{
	int64_t offset_s = held->date_s - second_of(held->received_ns);

	kept->has_date = held->has_date && offset_s >= INT32_MIN && offset_s <= INT32_MAX;
	kept->date_offset_s = kept->has_date ? (int32_t)offset_s : 0;
}

static void
write_body(struct kept *kept, const struct held *held)
{
	uint64_t framing = held->r_wire - held->r_content;

	kept->has_body = held->has_body;
	kept->has_digest = held->has_digest;
	kept->has_digest_decoded = held->has_digest_decoded;
	kept->digest = held->digest.low;
	kept->decoded = held->digest_decoded.low;
	kept->r_wire = held->r_wire;
	kept->framing_bytes = framing > UINT32_MAX ? UINT32_MAX : (uint32_t)framing;
	kept->names = is_redirect(held->status)
			      ? held->location.low
			      : held->coding.low << 32 | (uint32_t)held->type.low;
}

void
kept_write(struct kept *kept, const struct held *held)
{
	const struct freshness *f = &held->freshness;

	kept->status = held->status;
	kept->storable = held->storable;
	kept->invalidated = held->invalidated;
	write_body(kept, held);
	kept->has_etag = held->has_etag;
	kept->etag_weak = held->etag_weak;
	kept->etag = held->etag.low;
	kept->has_last_modified = held->has_last_modified;
	kept->last_modified_s = held->last_modified_s;
	kept->kind = f->kind;
	kept->may_store = f->storable;
	kept->no_cache = f->no_cache;
	kept->immutable = f->immutable;
	kept->lifetime_s = (uint32_t)f->lifetime_s;
	kept->initial_age_ns = f->initial_age_ns;
	kept->by_expires = held->by_expires;
	kept->confirmed = held->confirmed < UINT16_MAX ? (uint16_t)held->confirmed
						       : UINT16_MAX;
	kept->received_ns = held->received_ns;
	kept->delivered_ns = held->delivered_ns;
	write_date(kept, held);
	kept->server = held->server;
	kept->site = held->site.name;
	kept->cross = held->site.cross;
	kept->connection = held->connection;
	kept->credentials = held->credentials;
}

static void
read_body(const struct kept *kept, struct held *held)
{
	held->has_body = kept->has_body;
	held->has_digest = kept->has_digest;
	held->has_digest_decoded = kept->has_digest_decoded;
	held->digest.low = kept->digest;
	held->digest_decoded.low = kept->decoded;
	held->r_wire = kept->r_wire;
	held->r_content = kept->r_wire - kept->framing_bytes;
	if (is_redirect(kept->status)) {
		held->location = key_of_short(kept->names);
	} else {
		held->coding = key_of_short(kept->names >> 32);
		held->type = key_of_short((uint32_t)kept->names);
	}
}

struct held
kept_read(const struct kept *kept)
{
	struct held held = {
		.status = kept->status,
		.storable = kept->storable,
		.invalidated = kept->invalidated,
		.has_etag = kept->has_etag,
		.etag_weak = kept->etag_weak,
		.etag = key_of_short(kept->etag),
		.has_last_modified = kept->has_last_modified,
		.last_modified_s = kept->last_modified_s,
		.freshness = {.kind = kept->kind,
			.lifetime_s = kept->lifetime_s,
			.initial_age_ns = kept->initial_age_ns,
			.storable = kept->may_store,
			.no_cache = kept->no_cache,
			.immutable = kept->immutable},
		.by_expires = kept->by_expires,
		.has_date = kept->has_date,
		.date_s = second_of(kept->received_ns) + kept->date_offset_s,
		.confirmed = kept->confirmed,
		.received_ns = kept->received_ns,
		.server = kept->server,
		.delivered_ns = kept->delivered_ns,
		.site = {.name = kept->site, .cross = kept->cross},
		.connection = kept->connection,
		.credentials = kept->credentials,
	};

	read_body(kept, &held);
	return held;
}
