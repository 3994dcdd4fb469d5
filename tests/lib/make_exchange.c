#include "tests/lib/make_exchange.h"

#include "analyzer/http/cutoff.h"
#include "analyzer/http/digest.h"
#include "analyzer/http/message.h"
#include "analyzer/base/threshold.h"
#include "analyzer/http/uncoded.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	HEAD_BYTES_MAX = 64 * 1024,
	WAIT_NS = 20 * 1000 * 1000,
	LASTS_NS = 10 * 1000 * 1000
};

#define S_NS INT64_C(1000000000)

/* A head under construction. */
struct head {
	char *at;
	size_t n;
};

static void
head_add(struct head *head, const char *octets, size_t n)
{
	assert(head->n + n < HEAD_BYTES_MAX);
	memcpy(head->at + head->n, octets, n);
	head->n += n;
}

static void
head_add_text(struct head *head, const char *text)
{
	head_add(head, text, strlen(text));
}

/* The lines after the first, each with CRLF. */
static void
head_add_lines(struct head *head, const char *lines)
{
	while (*lines) {
		size_t n = strcspn(lines, "\n");

		head_add(head, lines, n);
		head_add_text(head, "\r\n");
		lines += n + (lines[n] == '\n');
	}
}

static const char *
after_first_line(const char *lines)
{
	const char *end = strchr(lines, '\n');

	return end ? end + 1 : "";
}

static void
message_make(struct message *m, struct arena *arena, const struct head *head, bool cut)
{
	bool read = message_read(m, arena, slice_of(head->at, head->n));

	assert(read);
	(void)read;
	m->head_bytes = head->n;
	m->head_state = cut ? HEAD_CUT : HEAD_CLEAN;
}

static void
make_request(struct exchange *x, const struct making *making, struct head *head)
{
	int64_t at_ns = (MAKE_EPOCH_S + making->at_s) * S_NS;

	head_add(head, making->request, strcspn(making->request, "\n"));
	head_add_text(head, " HTTP/1.1\r\n");
	if (!strstr(making->request, "\nHost:"))
		head_add_text(head, "Host: example.test\r\n");
	head_add_text(head, "User-Agent: ");
	head_add_text(head, making->agent ? making->agent : "t/1");
	head_add_text(head, "\r\n");
	head_add_lines(head, after_first_line(making->request));
	head_add_text(head, "\r\n");
	message_make(&x->q, &x->arena, head, making->cut_request);
	message_frame_request(&x->q);
	x->q.complete = true;
	x->q.end = END_FRAMING;
	x->q.first.ts_ns = x->q.head_end.ts_ns = x->q.last.ts_ns = at_ns;
	x->has_request = true;
	exchange_read_request(x);
}

static void
make_body(struct exchange *x, const struct making *making)
{
	struct message *r = &x->r;
	struct cutoff cutoff = {.count = 1, .octets = {making->sampled_at}};
	struct body *body;

	r->complete = !making->aborted;
	r->end = making->aborted ? END_RST : END_FRAMING;
	if (making->body && r->framing != FRAMING_NONE) {
		size_t octets = strlen(making->body);

		x->uncoded = uncoded_is(
			x, thresholds_usual.of[THRESHOLD_COMPRESS_OCTETS]);
		if (x->uncoded && octets && !making->unkept)
			uncoded_keep(x, slice_of(making->body, octets), UINT64_MAX);
		r->content_bytes = octets;
	}
	r->framing_bytes = making->framing_bytes;
	r->gap_bytes = making->gap;
	body = body_new(x->codings, x->coding_count, NULL);
	if (making->sampled_at)
		body_sample(body, &cutoff);
	if (r->content_bytes)
		body_feed(body, slice_of(making->body, r->content_bytes));
	body_finish(body, r, &x->arena);
	body_free(&body);
	if (x->kept)
		uncoded_finish(x, thresholds_usual.of[THRESHOLD_COMPRESS_OCTETS]);
}

static void
make_response(struct exchange *x, const struct making *making, struct head *head)
{
	char length[64];
	size_t octets = making->body ? strlen(making->body) : 0;

	head->n = 0;
	head_add_text(head, "HTTP/1.1 ");
	head_add(head, making->response, strcspn(making->response, "\n"));
	head_add_text(head, " Reason\r\n");
	head_add_lines(head, after_first_line(making->response));
	if (making->body && !strstr(making->response, "\nContent-Length:") &&
		!strstr(making->response, "\nTransfer-Encoding:")) {
		snprintf(length, sizeof length, "Content-Length: %zu\r\n",
			octets + (making->aborted ? 1000 : 0));
		head_add_text(head, length);
	}
	head_add_text(head, "\r\n");
	message_make(&x->r, &x->arena, head, making->cut_response);
	message_frame_response(&x->r, x->method);
	x->r.first.ts_ns = x->r.head_end.ts_ns = x->q.last.ts_ns + WAIT_NS;
	x->r.last.ts_ns = x->r.first.ts_ns +
			  (making->lasts_ns ? making->lasts_ns : LASTS_NS);
	x->has_response = true;
	exchange_read_response(x);
	make_body(x, making);
}

struct exchange *
make_exchange(const struct making *making)
{
	struct exchange *x = exchange_new(NULL);
	struct head head = {malloc(HEAD_BYTES_MAX), 0};

	x->client.address = (struct address){{[10] = 0xff,
		0xff,
		10,
		0,
		0,
		(uint8_t)(making->client ? making->client : 1)}};
	x->client.port = 40000;
	x->server.address = (struct address){{[10] = 0xff, 0xff, 192, 0, 2, 80}};
	x->server.port = (uint16_t)(making->server_port ? making->server_port : 80);
	x->trans = 1;
	x->handshake_rtt_ns = making->rtt_ns ? making->rtt_ns : -1;
	x->wait_ns = x->ended_after_ns = -1;
	x->age_s = -1;
	x->pairing = making->unknown_pairing ? PAIRING_UNKNOWN : PAIRING_EXACT;
	x->anchored = !making->unanchored;
	x->tentative = x->contradicted = making->tentative;
	x->stray_bytes = making->stray_bytes;
	x->stray_kind = making->stray_bytes ? STRAY_JUNK : STRAY_NONE;
	x->settled = true;
	make_request(x, making, &head);
	if (making->response) {
		make_response(x, making, &head);
		x->wait_ns = WAIT_NS;
	}
	free(head.at);
	return x;
}
