/*
 * parsers/target.h - what a request line asks for
 *
 *	origin-form    = absolute-path [ "?" query ]		[RFC9112 3.2.1]
 *	absolute-form  = scheme "://" authority path-abempty [ "?" query ]
 *	authority-form = uri-host ":" port			(CONNECT)
 *	asterisk-form  = "*"
 *
 * Octets stay as sent: no percent-decoding, no lower-casing, no path is made
 * shorter.  A fragment is cut off and userinfo dropped, since neither belongs in a
 * request and neither names the resource.  The path of `http://h` is "/".  In
 * `http://h?q` it is "?q", which a recipient reads as "/?q".
 *
 * Lifetime: slices point into the request target, or to static storage.
 */
#ifndef PARSERS_TARGET_H
#define PARSERS_TARGET_H

#include "parsers/slice.h"

enum {
	TARGET_PLAIN_BYTES = 1024
};

enum target_form {
	TARGET_ORIGIN,
	TARGET_ABSOLUTE,
	TARGET_AUTHORITY,
	TARGET_ASTERISK,
	TARGET_OTHER, /* none of them: all of it is path_query */
};

struct target {
	struct slice scheme;	 /* {NULL, 0} unless absolute */
	struct slice authority;	 /* {NULL, 0} unless absolute or authority */
	struct slice path_query; /* {NULL, 0} if authority */
	enum target_form form;
};

struct target target_parse(struct slice request_target, struct slice method);

/*
 * An authority without userinfo and without the port that its scheme implies: 80
 * for http and where there is no scheme, 443 for https.  An empty port goes too.
 */
struct slice target_host_without_default_port(
	struct slice authority, struct slice scheme);

/* Nothing can be odd about them: a name or an IPv4 address of letters, digits, "." and
 * "-", without a port; an origin-form of these and "/", "_", "?", "=", "&", not long. */
bool target_host_is_plain(struct slice authority);
bool target_is_plain(struct slice request_target);

#endif
