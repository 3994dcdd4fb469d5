#include "analyzer/report/restore.h"

#include "parsers/link.h"
#include "parsers/segment.h"
#include "parsers/tunnel.h"

/* ---- values ---- */

bool
restore_is_count(const struct jsonvalue *value, uint64_t *count)
{
	if (!value || value->type != JSONVALUE_INTEGER || value->integer < 0)
		return false;
	*count = (uint64_t)value->integer;
	return true;
}

bool
restore_is_time(const struct jsonvalue *value, int64_t *ns)
{
	if (!value || value->type != JSONVALUE_INTEGER ||
		value->integer >= RESTORE_US_MAX || value->integer <= -RESTORE_US_MAX)
		return false;
	*ns = value->integer * 1000;
	return true;
}

uint64_t
restore_count(const struct jsonvalue *object, const char *key)
{
	uint64_t count = 0;

	restore_is_count(jsonvalue_get(object, key), &count);
	return count;
}

struct rate
restore_rate(const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *rate = jsonvalue_get(object, key);

	return (struct rate){restore_count(rate, "num"), restore_count(rate, "den")};
}

struct slice
restore_text(const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	return value && value->type == JSONVALUE_STRING ? value->text
							: (struct slice){NULL, 0};
}

int64_t
restore_time_ns(const struct jsonvalue *object, const char *key)
{
	int64_t ns = 0;

	restore_is_time(jsonvalue_get(object, key), &ns);
	return ns;
}

/* ---- names ---- */

unsigned
restore_named(struct slice name, const char *(*name_of)(unsigned number), unsigned count)
{
	for (unsigned i = 0; name.at && i < count; i++) {
		const char *known = name_of(i);

		if (known && slice_eq(name, slice_of(known, strlen(known))))
			return i;
	}
	return 0;
}

static const char *
class_name(unsigned class)
{
	return waste_name(class);
}

static const char *
class_cause_name(unsigned cause)
{
	return cause_name(cause);
}

static const char *
whose_fault(unsigned fault)
{
	return fault_name(fault);
}

unsigned
restore_class(struct slice name)
{
	return restore_named(name, class_name, WASTE_COUNT);
}

unsigned
restore_cause(struct slice name)
{
	return restore_named(name, class_cause_name, CAUSE_COUNT);
}

unsigned
restore_fault(struct slice name)
{
	return restore_named(name, whose_fault, FAULT_USER + 1);
}

void
restore_class_cause(struct slice key, unsigned *class, unsigned *cause)
{
	size_t end = slice_find(key, '/', 0);

	*class = restore_class(slice_part(key, 0, end));
	*cause = end < key.n ? restore_cause(slice_from(key, end + 1)) : CAUSE_NONE;
}

/* ---- counters ---- */

static void
restore_ledger(struct counters *c, const struct jsonvalue *ledger)
{
	c->link_octets = restore_count(ledger, "link_octets");
	c->network_octets = restore_count(ledger, "network_octets");
	c->transport_octets = restore_count(ledger, "transport_octets");
	c->not_tcp_octets = restore_count(ledger, "not_tcp_octets");
	c->payload_octets = restore_count(ledger, "payload_octets");
	c->http_octets = restore_count(ledger, "http_octets");
	c->unparsed_octets = restore_count(ledger, "unparsed_octets");
	c->not_http_octets = restore_count(ledger, "not_http_octets");
	c->retransmitted_octets = restore_count(ledger, "retransmitted_octets");
	c->duplicate_octets = restore_count(ledger, "capture_duplicate_octets");
	c->pending_octets = restore_count(ledger, "pending_octets");
	c->gap_octets = restore_count(ledger, "gap_octets");
	c->snapped_octets = restore_count(ledger, "snapped_octets");
}

static void
restore_direction(
	struct counters_direction *d, const struct jsonvalue *transport, const char *name)
{
	const struct jsonvalue *from = jsonvalue_get(transport, name);

	d->stream_octets = restore_count(from, "stream_octets");
	d->retransmitted_octets = restore_count(from, "retransmitted_octets");
	d->duplicate_octets = restore_count(from, "capture_duplicate_octets");
	d->gap_octets = restore_count(from, "gap_octets");
}

/* What is counted by reason or kind. */
static void
restore_reasons(struct counters *c, const struct jsonvalue *packets)
{
	const struct jsonvalue *malformed = jsonvalue_get(packets, "malformed");
	const struct jsonvalue *unread = jsonvalue_get(packets, "wlan_unread");
	const struct jsonvalue *tunnels = jsonvalue_get(packets, "tunnels");

	for (unsigned i = 0; i < MALFORMED_REASONS; i++)
		c->malformed_packets[i] = restore_count(malformed, malformed_name(i));
	for (unsigned i = LINK_UNREAD_NOTHING + 1; i < LINK_UNREADS; i++)
		c->unread_packets[i] = restore_count(unread, link_unread_name(i));
	for (unsigned i = 0; i < TUNNELS; i++)
		c->tunnel_packets[i] = restore_count(tunnels, tunnel_name(i));
}

static void
restore_packets(struct counters *c, const struct jsonvalue *packets)
{
	const struct jsonvalue *transport = jsonvalue_get(packets, "transport");

	c->duplicate_packets = restore_count(packets, "duplicates");
	c->retransmitted_packets = restore_count(packets, "retransmitted");
	c->reordered_packets = restore_count(packets, "reordered");
	c->not_tcp_packets = restore_count(packets, "not_tcp");
	c->too_deep_packets = restore_count(packets, "encap_too_deep");
	c->unknown_link_packets = restore_count(packets, "unknown_link");
	c->time_backwards_packets = restore_count(packets, "time_backwards");
	c->ignored_rst_packets = restore_count(packets, "ignored_rst");
	c->conflicting_octets = restore_count(packets, "conflicting_octets");
	restore_reasons(c, packets);
	restore_direction(&c->http_direction[TO_SERVER], transport, "to_server");
	restore_direction(&c->http_direction[TO_CLIENT], transport, "to_client");
}

void
restore_counters(struct counters *c, const struct jsonvalue *capture,
	const struct jsonvalue *ledger, const struct jsonvalue *quality)
{
	const struct jsonvalue *evictions = jsonvalue_get(quality, "evictions");

	c->packets = restore_count(capture, "packets");
	c->frame_octets = restore_count(capture, "frame_octets");
	c->first_ns = restore_time_ns(capture, "first_us");
	c->last_ns = restore_time_ns(capture, "last_us");
	c->flows = restore_count(capture, "flows");
	c->flows_midstream = restore_count(capture, "flows_midstream");
	c->flows_one_sided = restore_count(capture, "flows_one_sided");
	c->flows_not_http = restore_count(capture, "flows_not_http");
	restore_ledger(c, ledger);
	c->gaps = restore_count(quality, "gaps");
	c->flows_evicted = restore_count(evictions, "flows");
	c->requests_given_up = restore_count(evictions, "requests");
	c->decoders_given_up = restore_count(evictions, "decoders");
	restore_packets(c, jsonvalue_get(quality, "packets"));
}

void
restore_evictions(struct report_evictions *e, const struct jsonvalue *quality)
{
	const struct jsonvalue *evictions = jsonvalue_get(quality, "evictions");

	e->held = restore_count(evictions, "held");
	e->represented = restore_count(evictions, "represented");
	e->delivered = restore_count(evictions, "delivered");
	e->resources = restore_count(evictions, "resources");
	e->servers = restore_count(evictions, "servers");
	e->clients = restore_count(evictions, "clients");
	e->savings = restore_count(evictions, "savings");
	e->records = restore_count(evictions, "records");
	e->written_flows = restore_count(evictions, "written_flows");
	e->whatif.shared = restore_count(evictions, "shared");
	e->whatif.ladder = restore_count(evictions, "ladder");
	e->whatif.comparable = restore_count(evictions, "comparable");
}

/* ---- simulations ---- */

static struct sharedcache_numbers
restore_cache(const struct jsonvalue *cache, const struct jsonvalue *point)
{
	return (struct sharedcache_numbers){.requests = restore_count(cache, "requests"),
		.fresh_hits = restore_count(cache, "fresh_hits"),
		.validated_hits = restore_count(cache, "validated_hits"),
		.misses = restore_count(cache, "misses"),
		.passes = restore_count(cache, "passes"),
		.body_total = restore_count(cache, "body_total"),
		.body_saved = restore_count(cache, "body_saved"),
		.head_saved = restore_count(cache, "head_saved"),
		.stale_served = restore_count(cache, "stale_served"),
		.evictions = restore_count(cache, "evictions"),
		.stored_octets = restore_count(point, "stored_octets")};
}

static void
restore_rungs(struct whatif *whatif, const struct jsonvalue *ladder)
{
	const struct jsonvalue *value = ladder ? ladder->first : NULL;
	struct ladder_rung rungs[LADDER_RUNGS] = {{0}};

	for (unsigned i = 0; i < LADDER_RUNGS && value; i++, value = value->next)
		rungs[i] = (struct ladder_rung){
			.avoided = restore_count(value, "avoided"),
			.avoided_octets = restore_count(value, "avoided_octets"),
			.stale = restore_count(value, "stale")};
	whatif_restore_rungs(whatif, rungs);
}

void
restore_whatif(struct whatif *whatif, const struct jsonvalue *metrics,
	const struct jsonvalue *more)
{
	const struct jsonvalue *comparables = jsonvalue_get(metrics, "comparables");
	const struct jsonvalue *octets = jsonvalue_get(
		comparables, "lighthouse_wasted_octets");
	struct rate same = restore_rate(comparables, "redundant_payload_same_client");
	struct rate modified = restore_rate(comparables, "rereference_modified");
	struct comparable_numbers numbers = {.payload_octets = same.den,
		.redundant_octets = same.num,
		.redundant_anywhere_octets = restore_rate(
			more, "redundant_payload_all_clients")
						     .num,
		.rereferences = modified.den,
		.modified = modified.num};
	struct sharedcache_numbers cache = restore_cache(
		jsonvalue_get(jsonvalue_get(metrics, "shared"), "infinite"),
		jsonvalue_get(jsonvalue_get(more, "shared_curve"), "infinite"));

	if (octets)
		numbers.lighthouse_octets = octets->type == JSONVALUE_REAL
						    ? octets->real
						    : (double)octets->integer;
	whatif_restore_comparable(whatif, &numbers);
	whatif_restore_cache(whatif, 0, &cache);
	restore_rungs(whatif, jsonvalue_get(metrics, "ttl_ladder"));
}
