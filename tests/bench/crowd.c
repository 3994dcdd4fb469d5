/*
 * tests/bench/crowd.c - a capture of very many clients and resources
 *
 *	crowd CLIENTS RESOURCES EXCHANGES >PCAP
 *
 * Exchange n is of client n mod CLIENTS and resource n mod RESOURCES, each on a
 * connection of its own: a 200 with both validators the first time, a 304 after
 * that.  It is for the memory of tables:
 *
 *	crowd 1000000 1000000 1000000 | /usr/bin/time -v cachetap -
 *
 * Checksums are left out.  The same arguments give the same octets.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEAD_BYTES = 14 + 20 + 20,
	MESSAGE_BYTES_MAX = 1024,
	STEP_US = 20,
	FIN = 0x01,
	SYN = 0x02,
	ACK = 0x10,
};

struct talk {
	uint64_t now_us;
	uint32_t client, seq[2];
	uint16_t port;
};

static void
put_be(uint8_t *at, uint32_t value, unsigned octets)
{
	while (octets--) {
		at[octets] = (uint8_t)value;
		value >>= 8;
	}
}

static void
put_le32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void
put(const void *octets, size_t n)
{
	if (n && fwrite(octets, 1, n, stdout) != n)
		exit(1);
}

/* 10.0.0.0/8 has room for sixteen million. */
static void
put_addresses(uint8_t *at, const struct talk *t, int from)
{
	put_be(at + (from ? 4 : 0), 0x0a000001u + t->client, 4);
	put_be(at + (from ? 0 : 4), 0xc0000250u, 4);
}

static void
send(struct talk *t, int from, unsigned flags, const char *payload)
{
	size_t n = payload ? strlen(payload) : 0;
	uint8_t record[16], head[HEAD_BYTES] = {0};

	put_le32(record, (uint32_t)(1700000000 + t->now_us / 1000000));
	put_le32(record + 4, (uint32_t)(t->now_us % 1000000));
	put_le32(record + 8, (uint32_t)(HEAD_BYTES + n));
	put_le32(record + 12, (uint32_t)(HEAD_BYTES + n));
	put_be(head + 12, 0x0800, 2);
	put_be(head + 14, 0x4500, 2);
	put_be(head + 16, (uint32_t)(40 + n), 2);
	put_be(head + 22, 64 << 8 | 6, 2);
	put_addresses(head + 26, t, from);
	put_be(head + 34, from ? 80 : t->port, 2);
	put_be(head + 36, from ? t->port : 80, 2);
	put_be(head + 38, t->seq[from], 4);
	put_be(head + 42, flags & ACK ? t->seq[!from] : 0, 4);
	put_be(head + 46, 0x5000 | flags, 2);
	put_be(head + 48, 65535, 2);
	put(record, sizeof record);
	put(head, sizeof head);
	put(payload, n);
	t->seq[from] += (uint32_t)n + !!(flags & SYN) + !!(flags & FIN);
	t->now_us += STEP_US;
}

static void
exchange(struct talk *t, uint64_t resource, int again)
{
	char request[MESSAGE_BYTES_MAX], response[MESSAGE_BYTES_MAX];

	snprintf(request, sizeof request,
		"GET /item/%" PRIu64 "/page.html HTTP/1.1\r\nHost: www.example\r\n"
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) crowd/1.0\r\n%s%" PRIu64
		"%s\r\n",
		resource, again ? "If-None-Match: \"" : "X-Client: ", resource,
		again ? "\"\r\n" : "\r\n");
	snprintf(response, sizeof response,
		"HTTP/1.1 %s\r\nServer: crowd\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
		"ETag: \"%" PRIu64
		"\"\r\nLast-Modified: Mon, 13 Nov 2023 22:13:20 GMT\r\n"
		"Cache-Control: no-cache\r\nContent-Type: text/html\r\n%s%020" PRIu64,
		again ? "304 Not Modified" : "200 OK", resource,
		again ? "X-Nothing: " : "Content-Length: 20\r\n\r\n", resource);
	if (again)
		memcpy(response + strlen(response) - 20, "0\r\n\r\n", 6);
	send(t, 0, SYN, NULL);
	send(t, 1, SYN | ACK, NULL);
	send(t, 0, ACK, NULL);
	send(t, 0, ACK, request);
	send(t, 1, ACK, response);
	send(t, 0, FIN | ACK, NULL);
	send(t, 1, FIN | ACK, NULL);
	send(t, 0, ACK, NULL);
}

int
main(int argc, char **argv)
{
	uint8_t head[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4};
	uint64_t clients, resources, exchanges;
	struct talk t = {0};

	if (argc != 4) {
		fprintf(stderr, "crowd CLIENTS RESOURCES EXCHANGES >PCAP\n");
		return 2;
	}
	clients = strtoull(argv[1], NULL, 10);
	resources = strtoull(argv[2], NULL, 10);
	exchanges = strtoull(argv[3], NULL, 10);
	if (!clients || !resources)
		return 2;
	put_le32(head + 16, 65535);
	put_le32(head + 20, 1);
	put(head, sizeof head);
	for (uint64_t n = 0; n < exchanges; n++) {
		t.client = (uint32_t)(n % clients);
		t.port = (uint16_t)(10000 + n / clients % 50000);
		t.seq[0] = t.seq[1] = 1000;
		exchange(&t, n % resources, n >= clients && n >= resources);
	}
	return fflush(stdout) != 0;
}
