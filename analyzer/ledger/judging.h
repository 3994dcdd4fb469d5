/*
 * analyzer/ledger/judging.h - one exchange on its way to a verdict
 *
 * The stages fill it in this order: outcome, waste, saving.  Private to the ledger.
 */
#ifndef ANALYZER_LEDGER_JUDGING_H
#define ANALYZER_LEDGER_JUDGING_H

#include "analyzer/ledger/verdict.h"

#include <regex.h>

struct squeeze;

struct judging {
	const struct history *history;
	const struct before *before;
	const struct exchange *x;
	const struct resource *resource; /* with what was observed of it; or NULL */
	const regex_t *fingerprint;	 /* of versioned URLs; NULL: the built-in form */
	const struct thresholds *thresholds;
	struct squeeze *squeeze;
	struct verdict *verdict;

	bool is_get, is_full; /* full: 200 or 203 */
	bool is_provable;     /* both heads clean, and surely one exchange */
	bool is_forced;	      /* the client insists on an answer from the origin */
	bool is_partitioned;  /* the held entry is perhaps in another part of the cache */
	struct site site;     /* from whose page was asked */
	struct represented body;
	enum truth same_as_held; /* complete, status and octets of the held entry */
	struct delivered delivered;

	/* The tag of the request that names the same octets; raw.at NULL if none. */
	struct etag named_by;

	/* The class of a repetition that a cache of the client's own would have avoided;
	 * WASTE_COUNT if it is none. */
	enum waste_class repeat;

	/* What no class has taken yet, and what a repetition would have taken but for the
	 * part of the cache. */
	uint64_t body_left, body_apart;
	bool head_taken;

	/* Each class is asked by itself: nothing is measured for that. */
	bool is_alone;
};

void judging_outcome(struct judging *j);
void judging_waste(struct judging *j);

/* The saving without `later`; true if a later 200 may tell it, and its name then. */
bool judging_saving(struct judging *j, struct key *name);

/* What other observations of the resource say against the answer: see verdict.h. */
bool judging_suspects_304(const struct judging *j);
bool judging_refutes_412(const struct judging *j);

/*
 * Booking.  The body goes to one class at a time: all that is left of it, or a part;
 * NULL if nothing is left.  The heads go to the first class that wants them: `octets`
 * of them; NULL if they are taken.
 */
struct waste *judging_book_body(struct judging *j, enum waste_class class);
struct waste *judging_book_body_part(
	struct judging *j, enum waste_class class, uint64_t octets);
struct waste *judging_book_heads(struct judging *j, enum waste_class class);

/* As judging_book_body_part(), for what the client was given at a page of that site. */
struct waste *judging_book_repeat(
	struct judging *j, enum waste_class class, uint64_t octets, struct site given);
struct waste *judging_book_head_part(
	struct judging *j, enum waste_class class, uint64_t octets);

/* What each class takes, in waste_repeat.c. */
enum waste_class judging_repeat(const struct judging *j);
void waste_fresh_refetch(struct judging *j);
void waste_unexplained_repeat(struct judging *j);
void waste_blind_refetch(struct judging *j);
void waste_no_validator_refetch(struct judging *j);
void waste_partitioned_repeat(struct judging *j);
void waste_no_store_repeat(struct judging *j);
void waste_forced_reload(struct judging *j);
void waste_repeat_redirect(struct judging *j);
void waste_repeat_error(struct judging *j);
void waste_concurrent_duplicate(struct judging *j);
void waste_rotation(struct judging *j);
void waste_variant_repeat(struct judging *j);
void waste_alias(struct judging *j);

/* In waste_range.c, waste_abort.c, waste_uncompressed.c. */
void waste_range_ignored(struct judging *j);
void waste_range_repeat(struct judging *j);
void waste_restart_after_abort(struct judging *j);
void waste_uncompressed(struct judging *j);

/* What else the verdict says of transfers that broke off. */
void judging_abort(struct judging *j);

/* Of tier 3, if the client could not keep what it was given, or wants it anew. */
void judging_excuse(const struct judging *j, struct waste *waste, bool storable);

/* In waste_head.c. */
void waste_reload_revalidation(struct judging *j);
void waste_fresh_revalidation(struct judging *j);
void waste_versioned_revalidation(struct judging *j);
void waste_cookie_on_static(struct judging *j);

/* Asked about a copy that was fresh beyond doubt. */
bool judging_is_fresh_revalidation(const struct judging *j);

/* Booked as a revalidation that need not have been. */
bool judging_is_needless_revalidation(const struct judging *j);

#endif
