// room: ct_history
/* A held entry that is folded and unfolded is the same in all that is asked for. */
#include "analyzer/history/kept.h"

#include "tests/lib/rows.h"

static struct held
sample(void)
{
	return (struct held){
		.status = 200,
		.storable = true,
		.has_body = true,
		.has_digest = true,
		.has_digest_decoded = true,
		.digest = {1, 2},
		.digest_decoded = {1, 2},
		.r_wire = 10028,
		.r_content = 10000,
		.has_etag = true,
		.etag = key_of_short(UINT64_MAX - 5),
		.has_last_modified = true,
		.last_modified_s = -1,
		.freshness = {FRESHNESS_HEURISTIC, INT64_C(1) << 31, 1234567890123, true,
			true, true},
		.by_expires = true,
		.has_date = true,
		.date_s = 1767225600,
		.received_ns = INT64_C(1767225601999999999),
		.coding = key_of_short(77),
		.type = key_of_short(UINT32_MAX),
		.server = 99,
		.delivered_ns = INT64_C(1767225500000000001),
		.site = {12, true},
		.connection = UINT32_MAX,
		.credentials = 5,
	};
}

static struct held
fold(const struct held *held)
{
	struct kept kept = {0};

	kept_write(&kept, held);
	return kept_read(&kept);
}

static void
all_is_kept(void **state)
{
	struct held a = sample(), b = fold(&a);

	(void)state;
	assert_int_equal(b.status, 200);
	assert_true(b.storable && b.has_body && b.has_digest && b.has_digest_decoded);
	assert_false(b.invalidated || b.etag_weak);
	assert_int_equal(b.digest.low, 2);
	assert_int_equal(b.digest_decoded.low, 2);
	assert_int_equal(b.r_wire, 10028);
	assert_int_equal(b.r_content, 10000);
	assert_true(b.has_etag && key_eq(b.etag, a.etag));
	assert_int_equal(b.last_modified_s, -1);
	assert_int_equal(b.freshness.kind, FRESHNESS_HEURISTIC);
	assert_int_equal(b.freshness.lifetime_s, INT64_C(1) << 31);
	assert_int_equal(b.freshness.initial_age_ns, 1234567890123);
	assert_true(b.freshness.storable && b.freshness.no_cache &&
		    b.freshness.immutable && b.by_expires && b.has_date);
	assert_int_equal(b.date_s, a.date_s);
	assert_int_equal(b.received_ns, a.received_ns);
	assert_int_equal(b.delivered_ns, a.delivered_ns);
	assert_true(key_eq(b.coding, a.coding) && key_eq(b.type, a.type));
	assert_int_equal(b.server, 99);
	assert_true(b.site.name == 12 && b.site.cross);
	assert_true(b.connection == UINT32_MAX && b.credentials == 5);
}

static void
bodies_are_known_by_half_a_digest(void **state)
{
	struct held a = sample(), b;

	(void)state;
	a.digest_decoded = (struct digest){8, 9};
	b = fold(&a);
	assert_int_equal(b.digest_decoded.low, 9);
	assert_int_equal(b.digest.low, 2);
	a.has_digest = false;
	a.digest_decoded = a.digest;
	b = fold(&a);
	assert_false(b.has_digest);
	assert_int_equal(b.digest_decoded.low, 2);
}

static void
a_redirect_keeps_where_it_leads(void **state)
{
	struct held a = sample(), b;

	(void)state;
	a.status = 301;
	a.location = key_of_short(UINT64_MAX / 3);
	b = fold(&a);
	assert_true(key_eq(b.location, a.location));
}

static void
a_date_of_another_age_is_none(void **state)
{
	struct held a = sample();

	(void)state;
	a.date_s += INT64_C(1) << 32;
	assert_false(fold(&a).has_date);
	a.date_s = -62135596800;
	assert_false(fold(&a).has_date);
	a.date_s = 0;
	assert_true(fold(&a).has_date);
	assert_int_equal(fold(&a).date_s, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_kept),
		cmocka_unit_test(bodies_are_known_by_half_a_digest),
		cmocka_unit_test(a_redirect_keeps_where_it_leads),
		cmocka_unit_test(a_date_of_another_age_is_none),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
