/*
 * parsers/robot.h - whose robot a User-Agent says it is
 *
 *	User-Agent = product *( RWS ( product / comment ) )	[RFC9110 10.1.5]
 *
 * Crawlers have no grammar but a habit: a product of a known name, in a comment or not
 * ("compatible; Googlebot/2.1; +http://..."), or a word that ends in bot, crawler or
 * spider together with the address of a page about it (+http...).  A name alone is not
 * enough: telephones are called CUBOT.  What is said may be a lie; nobody is looked up.
 *
 * Cost: one pass.
 */
#ifndef PARSERS_ROBOT_H
#define PARSERS_ROBOT_H

#include "parsers/slice.h"

enum {
	ROBOT_NONE,  /* a browser, a program, nobody */
	ROBOT_OTHER, /* by the habit alone; the known ones come behind it */
	ROBOT_COUNT = 20
};

unsigned robot_of(struct slice user_agent);

/* "Googlebot"; "other robots" for ROBOT_OTHER, NULL for ROBOT_NONE. */
const char *robot_name(unsigned robot);

#endif
