#include "analyzer/report/report_endpoint.h"

#include "parsers/number.h"

#include <stdio.h>

struct text
report_server_name(const struct endpoint *server)
{
	struct text name;

	snprintf(name.s, sizeof name.s,
		address_is_ipv4(&server->address) ? "%.15s:%u" : "[%.39s]:%u",
		address_name(&server->address).s, server->port);
	return name;
}

bool
report_endpoint_read(struct slice text, struct endpoint *endpoint)
{
	size_t end = text.n;
	struct slice address;
	uint64_t port;

	while (end && text.at[end - 1] != ':')
		end--;
	address = slice_part(text, 0, end ? end - 1 : 0);
	if (address.n > 2 && address.at[0] == '[' && address.at[address.n - 1] == ']')
		address = slice_part(address, 1, address.n - 1);
	*endpoint = (struct endpoint){0};
	if (!number_decimal(slice_from(text, end), &port) || port > UINT16_MAX)
		return false;
	endpoint->port = (uint16_t)port;
	return address_parse(address, &endpoint->address);
}
