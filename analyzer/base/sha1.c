#include "analyzer/base/sha1.h"

enum {
	SHA1_BLOCK_BYTES = 64
};

static uint32_t
rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* The functions and constants of the four rounds.  [RFC3174 5] */
static uint32_t
round_of(unsigned t, uint32_t b, uint32_t c, uint32_t d)
{
	switch (t / 20) {
	case 0:
		return ((b & c) | (~b & d)) + 0x5a827999;
	case 1:
		return (b ^ c ^ d) + 0x6ed9eba1;
	case 2:
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	default:
		return (b ^ c ^ d) + 0xca62c1d6;
	}
}

static void
digest_block(uint32_t h[5], const uint8_t block[SHA1_BLOCK_BYTES])
{
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

	for (unsigned t = 0; t < 16; t++)
		w[t] = (uint32_t)block[t * 4] << 24 | (uint32_t)block[t * 4 + 1] << 16 |
		       (uint32_t)block[t * 4 + 2] << 8 | block[t * 4 + 3];
	for (unsigned t = 16; t < 80; t++)
		w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
	for (unsigned t = 0; t < 80; t++) {
		uint32_t next = rotate(a, 5) + round_of(t, b, c, d) + e + w[t];

		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

static void
put_length(uint8_t at[8], uint64_t bits)
{
	for (unsigned i = 0; i < 8; i++)
		at[i] = (uint8_t)(bits >> (56 - 8 * i));
}

void
sha1(struct slice message, uint8_t digest[SHA1_BYTES])
{
	uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	uint8_t tail[2 * SHA1_BLOCK_BYTES] = {0};
	uint64_t bits = (uint64_t)message.n * 8;
	size_t tail_bytes;

	for (; message.n >= SHA1_BLOCK_BYTES;
		message = slice_from(message, SHA1_BLOCK_BYTES))
		digest_block(h, message.at);
	if (message.n)
		memcpy(tail, message.at, message.n);
	tail[message.n] = 0x80;
	tail_bytes = message.n + 9 > SHA1_BLOCK_BYTES ? sizeof tail : SHA1_BLOCK_BYTES;
	put_length(tail + tail_bytes - 8, bits);
	for (size_t i = 0; i < tail_bytes; i += SHA1_BLOCK_BYTES)
		digest_block(h, tail + i);
	for (unsigned i = 0; i < SHA1_BYTES; i++)
		digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}
