/*
 * parsers/network.h - a range of addresses: ADDRESS/BITS
 *
 * Without /BITS it is one address.  Bits behind the prefix do not count.  A range of
 * IPv6 holds no IPv4 address, unless it is spelled as one of mapped addresses.
 */
#ifndef PARSERS_NETWORK_H
#define PARSERS_NETWORK_H

#include "parsers/address.h"

struct network {
	struct address address;
	unsigned bits; /* of all 128 */
};

bool network_parse(struct slice text, struct network *network);

bool network_has(const struct network *network, const struct address *address);

#endif
