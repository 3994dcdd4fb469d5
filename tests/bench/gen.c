/*
 * tests/bench/gen.c - a capture of HTTP traffic, and the truth about it
 *
 *	gen [--seed N] [--bytes N] [--slots N] [--profile small|large] PCAP TRUTH
 *
 * Browsers with caches talk to servers whose resources change now and then: first
 * requests, conditional ones by tag, by date and by both, 304, changed content, the
 * same content although the condition matched, chunked bodies, HEAD and POST, over
 * IPv4, IPv6 and VLANs, `slots` connections at a time.  Nothing is lost or reordered.
 *
 * The truth is JSON in the shape of cachetap's report, restricted to what the
 * generator knows.  The same options give the same octets.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	RESOURCES = 200,
	CLIENTS = 16,
	MSS_BYTES = 1400,
	POOL_BYTES = 1 << 20,
	BODY_BYTES_MAX = 200 * 1024,
	MESSAGE_BYTES_MAX = BODY_BYTES_MAX + 8192,
	FRAME_BYTES_MAX = 14 + 4 + 40 + 20 + MSS_BYTES,
	CHUNK_BYTES = 4096,
};

enum {
	FIN = 0x01,
	SYN = 0x02,
	PSH = 0x08,
	ACK = 0x10,
};

struct resource {
	uint32_t size_bytes;
	bool is_chunked;
	uint8_t validators; /* 1 tag, 2 date, 3 both */
	uint8_t version;    /* from 1; 0 in `held` is no copy */
};

struct connection {
	bool is_open, is_ipv6;
	uint16_t vlan;
	uint16_t client, port;
	uint32_t seq[2]; /* of the client, of the server */
	unsigned left;	 /* requests */
};

struct truth {
	uint64_t packets, frame_bytes, flows;
	uint64_t gets, heads, posts;
	uint64_t oks, not_modified, no_content;
	uint64_t conditional, validated;
	uint64_t q_head, q_body, r_head, r_content, r_framing;
};

struct gen {
	FILE *file;
	uint64_t random;
	uint64_t bytes; /* written */
	uint64_t now_us;
	bool is_large;
	struct resource resources[RESOURCES];
	uint8_t held[CLIENTS][RESOURCES];
	uint8_t pool[POOL_BYTES + BODY_BYTES_MAX];
	uint8_t message[MESSAGE_BYTES_MAX];
	size_t message_bytes;
	uint16_t next_port, ip_id;
	struct truth truth;
};

static void
gen_fail(const char *what)
{
	fprintf(stderr, "gen: %s\n", what);
	exit(1);
}

/* splitmix64 */
static uint64_t
gen_random(struct gen *g)
{
	uint64_t z = g->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint32_t
gen_below(struct gen *g, uint32_t bound)
{
	return (uint32_t)(gen_random(g) % bound);
}

static void
gen_put(struct gen *g, const void *octets, size_t n)
{
	if (fwrite(octets, 1, n, g->file) != n)
		gen_fail("the capture cannot be written");
	g->bytes += n;
}

static uint8_t *
put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return at + 2;
}

static uint8_t *
put32(uint8_t *at, uint32_t value)
{
	return put16(put16(at, value >> 16), value);
}

static uint32_t
sum16(uint32_t sum, const uint8_t *at, size_t n)
{
	for (; n > 1; at += 2, n -= 2)
		sum += (uint32_t)at[0] << 8 | at[1];
	return n ? sum + ((uint32_t)at[0] << 8) : sum;
}

/* [RFC1071 1] */
static uint16_t
checksum(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint8_t *
put_address(uint8_t *at, const struct connection *c, bool is_server)
{
	uint32_t low = is_server ? 0x0a010001 : 0x0a000100u + c->client;

	if (c->is_ipv6) {
		at = put32(at, 0x20010db8);
		at = put32(at, 0);
		at = put32(at, 0);
	}
	return put32(at, low);
}

static uint8_t *
put_link(uint8_t *at, const struct connection *c, int from)
{
	memset(at, 0, 12);
	at[0] = at[6] = 2;
	at[5] = (uint8_t)!from;
	at[11] = (uint8_t)from;
	at += 12;
	if (c->vlan)
		at = put16(put16(at, 0x8100), c->vlan);
	return put16(at, c->is_ipv6 ? 0x86dd : 0x0800);
}

static uint8_t *
put_ip(struct gen *g, uint8_t *at, const struct connection *c, int from, size_t tcp_bytes)
{
	uint8_t *begin = at;

	if (c->is_ipv6) {
		at = put32(at, 0x60000000);
		at = put16(at, (uint32_t)tcp_bytes);
		at = put16(at, 6 << 8 | 64);
	} else {
		at = put16(at, 0x4500);
		at = put16(at, (uint32_t)tcp_bytes + 20);
		at = put16(at, g->ip_id++);
		at = put16(at, 0x4000);
		at = put16(at, 64 << 8 | 6);
		at = put16(at, 0);
	}
	at = put_address(at, c, from);
	at = put_address(at, c, !from);
	if (!c->is_ipv6)
		put16(begin + 10, checksum(sum16(0, begin, 20)));
	return at;
}

static uint8_t *
put_tcp(uint8_t *at, const struct connection *c, int from, unsigned flags,
	const uint8_t *payload, size_t n)
{
	uint8_t *begin = at;
	size_t address_bytes = c->is_ipv6 ? 32 : 8;
	uint32_t sum = sum16(6 + 20 + (uint32_t)n, begin - address_bytes, address_bytes);

	at = put16(at, from ? 80 : c->port);
	at = put16(at, from ? c->port : 80);
	at = put32(at, c->seq[from]);
	at = put32(at, flags & ACK ? c->seq[!from] : 0);
	at = put16(at, 5u << 12 | flags);
	at = put16(at, 65535);
	at = put32(at, 0);
	if (n)
		memcpy(at, payload, n);
	put16(begin + 16, checksum(sum16(sum, begin, 20 + n)));
	return at + n;
}

static void
put_le32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void
gen_segment(struct gen *g, struct connection *c, int from, unsigned flags,
	const uint8_t *payload, size_t n)
{
	uint8_t record[16], frame[FRAME_BYTES_MAX], *end;
	uint32_t frame_bytes;

	end = put_link(frame, c, from);
	end = put_ip(g, end, c, from, 20 + n);
	end = put_tcp(end, c, from, flags, payload, n);
	frame_bytes = (uint32_t)(end - frame);
	put_le32(record, (uint32_t)(g->now_us / 1000000));
	put_le32(record + 4, (uint32_t)(g->now_us % 1000000));
	put_le32(record + 8, frame_bytes);
	put_le32(record + 12, frame_bytes);
	gen_put(g, record, sizeof record);
	gen_put(g, frame, frame_bytes);
	c->seq[from] += (uint32_t)n + !!(flags & SYN) + !!(flags & FIN);
	g->now_us += 5 + gen_below(g, 20);
	g->truth.packets++;
	g->truth.frame_bytes += frame_bytes;
}

/* The message in segments; the other side acknowledges every second and the last. */
static void
gen_send(struct gen *g, struct connection *c, int from)
{
	size_t done = 0;

	for (unsigned i = 1; done < g->message_bytes; i++) {
		size_t n = g->message_bytes - done;
		bool is_last = n <= MSS_BYTES;

		if (!is_last)
			n = MSS_BYTES;
		gen_segment(g, c, from, is_last ? PSH | ACK : ACK, g->message + done, n);
		done += n;
		if (is_last || i % 2 == 0)
			gen_segment(g, c, !from, ACK, NULL, 0);
	}
	g->message_bytes = 0;
}

static void __attribute__((format(printf, 2, 3)))
gen_print(struct gen *g, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g->message_bytes += (size_t)vsnprintf((char *)g->message + g->message_bytes,
		MESSAGE_BYTES_MAX - g->message_bytes, format, args);
	va_end(args);
}

static void
gen_append(struct gen *g, const uint8_t *octets, size_t n)
{
	memcpy(g->message + g->message_bytes, octets, n);
	g->message_bytes += n;
}

static void
gen_date(struct gen *g, const char *field, time_t seconds)
{
	char text[64];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	gen_print(g, "%s: %s\r\n", field, text);
}

static time_t
resource_modified_s(unsigned index, unsigned version)
{
	return 1700000000 + (time_t)index * 3600 + (time_t)version * 86400;
}

static void
gen_validators(struct gen *g, unsigned index, unsigned version, bool is_request)
{
	uint8_t which = g->resources[index].validators;

	if (which & 1)
		gen_print(g, "%s: \"%x-%x\"\r\n", is_request ? "If-None-Match" : "ETag",
			index, version);
	if (which & 2)
		gen_date(g, is_request ? "If-Modified-Since" : "Last-Modified",
			resource_modified_s(index, version));
}

static void
gen_request(struct gen *g, struct connection *c, const char *method, unsigned index,
	unsigned condition, const char *body)
{
	gen_print(g, "%s /r/%u/item.html?lang=en HTTP/1.1\r\n", method, index);
	gen_print(g, "Host: www%u.example\r\n", index % 8);
	gen_print(g, "User-Agent: Mozilla/5.0 (X11; Linux x86_64) client/%u\r\n",
		c->client);
	gen_print(g,
		"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
		"Accept-Language: en\r\nCookie: session=%08x\r\n",
		c->client * 2654435761u);
	if (condition)
		gen_validators(g, index, condition, true);
	if (body)
		gen_print(g, "Content-Length: %zu\r\n", strlen(body));
	gen_print(g, "\r\n");
	g->truth.q_head += g->message_bytes;
	if (body) {
		gen_print(g, "%s", body);
		g->truth.q_body += strlen(body);
	}
	gen_send(g, c, 0);
	g->now_us += 500 + gen_below(g, 20000);
}

static void
gen_head(struct gen *g, const char *status)
{
	gen_print(g, "HTTP/1.1 %s\r\nServer: gen\r\n", status);
	gen_date(g, "Date", (time_t)(g->now_us / 1000000));
}

static void
gen_chunks(struct gen *g, const uint8_t *body, size_t n)
{
	size_t before = g->message_bytes;

	for (size_t done = 0; done < n; done += CHUNK_BYTES) {
		size_t part = n - done < CHUNK_BYTES ? n - done : CHUNK_BYTES;

		gen_print(g, "%zx\r\n", part);
		gen_append(g, body + done, part);
		gen_print(g, "\r\n");
	}
	gen_print(g, "0\r\n\r\n");
	g->truth.r_framing += g->message_bytes - before - n;
}

static void
gen_ok(struct gen *g, struct connection *c, unsigned index, bool has_body)
{
	const struct resource *r = &g->resources[index];
	const uint8_t *body = g->pool +
			      (index * 7919u + r->version * 104729u) % POOL_BYTES;

	gen_head(g, "200 OK");
	gen_print(g,
		"Content-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\n");
	gen_validators(g, index, r->version, false);
	if (r->is_chunked)
		gen_print(g, "Transfer-Encoding: chunked\r\n\r\n");
	else
		gen_print(g, "Content-Length: %" PRIu32 "\r\n\r\n", r->size_bytes);
	g->truth.r_head += g->message_bytes;
	if (has_body) {
		if (r->is_chunked)
			gen_chunks(g, body, r->size_bytes);
		else
			gen_append(g, body, r->size_bytes);
		g->truth.r_content += r->size_bytes;
		g->held[c->client][index] = r->version;
	}
	gen_send(g, c, 1);
	g->truth.oks++;
}

static void
gen_not_modified(struct gen *g, struct connection *c, unsigned index)
{
	gen_head(g, "304 Not Modified");
	gen_print(g, "Cache-Control: no-cache\r\n");
	gen_validators(g, index, g->resources[index].version, false);
	gen_print(g, "\r\n");
	g->truth.r_head += g->message_bytes;
	gen_send(g, c, 1);
	g->truth.not_modified++;
	g->truth.validated++;
}

static void
gen_post(struct gen *g, struct connection *c, unsigned index)
{
	gen_request(g, c, "POST", index, 0, "name=value&other=second+value");
	gen_head(g, "204 No Content");
	gen_print(g, "\r\n");
	g->truth.r_head += g->message_bytes;
	gen_send(g, c, 1);
	g->truth.posts++;
	g->truth.no_content++;
}

static void
gen_get(struct gen *g, struct connection *c, unsigned index)
{
	struct resource *r = &g->resources[index];
	unsigned held = g->held[c->client][index];
	unsigned condition = gen_below(g, 16) ? held : 0;

	if (gen_below(g, 64) == 0 && r->version < UINT8_MAX)
		r->version++;
	gen_request(g, c, "GET", index, condition, NULL);
	g->truth.gets++;
	g->truth.conditional += condition != 0;
	/* One server in twenty sends the same content again. */
	if (condition == r->version && gen_below(g, 20))
		gen_not_modified(g, c, index);
	else
		gen_ok(g, c, index, true);
}

static void
gen_exchange(struct gen *g, struct connection *c)
{
	/* The smaller of two makes some resources popular. */
	unsigned a = gen_below(g, RESOURCES), b = gen_below(g, RESOURCES);
	unsigned index = a < b ? a : b;
	unsigned kind = gen_below(g, 50);

	if (kind == 0) {
		gen_post(g, c, index);
	} else if (kind == 1) {
		gen_request(g, c, "HEAD", index, 0, NULL);
		gen_ok(g, c, index, false);
		g->truth.heads++;
	} else {
		gen_get(g, c, index);
	}
	c->left--;
}

static void
gen_open(struct gen *g, struct connection *c)
{
	unsigned form = gen_below(g, 10);

	*c = (struct connection){.is_open = true,
		.is_ipv6 = form < 3,
		.vlan = form == 2 || form == 9 ? 100 : 0,
		.client = (uint16_t)gen_below(g, CLIENTS),
		.port = g->next_port,
		.left = 1 + gen_below(g, 30)};
	g->next_port = g->next_port == UINT16_MAX ? 1024 : g->next_port + 1;
	c->seq[0] = (uint32_t)gen_random(g);
	c->seq[1] = (uint32_t)gen_random(g);
	gen_segment(g, c, 0, SYN, NULL, 0);
	gen_segment(g, c, 1, SYN | ACK, NULL, 0);
	gen_segment(g, c, 0, ACK, NULL, 0);
	g->truth.flows++;
}

static void
gen_close(struct gen *g, struct connection *c)
{
	gen_segment(g, c, 0, FIN | ACK, NULL, 0);
	gen_segment(g, c, 1, FIN | ACK, NULL, 0);
	gen_segment(g, c, 0, ACK, NULL, 0);
	c->is_open = false;
}

static void
gen_resources(struct gen *g)
{
	for (size_t i = 0; i < sizeof g->pool; i += 8) {
		uint64_t word = gen_random(g);

		for (size_t k = 0; k < 8; k++)
			g->pool[i + k] = (uint8_t)(' ' + (word >> 8 * k & 0x3f));
	}
	for (size_t i = 0; i < RESOURCES; i++)
		g->resources[i] = (struct resource){.version = 1,
			.size_bytes = g->is_large ? 20480 + gen_below(g, 184320)
						  : 800 + gen_below(g, 1200),
			.is_chunked = gen_below(g, 8) == 0,
			.validators = (uint8_t)(1 + gen_below(g, 3))};
}

static void
gen_capture(struct gen *g, uint64_t bytes, unsigned slots)
{
	struct connection *open = calloc(slots, sizeof *open);
	/* pcap: microseconds, version 2.4, snapshot length 65535, Ethernet */
	static const uint8_t header[24] = {
		0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, [17] = 0xff, [20] = 1};

	if (!open)
		gen_fail("no memory");
	gen_put(g, header, sizeof header);
	while (g->bytes < bytes) {
		struct connection *c = &open[gen_below(g, slots)];

		if (!c->is_open)
			gen_open(g, c);
		else if (c->left)
			gen_exchange(g, c);
		else
			gen_close(g, c);
	}
	for (unsigned i = 0; i < slots; i++)
		if (open[i].is_open)
			gen_close(g, &open[i]);
	free(open);
}

static void
truth_print(const struct truth *t, FILE *file)
{
	uint64_t requests = t->gets + t->heads + t->posts;
	uint64_t octets = t->q_head + t->q_body + t->r_head + t->r_content + t->r_framing;

	fprintf(file,
		"{\"capture\": {\"packets\": %" PRIu64 ", \"frame_octets\": %" PRIu64
		", \"flows\": %" PRIu64 "},\n",
		t->packets, t->frame_bytes, t->flows);
	fprintf(file,
		" \"http\": {\"requests\": %" PRIu64 ", \"responses\": %" PRIu64
		", \"exchanges\": %" PRIu64 ",\n",
		requests, requests, requests);
	fprintf(file,
		"  \"unanswered\": 0, \"orphan_responses\": 0, \"incomplete\": 0,\n"
		"  \"by_status\": {\"200\": %" PRIu64 ", \"204\": %" PRIu64
		", \"304\": %" PRIu64 "},\n",
		t->oks, t->no_content, t->not_modified);
	fprintf(file,
		"  \"by_method\": {\"GET\": %" PRIu64 ", \"HEAD\": %" PRIu64
		", \"POST\": %" PRIu64 "}},\n",
		t->gets, t->heads, t->posts);
	fprintf(file,
		" \"metrics\": {\"octets\": {\"q_head\": %" PRIu64
		", \"q_body\": %" PRIu64 ", \"r_head\": %" PRIu64 ",\n"
		"   \"r_content\": %" PRIu64 ", \"r_framing\": %" PRIu64
		", \"stray\": 0, \"total\": %" PRIu64 "},\n",
		t->q_head, t->q_body, t->r_head, t->r_content, t->r_framing, octets);
	fprintf(file,
		"  \"rates\": {\"R1_conditional_hit.all\": {\"num\": %" PRIu64
		", \"den\": %" PRIu64 "}}}}\n",
		t->validated, t->conditional);
}

static void
gen_usage(void)
{
	gen_fail("usage: gen [--seed N] [--bytes N] [--slots N] [--profile small|large] "
		 "PCAP TRUTH");
}

static FILE *
gen_create(const char *path)
{
	FILE *file = fopen(path, "wb");

	if (!file)
		gen_fail(path);
	return file;
}

int
main(int argc, char **argv)
{
	static struct gen g = {
		.random = 1, .now_us = 1767225600000000u, .next_port = 1024};
	uint64_t bytes = 50 << 20;
	unsigned slots = 64;
	FILE *truth;
	int i;

	for (i = 1; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--seed") == 0)
			g.random = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--bytes") == 0)
			bytes = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--slots") == 0)
			slots = (unsigned)strtoul(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--profile") == 0)
			g.is_large = strcmp(argv[i + 1], "large") == 0;
		else
			gen_usage();
	}
	if (argc - i != 2 || slots == 0)
		gen_usage();
	g.file = gen_create(argv[i]);
	truth = gen_create(argv[i + 1]);
	gen_resources(&g);
	gen_capture(&g, bytes, slots);
	truth_print(&g.truth, truth);
	if (fclose(g.file) || fclose(truth))
		gen_fail("the output cannot be written");
	return 0;
}
