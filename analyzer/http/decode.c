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
#endif

enum {
	STEP_BYTES = 16 << 10,
	ZLIB_BYTES = 40 << 10, /* its state and its window of 32 KiB */
};

/* One coding; its output goes into the next layer, the last one's to the callback. */
struct layer {
	struct decoder *decoder;
	struct layer *next;
	enum coding coding;
	bool begun, over;
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
	uint64_t in_bytes, out_bytes;
	decode_output *output;
	void *context;
};

static bool layer_feed(struct layer *layer, struct slice s);

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
		return false;
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
			if (layer->coding != CODING_GZIP ||
				inflateReset(&layer->z) != Z_OK)
				return true;
			if (!layer->z.avail_in)
				return true;
			layer->over = false;
		}
		layer->z.next_out = out;
		layer->z.avail_out = sizeof out;
		result = inflate(&layer->z, Z_NO_FLUSH);
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
			return false;
		if (!layer_emit(layer, out, sizeof out - layer->z.avail_out))
			return false;
		layer->over = result == Z_STREAM_END;
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
		if (result == BROTLI_DECODER_RESULT_ERROR ||
			!layer_emit(layer, out, sizeof out - room))
			return false;
	} while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
	layer->over = result == BROTLI_DECODER_RESULT_SUCCESS;
	return true;
}
#endif

#ifdef HAVE_ZSTD
enum {
	ZSTD_WINDOW_LOG_MAX = 23
}; /* 8 MiB, as RFC 9659 asks of content codings */

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
		if (ZSTD_isError(result) || !layer_emit(layer, out, to.pos))
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

static bool
layer_feed(struct layer *layer, struct slice s)
{
	if (!s.n)
		return true;
	if (!layer->begun && !layer_begin(layer, s.at[0]))
		return false;
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
	if (decoder->stopped)
		return false;
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

void
decoder_free(struct decoder **decoder)
{
	if (!*decoder)
		return;
	decoder_stop(*decoder);
	mem_free(*decoder);
	*decoder = NULL;
}
