/*
 * analyzer/http/decode.h - content coding removed, piece by piece
 *
 * The only user of the decompressors.  Decoded octets are handed to a callback and
 * never kept.  Capped: too many octets or too steep a ratio stop the decoder, and
 * the content then has no decoded form (a bomb costs no more than the cap).
 */
#ifndef ANALYZER_HTTP_DECODE_H
#define ANALYZER_HTTP_DECODE_H

#include "parsers/coding.h"

typedef void decode_output(void *context, struct slice decoded);

struct decoder;

/*
 * For codings in the order of their application, as Content-Encoding lists them.
 * NULL if there is none, too many, or one that is not built in.
 */
struct decoder *decoder_new(
	const enum coding *codings, unsigned count, decode_output *output, void *context);

/* About what it takes: windows are counted as they are usual, whatever a sender says. */
size_t decoder_bytes(const struct decoder *decoder);

/* Feeds octets as sent; false once it has stopped: damaged, or over the cap. */
bool decoder_feed(struct decoder *decoder, struct slice s);

/* Whether every coding came to its proper end. */
bool decoder_finish(struct decoder *decoder);

void decoder_free(struct decoder **decoder);

#endif
