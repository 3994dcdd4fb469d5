#include "analyzer/report/report_sentence.h"

#include "analyzer/report/report_fixes.h"
#include "analyzer/report/report_words.h"

#include <assert.h>

enum {
	NAMED_COLUMNS = 64 /* of a URL */
};

/* Adds words in which no line break may fall. */
static void
tie(struct out *words, const char *text)
{
	for (; *text; text++)
		out_octet(words, *text == ' ' ? PAGE_TIE[0] : (uint8_t)*text);
}

static void
tie_share(struct out *words, uint64_t octets, uint64_t total)
{
	tie(words, text_bytes(octets).s);
	out_text(words, " (");
	tie(words, text_share(octets, total).s);
	out_text(words, ")");
}

uint64_t
report_sent_in_vain(const struct report *report)
{
	const struct tally *tally = report->tally;
	uint64_t octets = report->proven_only ? tally_wasted(tally, TIER_1)
					      : tally_headline(tally);

	return octets - tally->waste_by_class[TIER_1][WASTE_UNCOMPRESSED];
}

/* What rests on client keys; on keys of several clients apart. */
static void
say_likely(struct out *words, const struct report *report, bool proven)
{
	uint64_t shared = report->clients ? report->clients->t2_shared_octets : 0;
	uint64_t total = tally_octets_total(report->tally);
	uint64_t own = tally_wasted(report->tally, TIER_2);

	assert(shared <= own);
	own -= shared;
	if (report->proven_only || (!own && !shared))
		return;
	if (proven) {
		out_text(words, "; ");
		tie(words, text_bytes(own).s);
		out_text(words, " more is likely (client keys");
	} else {
		tie_share(words, own, total);
		out_text(words, " was likely sent for nothing (client keys");
	}
	if (shared) {
		out_text(words, ", and ");
		tie(words, text_bytes(shared).s);
		out_text(words, " where several clients share a key");
	}
	out_text(words, proven ? ")" : "); nothing is proven");
}

static void
say_waste(struct out *words, const struct report *report)
{
	const struct tally *tally = report->tally;
	uint64_t total = tally_octets_total(tally);
	uint64_t uncompressed = tally->waste_by_class[TIER_1][WASTE_UNCOMPRESSED];
	uint64_t proven = tally_wasted(tally, TIER_1) - uncompressed;

	out_text(words, "Of ");
	tie(words, text_bytes(total).s);
	out_text(words, " of HTTP traffic in ");
	tie(words, text_duration(report_captured_ns(report)).s);
	out_text(words, ", ");
	if (proven) {
		tie_share(words, proven, total);
		out_text(words, " was sent for nothing, proven");
	} else if (report->proven_only || !tally_wasted(tally, TIER_2)) {
		out_text(words, tally->http.cut_heads
					? "nothing is known to have been sent in vain"
				: report->proven_only
					? "nothing is proven to have been sent in vain"
					: "nothing was sent that need not have been");
	}
	say_likely(words, report, proven);
	out_text(words, ".");
}

/* What is beside the waste of which the sentence speaks first. */
static void
say_others(struct out *words, const struct report *report)
{
	const struct tally *tally = report->tally;
	uint64_t uncompressed = tally->waste_by_class[TIER_1][WASTE_UNCOMPRESSED];
	uint64_t avoidable = tally_wasted(tally, TIER_3);

	if (uncompressed) {
		out_text(words, report_sent_in_vain(report) ? " Another " : " But ");
		tie(words, text_bytes(uncompressed).s);
		out_text(words, " could have been compressed away (measured at "
				"gzip" PAGE_TIE "level" PAGE_TIE "6).");
	}
	if (avoidable) {
		out_text(words,
			uncompressed ? " Policy or design could avoid " : " Another ");
		tie(words, text_bytes(avoidable).s);
		out_text(words, uncompressed ? " more."
					     : " could be avoided by policy or design.");
	}
}

static void
say_savings(struct out *words, const struct tally *tally)
{
	uint64_t octets = tally_saved_octets(tally) - tally->needless.octets;
	uint64_t unknown = tally->saved.count[SAVING_UNKNOWN] - tally->needless.unknown;

	if (octets) {
		out_text(words,
			unknown ? " Needed 304s saved at least " : " Needed 304s saved ");
		tie(words, text_bytes(octets).s);
		out_text(words, ".");
	} else if (unknown) {
		out_format(words,
			" What the %s needed 304%s saved is unknown: nobody saw the "
			"bodies.",
			text_count(unknown).s, unknown == 1 ? "" : "s");
	}
}

/* What the lower end is made of. */
static void
say_doubtful(struct out *words, struct rate low, struct rate high)
{
	tie(words, " known");
	out_text(words, ", ");
	tie(words, text_count(low.num).s);
	tie(words, " of ");
	tie(words, text_count(low.den).s);
	out_text(words, " if the ");
	tie(words, text_count(low.den - high.den).s);
	out_text(words, " in doubt had not changed");
}

static void
say_recall(struct out *words, const struct tally *tally)
{
	struct tally_conditional all = tally_conditional_all(tally);
	struct rate low = tally_recall_low(&all), high = tally_recall(&all);

	if (!all.asked) {
		if (!tally->http.cut_heads && tally->conditional_share.den)
			out_text(words, " No client asked conditionally.");
		return;
	}
	if (!high.den) {
		out_text(words,
			" No revalidation is known to have met an unchanged resource.");
		return;
	}
	out_text(words, " When nothing had changed, ");
	if (low.den > high.den) {
		struct text share = text_share(low.num, low.den);

		share.s[strlen(share.s) - strlen(" %")] = '\0';
		out_text(words, share.s);
		out_text(words, " to ");
	}
	tie(words, text_share(high.num, high.den).s);
	out_text(words, " of the revalidations were answered 304 (");
	tie(words, text_count(high.num).s);
	tie(words, " of ");
	tie(words, text_count(high.den).s);
	if (low.den > high.den)
		say_doubtful(words, low, high);
	out_text(words, ")");
	out_text(words, all.asked < REPORT_FEW_CASES ? "; few cases." : ".");
}

/* A resource that alone makes more than a fifth of the waste. */
static void
say_largest(struct out *words, const struct tally *tally)
{
	const struct toplist_row *row = toplist_worst(&tally->tables.lists[LIST_URL]);
	uint64_t all = tally_headline(tally), wasted = row ? sums_wasted(&row->sums) : 0;

	if (tally_wasteful(tally) < 2 || wasted <= all / 5)
		return;
	out_octet(words, ' ');
	tie(words, text_share(wasted, all).s);
	out_text(words, " of the waste is one URL, ");
	text_clip(words, row->label, NAMED_COLUMNS);
	out_text(words, ".");
}

const struct fixes_row *
report_sentence_fix(const struct report *report)
{
	const struct fixes_row **rows = report_fixes_ranked(report);
	const struct fixes_row *first = NULL;

	if (fixes_count(report->tally->fixes) && fixes_saving(rows[0]) &&
		!report->proven_only)
		first = rows[0];
	mem_free(rows);
	return first;
}

/* By the name under which it stands first on the page. */
static void
say_fix(struct out *words, const struct report *report)
{
	const struct fixes_row *first = report_sentence_fix(report);

	if (!first)
		return;
	out_text(words, " First fix: ");
	tie(words, waste_name(first->class));
	if (first->cause) {
		out_text(words, ", ");
		tie(words, cause_name(first->cause));
	}
	out_text(words, " (");
	tie(words, text_bytes(fixes_saving(first)).s);
	out_text(words, ").");
}

void
report_sentence_words(struct out *words, const struct report *report)
{
	const struct tally *tally = report->tally;

	say_waste(words, report);
	say_others(words, report);
	say_savings(words, tally);
	say_recall(words, tally);
	if (!report->proven_only)
		say_largest(words, tally);
}

void
report_sentence(struct page *page, const struct report *report)
{
	struct out words;

	out_init_memory(&words);
	report_sentence_words(&words, report);
	say_fix(&words, report);
	out_octet(page->out, '\n');
	page_paragraph(page, out_contents(&words), 0, PAGE_INDENT);
	out_fini(&words);
}
