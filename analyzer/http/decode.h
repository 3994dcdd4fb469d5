/*
 * analyzer/http/decode.h - content coding removed, piece by piece
 *
 * The only user of the decompressors.  Decoded octets are handed to a callback and
 * never kept.  Capped: too many octets or too steep a ratio stop the decoder, and
 * the content then has no decoded form (a bomb costs no more than the cap).
 *
 * What a decoder takes is the sender's choice: 40 KiB for gzip and deflate, up to 8 MiB
 * of window for zstd [RFC9659 3], up to 16 MiB for brotli [RFC7932 9.1], in a few octets
 * of content.  It is counted as it is taken, and given back when the decoder stops.
 */
#ifndef ANALYZER_HTTP_DECODE_H
#define ANALYZER_HTTP_DECODE_H

#include "analyzer/http/coded.h"

typedef void decode_output(void *context, struct slice decoded);

struct decoder;

/*
 * For codings in the order of their application, as Content-Encoding lists them.
 * NULL if there is none, too many, or one that is not built in.
 */
struct decoder *decoder_new(
	const enum coding *codings, unsigned count, decode_output *output, void *context);

/* What it takes now. */
size_t decoder_bytes(const struct decoder *decoder);

/* Feeds octets as sent; false once it has stopped: damaged, or over the cap. */
bool decoder_feed(struct decoder *decoder, struct slice s);

/* Gives back what it took; the content has no decoded form. */
void decoder_stop(struct decoder *decoder);

/* Whether every coding came to its proper end. */
bool decoder_finish(struct decoder *decoder);

/*
 * What came of it; `ended`: there is no more, so a coding that has not come to its end
 * was cut short.
 */
struct coded decoder_result(const struct decoder *decoder, bool ended);

void decoder_free(struct decoder **decoder);

#endif
