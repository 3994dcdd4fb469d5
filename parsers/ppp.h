/*
 * parsers/ppp.h - PPP [RFC1661 2], in its framings on serial lines and elsewhere
 *
 * The address and control octets (0xff 0x03) [RFC1662 3.1] may have been left out,
 * and so may the first octet of a small protocol number.  Cisco's HDLC looks alike
 * and has another first octet and an EtherType.  Compressed TCP headers are not
 * expanded.
 *
 * All of them start at link->bytes and move it.
 */
#ifndef PARSERS_PPP_H
#define PARSERS_PPP_H

#include "parsers/link.h"

enum link_next ppp_decode(struct link_header *link, struct slice frame);
/* PPP in HDLC framing, or Cisco's HDLC. */
enum link_next ppp_hdlc(struct link_header *link, struct slice frame);

#endif
