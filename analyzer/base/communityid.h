/*
 * analyzer/base/communityid.h - the name of a TCP connection that other tools share
 *
 * Community ID version 1, seed 0: "1:" and the base64 of
 * SHA-1(seed16 address address protocol 0 port port), the smaller end first, so
 * that both directions have the same name.  Zeek, Suricata, Arkime and tshark
 * print it too.
 */
#ifndef ANALYZER_BASE_COMMUNITYID_H
#define ANALYZER_BASE_COMMUNITYID_H

#include "parsers/slice.h"

enum {
	COMMUNITYID_BYTES = 31 /* with the final NUL */
};

/* Addresses are 4 octets each, or 16 each, in network order. */
void communityid(struct slice a, uint16_t a_port, struct slice b, uint16_t b_port,
	char text[COMMUNITYID_BYTES]);

#endif
