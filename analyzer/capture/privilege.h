/*
 * analyzer/capture/privilege.h - root no longer, before the first octet is parsed
 *
 * Sources and outputs are opened first, then this, then hostile octets are
 * looked at.  What is open stays usable: a packet socket keeps sniffing.
 */
#ifndef ANALYZER_CAPTURE_PRIVILEGE_H
#define ANALYZER_CAPTURE_PRIVILEGE_H

#include "analyzer/base/err.h"

/*
 * Becomes `user` (NULL: nobody) for good: user and group ids, no supplementary
 * groups, no capabilities and none to be had again, no core files.  Only root
 * has something to give up: for others, and for a user who is root, the
 * capabilities that the program's file may have given are dropped and nothing
 * else.  Before any thread is started.
 */
int privilege_drop(const char *user, struct err *err);

#endif
