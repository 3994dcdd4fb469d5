/*
 * parsers/forwarded.h - for whom proxies say that they speak
 *
 *	X-Forwarded-For = #( node )
 *	Forwarded = #( pair *( ";" pair ) ), of which for=node	[RFC7239 4, 6]
 *	node = IPv4 [ ":" port ] / "[" IPv6 "]" [ ":" port ] / IPv6
 *
 * Each proxy adds an element on the right, so only those that trusted machines
 * added are worth anything, and a reader begins there.  `unknown` and names that
 * hide an address (_hidden) are no addresses.  X-Forwarded-For is no standard: what
 * is in use comes with a port, in brackets and in quotes.
 */
#ifndef PARSERS_FORWARDED_H
#define PARSERS_FORWARDED_H

#include "parsers/address.h"

enum {
	FORWARDED_HOPS_MAX = 64 /* more to the left are not looked at */
};

struct forwarded {
	struct slice value;
	struct slice hops[FORWARDED_HOPS_MAX]; /* the last ones, as a ring */
	size_t count;			       /* elements of the value */
};

/* `value`: all lines of the field, joined. */
void forwarded_open(struct forwarded *forwarded, struct slice value);

/* How many elements can be looked at; number 0 is the last. */
size_t forwarded_hops(const struct forwarded *forwarded);
struct slice forwarded_hop(const struct forwarded *forwarded, size_t number);

/* The address of an element of X-Forwarded-For, or of one of Forwarded. */
bool forwarded_address(struct slice node, struct address *address);
bool forwarded_for(struct slice element, struct address *address);

#endif
