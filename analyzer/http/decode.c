#include "analyzer/http/decode.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"

#include <stddef.h>
#include <zlib.h>
#ifdef HAVE_BROTLI
#include <brotli/decode.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

enum {
	RAW_GUESS_BYTES = 258, /* text taken for raw deflate does not get further */
	STEP_BYTES = 16 << 10,
	ZLIB_BYTES = 40 << 10, /* its state and its window of 32 KiB */
};

/* One coding; its output goes into the next layer, the last one's to the callback. */
struct layer {
	struct decoder *decoder;
	struct layer *next;
	enum coding coding;
	bool begun, over, raw, trailing;
	unsigned members; /* of gzip, that have ended */
	uint64_t in_bytes;
	unsigned first_bytes;
	uint8_t first[CODED_FIRST_BYTES];
	z_stream z;
#ifdef HAVE_BROTLI
	BrotliDecoderState *brotli;
	size_t brotli_bytes; /* that it has allocated */
#endif
#ifdef HAVE_ZSTD
	ZSTD_DStream *zstd;
#endif
};

struct decoder {
	struct layer layers[CONFIG_DECODE_CODINGS];
	unsigned count;
	bool stopped;
	const struct layer *failed; /* then: where */
	enum coded_fault fault;
	uint64_t failed_at;
	uint64_t in_bytes, out_bytes;
	decode_output *output;
	void *context;
};

static bool layer_feed(struct layer *layer, struct slice s);

/* Notes the first fault; `left` octets of what the layer was fed were not used. */
static bool
layer_fail(struct layer *layer, enum coded_fault fault, size_t left)
{
	struct decoder *decoder = layer->decoder;

	if (!decoder->failed) {
		decoder->failed = layer;
		decoder->fault = fault;
		decoder->failed_at = layer->in_bytes - left;
	}
	return false;
}

static bool
begins_with(const struct layer *layer, struct slice magic)
{
	return slice_has_prefix(slice_of(layer->first, layer->first_bytes), magic);
}

static bool
begins_as_zstd(const struct layer *layer)
{
	struct slice skippable = SLICE("\x2a\x4d\x18");

	return begins_with(layer, SLICE("\x28\xb5\x2f\xfd")) ||
	       (layer->first_bytes > 3 && (layer->first[0] & 0xf0) == 0x50 &&
		       slice_eq(slice_of(layer->first + 1, 3), skippable));
}

static bool
begins_as_gzip(const struct layer *layer)
{
	return begins_with(layer, SLICE("\x1f\x8b"));
}

/* With the headers that compressors write; another one might be text. */
static bool
begins_as_zlib(const struct layer *layer)
{
	return begins_with(layer, SLICE("\x78\x01")) ||
	       begins_with(layer, SLICE("\x78\x9c")) ||
	       begins_with(layer, SLICE("\x78\xda"));
}

static bool
begins_as_text(const struct layer *layer)
{
	for (unsigned i = 0; i < layer->first_bytes; i++)
		if (layer->first[i] >= 0x7f ||
			(layer->first[i] < ' ' && layer->first[i] != '\t' &&
				layer->first[i] != '\r' && layer->first[i] != '\n'))
			return false;
	return layer->first_bytes > 0;
}

/* What octets are that the coding cannot make anything of. */
static enum coded_fault
fault_of_beginning(const struct layer *layer, enum coded_fault otherwise)
{
	enum coding coding = layer->coding;

	if ((coding != CODING_GZIP && begins_as_gzip(layer)) ||
		(coding != CODING_ZSTD && begins_as_zstd(layer)) ||
		(coding != CODING_DEFLATE && begins_as_zlib(layer)))
		return CODED_OTHER;
	if ((coding == CODING_GZIP && !begins_as_gzip(layer)) ||
		(coding == CODING_ZSTD && !begins_as_zstd(layer)) ||
		(coding == CODING_DEFLATE && layer->raw &&
			layer->z.total_out < RAW_GUESS_BYTES) ||
		(coding == CODING_BROTLI && begins_as_text(layer)))
		return CODED_PLAIN;
	return otherwise;
}

/* zlib tells the reason in words alone. */
static enum coded_fault
fault_of_zlib(const struct layer *layer)
{
	const char *reason = layer->z.msg ? layer->z.msg : "";

	if (strcmp(reason, "incorrect data check") == 0)
		return CODED_CHECKSUM;
	if (strcmp(reason, "incorrect length check") == 0)
		return CODED_LENGTH;
	if (strcmp(reason, "incorrect header check") == 0)
		return layer->members ? CODED_TRAILING : CODED_PLAIN;
	return CODED_CORRUPT;
}

static bool
layer_emit(struct layer *layer, const uint8_t *octets, size_t n)
{
	struct decoder *decoder = layer->decoder;

	if (!n)
		return true;
	if (layer->next)
		return layer_feed(layer->next, slice_of(octets, n));
	decoder->out_bytes += n;
	if (decoder->out_bytes > CONFIG_DECODE_BYTES ||
		(decoder->out_bytes > CONFIG_DECODE_RATIO_FROM_BYTES &&
			decoder->out_bytes / CONFIG_DECODE_RATIO > decoder->in_bytes))
		return layer_fail(layer, CODED_BOMB, 0);
	decoder->output(decoder->context, slice_of(octets, n));
	return true;
}

/* gzip by its header; "deflate" is zlib's format, but raw deflate is sent as well. */
static bool
layer_begin_zlib(struct layer *layer, uint8_t first)
{
	int bits = 15 + 16;

	if (layer->coding == CODING_DEFLATE)
		bits = (first & 0x0f) == 8 ? 15 : -15;
	layer->raw = bits < 0;
	return inflateInit2(&layer->z, bits) == Z_OK;
}

static bool
layer_feed_zlib(struct layer *layer, struct slice s)
{
	uint8_t out[STEP_BYTES];

	layer->z.next_in = (uint8_t *)(uintptr_t)s.at;
	layer->z.avail_in = (unsigned)s.n;
	while (layer->z.avail_in || !layer->z.avail_out) {
		int result;

		if (layer->over) {
			/* Another gzip member continues the content; anything else ends
			 * it. */
			if (!layer->z.avail_in)
				return true;
			if (layer->coding != CODING_GZIP ||
				inflateReset(&layer->z) != Z_OK) {
				layer->trailing = true;
				return true;
			}
			layer->over = false;
		}
		layer->z.next_out = out;
		layer->z.avail_out = sizeof out;
		result = inflate(&layer->z, Z_NO_FLUSH);
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
			return layer_fail(layer, fault_of_zlib(layer), layer->z.avail_in);
		if (!layer_emit(layer, out, sizeof out - layer->z.avail_out))
			return false;
		layer->over = result == Z_STREAM_END;
		layer->members += layer->over;
		if (result == Z_BUF_ERROR)
			break;
	}
	return true;
}

#ifdef HAVE_BROTLI
/* In front of each block: its length, as aligned as a block has to be. */
union brotli_block {
	size_t bytes;
	max_align_t alignment;
};

static void *
brotli_alloc(void *opaque, size_t bytes)
{
	union brotli_block *block = mem_grow(NULL, sizeof *block + bytes);

	block->bytes = sizeof *block + bytes;
	((struct layer *)opaque)->brotli_bytes += block->bytes;
	return block + 1;
}

static void
brotli_release(void *opaque, void *address)
{
	union brotli_block *block = address;

	if (!block)
		return;
	block--;
	((struct layer *)opaque)->brotli_bytes -= block->bytes;
	mem_free(block);
}

static bool
layer_feed_brotli(struct layer *layer, struct slice s)
{
	uint8_t out[STEP_BYTES];
	const uint8_t *in = s.at;
	size_t in_bytes = s.n;
	BrotliDecoderResult result;

	do {
		uint8_t *at = out;
		size_t room = sizeof out;

		result = BrotliDecoderDecompressStream(
			layer->brotli, &in_bytes, &in, &room, &at, NULL);
		if (result == BROTLI_DECODER_RESULT_ERROR)
			return layer_fail(layer, CODED_CORRUPT, in_bytes);
		if (!layer_emit(layer, out, sizeof out - room))
			return false;
	} while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
	layer->over = result == BROTLI_DECODER_RESULT_SUCCESS;
	layer->trailing |= layer->over && in_bytes;
	return true;
}
#endif

#ifdef HAVE_ZSTD
enum {
	ZSTD_WINDOW_LOG_MAX = 23
}; /* 8 MiB, as RFC 9659 asks of content codings */

static enum coded_fault
fault_of_zstd(const struct layer *layer, size_t result)
{
	ZSTD_ErrorCode code = ZSTD_getErrorCode(result);

	if (code == ZSTD_error_frameParameter_windowTooLarge ||
		code == ZSTD_error_memory_allocation)
		return CODED_REFUSED;
	if (layer->over && code == ZSTD_error_prefix_unknown)
		return CODED_TRAILING;
	return code == ZSTD_error_checksum_wrong ? CODED_CHECKSUM : CODED_CORRUPT;
}

static bool
layer_feed_zstd(struct layer *layer, struct slice s)
{
	uint8_t out[STEP_BYTES];
	ZSTD_inBuffer in = {s.at, s.n, 0};
	ZSTD_outBuffer to = {out, sizeof out, 0};

	do {
		size_t result;

		to.pos = 0;
		result = ZSTD_decompressStream(layer->zstd, &to, &in);
		if (ZSTD_isError(result))
			return layer_fail(
				layer, fault_of_zstd(layer, result), in.size - in.pos);
		if (!layer_emit(layer, out, to.pos))
			return false;
		layer->over = result == 0;
	} while (in.pos < in.size || to.pos == to.size);
	return true;
}
#endif

static bool
layer_begin(struct layer *layer, uint8_t first)
{
	layer->begun = true;
	switch (layer->coding) {
	case CODING_GZIP:
	case CODING_DEFLATE:
		return layer_begin_zlib(layer, first);
#ifdef HAVE_BROTLI
	case CODING_BROTLI:
		layer->brotli = BrotliDecoderCreateInstance(
			brotli_alloc, brotli_release, layer);
		return layer->brotli != NULL;
#endif
#ifdef HAVE_ZSTD
	case CODING_ZSTD:
		layer->zstd = ZSTD_createDStream();
		return layer->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(layer->zstd,
					      ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX));
#endif
	default:
		return false;
	}
}

static void
layer_begins(struct layer *layer, struct slice s)
{
	for (size_t i = 0; i < s.n && layer->first_bytes < CODED_FIRST_BYTES; i++)
		layer->first[layer->first_bytes++] = s.at[i];
}

static bool
layer_feed(struct layer *layer, struct slice s)
{
	if (!s.n)
		return true;
	layer_begins(layer, s);
	layer->in_bytes += s.n;
	if (!layer->begun && !layer_begin(layer, s.at[0]))
		return layer_fail(layer, CODED_REFUSED, s.n);
	switch (layer->coding) {
#ifdef HAVE_BROTLI
	case CODING_BROTLI:
		return layer_feed_brotli(layer, s);
#endif
#ifdef HAVE_ZSTD
	case CODING_ZSTD:
		return layer_feed_zstd(layer, s);
#endif
	default:
		return layer_feed_zlib(layer, s);
	}
}

static bool
coding_is_built_in(enum coding coding)
{
	switch (coding) {
	case CODING_GZIP:
	case CODING_DEFLATE:
#ifdef HAVE_BROTLI
	case CODING_BROTLI:
#endif
#ifdef HAVE_ZSTD
	case CODING_ZSTD:
#endif
		return true;
	default:
		return false;
	}
}

struct decoder *
decoder_new(
	const enum coding *codings, unsigned count, decode_output *output, void *context)
{
	struct decoder *decoder;

	if (!count || count > CONFIG_DECODE_CODINGS)
		return NULL;
	for (unsigned i = 0; i < count; i++)
		if (!coding_is_built_in(codings[i]))
			return NULL;
	decoder = mem_alloc(sizeof *decoder);
	decoder->count = count;
	decoder->output = output;
	decoder->context = context;
	for (unsigned i = 0; i < count; i++) {
		/* The coding applied last is removed first. */
		decoder->layers[i].coding = codings[count - 1 - i];
		decoder->layers[i].decoder = decoder;
		decoder->layers[i].next = i + 1 < count ? &decoder->layers[i + 1] : NULL;
	}
	return decoder;
}

static size_t
layer_bytes(const struct layer *layer)
{
	size_t bytes = 0;

	if (!layer->begun)
		return 0;
	if (layer->coding == CODING_GZIP || layer->coding == CODING_DEFLATE)
		bytes = ZLIB_BYTES;
#ifdef HAVE_BROTLI
	bytes += layer->brotli_bytes;
#endif
#ifdef HAVE_ZSTD
	if (layer->zstd)
		bytes += ZSTD_sizeof_DStream(layer->zstd);
#endif
	return bytes;
}

static void
layer_end(struct layer *layer)
{
	if (layer->begun &&
		(layer->coding == CODING_GZIP || layer->coding == CODING_DEFLATE))
		inflateEnd(&layer->z);
#ifdef HAVE_BROTLI
	if (layer->brotli)
		BrotliDecoderDestroyInstance(layer->brotli);
	layer->brotli = NULL;
#endif
#ifdef HAVE_ZSTD
	ZSTD_freeDStream(layer->zstd);
	layer->zstd = NULL;
#endif
	layer->begun = false;
}

size_t
decoder_bytes(const struct decoder *decoder)
{
	size_t bytes = sizeof *decoder;

	for (unsigned i = 0; i < decoder->count; i++)
		bytes += layer_bytes(&decoder->layers[i]);
	return bytes;
}

void
decoder_stop(struct decoder *decoder)
{
	decoder->stopped = true;
	for (unsigned i = 0; i < decoder->count; i++)
		layer_end(&decoder->layers[i]);
}

bool
decoder_feed(struct decoder *decoder, struct slice s)
{
	if (decoder->stopped) {
		/* In which coding it is shows a little later than in which it is not. */
		layer_begins(&decoder->layers[0], s);
		return false;
	}
	decoder->in_bytes += s.n;
	if (!layer_feed(&decoder->layers[0], s))
		decoder_stop(decoder);
	return !decoder->stopped;
}

bool
decoder_finish(struct decoder *decoder)
{
	for (unsigned i = 0; i < decoder->count; i++)
		if (!decoder->layers[i].over)
			return false;
	return !decoder->stopped;
}

/* A layer that did not come to its end, when there is no more to come. */
static enum coded_fault
fault_of_end(const struct layer *layer)
{
	if (layer->members && layer->z.total_in < 2)
		return CODED_TRAILING; /* too little for another member's header */
	return fault_of_beginning(layer, CODED_TRUNCATED);
}

struct coded
decoder_result(const struct decoder *decoder, bool ended)
{
	struct coded coded = {.out_bytes = decoder->out_bytes};
	const struct layer *layer = decoder->failed;

	coded.fault = decoder->fault;
	if (coded.fault == CODED_PLAIN || coded.fault == CODED_CORRUPT)
		coded.fault = fault_of_beginning(layer, coded.fault);
	coded.at_bytes = decoder->failed_at;
	if (decoder->stopped && !layer)
		coded.fault = CODED_REFUSED;
	for (unsigned i = 0; ended && !layer && !decoder->stopped && i < decoder->count;
		i++) {
		const struct layer *one = &decoder->layers[i];

		if (one->over && !one->trailing)
			continue;
		layer = one;
		coded.fault = one->over ? CODED_TRAILING : fault_of_end(one);
		coded.at_bytes = one->in_bytes;
	}
	if (!layer) {
		layer = &decoder->layers[0];
		coded.at_bytes = layer->in_bytes;
	}
	coded.coding = layer->coding;
	coded.raw_deflate = layer->raw;
	coded.first_bytes = layer->first_bytes;
	memcpy(coded.first, layer->first, sizeof coded.first);
	return coded;
}

void
decoder_free(struct decoder **decoder)
{
	if (!*decoder)
		return;
	decoder_stop(*decoder);
	mem_free(*decoder);
	*decoder = NULL;
}
