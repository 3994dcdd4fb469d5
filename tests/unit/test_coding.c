// room: ct_parsers
/* Content codings: what was applied, and what the client takes. */
#include "parsers/coding.h"

#include "tests/lib/rows.h"

struct applied {
	const char *name, *value;
	size_t count;
	enum coding codings[2];
};

static const struct applied applied_codings[] = {
	{"nothing", "", 0, {0}},
	{"gzip", "gzip", 1, {CODING_GZIP}},
	{"x-gzip is gzip", "x-gzip", 1, {CODING_GZIP}},
	{"names without case", "GZip", 1, {CODING_GZIP}},
	{"deflate", "deflate", 1, {CODING_DEFLATE}},
	{"brotli", "br", 1, {CODING_BROTLI}},
	{"zstd", "zstd", 1, {CODING_ZSTD}},
	{"x-compress is compress", "x-compress", 1, {CODING_COMPRESS}},
	{"identity says nothing", "identity, gzip, Identity", 1, {CODING_GZIP}},
	{"order of application", "br, gzip", 2, {CODING_BROTLI, CODING_GZIP}},
	{"unknown name", "aws-chunked, gzip", 2, {CODING_UNKNOWN, CODING_GZIP}},
	{"name in quotes is unknown", "\"gzip\"", 1, {CODING_UNKNOWN}},
	{"name with a parameter is unknown", "gzip;q=1", 1, {CODING_UNKNOWN}},
	{"more than there is room for", "br, gzip, zstd", 2,
		{CODING_BROTLI, CODING_UNKNOWN}},
};

static void
lists(void **state)
{
	const struct applied *row = *state;
	enum coding codings[2] = {CODING_IDENTITY, CODING_IDENTITY};
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));

	assert_int_equal(coding_list(value, codings, 2), row->count);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(codings[i], row->codings[i]);
	assert_int_equal(coding_list(value, NULL, 0), 0);
	guard_fini(&guard);
}

struct accepted {
	const char *name, *value;
	enum coding coding;
	bool accepted;
};

static const struct accepted accepted_codings[] = {
	{"absent: not gzip", NULL, CODING_GZIP, false},
	{"absent: identity", NULL, CODING_IDENTITY, true},
	{"empty: not gzip", "", CODING_GZIP, false},
	{"empty: identity", "", CODING_IDENTITY, true},
	{"listed", "gzip, br", CODING_BROTLI, true},
	{"not listed", "gzip, br", CODING_ZSTD, false},
	{"alias", "x-gzip", CODING_GZIP, true},
	{"with a weight", "gzip;q=0.5", CODING_GZIP, true},
	{"weight of zero", "gzip;q=0", CODING_GZIP, false},
	{"weight of zero with digits", "gzip;q=0.000", CODING_GZIP, false},
	{"weight of zero with a point", "gzip;q=0.", CODING_GZIP, false},
	{"weight with blanks and capital Q", "gzip ; \tQ=0", CODING_GZIP, false},
	{"smallest weight", "gzip;q=0.001", CODING_GZIP, true},
	{"weight with four digits is none", "gzip;q=0.0000", CODING_GZIP, true},
	{"weight without a number is none", "gzip;q=", CODING_GZIP, true},
	{"parameter that is no weight", "gzip;level=0", CODING_GZIP, true},
	{"star", "*", CODING_ZSTD, true},
	{"star takes unknown codings", "*", CODING_UNKNOWN, true},
	{"own member wins over a later star", "gzip;q=0, *", CODING_GZIP, false},
	{"own member wins over an earlier star", "*;q=0, gzip", CODING_GZIP, true},
	{"star of zero excludes the others", "gzip, *;q=0", CODING_BROTLI, false},
	{"star of zero excludes identity", "gzip, *;q=0", CODING_IDENTITY, false},
	{"identity excluded", "identity;q=0", CODING_IDENTITY, false},
	{"identity need not be listed", "gzip", CODING_IDENTITY, true},
	{"unknown name accepts no other", "foo", CODING_UNKNOWN, false},
	{"first of two members counts", "gzip;q=0, gzip", CODING_GZIP, false},
};

static void
accepts(void **state)
{
	const struct accepted *row = *state;
	struct guard guard = {0};
	struct slice value = {NULL, 0};

	if (row->value)
		value = guard_slice(&guard, row->value, strlen(row->value));
	assert_int_equal(coding_accepted(value, row->coding), row->accepted);
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(applied_codings, lists) + ROWS_RUN(accepted_codings, accepts);
}
