#include "analyzer/http/redact.h"

/* Letters and "-" are all that the secret names are made of. */
static size_t
token_length(struct slice name)
{
	size_t n = 0;

	while (n < name.n &&
		(name.at[n] == '-' || (octet_lower(name.at[n]) >= 'a' &&
					      octet_lower(name.at[n]) <= 'z')))
		n++;
	return n;
}

static struct slice
leading_token(struct slice name)
{
	name = slice_trim(name);
	return slice_part(name, 0, token_length(name));
}

static bool
is_secret(struct slice name)
{
	static const struct slice secrets[] = {
		SLICE_INIT("cookie"),
		SLICE_INIT("set-cookie"),
		SLICE_INIT("authorization"),
		SLICE_INIT("proxy-authorization"),
	};
	struct slice token;

	/* Of all names only those that begin with one of these letters are looked at. */
	name = slice_trim(name);
	if (!name.n || !memchr("acps", octet_lower(name.at[0]), 4))
		return false;
	token = leading_token(name);
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		if (slice_eq_nocase(token, secrets[i]))
			return true;
	return false;
}

/* A name that is known is that and nothing else; others may only look like one. */
static bool
has_secret(const struct field *field)
{
	const uint64_t secrets = FIELD_BIT(FIELD_COOKIE) | FIELD_BIT(FIELD_SET_COOKIE) |
				 FIELD_BIT(FIELD_AUTHORIZATION) |
				 FIELD_BIT(FIELD_PROXY_AUTHORIZATION);

	return field->id == FIELD_OTHER ? is_secret(field->name)
					: (secrets & FIELD_BIT(field->id)) != 0;
}

struct slice
redact_name(enum redact redact, const struct field *field)
{
	if (redact == REDACT_NONE || !has_secret(field))
		return field->name;
	return leading_token(field->name);
}

struct slice
redact_value(enum redact redact, const struct field *field)
{
	if (redact == REDACT_NONE || !has_secret(field))
		return field->value;
	return REDACTED;
}
