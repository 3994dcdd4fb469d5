#include "parsers/mediatype.h"

struct slice
mediatype_essence(struct slice content_type)
{
	return slice_trim(slice_part(content_type, 0, slice_find(content_type, ';', 0)));
}

bool
mediatype_is_static(struct slice content_type)
{
	static const struct slice trees[] = {SLICE_INIT("image/"), SLICE_INIT("font/"),
		SLICE_INIT("video/"), SLICE_INIT("audio/"),
		SLICE_INIT("application/font-"), SLICE_INIT("application/x-font-")};
	static const struct slice types[] = {SLICE_INIT("text/css"),
		SLICE_INIT("text/javascript"), SLICE_INIT("application/javascript"),
		SLICE_INIT("application/x-javascript"), SLICE_INIT("application/wasm"),
		SLICE_INIT("application/vnd.ms-fontobject")};
	struct slice type = mediatype_essence(content_type);

	for (size_t i = 0; i < sizeof trees / sizeof *trees; i++)
		if (slice_eq_nocase(slice_part(type, 0, trees[i].n), trees[i]))
			return true;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_eq_nocase(type, types[i]))
			return true;
	return false;
}

static bool
ends_with(struct slice s, struct slice end)
{
	return s.n >= end.n && slice_eq_nocase(slice_from(s, s.n - end.n), end);
}

bool
mediatype_is_compressible(struct slice content_type)
{
	static const struct slice types[] = {SLICE_INIT("application/json"),
		SLICE_INIT("application/javascript"),
		SLICE_INIT("application/x-javascript"),
		SLICE_INIT("application/ecmascript"), SLICE_INIT("application/xml"),
		SLICE_INIT("application/wasm"), SLICE_INIT("font/ttf"),
		SLICE_INIT("font/otf"), SLICE_INIT("application/font-ttf"),
		SLICE_INIT("application/font-otf"), SLICE_INIT("application/x-font-ttf"),
		SLICE_INIT("application/x-font-otf")};
	struct slice type = mediatype_essence(content_type);

	if (slice_eq_nocase(slice_part(type, 0, 5), SLICE("text/")))
		return true;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_eq_nocase(type, types[i]))
			return true;
	return ends_with(type, SLICE("+json")) || ends_with(type, SLICE("+xml"));
}
