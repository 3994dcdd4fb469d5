#include "analyzer/ledger/fix.h"

#include "parsers/chars.h"

const char fix_doubt_machines[] = "Whether one machine answered, or several.";

static const struct fix fixes[] = {
#define CAUSE_ANY FIX_CAUSE_ANY
#define FIX(class, cause, party, name, what, lines, unknown, mind)                       \
	{WASTE_##class, CAUSE_##cause, FIX_##party, name, what, lines, unknown, mind},
#include "analyzer/ledger/fix.def"
#undef FIX
#undef CAUSE_ANY
};

size_t
fix_count(void)
{
	return sizeof fixes / sizeof *fixes;
}

const struct fix *
fix_at(size_t index)
{
	return &fixes[index];
}

static const struct fix *
find(enum waste_class class, unsigned cause, enum fix_party party)
{
	for (size_t i = 0; i < fix_count(); i++)
		if (fixes[i].class == class && fixes[i].cause == cause &&
			fixes[i].party == party)
			return &fixes[i];
	return NULL;
}

const struct fix *
fix_find(enum waste_class class, enum waste_cause cause, enum fix_party party)
{
	const struct fix *fix = find(class, cause, party);

	if (!fix)
		fix = find(class, cause, FIX_OTHER);
	if (!fix)
		fix = find(class, FIX_CAUSE_ANY, party);
	return fix ? fix : find(class, FIX_CAUSE_ANY, FIX_OTHER);
}

/* ---- who it is ---- */

/* The name and, at its end, no letter: "Apache/2.4", but not "Apache-Coyote/1.1". */
static bool
is_product(struct slice value, const char *name)
{
	struct slice wanted = slice_of(name, strlen(name));

	if (value.n < wanted.n ||
		!slice_eq_nocase(slice_part(value, 0, wanted.n), wanted))
		return false;
	return value.n == wanted.n || value.at[wanted.n] == '/' ||
	       value.at[wanted.n] == ' ';
}

/* As they call themselves. */
static const char *const products[FIX_PARTIES] = {
	[FIX_NGINX] = "nginx",
	[FIX_APACHE] = "Apache",
	[FIX_EXPRESS] = "Express",
	[FIX_CURL] = "curl",
	[FIX_WGET] = "Wget",
	[FIX_REQUESTS] = "python-requests",
};

const struct fix *
fix_elsewhere(const struct fix *fix, enum waste_cause cause, enum fix_party party,
	struct slice software)
{
	const struct fix *other;

	if (*fix->lines || party == FIX_OTHER || is_product(software, products[party]))
		return NULL;
	other = fix_find(fix->class, cause, party);
	return other && other->party == party && *other->lines ? other : NULL;
}

/*
 * Tags have the form of what made them, all in hexadecimal: nginx a time of eight digits
 * and the size, Apache the size and a time in microseconds, Express the size and 27
 * digits of a digest, or for files a time in milliseconds.
 */
static enum fix_party
party_of_tag(const struct etag *tag)
{
	struct slice stem = etag_without_coding_suffix(tag->opaque, &(struct slice){0});
	size_t dash = slice_find(stem, '-', 0);
	struct slice first = slice_part(stem, 0, dash), rest = slice_from(stem, dash + 1);

	if (!tag->raw.at || !chars_are(first, CHARS_HEXDIG))
		return FIX_OTHER;
	if (rest.n == 27)
		return FIX_EXPRESS;
	if (!chars_are(rest, CHARS_HEXDIG))
		return FIX_OTHER;
	if (rest.n == 13)
		return FIX_APACHE;
	if (rest.n == 11 && tag->weak)
		return FIX_EXPRESS;
	return first.n == 8 && rest.n <= 10 ? FIX_NGINX : FIX_OTHER;
}

/* The lines were tried on newer ones, and some of these do not know them. */
static bool
is_old(struct slice server)
{
	static const struct slice versions[] = {SLICE_INIT("Apache/1."),
		SLICE_INIT("Apache/2.0"), SLICE_INIT("Apache/2.2"),
		SLICE_INIT("nginx/0.")};

	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
		if (slice_has_prefix(server, versions[i]))
			return true;
	return false;
}

/* An application behind a server is asked first: validators are its business. */
static enum fix_party
party_of_server(const struct exchange *x)
{
	struct slice server = message_value(&x->r, FIELD_SERVER);

	if (is_product(message_value(&x->r, FIELD_X_POWERED_BY), "Express") ||
		party_of_tag(&x->etag) == FIX_EXPRESS)
		return FIX_EXPRESS;
	if (is_old(server))
		return FIX_OTHER;
	if (is_product(server, "nginx") || is_product(server, "openresty"))
		return FIX_NGINX;
	if (is_product(server, "Apache"))
		return FIX_APACHE;
	return server.n ? FIX_OTHER : party_of_tag(&x->etag);
}

static enum fix_party
party_of_client(const struct exchange *x)
{
	struct slice agent = message_value(&x->q, FIELD_USER_AGENT);

	for (enum fix_party party = FIX_CURL; party < FIX_PARTIES; party++)
		if (is_product(agent, products[party]))
			return party;
	return FIX_OTHER;
}

enum fix_party
fix_party_of(const struct exchange *x, enum fault fault)
{
	return fault == FAULT_CLIENT ? party_of_client(x) : party_of_server(x);
}

struct slice
fix_party_value(const struct exchange *x, enum fault fault)
{
	struct slice powered = message_value(&x->r, FIELD_X_POWERED_BY);

	if (fault == FAULT_CLIENT)
		return message_value(&x->q, FIELD_USER_AGENT);
	if (is_product(powered, "Express"))
		return powered;
	return message_value(&x->r, FIELD_SERVER);
}

const char *
fix_party_name(enum fix_party party)
{
	static const char *const names[] = {
		[FIX_OTHER] = NULL,
		[FIX_NGINX] = "nginx",
		[FIX_APACHE] = "Apache httpd",
		[FIX_EXPRESS] = "Express",
		[FIX_CURL] = "curl",
		[FIX_WGET] = "wget",
		[FIX_REQUESTS] = "python-requests",
	};

	return names[party];
}
