#include "analyzer/http/redact.h"

#include "parsers/chars.h"

const char *const redact_names[3] = {
	[REDACT_SECRETS] = "secrets", [REDACT_NONE] = "none", [REDACT_ALL] = "all"};

/* In whatever name. */
static const struct slice words[] = {
	SLICE_INIT("accesskey"),
	SLICE_INIT("accountkey"),
	SLICE_INIT("apikey"),
	SLICE_INIT("assertion"),
	SLICE_INIT("authenticationinfo"),
	SLICE_INIT("authkey"),
	SLICE_INIT("authorization"),
	SLICE_INIT("cookie"),
	SLICE_INIT("credential"),
	SLICE_INIT("csrf"),
	SLICE_INIT("customerkey"),
	SLICE_INIT("functionskey"),
	SLICE_INIT("hmac"),
	SLICE_INIT("jwt"),
	SLICE_INIT("masterkey"),
	SLICE_INIT("passphrase"),
	SLICE_INIT("passw"),
	SLICE_INIT("privatekey"),
	SLICE_INIT("samlre"),
	SLICE_INIT("secret"),
	SLICE_INIT("sessid"),
	SLICE_INIT("session"),
	SLICE_INIT("signature"),
	SLICE_INIT("signingkey"),
	SLICE_INIT("subscriptionkey"),
	SLICE_INIT("token"),
	SLICE_INIT("xsrf"),
};

#define BIT(letter) (UINT32_C(1) << ((letter) - 'a'))
#define AT(letter) [(letter) - 'a']

/* By the first letter of a word the second ones: most names have no such pair.  A test
 * sees to it that each word has its own. */
static const uint32_t second_letters[26] = {
	AT('a') = BIT('c') | BIT('p') | BIT('s') | BIT('u'),
	AT('c') = BIT('o') | BIT('r') | BIT('s') | BIT('u'),
	AT('f') = BIT('u'),
	AT('h') = BIT('m'),
	AT('j') = BIT('w'),
	AT('m') = BIT('a'),
	AT('p') = BIT('a') | BIT('r'),
	AT('s') = BIT('a') | BIT('e') | BIT('i') | BIT('u'),
	AT('t') = BIT('o'),
	AT('x') = BIT('s'),
};

static const struct slice whole_fields[] = {
	SLICE_INIT("auth"),
	SLICE_INIT("dpop"),
	SLICE_INIT("xauth"),
};

static const struct slice whole_parameters[] = {
	SLICE_INIT("auth"),
	SLICE_INIT("hdnea"),
	SLICE_INIT("hdntl"),
	SLICE_INIT("hdnts"),
	SLICE_INIT("key"),
	SLICE_INIT("pass"),
	SLICE_INIT("pw"),
	SLICE_INIT("pwd"),
	SLICE_INIT("sid"),
	SLICE_INIT("sig"),
	SLICE_INIT("ticket"),
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct slice
redact_word(size_t number)
{
	return number < COUNT(words) ? words[number] : (struct slice){NULL, 0};
}

static bool
parts_words(uint8_t c)
{
	return c == '-' || c == '_' || c == '.';
}

/* Behind the word that begins there, or 0: another one does. */
static size_t
read_word(struct slice name, size_t at, struct slice word)
{
	for (size_t i = 0; i < word.n; at++) {
		if (at == name.n)
			return 0;
		if (i && parts_words(name.at[at]))
			continue;
		if (octet_lower(name.at[at]) != word.at[i++])
			return 0;
	}
	return at;
}

static bool
may_begin_word(struct slice name, size_t at)
{
	uint8_t first = octet_lower(name.at[at]), second = octet_lower(name.at[at + 1]);

	return first >= 'a' && first <= 'z' && second >= 'a' && second <= 'z' &&
	       (second_letters[first - 'a'] & BIT(second));
}

static bool
has_word(struct slice name)
{
	for (size_t at = 0; at + 1 < name.n; at++)
		for (size_t i = 0; may_begin_word(name, at) && i < COUNT(words); i++)
			if (read_word(name, at, words[i]))
				return true;
	return false;
}

static bool
is_whole(struct slice name, const struct slice *list, size_t count)
{
	while (name.n && parts_words(name.at[0]))
		name = slice_from(name, 1);
	while (name.n && parts_words(name.at[name.n - 1]))
		name.n--;
	for (size_t i = 0; name.n && i < count; i++)
		if (octet_lower(name.at[0]) == list[i].at[0] &&
			read_word(name, 0, list[i]) == name.n)
			return true;
	return false;
}

bool
redact_is_secret_parameter(struct slice name, bool in_url)
{
	return (in_url && is_whole(name, whole_parameters, COUNT(whole_parameters))) ||
	       has_word(name);
}

static struct slice
leading_token(struct slice name)
{
	size_t n = 0;

	name = slice_trim(name);
	while (n < name.n && (chars_is_alpha(name.at[n]) || chars_is_digit(name.at[n]) ||
				     parts_words(name.at[n])))
		n++;
	return slice_part(name, 0, n);
}

/* A name that is known is that and nothing else; others may only look like one. */
bool
redact_is_secret(const struct field *field)
{
	const uint64_t secrets = FIELD_BIT(FIELD_COOKIE) | FIELD_BIT(FIELD_SET_COOKIE) |
				 FIELD_BIT(FIELD_AUTHORIZATION) |
				 FIELD_BIT(FIELD_PROXY_AUTHORIZATION);
	struct slice token;

	if (field->id != FIELD_OTHER)
		return (secrets & FIELD_BIT(field->id)) != 0;
	token = leading_token(field->name);
	return is_whole(token, whole_fields, COUNT(whole_fields)) || has_word(token);
}

struct slice
redact_name(enum redact redact, const struct field *field)
{
	if (redact == REDACT_NONE || !redact_is_secret(field))
		return field->name;
	return leading_token(field->name);
}

struct slice
redact_value(enum redact redact, const struct field *field)
{
	if (redact == REDACT_NONE || !redact_is_secret(field))
		return field->value;
	return REDACTED;
}
