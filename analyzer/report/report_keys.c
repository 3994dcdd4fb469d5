#include "analyzer/report/report_keys.h"

#include "analyzer/base/text.h"
#include "analyzer/http/hiding.h"
#include "analyzer/report/report_metrics.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	SENTENCE_BYTES = 320,
	FOREIGN_PERCENT = 10,  /* above it T2 is not to be relied on */
	TWO_HOPS_PER_CENT = 5, /* of the exchanges: more is no accident */
};

void
report_key_quality(struct json *json, const struct tally *tally)
{
	json_key(json, "key_quality");
	json_object(json);
	report_rate(json, "foreign_validator", tally->keys.foreign);
	report_rate(json, "unknown_validator", tally->keys.unknown);
	json_end(json);
}

/* The number of User-Agents that such a share of the addresses does not exceed. */
static unsigned
agents_at(const struct clients_summary *clients, unsigned percent)
{
	uint64_t all = 0, below = 0;
	unsigned agents = 0;

	for (unsigned i = 1; i <= AGENTS_COUNTED; i++)
		all += clients->addresses_by_agents[i];
	while (agents < AGENTS_COUNTED && below * 100 < all * percent)
		below += clients->addresses_by_agents[++agents];
	return agents;
}

static void
put_clients(struct json *json, const struct report *report)
{
	const struct clients_summary *clients = report->clients;

	json_key(json, "clients");
	json_object(json);
	json_put_uint(json, "keys", clients->keys);
	json_put_uint(json, "cacheless", clients->cacheless);
	json_put_uint(json, "shared", clients->shared);
	json_key(json, "shared_by");
	json_object(json);
	for (enum client_sign sign = 0; sign < SIGN_COUNT; sign++)
		if (clients->by_sign[sign])
			json_put_uint(
				json, client_sign_name(sign), clients->by_sign[sign]);
	json_end(json);
	json_put_uint(json, "hasty_refetches", report->tally->keys.hasty_refetches);
	json_key(json, "agents_per_address");
	json_object_inline(json);
	json_put_uint(json, "p50", agents_at(clients, 50));
	json_put_uint(json, "p99", agents_at(clients, 99));
	json_end(json);
	json_end(json);
}

static void
put_distinct(struct json *json, const char *key, uint64_t count, bool exact)
{
	json_key(json, key);
	json_object_inline(json);
	json_put_uint(json, "count", count);
	json_put_bool(json, "exact", exact);
	json_end(json);
}

/* What waste is at most, if memory was short. */
static void
put_bounds(struct json *json, const struct report *report)
{
	uint64_t forgotten = report->tally->keys.forgotten_octets;

	json_key(json, "upper_bounds");
	json_object(json);
	json_put_uint(json, "forgotten_octets", forgotten);
	json_put_uint(json, "headline", tally_headline(report->tally) + forgotten);
	json_end(json);
	json_key(json, "distinct");
	json_object(json);
	put_distinct(json, "clients", report->distinct.clients,
		report->distinct.clients_exact);
	put_distinct(json, "resources", report->distinct.resources,
		report->distinct.resources_exact);
	json_end(json);
}

void
report_keys(struct json *json, const struct report *report)
{
	json_put_uint(json, "t2_shared", report->clients->t2_shared_octets);
	json_key(json, "t2_evidence");
	json_object(json);
	for (enum evidence i = 0; i < EVIDENCE_COUNT; i++)
		json_put_uint(json, evidence_name(i), report->tally->keys.t2_octets[i]);
	json_end(json);
	put_clients(json, report);
	json_put_uint(json, "two_hops", report->hops->pairs);
	put_bounds(json, report);
}

static void
warn_foreign(const struct report *report, report_warning *warning, void *context)
{
	struct rate foreign = report->tally->keys.foreign;
	char sentence[SENTENCE_BYTES];

	if (foreign.num * 100 <= foreign.den * FOREIGN_PERCENT)
		return;
	snprintf(sentence, sizeof sentence,
		"%s of the known tags that clients asked about had been given to other "
		"keys only: keys are parts of caches, and likely waste (T2) is counted "
		"too "
		"low; try another --client-key",
		text_share(foreign.num, foreign.den).s);
	warning(context, sentence);
}

static void
warn_shared(const struct report *report, report_warning *warning, void *context)
{
	uint64_t likely = tally_wasted(report->tally, TIER_2);
	uint64_t shared = report->clients->t2_shared_octets;
	char sentence[SENTENCE_BYTES];

	if (2 * shared <= likely)
		return;
	snprintf(sentence, sizeof sentence,
		"%s of the %s that is likely waste (T2) rests on client keys that "
		"several "
		"caches seem to share; try --proven-only, or --client-key xff with "
		"--trusted-proxy",
		text_bytes(shared).s, text_bytes(likely).s);
	warning(context, sentence);
}

static void
warn_two_hops(const struct report *report, report_warning *warning, void *context)
{
	const struct hops_summary *hops = report->hops;
	struct address outer = hiding_address(report->hiding, &hops->outer.address);
	char sentence[SENTENCE_BYTES];

	if (hops->pairs * 100 <= report->tally->http.requests * TWO_HOPS_PER_CENT)
		return;
	snprintf(sentence, sizeof sentence,
		"%s exchanges were captured on both sides of a proxy and count twice; "
		"try "
		"-f 'host %s and port %u' for the outer side",
		text_count(hops->pairs).s, address_name(&outer).s, hops->outer.port);
	warning(context, sentence);
}

void
report_keys_warnings(const struct report *report, report_warning *warning, void *context)
{
	warn_foreign(report, warning, context);
	warn_shared(report, warning, context);
	warn_two_hops(report, warning, context);
}
