#include "analyzer/http/uncoded.h"
#include "analyzer/ledger/judging.h"
#include "analyzer/ledger/squeeze.h"

enum {
	GAIN_MIN = 10 /* percent */
};

void
waste_uncompressed(struct judging *j)
{
	uint64_t content = j->x->r.content_bytes, coded, loss = 0;
	struct verdict_uncoded *uncoded = &j->verdict->uncoded;

	if (!j->body_left || !j->x->uncoded || !j->body.has_digest ||
		content < UNCODED_BYTES_MIN)
		return;
	if (!squeeze_measure(j->squeeze, j->x, &coded)) {
		uncoded->unmeasured = content;
		return;
	}
	if (coded < content && (content - coded) >= (content * GAIN_MIN + 99) / 100)
		loss = content - coded;
	uncoded->measured = content;
	uncoded->loss = loss;
	judging_book_body_part(j, WASTE_UNCOMPRESSED, loss);
}
