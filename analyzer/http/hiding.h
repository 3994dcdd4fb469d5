/*
 * analyzer/http/hiding.h - what of texts is not shown
 *
 * What is judged is the exchange; what is shown is a twin of it, in which
 *
 *	user information	in front of a host is "[redacted]"
 *	secret parameters	likewise, wherever NAME=VALUE stands and redact.h calls
 *				the name a secret's: in a query, in a path
 *				(;jsessionid=), in any text; the "=" may be written as
 *				%3D, as in a URL within a URL
 *	fields in fields	the value of a secret field behind a bare CR
 *
 * and with --redact all, in what these have left, so that it never shows more
 *
 *	values of queries	are "[redacted]": of the target, and of whatever field
 *				has a URL; a part without "=" counts as a value
 *	fragments		likewise; in a text those with a "="
 *	addresses		of packets and in texts are pseudonyms, loopback excepted
 *
 * so that no printer needs to know, and no verdict depends on it.  A pseudonym is an
 * address of 100::/64, which is never on a wire [RFC6666]; its 64 bits are a hash of
 * the address with a key.  Equal addresses have equal pseudonyms, but neighbours do not
 * have similar ones.
 *
 * The key is a hash of the capture's first packets up to the first octets of a stream.
 * So the same input is printed with the same octets, nobody who has only the output can
 * try all addresses, and pseudonyms of two captures have nothing to do with each other.
 * Who has the capture has the key, and the addresses.
 *
 * In product fields (User-Agent, Server) what looks like an address but follows a
 * product's name and "/" is taken for a version.
 *
 * Cost: one look for "=" and "@" through the heads, and where one tells something a
 * pass over the fields; with --redact all that and two hashes an exchange.
 */
#ifndef ANALYZER_HTTP_HIDING_H
#define ANALYZER_HTTP_HIDING_H

#include "analyzer/base/sha1.h"
#include "analyzer/http/exchange.h"

struct hiding {
	bool secrets_only; /* neither queries nor addresses: no key is needed */
	uint8_t key[SHA1_BYTES];
	bool is_sealed; /* no packet changes the key any more */
};

/* Until the first stream begins, each packet is a part of the key. */
void hiding_feed(struct hiding *hiding, int64_t ts_ns, struct slice octets);
void hiding_seal(struct hiding *hiding);

/* Without a hiding (NULL) what is given. */
struct address hiding_address(const struct hiding *hiding, const struct address *address);
struct endpoint hiding_endpoint(
	const struct hiding *hiding, const struct endpoint *endpoint);

bool hiding_is_pseudonym(const struct address *address);

enum hiding_text {
	HIDING_TEXT,	 /* any: a URL in it ends at a blank, a quote or ">" */
	HIDING_URL,	 /* one URL to its end */
	HIDING_PRODUCTS, /* any, with versions of products */
};

/* The text without what is to be hidden: itself, or a copy in the arena. */
struct slice hiding_text(const struct hiding *hiding, struct slice text,
	enum hiding_text kind, struct arena *arena);

/* The same of a part of the text: what is hidden of the whole is hidden of it. */
struct slice hiding_part(const struct hiding *hiding, struct slice text,
	struct slice part, enum hiding_text kind, struct arena *arena);

/* Something in the text is secret, or may be. */
bool hiding_may_tell(struct slice text);

/*
 * Makes `twin` what may be shown of an exchange, and returns it; the exchange itself
 * if nothing of it is to be hidden.  The twin borrows from the exchange, must not be let
 * out of sight of it, and is done with by hiding_twin_fini().
 */
const struct exchange *hiding_twin(
	const struct hiding *hiding, const struct exchange *x, struct exchange *twin);
void hiding_twin_fini(const struct exchange *x, struct exchange *twin);

/* Octets of a message of the exchange, or of another one, as they may be shown. */
struct slice hiding_quote(const struct hiding *hiding, const struct exchange *x,
	struct slice quote, struct arena *arena);

#endif
