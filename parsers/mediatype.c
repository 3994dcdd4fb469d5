#include "parsers/mediatype.h"

struct slice
mediatype_essence(struct slice content_type)
{
	return slice_trim(slice_part(content_type, 0, slice_find(content_type, ';', 0)));
}

static bool
is_one_of(struct slice type, const struct slice *types, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_eq_nocase(type, types[i]))
			return true;
	return false;
}

#define IS_ONE_OF(type, types) is_one_of(type, types, sizeof(types) / sizeof *(types))

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
	return IS_ONE_OF(type, types);
}

bool
mediatype_is_text(struct slice content_type)
{
	static const struct slice ends[] = {SLICE_INIT("/json"),
		SLICE_INIT("/javascript"), SLICE_INIT("/x-javascript"),
		SLICE_INIT("/ecmascript"), SLICE_INIT("/xml"), SLICE_INIT("+json"),
		SLICE_INIT("+xml")};
	struct slice type = mediatype_essence(content_type);

	if (slice_eq_nocase(slice_part(type, 0, 5), SLICE("text/")))
		return true;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (slice_has_suffix_nocase(type, ends[i]))
			return true;
	return false;
}

bool
mediatype_is_archive(struct slice content_type)
{
	static const struct slice types[] = {SLICE_INIT("application/gzip"),
		SLICE_INIT("application/x-gzip"), SLICE_INIT("application/x-gunzip"),
		SLICE_INIT("application/gzip-compressed"),
		SLICE_INIT("application/x-tar"), SLICE_INIT("application/x-gtar"),
		SLICE_INIT("application/x-tgz"),
		SLICE_INIT("application/x-compressed-tar"),
		SLICE_INIT("application/octet-stream")};

	return IS_ONE_OF(mediatype_essence(content_type), types);
}

bool
mediatype_is_compressible(struct slice content_type)
{
	static const struct slice types[] = {SLICE_INIT("application/wasm"),
		SLICE_INIT("font/ttf"), SLICE_INIT("font/otf"),
		SLICE_INIT("application/font-ttf"), SLICE_INIT("application/font-otf"),
		SLICE_INIT("application/x-font-ttf"),
		SLICE_INIT("application/x-font-otf")};

	return mediatype_is_text(content_type) ||
	       IS_ONE_OF(mediatype_essence(content_type), types);
}
