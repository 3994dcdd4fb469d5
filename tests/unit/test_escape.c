// room: ct_parsers
/* Octets and names that may be escaped. */
#include "parsers/escape.h"
#include "parsers/paramname.h"
#include "tests/lib/rows.h"

struct escape_row {
	const char *name;
	struct slice text;
	size_t n;
	uint8_t octet;
};

static const struct escape_row escape_rows[] = {
	{"an escape", SLICE_INIT("%3Dx"), 3, '='},
	{"in small letters", SLICE_INIT("%3d"), 3, '='},
	{"of a URL in a URL", SLICE_INIT("%253D"), 5, '='},
	{"and in a URL again", SLICE_INIT("%25253D"), 7, '='},
	{"once more is a percent sign", SLICE_INIT("%2525253D"), 7, '%'},
	{"no digits", SLICE_INIT("%3G"), 0, 0},
	{"one digit", SLICE_INIT("%3"), 0, 0},
	{"none", SLICE_INIT("="), 0, 0},
	{"nothing", SLICE_INIT(""), 0, 0},
};

static void
test_escape(void **state)
{
	const struct escape_row *row = *state;
	uint8_t octet = 0;

	assert_int_equal(escape_read(row->text, &octet), row->n);
	assert_int_equal(octet, row->octet);
	if (row->n == row->text.n && row->n)
		assert_int_equal(
			escape_octet_before(row->text, row->n, row->octet), row->n);
}

struct name_row {
	const char *name;
	struct slice text, plain;
	size_t equals; /* behind it; 0: none */
};

static const struct name_row name_rows[] = {
	{"a name", SLICE_INIT("token=x"), SLICE_INIT("token"), 6},
	{"with an escape", SLICE_INIT("%74oken=x"), SLICE_INIT("token"), 8},
	{"an index", SLICE_INIT("token[0]=x"), SLICE_INIT("token"), 9},
	{"an index that is escaped", SLICE_INIT("token%5B%5D=x"), SLICE_INIT("token"),
		12},
	{"an equals sign that is", SLICE_INIT("token%3Dx"), SLICE_INIT("token"), 8},
	{"none", SLICE_INIT("token x"), SLICE_INIT("token"), 0},
};

static void
test_name(void **state)
{
	const struct name_row *row = *state;
	struct paramname name;

	paramname_read(row->text, 0, &name);
	assert_true(slice_eq(name.plain, row->plain));
	assert_int_equal(paramname_equals(row->text, name.end), row->equals);
	if (name.plain.at == row->text.at)
		assert_int_equal(paramname_begin(row->text, name.end), 0);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return (ROWS_RUN(escape_rows, test_escape) + ROWS_RUN(name_rows, test_name)) != 0;
}
