// room: ct_http
/* What the cache next to the client says it did. */
#include "analyzer/http/claim.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

struct claim_row {
	const char *name, *response;
	enum claim claim;
};

static const struct claim_row rows[] = {
	{"nobody speaks", "200", CLAIM_NONE},
	{"Cache-Status: hit", "200\nCache-Status: edge; hit; ttl=30", CLAIM_HIT},
	{"the last cache counts", "200\nCache-Status: shield; hit, edge; fwd=uri-miss",
		CLAIM_MISS},
	{"in another line, too",
		"200\nCache-Status: shield; hit\nCache-Status: e; fwd=miss", CLAIM_MISS},
	{"a list may go on in another line",
		"200\nCache-Status: a; hit, b; hit\nCache-Status: c; hit, e; fwd=bypass",
		CLAIM_BYPASS},
	{"a broken line breaks the list",
		"200\nCache-Status: a; fwd=perhaps\nCache-Status: e; hit", CLAIM_UNCLEAR},
	{"an open quote, too", "200\nCache-Status: a; detail=\"b\nCache-Status: e; hit",
		CLAIM_UNCLEAR},
	{"then the words do, as always",
		"200\nCache-Status: a; fwd=perhaps\nCache-Status: e; hit\nX-Cache: MISS",
		CLAIM_MISS},
	{"stale, and the origin said 304",
		"200\nCache-Status: e; fwd=stale; fwd-status=304", CLAIM_REVALIDATED},
	{"fresh, but the client wanted it asked",
		"200\nCache-Status: e; fwd=request; fwd-status=304", CLAIM_REVALIDATED},
	{"not there, and the 304 is the client's",
		"304\nCache-Status: e; fwd=uri-miss; fwd-status=304", CLAIM_MISS},
	{"stale, and the origin sent it", "200\nCache-Status: e; fwd=stale", CLAIM_MISS},
	{"not looked up", "200\nCache-Status: e; fwd=bypass", CLAIM_BYPASS},
	{"not looked up for its method", "200\nCache-Status: e; fwd=method",
		CLAIM_BYPASS},
	{"no parameter says it", "200\nCache-Status: e; ttl=3", CLAIM_UNCLEAR},
	{"a broken Cache-Status says nothing", "200\nCache-Status: e; fwd=perhaps",
		CLAIM_UNCLEAR},
	{"then the words do", "200\nCache-Status: ;hit\nX-Cache: MISS", CLAIM_MISS},
	{"Cache-Status goes before them", "200\nX-Cache: MISS\nCache-Status: e; hit",
		CLAIM_HIT},
	{"Squid's word", "200\nX-Cache: HIT from proxy.example", CLAIM_HIT},
	{"a host name is no word", "200\nX-Cache: MISS from whitehouse.example",
		CLAIM_MISS},
	{"shield and edge in one line", "200\nX-Cache: MISS, HIT", CLAIM_HIT},
	{"CloudFront's word", "200\nX-Cache: RefreshHit from cloudfront",
		CLAIM_REVALIDATED},
	{"Akamai's word", "200\nX-Cache: TCP_REFRESH_MISS from a1.example", CLAIM_MISS},
	{"nginx's words", "200\nX-Cache-Status: EXPIRED", CLAIM_MISS},
	{"an old copy on purpose", "200\nX-Cache-Status: UPDATING", CLAIM_STALE},
	{"Cloudflare's words", "200\nCF-Cache-Status: DYNAMIC", CLAIM_BYPASS},
	{"a word of its own", "200\nX-Cache: Fetched", CLAIM_UNCLEAR},
	{"two ids of Varnish", "200\nX-Varnish: 32770 5", CLAIM_HIT},
	{"one id of Varnish", "200\nX-Varnish: 32770", CLAIM_NONE},
	{"an age", "200\nAge: 3", CLAIM_HIT},
	{"no age yet", "200\nAge: 0", CLAIM_NONE},
};

static void
test_claim(void **state)
{
	const struct claim_row *row = *state;
	struct exchange *x = make_exchange(
		&(struct making){.request = "GET /a", .response = row->response});

	assert_int_equal(x->claim, row->claim);
	exchange_free(&x);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, test_claim);
}
