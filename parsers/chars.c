#include "parsers/chars.h"

/* One macro for each kind of octet: the classes that it belongs to. */
#define CTL CHARS_CTL
#define DQUOTE CHARS_VCHAR
#define DELIM (CHARS_VCHAR | CHARS_ETAGC)
#define MARK (CHARS_VCHAR | CHARS_ETAGC | CHARS_TOKEN)
#define DIGIT (MARK | CHARS_DIGIT | CHARS_HEXDIG)
#define ALPHA (MARK | CHARS_ALPHA)
#define HEXA (ALPHA | CHARS_HEXDIG)
#define OBS (CHARS_OBS_TEXT | CHARS_ETAGC)
#define OBS16                                                                            \
	OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS, OBS
#define CTL16                                                                            \
	CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL, CTL

/* clang-format off */
const uint8_t chars_classes[256] = {
	/* 00 */ CTL16,
	/* 10 */ CTL16,
	/* 20 */ 0, MARK, DQUOTE, MARK, MARK, MARK, MARK, MARK,
		 DELIM, DELIM, MARK, MARK, DELIM, MARK, MARK, DELIM,
	/* 30 */ DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT,
		 DIGIT, DIGIT, DELIM, DELIM, DELIM, DELIM, DELIM, DELIM,
	/* 40 */ DELIM, HEXA, HEXA, HEXA, HEXA, HEXA, HEXA, ALPHA,
		 ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA,
	/* 50 */ ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA,
		 ALPHA, ALPHA, ALPHA, DELIM, DELIM, DELIM, MARK, MARK,
	/* 60 */ MARK, HEXA, HEXA, HEXA, HEXA, HEXA, HEXA, ALPHA,
		 ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA,
	/* 70 */ ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA, ALPHA,
		 ALPHA, ALPHA, ALPHA, DELIM, MARK, DELIM, MARK, CTL,
	/* 80 */ OBS16,
	/* 90 */ OBS16,
	/* a0 */ OBS16,
	/* b0 */ OBS16,
	/* c0 */ OBS16,
	/* d0 */ OBS16,
	/* e0 */ OBS16,
	/* f0 */ OBS16,
};
/* clang-format on */
