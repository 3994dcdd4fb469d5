#include "analyzer/ledger/judging.h"

/* Where nothing had been kept, or the client wants it anew, there is nobody to blame. */
void
judging_excuse(const struct judging *j, struct waste *waste, bool storable)
{
	if (storable && !j->is_forced)
		return;
	waste->tier = TIER_3;
	waste->fault = j->is_forced ? FAULT_USER : FAULT_POLICY;
}

void
waste_restart_after_abort(struct judging *j)
{
	const struct broken *broken = &j->before->partial.broken;
	struct waste *waste;

	if (!j->before->has_partial || !broken->octets ||
		message_has(&j->x->q, FIELD_RANGE))
		return;
	waste = judging_book_repeat(j, WASTE_RESTART_AFTER_ABORT,
		partial_repeated(broken, j->x, j->before), j->before->partial.site);
	if (!waste)
		return;
	if (!broken->resumable)
		waste->fault = FAULT_SERVER;
	judging_excuse(j, waste, broken->storable);
}

void
judging_abort(struct judging *j)
{
	struct broken broken = history_broken(j->history, j->before);

	if (!j->is_provable || !j->is_get)
		return;
	if (partial_answers(&broken, j->x, j->before))
		j->verdict->answered_octets = broken.octets;
	if (partial_breaks_off(&broken, j->x, j->before))
		j->verdict->aborted_octets = j->x->r.content_bytes;
}
