#include "analyzer/http/uncoded.h"
#include "analyzer/ledger/judging.h"
#include "analyzer/ledger/squeeze.h"

static bool
is_worth_it(const struct judging *j, uint64_t content, uint64_t loss)
{
	uint64_t percent = j->thresholds->of[THRESHOLD_COMPRESS_GAIN];

	return loss >= (content * percent + 99) / 100;
}

void
waste_uncompressed(struct judging *j)
{
	uint64_t content = j->x->r.content_bytes, coded, loss = 0;
	struct verdict_uncoded *uncoded = &j->verdict->uncoded;

	if (!j->body_left || !j->x->uncoded || !j->body.has_digest ||
		content < j->thresholds->of[THRESHOLD_COMPRESS_OCTETS])
		return;
	if (!(j->is_alone ? squeeze_known(j->squeeze, j->x, &coded)
			  : squeeze_measure(j->squeeze, j->x, &coded))) {
		uncoded->unmeasured = content;
		return;
	}
	if (coded < content && is_worth_it(j, content, content - coded))
		loss = content - coded;
	uncoded->measured = content;
	uncoded->loss = loss;
	judging_book_body_part(j, WASTE_UNCOMPRESSED, loss);
}
