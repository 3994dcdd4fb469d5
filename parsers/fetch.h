/*
 * parsers/fetch.h - integers out of octets, in either byte order
 *
 * Each reader takes a pointer that the caller has checked: compare against the
 * slice's length once for a header, then fetch its members.
 */
#ifndef PARSERS_FETCH_H
#define PARSERS_FETCH_H

#include <stdint.h>

static inline uint16_t
fetch_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
fetch_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t
fetch_be64(const uint8_t *p)
{
	return (uint64_t)fetch_be32(p) << 32 | fetch_be32(p + 4);
}

static inline uint16_t
fetch_le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t
fetch_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t
fetch_le64(const uint8_t *p)
{
	return (uint64_t)fetch_le32(p + 4) << 32 | fetch_le32(p);
}

#endif
