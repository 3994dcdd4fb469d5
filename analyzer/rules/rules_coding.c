/* Content codings: undone, taken, worth while [RFC9110 8.4, 12.5.3]. */
#include "analyzer/config.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/list.h"
#include "parsers/mediatype.h"
#include "parsers/range.h"
#include "parsers/vary.h"

enum {
	TINY_BYTES = 150,
	WORTHWHILE_BYTES = 1400, /* shorter answers fit into one packet anyway */
	WORTHWHILE_PERCENT = 20,
	USELESS_PERCENT = 95,
};

/* A coding of the transfer is still on: then content codings cannot be undone. */
static bool
is_transfer_coded(const struct message *m)
{
	return message_has(m, FIELD_TRANSFER_ENCODING) &&
	       (message_repeats(m, FIELD_TRANSFER_ENCODING) ||
		       !slice_eq_nocase(message_value(m, FIELD_TRANSFER_ENCODING),
			       SLICE("chunked")));
}

/* What is meant to arrive compressed, by its type or by its name. */
static bool
is_archive(const struct view *view, const struct message *m)
{
	struct slice path = slice_part(
		view->x->path_query, 0, slice_find(view->x->path_query, '?', 0));

	return mediatype_is_archive(message_value(m, FIELD_CONTENT_TYPE)) ||
	       slice_has_suffix_nocase(path, SLICE("gz")) ||
	       slice_contains_nocase(
		       message_value(m, FIELD_CONTENT_DISPOSITION), SLICE("gz"));
}

/* ---- what came of undoing it ---- */

static const char *
kind_of_fault(const struct coded *coded)
{
	static const char *const kinds[] = {
		[CODED_PLAIN] = "not-coded",
		[CODED_OTHER] = "other-coding",
		[CODED_CORRUPT] = "corrupt",
		[CODED_CHECKSUM] = "crc",
		[CODED_LENGTH] = "length",
		[CODED_TRUNCATED] = "truncated",
		[CODED_TRAILING] = "trailing",
		[CODED_REFUSED] = NULL,
	};

	if (coded->fault == CODED_FINE)
		return coded->raw_deflate ? "raw-deflate" : NULL;
	return kinds[coded->fault];
}

/* What was captured over the air may have been damaged there, and not by the sender. */
static bool
is_damage(const struct coded *coded)
{
	return coded->fault == CODED_CORRUPT || coded->fault == CODED_CHECKSUM ||
	       coded->fault == CODED_LENGTH;
}

static bool
is_lesser_fault(const struct message *m, const struct coded *coded)
{
	return coded->fault == CODED_FINE || coded->fault == CODED_TRAILING ||
	       (coded->fault == CODED_TRUNCATED && m->framing == FRAMING_CLOSE);
}

/* A part cannot be decoded, but if it is the first its octets tell gzip. */
static bool
is_uncoded_part(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct content_range part;

	if (x->r.status != 206 || x->r.begin.n < 2 || is_transfer_coded(&x->r) ||
		!x->coding_count || x->codings[x->coding_count - 1] != CODING_GZIP ||
		x->method == METHOD_HEAD ||
		!content_range_parse(message_value(&x->r, FIELD_CONTENT_RANGE), &part) ||
		part.unsatisfied || part.first)
		return false;
	ruling->kind = "not-coded";
	ruling->fault = FAULT_SERVER;
	ruling->a = message_value(&x->r, FIELD_CONTENT_ENCODING);
	ruling->b = slice_part(x->r.begin, 0, CODED_FIRST_BYTES);
	return !slice_has_prefix(x->r.begin, SLICE("\x1f\x8b"));
}

bool
rule_content_coding_broken(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);
		const struct coded *coded = m ? m->coded : NULL;

		if (!coded || !message_is_whole(m) || is_transfer_coded(m) ||
			!message_has(m, FIELD_CONTENT_ENCODING) || m->status == 206 ||
			!kind_of_fault(coded))
			continue;
		ruling->kind = kind_of_fault(coded);
		ruling->fault = view_sender(side);
		if (is_lesser_fault(m, coded))
			ruling->severity = SEVERITY_WARNING;
		if (is_damage(coded))
			ruling->confidence = CONFIDENCE_LIKELY;
		ruling->a = message_value(m, FIELD_CONTENT_ENCODING);
		ruling->b = slice_of(coded->first, coded->first_bytes);
		ruling->n = coded->at_bytes;
		ruling->m = coded->out_bytes;
		return true;
	}
	return view_side(view, 1) && is_uncoded_part(view, ruling);
}

bool
rule_undeclared_compression(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);
		struct slice type;

		if (!m || !m->coded || !m->coded->gzip_within || !message_is_whole(m) ||
			message_has(m, FIELD_CONTENT_ENCODING) || is_transfer_coded(m) ||
			m->status == 206 || is_archive(view, m))
			continue;
		type = mediatype_essence(message_value(m, FIELD_CONTENT_TYPE));
		if (type.n && !mediatype_is_text(type))
			continue;
		if (!type.n)
			ruling->severity = SEVERITY_ADVICE;
		ruling->fault = view_sender(side);
		ruling->a = message_value(m, FIELD_CONTENT_TYPE);
		ruling->n = m->content_bytes;
		return true;
	}
	return false;
}

/* How often a field names gzip, over all its lines. */
static unsigned
times_gzip(const struct message *m)
{
	unsigned times = 0;

	for (size_t i = 0; i < m->field_count; i++) {
		struct slice rest = m->fields[i].value, member;

		if (m->fields[i].id != FIELD_CONTENT_ENCODING)
			continue;
		while (list_next(&rest, &member))
			times += coding_parse(member) == CODING_GZIP;
	}
	return times;
}

bool
rule_double_compression(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);
		unsigned times;

		if (!m || !message_has(m, FIELD_CONTENT_ENCODING) || is_archive(view, m))
			continue;
		times = times_gzip(m);
		if (times < 2 &&
			!(times && m->coded && m->coded->gzip_within &&
				m->coded->fault == CODED_FINE && message_is_whole(m)))
			continue;
		ruling->kind = times > 1 ? "listed-twice" : NULL;
		ruling->fault = view_sender(side);
		ruling->a = message_value(m, FIELD_CONTENT_ENCODING);
		ruling->n = m->content_bytes;
		ruling->m = m->coded ? m->coded->out_bytes : 0;
		return true;
	}
	return false;
}

/* One after the other, more than a decoder undoes. */
static bool
is_nested(const struct message *m)
{
	unsigned known = 0;

	for (size_t i = 0; i < m->field_count; i++) {
		struct slice rest = m->fields[i].value, member;

		if (m->fields[i].id != FIELD_CONTENT_ENCODING)
			continue;
		while (list_next(&rest, &member)) {
			enum coding coding = coding_parse(member);

			known += coding != CODING_IDENTITY && coding != CODING_UNKNOWN;
		}
	}
	return known > CONFIG_DECODE_CODINGS;
}

bool
rule_decompression_bomb(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);
		bool burst = m && m->coded && m->coded->fault == CODED_BOMB;

		if (!m || !message_has(m, FIELD_CONTENT_ENCODING) || m->status == 304 ||
			(!burst && !is_nested(m)))
			continue;
		ruling->kind = burst ? NULL : "nested";
		ruling->fault = view_sender(side);
		ruling->a = message_value(m, FIELD_CONTENT_ENCODING);
		ruling->n = burst ? m->coded->at_bytes : m->content_bytes;
		ruling->m = burst ? m->coded->out_bytes : 0;
		return true;
	}
	return false;
}

static bool
is_compressed_type(struct slice type)
{
	static const struct slice trees[] = {SLICE_INIT("video/"), SLICE_INIT("audio/")};
	static const struct slice types[] = {SLICE_INIT("image/jpeg"),
		SLICE_INIT("image/png"), SLICE_INIT("image/webp"),
		SLICE_INIT("image/gif"), SLICE_INIT("image/avif"),
		SLICE_INIT("font/woff2"), SLICE_INIT("application/zip"),
		SLICE_INIT("application/gzip"), SLICE_INIT("application/x-gzip"),
		SLICE_INIT("application/x-br")};

	for (size_t i = 0; i < sizeof trees / sizeof *trees; i++)
		if (slice_eq_nocase(slice_part(type, 0, trees[i].n), trees[i]))
			return true;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_eq_nocase(type, types[i]))
			return true;
	return false;
}

/* Small types of pictures that compress well: a bad gain is no habit of theirs. */
static bool
is_picture_of_pixels(struct slice type)
{
	static const struct slice types[] = {SLICE_INIT("image/svg+xml"),
		SLICE_INIT("image/bmp"), SLICE_INIT("image/x-icon"),
		SLICE_INIT("image/vnd.microsoft.icon")};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_eq_nocase(type, types[i]))
			return true;
	return false;
}

bool
rule_compression_useless(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct slice type = mediatype_essence(message_value(r, FIELD_CONTENT_TYPE));
	uint64_t coded = r->content_bytes, plain;

	if (!r->coded || r->coded->fault != CODED_FINE || view->x->coding_count != 1 ||
		r->status == 206 || is_transfer_coded(r) || is_picture_of_pixels(type) ||
		(view->x->codings[0] != CODING_GZIP &&
			view->x->codings[0] != CODING_DEFLATE))
		return false;
	plain = r->coded->out_bytes;
	ruling->n = plain;
	ruling->m = coded;
	ruling->a = message_value(r, FIELD_CONTENT_TYPE);
	if (coded >= plain)
		ruling->kind = "larger";
	else if (is_compressed_type(type) &&
		 coded > plain / 100 * USELESS_PERCENT +
				 plain % 100 * USELESS_PERCENT / 100)
		ruling->kind = "already-compressed";
	else if (plain < TINY_BYTES)
		ruling->kind = "tiny";
	return ruling->kind != NULL;
}

/* ---- asked for ---- */

/* The first coding of the answer that the request does not take, or {NULL, 0}. */
static struct slice
coding_refused(const struct view *view)
{
	const struct message *r = &view->x->r;
	struct arena scratch = {0};
	struct slice accepted = message_values(
		&view->x->q, FIELD_ACCEPT_ENCODING, &scratch);
	struct slice refused = {NULL, 0};

	for (size_t i = 0; i < r->field_count && !refused.at; i++) {
		struct slice rest = r->fields[i].value, member;

		if (r->fields[i].id != FIELD_CONTENT_ENCODING)
			continue;
		while (!refused.at && list_next(&rest, &member)) {
			enum coding coding = coding_parse(member);

			if (coding != CODING_UNKNOWN && coding != CODING_IDENTITY &&
				!coding_accepted(accepted, coding))
				refused = member;
		}
	}
	arena_fini(&scratch);
	return refused;
}

static bool
is_negotiated_in_vary(struct slice vary)
{
	return vary_is_star(vary) || vary_has(vary, SLICE("accept-encoding"));
}

static bool
varies_by_coding(const struct message *r)
{
	struct arena scratch = {0};
	bool varies = is_negotiated_in_vary(message_values(r, FIELD_VARY, &scratch));

	arena_fini(&scratch);
	return varies;
}

static bool
is_about_codings(uint16_t status)
{
	return status == 206 || status == 304 || status == 406 || status == 415;
}

bool
rule_coding_not_accepted(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!message_has(&x->r, FIELD_CONTENT_ENCODING) || is_about_codings(x->r.status))
		return false;
	ruling->a = message_value(&x->q, FIELD_ACCEPT_ENCODING);
	ruling->b = coding_refused(view);
	if (!ruling->b.at)
		return false;
	if (!message_has(&x->q, FIELD_ACCEPT_ENCODING)) {
		ruling->kind = "no-accept-encoding";
		ruling->severity = SEVERITY_ADVICE;
	} else if (x->via_cache && x->age_s > 0 && !varies_by_coding(&x->r)) {
		ruling->kind = "from-cache";
	} else if (!ruling->a.n) {
		ruling->kind = "empty-accept";
	}
	return true;
}

bool
rule_compressible_not_compressed(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct verdict_uncoded *uncoded = &view->verdict->uncoded;

	ruling->a = message_value(&x->r, FIELD_CONTENT_TYPE);
	ruling->n = uncoded->measured;
	ruling->m = uncoded->measured - uncoded->loss;
	return uncoded->measured >= WORTHWHILE_BYTES &&
	       uncoded->loss >=
		       uncoded->measured / 100 * WORTHWHILE_PERCENT +
			       uncoded->measured % 100 * WORTHWHILE_PERCENT / 100 &&
	       !is_transfer_coded(&x->r) &&
	       !(x->r_cc.present & CC_NO_TRANSFORM && message_has(&x->r, FIELD_VIA)) &&
	       !slice_eq_nocase(mediatype_essence(ruling->a), SLICE("text/event-stream"));
}

/* Whoever asked for the earlier answer would not have taken the coding of this one. */
static bool
was_asked_otherwise(const struct view *view, const struct observation *o)
{
	for (unsigned i = 0; i < view->x->coding_count; i++)
		if (!(o->accepted >> view->x->codings[i] & 1))
			return true;
	return false;
}

/* An answer in another coding, because something else was asked for. */
static const struct observation *
find_other_coding(const struct view *view)
{
	const struct resource *resource = view->resource;

	if (!(view->differ & TRAIT_CODING))
		return NULL;
	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];

		if (!o->is_head && (o->status == 200 || o->status == 203) &&
			!view_same_coding(view, o) &&
			(!view_coding_fits(view, o) || was_asked_otherwise(view, o)))
			return o;
	}
	return NULL;
}

bool
rule_vary_accept_encoding_missing(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool private = (x->r_cc.present & CC_PRIVATE) != 0;
	const struct observation *o;

	if (!x->coding_count && !(view->differ & TRAIT_CODING))
		return false;
	if (x->method != METHOD_GET || !x->freshness.storable || varies_by_coding(&x->r))
		return false;
	ruling->a = message_value(&x->q, FIELD_ACCEPT_ENCODING);
	ruling->b = message_value(&x->r, FIELD_CONTENT_ENCODING);
	o = find_other_coding(view);
	if (o && !(private && key_eq(o->client, view->before->client))) {
		ruling->kind = "both-seen";
		ruling->ref = o;
		return true;
	}
	ruling->kind = "negotiated";
	ruling->confidence = CONFIDENCE_LIKELY;
	return !private && x->coding_count && message_has(&x->q, FIELD_ACCEPT_ENCODING) &&
	       aggregate_sends_plain(view->aggregate, view);
}
