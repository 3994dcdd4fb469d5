#include "parsers/network.h"

#include "parsers/number.h"

enum {
	MAPPED_BITS = 96
};

bool
network_parse(struct slice text, struct network *network)
{
	size_t slash = slice_find(text, '/', 0);
	struct slice address = slice_part(text, 0, slash);
	unsigned before = 0;
	uint64_t bits;

	if (!address_parse(address, &network->address))
		return false;
	network->bits = 128;
	if (slash == text.n)
		return true;
	if (slice_find(address, ':', 0) == address.n)
		before = MAPPED_BITS;
	if (!number_decimal(slice_from(text, slash + 1), &bits) || bits > 128 - before)
		return false;
	network->bits = before + (unsigned)bits;
	return true;
}

bool
network_has(const struct network *network, const struct address *address)
{
	const uint8_t *a = network->address.octets, *b = address->octets;
	unsigned whole = network->bits / 8, rest = network->bits % 8;

	if (network->bits < MAPPED_BITS && address_is_ipv4(address))
		return false;
	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}
