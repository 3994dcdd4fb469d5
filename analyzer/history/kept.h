/*
 * analyzer/history/kept.h - a held entry in little room
 *
 * What a client holds is kept a million times, so struct held is folded into half of
 * its size.  Nothing is lost that is asked for:
 *
 *	variants of one resource and client	32 bits of their keys: there are eight
 *	digests					64 bits of each
 *	Location				of redirects only; codings and types of
 *						others
 *	Date					as a difference of 68 years at most
 *
 * A Date that is further from its answer than that counts as none.
 */
#ifndef ANALYZER_HISTORY_KEPT_H
#define ANALYZER_HISTORY_KEPT_H

#include "analyzer/history/history.h"

struct kept {
	uint64_t digest, decoded;
	uint64_t r_wire;
	uint64_t etag;
	uint64_t names; /* Location, or coding and type */
	int64_t last_modified_s;
	int64_t received_ns, delivered_ns;
	int64_t initial_age_ns;
	uint32_t framing_bytes;
	uint32_t variant;
	uint32_t vary; /* of struct varies; 0: none */
	uint32_t server;
	uint32_t site;
	uint32_t connection, credentials;
	uint32_t lifetime_s;
	int32_t date_offset_s; /* from received_ns */
	unsigned storable : 1, invalidated : 1, has_body : 1, has_digest : 1,
		has_digest_decoded : 1, has_etag : 1, etag_weak : 1,
		has_last_modified : 1, by_expires : 1, has_date : 1, kind : 2,
		may_store : 1, no_cache : 1, immutable : 1, cross : 1;
	uint16_t status;
	/* Of the shelf, in its first entry only. */
	uint8_t shelf_count, shelf_room;
	uint16_t confirmed; /* 65535: or more often */
	uint32_t shelf_mark;
};

/* `variant` and `vary` are the shelf's business. */
void kept_write(struct kept *kept, const struct held *held);
struct held kept_read(const struct kept *kept);

#endif
