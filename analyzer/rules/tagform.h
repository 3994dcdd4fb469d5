/*
 * analyzer/rules/tagform.h - what the forms of two entity tags tell
 *
 * Servers make tags by recipes that show: inode-size-mtime (Apache), mtime-size or
 * size-mtime (nginx, Apache), hash:changes (IIS).
 */
#ifndef ANALYZER_RULES_TAGFORM_H
#define ANALYZER_RULES_TAGFORM_H

#include "parsers/slice.h"

/* "inode", "mtime" or "iis-counter": the part that differs; NULL if it is none. */
const char *tagform_change(struct slice was, struct slice is);

#endif
