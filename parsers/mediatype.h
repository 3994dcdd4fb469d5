/*
 * parsers/mediatype.h - what a Content-Type says of the thing
 *
 *	media-type = type "/" subtype parameters	[RFC9110 8.3.1]
 *
 * Names compare without case; parameters do not count.
 */
#ifndef PARSERS_MEDIATYPE_H
#define PARSERS_MEDIATYPE_H

#include "parsers/slice.h"

/* Type and subtype without parameters and blanks; empty if there is none. */
struct slice mediatype_essence(struct slice content_type);

/* Pictures, sounds, films, fonts, styles and programs: what pages are made of, and
 * seldom made for one visitor. */
bool mediatype_is_static(struct slice content_type);

/* What people can read, whatever it is for. */
bool mediatype_is_text(struct slice content_type);

/* Something packed, or of which nothing is known. */
bool mediatype_is_archive(struct slice content_type);

/* Text, programs, data and outlines: what a lossless coding makes smaller. */
bool mediatype_is_compressible(struct slice content_type);

#endif
