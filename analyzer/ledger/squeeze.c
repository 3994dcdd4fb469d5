#include "analyzer/ledger/squeeze.h"

#include "analyzer/base/table.h"
#include "analyzer/config.h"

#include <assert.h>
#include <zlib.h>

enum {
	LEVEL = 6,
	WINDOW_BITS = 15 + 16, /* with gzip's wrapper */
	MEMORY_LEVEL = 8,
	OUT_BYTES = 32 << 10,
	STEP_BYTES = 1 << 30, /* zlib counts in unsigned int */
};

struct squeeze {
	struct table *sizes; /* uint64_t, by digest */
	uint64_t measured_bytes;
	bool sampled, begun;
	z_stream z;
};

struct squeeze *
squeeze_new(uint64_t memory_bytes, bool sampled)
{
	struct squeeze *squeeze = mem_alloc(sizeof *squeeze);

	squeeze->sizes = table_new(sizeof(uint64_t), memory_bytes, NULL);
	squeeze->sampled = sampled;
	return squeeze;
}

void
squeeze_free(struct squeeze **squeeze)
{
	if (!*squeeze)
		return;
	if ((*squeeze)->begun)
		deflateEnd(&(*squeeze)->z);
	table_free(&(*squeeze)->sizes);
	mem_free(*squeeze);
	*squeeze = NULL;
}

static bool
is_sampled(const struct exchange *x)
{
	struct key resource = key_add(
		key_add_nocase(key_start(0), x->host), x->path_query);

	return resource.low % CONFIG_SQUEEZE_SAMPLE == 0;
}

static bool
is_due(const struct squeeze *squeeze, const struct exchange *x)
{
	bool room = squeeze->measured_bytes <= CONFIG_SQUEEZE_BYTES &&
		    x->kept_bytes <= CONFIG_SQUEEZE_BYTES - squeeze->measured_bytes;

	return x->kept && ((room && !squeeze->sampled) || is_sampled(x));
}

static void
squeeze_begin(struct squeeze *squeeze)
{
	int result = squeeze->begun
			     ? deflateReset(&squeeze->z)
			     : deflateInit2(&squeeze->z, LEVEL, Z_DEFLATED, WINDOW_BITS,
				       MEMORY_LEVEL, Z_DEFAULT_STRATEGY);

	assert(result == Z_OK);
	(void)result;
	squeeze->begun = true;
}

static uint64_t
squeeze_size(struct squeeze *squeeze, const struct exchange *x)
{
	z_stream *z = &squeeze->z;
	uint8_t out[OUT_BYTES];
	uint64_t bytes = 0;
	size_t done = 0;
	int result;

	squeeze_begin(squeeze);
	do {
		size_t left = x->kept_bytes - done;

		if (!z->avail_in) {
			z->next_in = x->kept + done;
			z->avail_in = left < STEP_BYTES ? (unsigned)left : STEP_BYTES;
			done += z->avail_in;
		}
		z->next_out = out;
		z->avail_out = sizeof out;
		result = deflate(z, done == x->kept_bytes ? Z_FINISH : Z_NO_FLUSH);
		bytes += sizeof out - z->avail_out;
	} while (result == Z_OK || result == Z_BUF_ERROR);
	assert(result == Z_STREAM_END);
	return bytes;
}

static struct key
content_key(const struct exchange *x)
{
	return (struct key){x->r.digest.high, x->r.digest.low};
}

bool
squeeze_known(const struct squeeze *squeeze, const struct exchange *x, uint64_t *bytes)
{
	const uint64_t *size = table_find(squeeze->sizes, content_key(x));

	if (size)
		*bytes = *size;
	return size != NULL;
}

bool
squeeze_measure(struct squeeze *squeeze, const struct exchange *x, uint64_t *bytes)
{
	struct key content = content_key(x);
	uint64_t *size = table_use(squeeze->sizes, content);

	if (!size) {
		if (!is_due(squeeze, x))
			return false;
		size = table_put(squeeze->sizes, content);
		*size = squeeze_size(squeeze, x);
		if (!squeeze->sampled)
			squeeze->measured_bytes += x->kept_bytes;
	}
	*bytes = *size;
	return true;
}
