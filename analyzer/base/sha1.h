/*
 * analyzer/base/sha1.h - SHA-1 of a short message		[RFC3174]
 *
 * Community ID prescribes it.  Pseudonyms of addresses rest on it being one way under a
 * key that is not known, which it is; nothing rests on the lack of collisions.
 */
#ifndef ANALYZER_BASE_SHA1_H
#define ANALYZER_BASE_SHA1_H

#include "parsers/slice.h"

enum {
	SHA1_BYTES = 20
};

void sha1(struct slice message, uint8_t digest[SHA1_BYTES]);

#endif
