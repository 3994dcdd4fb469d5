/*
 * analyzer/rules/habit.h - what one client did with one resource before
 *
 * The history remembers what a client holds; rules about clients also ask how it came
 * to that: was it told a moment ago that its copy is good?  Did it once fetch all of
 * it without a condition, so that it can hold nothing older?  And of a resource: when
 * was it changed?
 *
 * Only pairs that are certain are remembered.  Bounded: what was forgotten is
 * undecided.
 */
#ifndef ANALYZER_RULES_HABIT_H
#define ANALYZER_RULES_HABIT_H

#include "analyzer/base/table.h"
#include "analyzer/rules/rule.h"

struct habit {
	uint64_t variant;     /* of the newest of both below: the lower half of its key */
	int64_t validated_ns; /* first octet of the request */
	uint64_t validated_connection;
	int64_t filled_ns;
	bool was_validated;	 /* by a 304 */
	bool was_validated_well; /* and no rule says that the 304 was wrong */
	bool was_filled;	 /* a whole 200 to a request without a condition */
};

/* A client's GETs for what it holds. */
struct habit_client {
	uint64_t known;
	uint64_t forced;      /* of these: no-cache, no-store, and no condition */
	uint64_t refetched;   /* of these: neither a condition nor that, and a 200 */
	uint64_t conditional; /* of any resource */
};

struct habits;

struct habits *habits_new(uint64_t memory_bytes);
void habits_free(struct habits **habits);

/* habits_add() for it will come. */
void habits_expect(
	const struct habits *habits, const struct before *before, table_fetch *fetch);

/* NULL if nothing is known. */
const struct habit *habits_of(const struct habits *habits, const struct before *before);

/* NULL if nothing is known. */
const struct habit_client *habits_client(
	const struct habits *habits, const struct before *before);

/* The newest successful unsafe request for the resource to this server. */
bool habits_write_ns(const struct habits *habits, const struct before *before,
	const struct endpoint *server, int64_t *write_ns);

/* A successful unsafe request for the resource came at or after a time. */
bool habits_changed_since(
	const struct habits *habits, const struct before *before, int64_t ts_ns);

/* Somebody edits the resource with If-Match, so its tag is not for caches alone. */
bool habits_is_guarded(const struct habits *habits, const struct before *before);

/* An exchange about the resource, or on the connection, was not captured as a whole:
 * what is not in the history may have been there. */
bool habits_is_blurred(const struct habits *habits, const struct view *view);

/* An answer on the connection has no request. */
void habits_lose(struct habits *habits, uint64_t connection);

/* First request of the capture; INT64_MAX before it. */
int64_t habits_begin_ns(const struct habits *habits);

/* After those rules that look at one exchange. `wrong`: a rule says that the 304 should
 * not be. */
void habits_add(struct habits *habits, const struct view *view, bool paired, bool wrong);

uint64_t habits_evictions(const struct habits *habits);

#endif
