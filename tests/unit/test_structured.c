// room: ct_parsers
#include "parsers/structured.h"

#include "tests/lib/guard.h"
#include "tests/lib/rows.h"

/* A value, and what is read from it: items and parameters as `type:text`. */
struct structured_row {
	const char *name, *value, *read; /* read: NULL if it is no such field */
};

static const struct structured_row list_rows[] = {
	{"nothing", "", ""},
	{"a token", "edge", "t:edge "},
	{"two", "a, b", "t:a t:b "},
	{"no comma at the end", "a,", NULL},
	{"no empty member", "a,,b", NULL},
	{"a blank is no comma", "a b", NULL},
	{"a string", "\"edge 1\"", "s:\"edge 1\" "},
	{"an escaped quote", "\"a\\\"b\"", "s:\"a\\\"b\" "},
	{"no other escape", "\"a\\b\"", NULL},
	{"no end of a string", "\"a", NULL},
	{"a parameter", "e;hit", "t:e ;hit b: "},
	{"parameters with values", "e; fwd=miss;ttl=-3", "t:e ;fwd t:miss ;ttl i:-3 "},
	{"a name is lower case", "e;Hit", NULL},
	{"a boolean", "e;hit=?0", "t:e ;hit b:?0 "},
	{"no such boolean", "e;hit=?2", NULL},
	{"a decimal", "1.5", "d:1.5 "},
	{"no fraction", "1.", NULL},
	{"too long a number", "1234567890123456", NULL},
	{"octets", ":aGk=:", "o::aGk=: "},
	{"a date", "@1796112000", "@:@1796112000 "},
	{"a list within", "(a \")\" b);q=1", "l:(a \")\" b) ;q i:1 "},
	{"a list without an end", "(a b", NULL},
	{"a token with a slash", "text/html", "t:text/html "},
	{"no token", "=a", NULL},
};

static const struct structured_row dictionary_rows[] = {
	{"nothing", "", ""},
	{"a flag", "no-store", "no-store=b: "},
	{"a number", "max-age=60", "max-age=i:60 "},
	{"both", "max-age=60, no-cache", "max-age=i:60 no-cache=b: "},
	{"a parameter", "a=1;x, b", "a=i:1 ;x b: b=b: "},
	{"no name", "=60", NULL},
	{"an upper-case name", "Max-Age=60", NULL},
	{"a semicolon between", "no-store; private", "no-store=b: ;private b: "},
	{"nothing behind the sign", "max-age=", NULL},
	{"a blank before the sign", "max-age =60", NULL},
};

static void
put(char *read, struct slice s)
{
	size_t n = strlen(read);

	memcpy(read + n, s.at, s.n);
	read[n + s.n] = '\0';
}

static void
put_item(char *read, const struct structured *item)
{
	static const char types[] = {
		[STRUCTURED_INTEGER] = 'i',
		[STRUCTURED_DECIMAL] = 'd',
		[STRUCTURED_STRING] = 's',
		[STRUCTURED_TOKEN] = 't',
		[STRUCTURED_BINARY] = 'o',
		[STRUCTURED_BOOLEAN] = 'b',
		[STRUCTURED_DATE] = '@',
		[STRUCTURED_DISPLAY] = 'p',
		[STRUCTURED_INNER_LIST] = 'l',
	};

	put(read, slice_of(&types[item->type], 1));
	put(read, SLICE(":"));
	if (item->text.n)
		put(read, item->text);
	put(read, SLICE(" "));
}

static bool
read_parameters(char *read, struct slice *rest)
{
	struct structured item;
	struct slice key;
	enum structured_next next;

	while ((next = structured_parameter(rest, &key, &item)) == STRUCTURED_NEXT) {
		put(read, SLICE(";"));
		put(read, key);
		put(read, SLICE(" "));
		put_item(read, &item);
	}
	return next == STRUCTURED_END;
}

static bool
read_value(char *read, struct slice rest, bool dictionary)
{
	struct structured item;
	struct slice key;
	bool first = true;

	for (;; first = false) {
		enum structured_next next = dictionary ? structured_entry(&rest, first,
								 &key, &item)
						       : structured_member(
								 &rest, first, &item);

		if (next != STRUCTURED_NEXT)
			return next == STRUCTURED_END;
		if (dictionary) {
			put(read, key);
			put(read, SLICE("="));
		}
		put_item(read, &item);
		if (!read_parameters(read, &rest))
			return false;
	}
}

static void
check(const struct structured_row *row, bool dictionary)
{
	struct guard guard = {0};
	char read[256] = "";
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));
	bool good = read_value(read, value, dictionary);

	assert_int_equal(good, row->read != NULL);
	if (row->read)
		assert_string_equal(read, row->read);
	guard_fini(&guard);
}

static void
test_list(void **state)
{
	check(*state, false);
}

static void
test_dictionary(void **state)
{
	check(*state, true);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(list_rows, test_list) +
	       ROWS_RUN(dictionary_rows, test_dictionary);
}
