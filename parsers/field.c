#include "parsers/field.h"

static const struct slice names[FIELD_COUNT] = {
#define FIELD(id, name) [FIELD_##id] = SLICE_INIT(name),
#include "parsers/field.def"
#undef FIELD
};

enum {
	NAME_BYTES_MAX = 24
};

/* The first id whose name is at least so long; names are sorted by length. */
static const uint8_t first_of_length[NAME_BYTES_MAX + 1] = {
	[2] = FIELD_IF,
	[3] = FIELD_AGE,
	[4] = FIELD_DATE,
	[5] = FIELD_RANGE,
	[6] = FIELD_ACCEPT,
	[7] = FIELD_EXPIRES,
	[8] = FIELD_IF_MATCH,
	[9] = FIELD_FORWARDED,
	[10] = FIELD_CONNECTION,
	[11] = FIELD_RETRY_AFTER,
	[12] = FIELD_CACHE_STATUS,
	[13] = FIELD_ACCEPT_RANGES,
	[14] = FIELD_CONTENT_LENGTH,
	[15] = FIELD_ACCEPT_ENCODING,
	[16] = FIELD_CONTENT_ENCODING,
	[17] = FIELD_CDN_CACHE_CONTROL,
	[19] = FIELD_CONTENT_DISPOSITION,
	[21] = FIELD_IF_SCHEDULE_TAG_MATCH,
};

enum field_id
field_find(struct slice name)
{
	unsigned id = name.n <= NAME_BYTES_MAX ? first_of_length[name.n] : 0;

	for (; id && id < FIELD_COUNT && names[id].n == name.n; id++)
		if (octet_lower(name.at[0]) == names[id].at[0] &&
			slice_eq_nocase(name, names[id]))
			return id;
	return FIELD_OTHER;
}

bool
field_looks_like(struct slice name, struct slice other)
{
	size_t at = 0;

	for (size_t i = 0; i < name.n; i++) {
		uint8_t c = name.at[i] == '_' ? '-' : octet_lower(name.at[i]);

		if (c <= ' ' || c == 0x7f)
			continue;
		if (at == other.n || c != other.at[at])
			return false;
		at++;
	}
	return at == other.n;
}

struct slice
field_name(enum field_id id)
{
	return names[id];
}
