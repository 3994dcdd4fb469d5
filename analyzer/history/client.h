/*
 * analyzer/history/client.h - which cache a request comes from
 *
 * A client key stands for one cache.  Ports are no part of it, for they change with
 * every connection.  What is, the user chooses:
 *
 *	ip-ua		address and User-Agent: several programs behind one address
 *			have caches of their own (the default)
 *	ip		the address alone
 *	conn		the TCP connection: nothing is ever merged, much is split
 *	xff		as ip-ua, with the address that trusted proxies name
 *	cookie:NAME	as xff, and the value of that cookie
 *	authorization	as xff, and the value of Authorization
 *
 * Of trusted proxies: a proxy adds whom it speaks for on the right of
 * X-Forwarded-For, else of Forwarded, and only what trusted machines wrote is
 * believed.  So the walk goes from the right, starting with the peer, over trusted
 * addresses to the first other one.  An element that is no address ends it where it
 * is, so that nobody can hide behind one.
 *
 * Values of cookies and of Authorization are never kept: a hash with the seed of the
 * run is.  Nothing else in the program asks who the client is.
 */
#ifndef ANALYZER_HISTORY_CLIENT_H
#define ANALYZER_HISTORY_CLIENT_H

#include "analyzer/base/key.h"
#include "analyzer/base/out.h"
#include "analyzer/http/exchange.h"
#include "parsers/network.h"

enum client_by {
	CLIENT_BY_IP_UA,
	CLIENT_BY_IP,
	CLIENT_BY_CONN,
	CLIENT_BY_XFF,
	CLIENT_BY_COOKIE,
	CLIENT_BY_AUTHORIZATION,
};

/* Whoever makes one owns what it points to, for as long as it is used. */
struct client_rule {
	enum client_by by;
	struct slice cookie; /* its name */
	const struct network *trusted;
	size_t trusted_count;
};

/* Reads `ip-ua`, `cookie:NAME` and the like; the trusted proxies stay as they are. */
bool client_rule_parse(struct slice text, struct client_rule *rule);

/* Whether the rule asks proxies at all. */
bool client_rule_walks(const struct client_rule *rule);

/* What a request says of its sender. */
struct client {
	struct key key;
	uint64_t plain;		/* a hash without the seed of all but credentials */
	struct address address; /* of the sender, as far as proxies are trusted */
	bool has_credential;	/* the key rests on one */
	bool via;		/* a proxy says so itself */
	uint32_t forwarded;   /* of what untrusted machines wrote of others; 0: nothing */
	uint32_t credentials; /* of Authorization, else of the cookies; 0: none */
};

struct client client_of(
	const struct client_rule *rule, uint64_t seed, const struct exchange *x);

/*
 * The client key as people would write it.  A credential is shown by the number of
 * its key, which is no secret.
 */
void client_write(struct out *out, const struct client_rule *rule,
	const struct exchange *x, uint32_t number);

#endif
