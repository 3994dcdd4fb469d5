/*
 * analyzer/base/place.h - where in the capture an octet was seen: its packet
 */
#ifndef ANALYZER_BASE_PLACE_H
#define ANALYZER_BASE_PLACE_H

#include <stdint.h>

struct place {
	int64_t ts_ns;	 /* capture clock */
	uint64_t frame;	 /* number in its file, from 1; 0: nowhere */
	uint64_t offset; /* of the frame in its file; 0: unknown, it is no plain file */
	uint32_t source; /* index of the file */
	uint32_t octets; /* of the frame that the file has */
};

#endif
