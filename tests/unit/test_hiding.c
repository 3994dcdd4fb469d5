// room: ct_http
/* What is left of texts; an address that is hidden is shown as <A>. */
#include "analyzer/http/hiding.h"
#include "analyzer/http/redact.h"

#include "parsers/http1.h"
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
	{"a secret in a path", "/a;sid=b/c?d=e", "/a;sid=[redacted]/c?d=[redacted]",
		HIDING_URL},
	{"a secret in a text", "token=abc, x", "token=[redacted], x", HIDING_TEXT},

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
	{"names that could be groups", "Decade::Bad", "Decade::Bad", HIDING_TEXT},
	{"names with numbers", "MIME::Base64", "MIME::Base64", HIDING_TEXT},
	{"a letter before it", "ip203.0.113.5", "ip[<A>]", HIDING_TEXT},
	{"letters around it", "ip203.0.113.5b", "ip[<A>]b", HIDING_TEXT},
	{"a digit before it", "1203.0.113.5", "1203.0.113.5", HIDING_TEXT},
	{"letters around version 6", "ip2001:db8::1x", "ip<A>x", HIDING_TEXT},
	{"hexadecimal ones", "a2001:db8::1", "a<A>", HIDING_TEXT},
};

/* By default. */
static const struct text_row secrets[] = {
	{"a query", "/a?b=c&d#e", "/a?b=c&d#e", HIDING_URL},
	{"an address", "203.0.113.5, 2001:db8::1", "203.0.113.5, 2001:db8::1",
		HIDING_TEXT},
	{"name and password", "http://a:b@h/c", "http://[redacted]@h/c", HIDING_URL},
	{"of a scope in a path", "http://h/a//@b/c@1", "http://h/a//@b/c@1", HIDING_URL},
	{"a version behind two slashes", "http://h//b@1/c", "http://h//b@1/c",
		HIDING_URL},
	{"a mail address", "bot (a@b.test)", "bot (a@b.test)", HIDING_PRODUCTS},
	{"a secret in a query", "/a?key=b&c=d", "/a?key=[redacted]&c=d", HIDING_URL},
	{"with a slash and a question mark", "/?sig=a/b?c==&d=e", "/?sig=[redacted]&d=e",
		HIDING_URL},
	{"in a fragment", "/#access_token=a&b=c", "/#access_token=[redacted]&b=c",
		HIDING_URL},
	{"before a fragment", "/?token=a#b", "/?token=[redacted]#b", HIDING_URL},
	{"in capitals", "/?X-Amz-Signature=a", "/?X-Amz-Signature=[redacted]",
		HIDING_URL},
	{"in brackets", "/?u[password]=a&u%5Btoken%5d=b",
		"/?u[password]=[redacted]&u%5Btoken%5d=[redacted]", HIDING_URL},
	{"in brackets, twice", "/?u%255Btoken%255d%253Da",
		"/?u%255Btoken%255d%253D[redacted]", HIDING_URL},
	{"in a path", "/a;jsessionid=b;c=d/e?f=g", "/a;jsessionid=[redacted];c=d/e?f=g",
		HIDING_URL},
	{"with a semicolon", "/?token=a;b;c=d", "/?token=[redacted];c=d", HIDING_URL},
	{"in a URL in a URL", "/?u=http%3A%2F%2Fh%2F%3Fkey%3Da%2Fb%26c%3Dd",
		"/?u=http%3A%2F%2Fh%2F%3Fkey%3D[redacted]%26c%3Dd", HIDING_URL},
	{"in a URL in that", "/?u=h%253Fkey%253Da%2526c",
		"/?u=h%253Fkey%253D[redacted]%2526c", HIDING_URL},
	{"no value", "/?token=&a=b", "/?token=&a=b", HIDING_URL},
	{"no name", "/?=a", "/?=a", HIDING_URL},
	{"a name of others", "/?monkey=a&keys=b&signal=c&kid=d",
		"/?monkey=a&keys=b&signal=c&kid=d", HIDING_URL},
	{"in a text", "5; url=/a?token=b <c>", "5; url=/a?token=[redacted] <c>",
		HIDING_TEXT},
	{"in angle brackets", "</a?token=b>; rel=next", "</a?token=[redacted]>; rel=next",
		HIDING_TEXT},
	{"a key of a cache", "c; hit;key=a", "c; hit;key=a", HIDING_TEXT},
	{"with a URL in it", "c;key=\"h/?key=a\";key=b",
		"c;key=\"h/?key=[redacted]\";key=b", HIDING_TEXT},
	{"in quotes", "k=\"/a?sid=b\"; c", "k=\"/a?sid=[redacted]\"; c", HIDING_TEXT},
	{"quoted itself", "a, token=\"b c\"; d=e", "a, token=[redacted]; d=e",
		HIDING_TEXT},
	{"quoted without end", "token=\"b c", "token=[redacted]", HIDING_TEXT},
	{"quoted with another quote", "/?token='b c'&d=e", "/?token=[redacted]&d=e",
		HIDING_TEXT},
	{"a quote in quotes", "token=\"b\\\" c\"; d", "token=[redacted]; d", HIDING_TEXT},
	{"quoted by escapes", "/?token=%22b c%22&d=e", "/?token=[redacted]&d=e",
		HIDING_TEXT},
	{"one of several", "/?token[]=a&key[0][b]=c&d[]=e",
		"/?token[]=[redacted]&key[0][b]=[redacted]&d[]=e", HIDING_URL},
	{"one of several, escaped", "/?token%5B%5D=a", "/?token%5B%5D=[redacted]",
		HIDING_URL},
	{"a name with an escape", "/?%74oken=a&toke%6E=b&m%6Fnkey=c",
		"/?%74oken=[redacted]&toke%6E=[redacted]&m%6Fnkey=c", HIDING_URL},
	{"a name in a URL in a URL", "/?u=http%3A%2F%2Fa%3Ab%40h%2Fc",
		"/?u=http%3A%2F%2F[redacted]%40h%2Fc", HIDING_URL},
	{"and a mail address behind it", "/?u=http%3A%2F%2Fh&m=a@b",
		"/?u=http%3A%2F%2Fh&m=a@b", HIDING_URL},
	{"with its colon escaped", "/?u=https%3a//a:b@h/", "/?u=https%3a//[redacted]@h/",
		HIDING_URL},
	{"an escape in a password", "http://a:b%2Fc@h/", "http://[redacted]@h/",
		HIDING_URL},
	{"a name behind one slash", "http:/a:b@h/", "http:/[redacted]@h/", HIDING_URL},
	{"in a path, too", "/x/https:/a:b@h/", "/x/https:/[redacted]@h/", HIDING_URL},
	{"a field in a field", "y\rCookie: a=b\rz", "y\rCookie: [redacted]\rz",
		HIDING_TEXT},
	{"among parameters", "a=1; secret=b; c", "a=1; secret=[redacted]; c",
		HIDING_TEXT},
};

/* Of "http://a:b@h/p;sid=cd/e?key=fgh&x=y" the octets from, to. */
struct part_row {
	const char *name;
	size_t begin, end;
	const char *shown;
};

static const struct part_row parts[] = {
	{"nothing secret", 11, 14, "h/p"},
	{"the end of a password", 9, 12, "[redacted]@h"},
	{"within a password", 9, 10, "[redacted]"},
	{"the end of a session", 20, 23, "[redacted]/e"},
	{"within a key", 29, 30, "[redacted]"},
	{"the end of a key", 30, 35, "[redacted]&x=y"},
	{"up to a key", 23, 28, "?key="},
	{"all", 0, 35, "http://[redacted]@h/p;sid=[redacted]/e?key=[redacted]&x=y"},
};

/* Each word that a name may have in it. */
static const char *const words[] = {"access-key", "account-key", "api-key", "assertion",
	"authentication-info", "auth-key", "authorization", "cookie", "credential",
	"csrf", "customer-key", "functions-key", "hmac", "jwt", "master-key",
	"passphrase", "password", "private-key", "saml-response", "secret", "sess-id",
	"session", "signature", "signing-key", "subscription-key", "token", "xsrf"};

struct field_row {
	const char *name, *line, *shown, *value;
};

static const struct field_row fields[] = {
	{"a cookie", "Cookie: a", "Cookie", "[redacted]"},
	{"an old one", "Set-Cookie2: a", "Set-Cookie2", "[redacted]"},
	{"a cookie with a blank", "Cookie : a", "Cookie", "[redacted]"},
	{"a cookie without a colon", "Cookie a=b", "Cookie", "[redacted]"},
	{"a key", "X-Api-Key: a", "X-Api-Key", "[redacted]"},
	{"in one word", "ApiKey: a", "ApiKey", "[redacted]"},
	{"with underscores", "x_api_key: a", "x_api_key", "[redacted]"},
	{"a token", "X-Amz-Security-Token: a", "X-Amz-Security-Token", "[redacted]"},
	{"another's authorization", "X-Original-Authorization: a",
		"X-Original-Authorization", "[redacted]"},
	{"what proves a password", "Authentication-Info: a", "Authentication-Info",
		"[redacted]"},
	{"a name as a whole", "X-Auth: a", "X-Auth", "[redacted]"},
	{"a longer one", "X-Author: a", "X-Author", "a"},
	{"a challenge", "WWW-Authenticate: a", "WWW-Authenticate", "a"},
	{"a token of locks", "Lock-Token: a", "Lock-Token", "a"},
	{"keys of caches", "Surrogate-Key: a", "Surrogate-Key", "a"},
	{"a cache's key", "X-Cache-Key: a", "X-Cache-Key", "a"},
	{"a key of the handshake", "Sec-WebSocket-Key: a", "Sec-WebSocket-Key", "a"},
	{"an empty name", ": a", "", "a"},
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

static void
only_secrets_are_hidden(void **state)
{
	const struct text_row *row = *state;
	struct hiding hiding = {.secrets_only = true};
	struct arena arena = {0};
	struct guard guard = {0};
	struct slice text = guard_slice(&guard, row->text, strlen(row->text));

	rows_assert_slice(hiding_text(&hiding, text, row->kind, &arena), row->shown);
	arena_fini(&arena);
	guard_fini(&guard);
}

/* Whatever secrets are taken out first, the rest is hidden as if they had not been. */
static void
all_hides_what_secrets_do(void **state)
{
	const struct text_row *row = *state;
	struct hiding hiding = {.secrets_only = true}, all = {.key = {1}};
	struct arena arena = {0};
	struct slice text = slice_of(row->text, strlen(row->text));
	struct slice shown = hiding_text(&hiding, text, row->kind, &arena);
	struct slice twice = hiding_text(&all, shown, row->kind, &arena);
	struct slice once = hiding_text(&all, text, row->kind, &arena);

	assert_true(slice_eq(once, twice));
	arena_fini(&arena);
}

static void
part_is_shown(void **state)
{
	const struct part_row *row = *state;
	struct slice whole = SLICE("http://a:b@h/p;sid=cd/e?key=fgh&x=y");
	struct hiding hiding = {.secrets_only = true};
	struct arena arena = {0};

	rows_assert_slice(
		hiding_part(&hiding, whole, slice_part(whole, row->begin, row->end),
			HIDING_URL, &arena),
		row->shown);
	arena_fini(&arena);
}

static void
field_is_shown(void **state)
{
	const struct field_row *row = *state;
	struct field field = http1_field(slice_of(row->line, strlen(row->line)));

	rows_assert_slice(redact_name(REDACT_SECRETS, &field), row->shown);
	rows_assert_slice(redact_value(REDACT_SECRETS, &field), row->value);
	assert_true(slice_eq(redact_value(REDACT_NONE, &field), field.value));
}

static void
words_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct slice word = slice_of(words[i], strlen(words[i]));

		if (!redact_is_secret_parameter(word, false))
			fail_msg("%s is not known", words[i]);
	}
}

static void
words_have_their_letters(void **state)
{
	size_t i = 0;

	(void)state;
	for (struct slice word; word = redact_word(i), word.n; i++)
		if (!redact_is_secret_parameter(word, false))
			fail_msg("%.*s is no secret", (int)word.n, (const char *)word.at);
	assert_int_equal(i, sizeof words / sizeof *words);
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(pseudonyms_are_of_one_key),
		cmocka_unit_test(words_are_known),
		cmocka_unit_test(words_have_their_letters)};

	rows_filter(argc, argv);
	return ROWS_RUN(texts, is_shown) + ROWS_RUN(secrets, only_secrets_are_hidden) +
	       ROWS_RUN(secrets, all_hides_what_secrets_do) +
	       ROWS_RUN(texts, all_hides_what_secrets_do) +
	       ROWS_RUN(parts, part_is_shown) + ROWS_RUN(fields, field_is_shown) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
