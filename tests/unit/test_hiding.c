// room: ct_http
/* What --redact all leaves of texts; an address is shown as <A>. */
#include "analyzer/http/hiding.h"

#include "tests/lib/rows.h"

struct text_row {
	const char *name, *text, *shown;
	enum hiding_text kind;
};

static const struct text_row texts[] = {
	{"nothing to hide", "text/html", "text/html", HIDING_TEXT},
	{"an empty text", "", "", HIDING_TEXT},
	{"values of a query", "/a?b=c&d=e", "/a?b=[redacted]&d=[redacted]", HIDING_URL},
	{"what has no name is a value", "/a?b", "/a?[redacted]", HIDING_URL},
	{"semicolons part as well", "/a?b=c;d", "/a?b=[redacted];[redacted]", HIDING_URL},
	{"a value with =", "/a?b=c=d", "/a?b=[redacted]", HIDING_URL},
	{"an empty value", "/a?b=&c", "/a?b=&[redacted]", HIDING_URL},
	{"no value", "/a?", "/a?", HIDING_URL},
	{"nothing between", "/a?&&", "/a?&&", HIDING_URL},
	{"a fragment belongs to it", "/a?b=c#d", "/a?b=[redacted]", HIDING_URL},
	{"another question mark", "/a?b=c?d", "/a?b=[redacted]", HIDING_URL},
	{"a blank in a URL", "/a?b=c d", "/a?b=[redacted]", HIDING_URL},
	{"a URL in a text ends", "<http://h/?b=c>; x=y", "<http://h/?b=[redacted]>; x=y",
		HIDING_TEXT},
	{"two URLs in a text", "/?a /?b", "/?[redacted] /?[redacted]", HIDING_TEXT},
	{"a boolean", "?1", "?1", HIDING_TEXT},
	{"a boolean parameter", "a;b=?0, c", "a;b=?0, c", HIDING_TEXT},
	{"a reference that is only a query", "?1", "?[redacted]", HIDING_URL},
	{"a number is no boolean", "?10", "?[redacted]", HIDING_TEXT},
	{"behind the question mark", "b=c&d", "b=[redacted]&[redacted]", HIDING_QUERY},

	{"tokens in a fragment", "/a#t=b&c", "/a#t=[redacted]&[redacted]", HIDING_URL},
	{"in a text, too", "<h/a#t=b> #c=", "<h/a#t=[redacted]> #c=", HIDING_TEXT},
	{"no fragment in a text", "a #1", "a #1", HIDING_TEXT},
	{"name and password", "http://a:b@h/c@d", "http://[redacted]@h/c@d", HIDING_URL},
	{"an at sign in the password", "//a:b@c@h", "//[redacted]@h", HIDING_URL},
	{"a name in a text", "<ftp://a@h> b@c", "<ftp://[redacted]@h> b@c", HIDING_TEXT},
	{"in front of a bare host", "a:b@h:443", "[redacted]@h:443", HIDING_URL},
	{"an at sign in a path", "/a@b", "/a@b", HIDING_URL},
	{"an at sign and nobody", "http://@h/", "http://@h/", HIDING_URL},

	{"an address", "203.0.113.5", "[<A>]", HIDING_TEXT},
	{"zeros in front", "203.000.113.005", "[<A>]", HIDING_TEXT},
	{"with a port", "203.0.113.5:80", "[<A>]:80", HIDING_TEXT},
	{"in brackets", "[203.0.113.5]", "[<A>]", HIDING_TEXT},
	{"in a name", "203.0.113.5.test", "[<A>].test", HIDING_TEXT},
	{"in a path", "/net/203.0.113.5/a", "/net/[<A>]/a", HIDING_URL},
	{"as a version", "a/120.0.0.0 (203.0.113.5)", "a/120.0.0.0 ([<A>])",
		HIDING_PRODUCTS},
	{"behind two slashes", "http://203.0.113.5/", "http://[<A>]/", HIDING_PRODUCTS},
	{"three numbers", "1.2.3", "1.2.3", HIDING_TEXT},
	{"too large a number", "203.0.113.256", "203.0.113.256", HIDING_TEXT},
	{"too long a number", "203.0.113.1234", "203.0.113.1234", HIDING_TEXT},
	{"loopback", "127.0.0.1, ::1", "127.0.0.1, ::1", HIDING_TEXT},
	{"version 6", "for=\"[2001:db8::1]:80\"", "for=\"[<A>]:80\"", HIDING_TEXT},
	{"version 6 in capitals", "2001:DB8::1", "<A>", HIDING_TEXT},
	{"with a zone", "fe80::1%eth0", "<A>%eth0", HIDING_TEXT},
	{"a colon behind it", "2001:db8::1: gone", "<A>: gone", HIDING_TEXT},
	{"only its prefix", "fe80:: is", "<A> is", HIDING_TEXT},
	{"points behind it", "2001:db8::1...", "<A>...", HIDING_TEXT},
	{"colons and points", ":.::.:...:", ":.::.:...:", HIDING_TEXT},
	{"an IPv4 address in it", "::ffff:203.0.113.5", "<A>", HIDING_TEXT},
	{"a time", "Sat, 21 Nov 2026 02:36:23 GMT", "Sat, 21 Nov 2026 02:36:23 GMT",
		HIDING_TEXT},
	{"a card's address", "aa:bb:cc:dd:ee:ff", "aa:bb:cc:dd:ee:ff", HIDING_TEXT},
	{"names with colons", "Foo::Bar", "Foo::Bar", HIDING_TEXT},
};

/* Pseudonyms of any address, replaced by <A>. */
static size_t
without_pseudonyms(struct slice shown, char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < shown.n;) {
		if (slice_has_prefix(slice_from(shown, i), SLICE("100::"))) {
			memcpy(text + n, "<A>", 3);
			n += 3;
			while (i < shown.n &&
				((shown.at[i] >= '0' && shown.at[i] <= '9') ||
					(shown.at[i] >= 'a' && shown.at[i] <= 'f') ||
					(shown.at[i] == ':' && i + 1 < shown.n &&
						shown.at[i + 1] > ' ')))
				i++;
		} else {
			text[n++] = (char)shown.at[i++];
		}
	}
	return n;
}

static void
is_shown(void **state)
{
	const struct text_row *row = *state;
	struct hiding hiding = {.key = {1}};
	struct arena arena = {0};
	struct guard guard = {0};
	struct slice text = guard_slice(&guard, row->text, strlen(row->text));
	char shown[256];
	size_t n = without_pseudonyms(
		hiding_text(&hiding, text, row->kind, &arena), shown);

	rows_assert_slice(slice_of(shown, n), row->shown);
	arena_fini(&arena);
	guard_fini(&guard);
}

static struct address
of(uint8_t last)
{
	return address_of_ipv4((uint8_t[]){203, 0, 113, last});
}

static void
pseudonyms_are_of_one_key(void **state)
{
	struct hiding one = {.is_sealed = false}, two = {.is_sealed = false};
	struct address a = of(1), b = of(2), shown, other;

	(void)state;
	hiding_feed(&one, 1, SLICE("packet"));
	hiding_feed(&two, 1, SLICE("packet"));
	shown = hiding_address(&one, &a);
	other = hiding_address(&two, &a);
	assert_true(hiding_is_pseudonym(&shown));
	assert_true(address_eq(&shown, &other));
	other = hiding_address(&one, &b);
	assert_false(address_eq(&shown, &other));
	hiding_feed(&two, 2, SLICE("packet"));
	other = hiding_address(&two, &a);
	assert_false(address_eq(&shown, &other));
	hiding_seal(&one);
	hiding_feed(&one, 2, SLICE("packet"));
	other = hiding_address(&one, &a);
	assert_true(address_eq(&shown, &other));
	other = hiding_address(NULL, &a);
	assert_true(address_eq(&a, &other));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(pseudonyms_are_of_one_key)};

	rows_filter(argc, argv);
	return ROWS_RUN(texts, is_shown) + cmocka_run_group_tests(tests, NULL, NULL);
}
