/*
 * analyzer/rules/view.h - questions that several rules ask about an exchange
 *
 * What a 304 or a 200 is compared with is an earlier answer for the same resource:
 * view_known() finds it by a tag, view_peer() by the variant, view_policy_ref()
 * finds the one whose caching fields a 304 has to repeat.
 */
#ifndef ANALYZER_RULES_VIEW_H
#define ANALYZER_RULES_VIEW_H

#include "analyzer/rules/rule.h"

bool view_is_304(const struct view *view);
bool view_is_full(const struct view *view);	   /* 200, 203 */
bool view_is_full_or_206(const struct view *view); /* 200, 203, 206 */
bool view_is_get_or_head(const struct view *view);
bool view_is_conditional_get(const struct view *view); /* GET, HEAD, QUERY */
bool view_is_unsafe(const struct view *view);	       /* PUT, POST, PATCH, DELETE */

/* What the octets behind a response look like that cannot have a body; NULL: nothing. */
const char *view_stray_kind(const struct view *view);

/* The request (0) or the response (1), if there is one and its head is clean. */
const struct message *view_side(const struct view *view, unsigned side);

/* FIELD_BITs of what means something in the other of the two only. */
uint64_t view_misplaced_fields(unsigned side);

/* Who sends the requests (0) or the responses (1). */
enum fault view_sender(unsigned side);

/* A targeted field gives caches at the server's side another policy. */
bool view_is_targeted(const struct view *view);

/* Fields of the request by which a server may answer 304 or 412: those of RFC 9110
 * 13.1, and all; see below. */
bool view_has_standard_condition(const struct view *view);
bool view_has_condition(const struct view *view);

/*
 * Conditions that other specifications added: WebDAV's, and those of object stores,
 * which all carry `if-` or `-match` in their names.
 */
bool view_has_extension_condition(const struct view *view);

bool view_has_inm(const struct view *view);
bool view_has_ims(const struct view *view);
bool view_inm_is_list(const struct view *view); /* well-formed tags, one or more */
bool view_inm_is_star(const struct view *view);

/* If-Modified-Since lies ahead of the server's clock, which may then ignore it
 * [RFC9110 13.1.3]. */
bool view_ims_is_ahead(const struct view *view);
bool view_has_etag(const struct view *view);	      /* in the response, well-formed */
bool view_has_last_modified(const struct view *view); /* and it is a date */

/* How the best member of If-None-Match compares with the response's tag. */
enum view_match {
	VIEW_MATCH_NONE,
	VIEW_MATCH_WEAK,      /* equal but for W/ */
	VIEW_MATCH_IDENTICAL, /* equal */
};

enum view_match view_inm_match(const struct view *view, bool *first);

/* A member of If-None-Match is this tag but for W/. */
bool view_inm_names(const struct view *view, const struct etag *tag);

/* The request asked not to be served from a copy: some frameworks then skip
 * conditions on purpose. */
bool view_asks_no_cache(const struct view *view);

/* The same, or it wants nothing kept. */
bool view_asks_no_store(const struct view *view);

/* A cache answered, by its own word: it may, where an origin must not. */
bool view_cache_answered(const struct view *view);

/* A part was asked for, without conditions, of a server that says it gives parts, and
 * far more came. */
bool view_range_is_ignored(const struct view *view);

/* Newest 200, 203 or 206 whose tag is the same but for W/. */
const struct observation *view_known(const struct view *view, const struct etag *tag);

/* Newest 200 or 203 to a GET of the same variant, to anybody. */
const struct observation *view_peer(const struct view *view);

bool view_same_variant(const struct view *view, const struct observation *o);
bool view_same_server(const struct view *view, const struct observation *o);

/* Somebody changed the resource at or after a time. */
bool view_changed_since(const struct view *view, int64_t ts_ns);

/* The observations go back to a time: none that came since was forgotten. */
bool view_remembers_since(const struct view *view, int64_t ts_ns);

/* The client would take the codings of this answer. */
bool view_coding_fits(const struct view *view, const struct observation *o);

/* The same content codings in the same order, whatever they are called. */
bool view_same_coding(const struct view *view, const struct observation *o);

/*
 * Both bodies were seen whole, and they are the same octets, not none; or other octets;
 * or differ even after content coding.  Where one was not seen whole none is true.
 */
bool view_has_same_body(const struct view *view, const struct observation *o);
bool view_has_other_octets(const struct view *view, const struct observation *o);
bool view_has_other_body(const struct view *view, const struct observation *o);

/* Content-Encoding, -Type, -Language and -Disposition are those of the response. */
bool view_same_metadata(const struct view *view, const struct observation *o);

/*
 * The answer whose caching fields a 304 repeats [RFC9110 15.4.5]: a 200 to GET of
 * the variant, from the same server and with the same kind of credentials, by tag,
 * else by date, else the newest.  NULL if there is none.
 */
const struct observation *view_policy_ref(const struct view *view);

/* Via and X-Cache differ: one of the two came through something that rewrites. */
bool view_path_differs(const struct view *view, const struct observation *o);

/* With these directives caches must not keep an answer, or cannot use it without
 * validating what has no validator. */
static inline bool
view_is_unkept(uint32_t directives, bool has_validator)
{
	return directives & CC_NO_STORE || (directives & CC_NO_CACHE && !has_validator);
}

/* What the ledger booked for the exchange. */
uint64_t view_octets(const struct view *view);

#endif
