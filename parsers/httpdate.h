/*
 * parsers/httpdate.h - dates, as in Date, Last-Modified, Expires, If-Modified-Since
 *
 *	HTTP-date    = IMF-fixdate / obs-date			[RFC9110 5.6.7]
 *	IMF-fixdate  = day-name "," SP 2DIGIT SP month SP 4DIGIT SP time SP GMT
 *	rfc850-date  = day-name-l "," SP 2DIGIT "-" month "-" 2DIGIT SP time SP GMT
 *	asctime-date = day-name SP month SP ( 2DIGIT / ( SP DIGIT ) ) SP time SP 4DIGIT
 *
 * The grammar is meant to the letter: names with their case, two-digit days, days
 * that the month has.  A wrong day name does not make a date invalid, because
 * recipients do not look; weekday_ok tells.  Second 60 is allowed and counts as
 * the next minute's 0.
 *
 * A two-digit year is the latest one that is not more than 50 years after
 * `now_s`, the capture's clock.  Its weekday is tried in both centuries.
 *
 * httpdate_lenient() and httpdate_defect() describe what a sender meant with a
 * date that is none.  Their results satisfy no condition and set no lifetime.
 */
#ifndef PARSERS_HTTPDATE_H
#define PARSERS_HTTPDATE_H

#include "parsers/slice.h"

enum httpdate_form {
	HTTPDATE_INVALID,
	HTTPDATE_IMF,
	HTTPDATE_RFC850,
	HTTPDATE_ASCTIME,
};

struct httpdate {
	int64_t unix_s; /* 0 if invalid */
	enum httpdate_form form;
	bool weekday_ok;
};

/* The value without outer white space; `now_s` may be any number. */
struct httpdate httpdate_parse(struct slice value, int64_t now_s);

/* Why a value is no HTTP-date; the first that applies, in this order. */
enum httpdate_defect {
	HTTPDATE_DEFECT_NONE,	   /* it is one */
	HTTPDATE_DEFECT_EMPTY,	   /* nothing, or only blanks */
	HTTPDATE_DEFECT_QUOTED,	   /* in " or ' */
	HTTPDATE_DEFECT_SUFFIX,	   /* a date, then `;` */
	HTTPDATE_DEFECT_EPOCH,	   /* a bare number, such as 784111777, 0 or -1 */
	HTTPDATE_DEFECT_ISO8601,   /* 1994-11-06T08:49:37Z */
	HTTPDATE_DEFECT_RANGE,	   /* an impossible day or time */
	HTTPDATE_DEFECT_LOCALISED, /* names in another language */
	HTTPDATE_DEFECT_ZONE,	   /* a zone other than GMT, or none */
	HTTPDATE_DEFECT_LENIENT,   /* one-digit day, other case, other punctuation */
	HTTPDATE_DEFECT_OTHER,
};

enum httpdate_defect httpdate_defect(struct slice value);

/* In one word; NULL for none. */
const char *httpdate_defect_name(enum httpdate_defect defect);

/*
 * The time that was meant, as far as one can tell: also ISO 8601, seconds (or from
 * 12 digits on milliseconds) since 1970, one-digit days, names in any case, numeric
 * and common American and European zones, a missing zone as GMT.
 */
bool httpdate_lenient(struct slice value, int64_t now_s, int64_t *unix_s);

#endif
