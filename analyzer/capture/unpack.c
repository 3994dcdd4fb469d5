#include "analyzer/capture/unpack.h"

#include "analyzer/base/mem.h"
#include "analyzer/capture/stop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

enum {
	INPUT_BYTES = 64 * 1024,
	GZIP_WINDOW_BITS = 15 + 16, /* the largest window; gzip headers only */
};

struct unpack {
	enum unpack_coding coding;
	int fd;
	int error;
	int64_t end_ms; /* of what may still come after source_stop() */
	const char *damage;
	bool is_inside;	 /* a member has begun and not ended */
	bool is_damaged; /* it cannot be unpacked any further */
	bool input_ended, ended, cut;
	z_stream gzip;
#ifdef HAVE_ZSTD
	ZSTD_DStream *zstd;
#endif
	uint8_t *next; /* compressed octets not yet used */
	size_t left;
	uint8_t input[INPUT_BYTES];
};

static const struct {
	struct slice magic;
	const char *name;
} codings[] = {
	[UNPACK_NONE] = {{NULL, 0}, "none"},
	[UNPACK_GZIP] = {SLICE_INIT("\x1f\x8b"), "gzip"},
	[UNPACK_ZSTD] = {SLICE_INIT("\x28\xb5\x2f\xfd"), "zstd"},
	[UNPACK_XZ] = {SLICE_INIT("\xfd\x37zXZ\0"), "xz"},
	[UNPACK_LZ4] = {SLICE_INIT("\x04\x22\x4d\x18"), "lz4"},
	[UNPACK_BZIP2] = {SLICE_INIT("BZh"), "bzip2"},
};

enum unpack_coding
unpack_recognise(struct slice first)
{
	for (unsigned i = UNPACK_GZIP; i < sizeof codings / sizeof *codings; i++)
		if (slice_has_prefix(first, codings[i].magic))
			return (enum unpack_coding)i;
	return UNPACK_NONE;
}

const char *
unpack_name(enum unpack_coding coding)
{
	return codings[coding].name;
}

bool
unpack_is_built_in(enum unpack_coding coding)
{
#ifdef HAVE_ZSTD
	if (coding == UNPACK_ZSTD)
		return true;
#endif
	return coding == UNPACK_GZIP;
}

size_t
unpack_read_plain(
	int fd, uint8_t *to, size_t room, int *error, int64_t *end_ms, struct idle *idle)
{
	while (stop_wait(fd, end_ms, idle)) {
		ssize_t n = read(fd, to, room);

		if (n >= 0)
			return (size_t)n;
		if (errno != EAGAIN && errno != EINTR) {
			*error = errno;
			break;
		}
	}
	return 0;
}

static void
unpack_fail(struct unpack *unpack)
{
	unpack->damage = "no memory";
	unpack->ended = true;
}

struct unpack *
unpack_new(enum unpack_coding coding, int fd, struct slice first)
{
	struct unpack *unpack = mem_grow(NULL, sizeof *unpack);

	assert(unpack_is_built_in(coding) && first.n <= sizeof unpack->input);
	memset(unpack, 0, offsetof(struct unpack, input));
	unpack->coding = coding;
	unpack->fd = fd;
	unpack->next = unpack->input;
	unpack->left = first.n;
	memcpy(unpack->input, first.at, first.n);
#ifdef HAVE_ZSTD
	if (coding == UNPACK_ZSTD) {
		unpack->zstd = ZSTD_createDStream();
		if (!unpack->zstd)
			unpack_fail(unpack);
		return unpack;
	}
#endif
	if (inflateInit2(&unpack->gzip, GZIP_WINDOW_BITS) != Z_OK)
		unpack_fail(unpack);
	return unpack;
}

void
unpack_free(struct unpack **unpack)
{
	if (!*unpack)
		return;
#ifdef HAVE_ZSTD
	ZSTD_freeDStream((*unpack)->zstd);
#endif
	inflateEnd(&(*unpack)->gzip);
	mem_free(*unpack);
	*unpack = NULL;
}

static size_t
unpack_gzip(struct unpack *unpack, uint8_t *to, size_t room)
{
	z_stream *z = &unpack->gzip;
	int result;

	z->next_in = unpack->next;
	z->avail_in = (uInt)unpack->left;
	z->next_out = to;
	z->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
	result = inflate(z, Z_NO_FLUSH);
	unpack->next = z->next_in;
	unpack->left = z->avail_in;
	if (result == Z_STREAM_END) {
		unpack->is_inside = false;
		inflateReset(z);
	} else if (result != Z_OK && result != Z_BUF_ERROR) {
		unpack->damage = z->msg ? z->msg : "no memory";
		unpack->is_damaged = true;
	}
	return (size_t)(z->next_out - to);
}

#ifdef HAVE_ZSTD
static size_t
unpack_zstd(struct unpack *unpack, uint8_t *to, size_t room)
{
	ZSTD_inBuffer in = {unpack->next, unpack->left, 0};
	ZSTD_outBuffer out = {to, room, 0};
	size_t result = ZSTD_decompressStream(unpack->zstd, &out, &in);

	unpack->next += in.pos;
	unpack->left -= in.pos;
	unpack->is_damaged = ZSTD_isError(result);
	if (unpack->is_damaged) {
		unpack->damage = ZSTD_getErrorName(result);
		if (!in.pos && unpack->left) { /* or it would be tried again */
			unpack->next++;
			unpack->left--;
		}
	} else if (result == 0) {
		unpack->is_inside = false;
	}
	return out.pos;
}
#endif

static size_t
unpack_some(struct unpack *unpack, uint8_t *to, size_t room)
{
#ifdef HAVE_ZSTD
	if (unpack->coding == UNPACK_ZSTD)
		return unpack_zstd(unpack, to, room);
#endif
	return unpack_gzip(unpack, to, room);
}

/* Until there are `n` octets of input, or no more come. */
static void
unpack_refill(struct unpack *unpack, size_t n)
{
	while (unpack->left < n && !unpack->input_ended) {
		size_t got;

		memmove(unpack->input, unpack->next, unpack->left);
		unpack->next = unpack->input;
		got = unpack_read_plain(unpack->fd, unpack->input + unpack->left,
			sizeof unpack->input - unpack->left, &unpack->error,
			&unpack->end_ms, NULL);
		unpack->left += got;
		unpack->input_ended = got == 0;
	}
}

/* Between members: zstd has frames to be skipped, of any content, as well. */
static bool
unpack_member_begins(const struct unpack *unpack)
{
	static const struct slice skippable = SLICE_INIT("\x2a\x4d\x18");
	struct slice next = slice_of(unpack->next, unpack->left);

	if (slice_has_prefix(next, codings[unpack->coding].magic))
		return true;
	return unpack->coding == UNPACK_ZSTD && next.n >= 4 && next.at[0] >> 4 == 5 &&
	       slice_has_prefix(slice_from(next, 1), skippable);
}

/* Behind damage: passes over all before the next member. */
static void
unpack_seek(struct unpack *unpack)
{
	unpack->is_damaged = unpack->is_inside = false;
	while (unpack_refill(unpack, UNPACK_MAGIC_BYTES),
		unpack->left && !unpack_member_begins(unpack)) {
		unpack->next++;
		unpack->left--;
	}
#ifdef HAVE_ZSTD
	if (unpack->coding == UNPACK_ZSTD) {
		ZSTD_DCtx_reset(unpack->zstd, ZSTD_reset_session_only);
		return;
	}
#endif
	inflateReset(&unpack->gzip);
}

size_t
unpack_read(struct unpack *unpack, uint8_t *to, size_t room)
{
	while (!unpack->ended) {
		size_t got;

		if (unpack->is_damaged)
			unpack_seek(unpack);
		unpack_refill(unpack, unpack->is_inside ? 1 : UNPACK_MAGIC_BYTES);
		if (!unpack->is_inside)
			unpack->is_inside = unpack_member_begins(unpack);
		if (!unpack->is_inside) {
			unpack->ended = true;
			break;
		}
		got = unpack_some(unpack, to, room);
		if (got)
			return got;
		if (unpack->is_inside && !unpack->is_damaged && unpack->input_ended &&
			!unpack->left) {
			unpack->ended = true;
			unpack->cut = !unpack->error;
		}
	}
	return 0;
}

bool
unpack_is_cut(const struct unpack *unpack)
{
	return unpack->cut;
}

const char *
unpack_damage(const struct unpack *unpack)
{
	return unpack->damage;
}

int
unpack_errno(const struct unpack *unpack)
{
	return unpack->error;
}

size_t
unpack_waiting(const struct unpack *unpack)
{
	return unpack->left;
}
