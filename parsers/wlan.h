/*
 * parsers/wlan.h - 802.11 frames, alone and behind radiotap, Prism or AVS headers
 *
 * Data frames in the clear [IEEE 802.11 9.3.2]: with three or four addresses, QoS
 * and HT control, then LLC with SNAP.  Protected frames, aggregates (A-MSDU),
 * fragments and frames of no data are LINK_NEXT_OTHER, and link->unread says which.
 *
 * Radiotap says whether the frame ends in a check sequence, whether that was wrong
 * (such a frame is damaged: the sender sends it again), and whether the header was
 * padded.  Only the flags are read, which lie behind the time stamp if there is one.
 *
 * The old headers have a length in the byte order of who wrote them, at the same
 * place; AVS is told by its magic number, in files of either type.
 *
 * All of them start at link->bytes and move it.
 */
#ifndef PARSERS_WLAN_H
#define PARSERS_WLAN_H

#include "parsers/link.h"

enum link_next wlan_decode(struct link_header *link, struct slice frame);
enum link_next wlan_radiotap(struct link_header *link, struct slice frame);
enum link_next wlan_prism(struct link_header *link, struct slice frame);

#endif
