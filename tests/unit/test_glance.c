// room: ct_history
/* Observations in short: equal where the observations are, and only there. */
#include "analyzer/history/glance.h"

#include "tests/lib/rows.h"

static const struct key resource = {1, 2};

static uint64_t
tag_of(const char *text)
{
	struct slice value = slice_of(text, text ? strlen(text) : 0);
	struct etag tag = etag_parse(value);

	return glance_tag(resource, &tag);
}

struct tag_row {
	const char *name, *one, *other;
	bool same;
};

/* As etag_weak_eq() has it. */
static const struct tag_row tag_rows[] = {
	{"the same", "\"v1\"", "\"v1\"", true},
	{"another", "\"v1\"", "\"v2\"", false},
	{"weak and strong", "W/\"v1\"", "\"v1\"", true},
	{"quoted and not", "v1", "\"v1\"", false},
	{"a tag of nothing is one", "\"\"", "\"\"", true},
	{"a tag of nothing, and none", "\"\"", "", false},
};

static void
test_tags(void **state)
{
	const struct tag_row *row = *state;
	struct etag one = etag_parse(slice_of(row->one, strlen(row->one)));
	struct etag other = etag_parse(slice_of(row->other, strlen(row->other)));

	assert_int_equal(tag_of(row->one) == tag_of(row->other), row->same);
	assert_int_equal(etag_weak_eq(&one, &other), row->same);
}

static void
test_none(void **state)
{
	struct etag none = {.flaws = 0};

	(void)state;
	assert_true(glance_tag(resource, &none) == 0);
	assert_true(tag_of("") == 0);
	assert_true(tag_of("\"\"") != 0);
}

static void
test_resource(void **state)
{
	struct etag tag = etag_parse(SLICE("\"v1\""));

	(void)state;
	assert_true(glance_tag(resource, &tag) != glance_tag((struct key){1, 3}, &tag));
}

/* Only what was seen whole, and was content, has octets. */
static void
test_octets(void **state)
{
	struct observation o = {.whole = true,
		.has_digest = true,
		.digest = {3, 4},
		.body_bytes = 9,
		.client = {5, 6},
		.last_modified_date = {.form = HTTPDATE_IMF, .unix_s = 7}};
	struct glance glance = glance_of(resource, &o);

	(void)state;
	assert_true(glance_has_octets(&glance));
	assert_true(glance.octets.high == 3 && glance.octets.low == 4);
	assert_true(glance.client == 6 && glance.modified_s == 7 && glance.tag == 0);
	o.body_bytes = 0;
	glance = glance_of(resource, &o);
	assert_true(glance_has_octets(&glance));
	assert_true(glance.octets.low == glance_octets((struct digest){5, 6}, 0).low);
	o.is_head = true;
	o.last_modified_date.form = HTTPDATE_INVALID;
	glance = glance_of(resource, &o);
	assert_false(glance_has_octets(&glance));
	assert_true(glance.modified_s == GLANCE_NO_DATE);
	o.is_head = o.whole = false;
	glance = glance_of(resource, &o);
	assert_false(glance_has_octets(&glance));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_resource),
		cmocka_unit_test(test_octets),
	};
	int failed;

	rows_filter(argc, argv);
	failed = ROWS_RUN(tag_rows, test_tags);
	failed += cmocka_run_group_tests_name("glance", tests, NULL, NULL);
	return failed != 0;
}
