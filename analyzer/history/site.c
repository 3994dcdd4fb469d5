#include "analyzer/history/site.h"

#include "analyzer/base/key.h"
#include "parsers/target.h"

/* Without the port, whatever it is: a site has all of them. */
static struct slice
without_port(struct slice host)
{
	size_t end = host.n;

	while (end > 0 && host.at[end - 1] >= '0' && host.at[end - 1] <= '9')
		end--;
	return end > 0 && end < host.n && host.at[end - 1] == ':'
		       ? slice_part(host, 0, end - 1)
		       : host;
}

/* IPv4 addresses end in a digit, IPv6 ones in a bracket; names do neither. */
static bool
is_address(struct slice host)
{
	uint8_t last = host.n ? host.at[host.n - 1] : 0;

	return last == ']' || (last >= '0' && last <= '9');
}

static struct slice
last_two_labels(struct slice host)
{
	unsigned dots = 0;

	for (size_t at = host.n; at > 0; at--)
		if (host.at[at - 1] == '.' && ++dots == 2)
			return slice_from(host, at);
	return host;
}

struct site
site_of(const struct exchange *x)
{
	struct target target = target_parse(
		message_value(&x->q, FIELD_REFERER), SLICE("GET"));
	struct site site = {
		.cross = slice_eq_nocase(
			message_value(&x->q, FIELD_SEC_FETCH_SITE), SLICE("cross-site"))};
	struct slice host;

	if (target.form != TARGET_ABSOLUTE)
		return site;
	host = without_port(
		target_host_without_default_port(target.authority, target.scheme));
	if (!host.n)
		return site;
	if (!is_address(host))
		host = last_two_labels(host);
	site.name = (uint32_t)key_add_nocase(key_start(0), host).low | 1;
	return site;
}

bool
site_differs(struct site a, struct site b)
{
	if (a.name && b.name)
		return a.name != b.name;
	return a.cross || b.cross;
}
