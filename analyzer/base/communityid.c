#include "analyzer/base/communityid.h"

#include "analyzer/base/sha1.h"

#include <assert.h>

enum {
	PROTOCOL_TCP = 6
};

static void
base64(const uint8_t *at, size_t n, char *text)
{
	static const char digits
		[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; n; at += n < 3 ? n : 3, n -= n < 3 ? n : 3) {
		uint32_t bits = (uint32_t)at[0] << 16 | (n > 1 ? at[1] << 8 : 0) |
				(n > 2 ? at[2] : 0);

		*text++ = digits[bits >> 18];
		*text++ = digits[bits >> 12 & 63];
		*text++ = n > 1 ? digits[bits >> 6 & 63] : '=';
		*text++ = n > 2 ? digits[bits & 63] : '=';
	}
	*text = '\0';
}

static size_t
put(uint8_t *at, struct slice s)
{
	memcpy(at, s.at, s.n);
	return s.n;
}

static size_t
put_port(uint8_t *at, uint16_t port)
{
	at[0] = (uint8_t)(port >> 8);
	at[1] = (uint8_t)port;
	return 2;
}

void
communityid(struct slice a, uint16_t a_port, struct slice b, uint16_t b_port,
	char text[COMMUNITYID_BYTES])
{
	static const uint8_t seed[2], protocol[2] = {PROTOCOL_TCP, 0};
	uint8_t tuple[2 + 16 + 16 + 2 + 2 + 2], digest[SHA1_BYTES];
	size_t n;
	int order;

	assert(a.n == b.n && (a.n == 4 || a.n == 16));
	order = memcmp(a.at, b.at, a.n);
	if (order > 0 || (order == 0 && a_port > b_port)) {
		communityid(b, b_port, a, a_port, text);
		return;
	}
	n = put(tuple, slice_of(seed, sizeof seed));
	n += put(tuple + n, a);
	n += put(tuple + n, b);
	n += put(tuple + n, slice_of(protocol, sizeof protocol));
	n += put_port(tuple + n, a_port);
	n += put_port(tuple + n, b_port);
	sha1(slice_of(tuple, n), digest);
	text[0] = '1';
	text[1] = ':';
	base64(digest, sizeof digest, text + 2);
}
