/*
 * analyzer/rules/aggregate.h - what only many exchanges together say
 *
 * Servers: does it have a clock?  Tags: for which resource did a server first use
 * one?  Hosts: how many conditional requests did it honour?  Variants: how long did one
 * not change, and what was answered to its validator?
 *
 * The engine adds each exchange after the ordinary rules have spoken about it and
 * before the rules that read this room are asked.
 *
 * Bounded: tables with a byte budget; what was forgotten is undecided, never guilty.
 */
#ifndef ANALYZER_RULES_AGGREGATE_H
#define ANALYZER_RULES_AGGREGATE_H

#include "analyzer/base/table.h"
#include "analyzer/rules/rule.h"
#include "analyzer/rules/servers.h"
#include "analyzer/rules/support.h"

enum {
	AGGREGATE_LOST_MIN = 5, /* resources, to speak of a host */
};

/* Conditional GETs whose right answer could be told, and what else concerns a host. */
struct aggregate_host {
	uint64_t decided;
	uint64_t validated; /* 304 */
	uint64_t ignored;   /* full, although the validator matched */
	uint64_t octets;    /* booked for the latter */
	int64_t first_ns, last_ns;
	bool newest_ignored;	  /* the newest of them */
	uint64_t ignored_ranges;  /* answers */
	uint64_t lost_validators; /* resources with a tag, but not when compressed */
};

/* Ranges that were ignored although ranges are offered. */
struct aggregate_ignored {
	uint64_t of_resource, of_host;
};

/* A variant that does not change, and how often that was asked. */
struct aggregate_steady {
	int64_t since_ns;     /* first answer with this content */
	int64_t lifetime_s;   /* as the newest answer gave it; 0: none */
	uint64_t validations; /* 304, or the same octets again; no reloads */
	bool has_digest;
	struct digest digest;
	struct support_slot slot; /* of the variant */
};

struct aggregate;

struct aggregate *aggregate_new(uint64_t memory_bytes, uint64_t seed);
void aggregate_free(struct aggregate **aggregate);

/*
 * What is known of the host, the server, the variant and the validator that an exchange
 * was about, itself included; NULL: nothing, or it was about none.
 */
struct aggregated {
	const struct aggregate_host *host;
	const struct server *server;
	const struct aggregate_steady *steady;
	const struct support *support;
	const struct alias_busted *busted; /* these two by aliases_add() */
	const struct alias_named *named;
};

/* `ignored`: a full answer although a validator matched, says a rule. */
struct aggregated aggregate_add(
	struct aggregate *aggregate, const struct view *view, bool paired, bool ignored);

/* Some response of the server had a valid Date. */
bool aggregate_has_clock(
	const struct aggregate *aggregate, const struct endpoint *server);

/* See servers_are_skewed(). */
bool aggregate_is_skewed(
	const struct aggregate *aggregate, const struct endpoint *server);

/* The answer before this 304 whose strong tag the request does not name, as it would if
 * its copy were current; NULL if there is none. */
const struct observation *aggregate_newer(const struct view *view);

/* Such a 304 was sent, and a later answer has the tag of the earlier one. */
bool aggregate_is_contested(const struct aggregate *aggregate, struct key resource);

/* The server used a tag for another resource first. */
bool aggregate_knows_tag(const struct aggregate *aggregate, const struct view *view,
	const struct etag *tag);

/* aggregate_add() for it will come: see struct view for what is named. */
void aggregate_expect(
	const struct aggregate *a, const struct view *view, table_fetch *fetch);

/* The same, when the server is known, too. */
void aggregate_expect_tag(const struct aggregate *a, const struct view *view);

/* The octets of a tag, without W/. */
struct key aggregate_tag_key(const struct aggregate *a, const struct etag *tag);

struct key aggregate_server_key(
	const struct aggregate *aggregate, const struct endpoint *server);
const struct aggregate_host *aggregate_host(
	const struct aggregate *aggregate, struct key host);

/* It was validated so often, over so long, that its lifetime is too short. */
bool aggregate_is_steady(const struct aggregate_steady *steady, int64_t now_ns);

/* Nearly all conditions in vain, and enough of them. */
bool aggregate_host_ignores(const struct aggregate_host *host);

/* NULL if none was; as of the newest exchange of the resource. */
const struct aggregate_ignored *aggregate_ignored_ranges(
	const struct aggregate *aggregate, const struct view *view);

/* The server sent something of this type without a coding to somebody who had asked for
 * none. */
bool aggregate_sends_plain(const struct aggregate *aggregate, const struct view *view);

/* A cache gave a cookie that another client was given before. */
bool aggregate_shares_cookie(const struct aggregate *aggregate, const struct view *view);

uint64_t aggregate_evictions(const struct aggregate *aggregate);

#endif
