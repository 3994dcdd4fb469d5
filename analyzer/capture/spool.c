#include "analyzer/capture/spool.h"

#include "analyzer/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	BLOCK_BYTES = 256 * 1024
};

/* Before the octets of each packet. */
struct header {
	int64_t ts_ns;
	uint32_t bytes, wire_bytes;
	uint16_t link_type;
	uint8_t fcs_bytes;
};

struct block {
	uint8_t *octets;
	size_t n, room;
};

struct spool {
	int fd;
	uint64_t most_bytes;
	uint64_t file_bytes; /* whole records */
	struct block tail;   /* not in the file yet */
	struct block view;   /* of the file, for reading */
	uint64_t view_at;    /* where in the file it ends */
	size_t taken;	     /* of the view */
	size_t tail_taken;
	int failed; /* errno of what could not be read, or not be put back */
};

/* A file in the folder for such files, without a name. */
static int
open_nameless(void)
{
	const char *folder = getenv("TMPDIR");
	static const char name[] = "/cachetap-XXXXXX";
	char *path;
	int fd;

	if (!folder || !folder[0])
		folder = "/tmp";
	path = mem_alloc(strlen(folder) + sizeof name);
	memcpy(path, folder, strlen(folder));
	memcpy(path + strlen(folder), name, sizeof name);
	fd = mkstemp(path);
	if (fd >= 0)
		unlink(path);
	mem_free(path);
	return fd;
}

struct spool *
spool_open(uint64_t most_bytes, struct err *err)
{
	int fd = open_nameless();
	struct spool *spool;

	if (fd < 0) {
		err_set(err, EXIT_OUTPUT, "packets cannot be kept for -w (%s)",
			strerror(errno));
		err_hint(err, "TMPDIR=FOLDER, one that may be written");
		return NULL;
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	spool = mem_alloc(sizeof *spool);
	spool->fd = fd;
	spool->most_bytes = most_bytes;
	return spool;
}

void
spool_close(struct spool **spool)
{
	struct spool *old = *spool;

	if (!old)
		return;
	close(old->fd);
	mem_free(old->tail.octets);
	mem_free(old->view.octets);
	mem_free(old);
	*spool = NULL;
}

static uint8_t *
block_add(struct block *block, size_t n)
{
	if (block->room - block->n < n) {
		block->room = block->n + n + BLOCK_BYTES;
		block->octets = mem_grow(block->octets, block->room);
	}
	block->n += n;
	return block->octets + block->n - n;
}

static void
block_put(struct block *block, const struct packet *packet)
{
	uint8_t *at = block_add(block, spool_packet_bytes(packet));
	struct header header;

	memset(&header, 0, sizeof header); /* what lies between the members, too */
	header.ts_ns = packet->ts_ns;
	header.bytes = (uint32_t)packet->data.n;
	header.wire_bytes = packet->wire_bytes;
	header.link_type = packet->link_type;
	header.fcs_bytes = packet->fcs_bytes;
	memcpy(at, &header, sizeof header);
	if (packet->data.n)
		memcpy(at + sizeof header, packet->data.at, packet->data.n);
}

/* The packet at the beginning of some octets; how long it is, or is to be. */
static size_t
packet_at(struct slice octets, struct packet *packet)
{
	struct header header;

	if (octets.n < sizeof header)
		return sizeof header;
	memcpy(&header, octets.at, sizeof header);
	*packet = (struct packet){.ts_ns = header.ts_ns,
		.wire_bytes = header.wire_bytes,
		.link_type = header.link_type,
		.fcs_bytes = header.fcs_bytes,
		.data = slice_part(octets, sizeof header, sizeof header + header.bytes)};
	return sizeof header + header.bytes;
}

uint64_t
spool_packet_bytes(const struct packet *packet)
{
	return sizeof(struct header) + packet->data.n;
}

uint64_t
spool_room_bytes(const struct spool *spool)
{
	return spool->most_bytes;
}

uint64_t
spool_bytes(const struct spool *spool)
{
	return spool->file_bytes + spool->tail.n;
}

/* ---- putting ---- */

static bool
write_block(int fd, const struct block *block, uint64_t at)
{
	size_t done = 0;

	while (done < block->n) {
		ssize_t n = pwrite(
			fd, block->octets + done, block->n - done, (off_t)(at + done));

		if (n < 0 && errno != EINTR)
			return false;
		done += n < 0 ? 0 : (size_t)n;
	}
	return true;
}

/* A full disk is a limit like another. */
static bool
spool_flush(struct spool *spool)
{
	if (!write_block(spool->fd, &spool->tail, spool->file_bytes)) {
		spool->most_bytes = spool->file_bytes;
		return false;
	}
	spool->file_bytes += spool->tail.n;
	spool->tail.n = 0;
	return true;
}

bool
spool_put(struct spool *spool, const struct packet *packet)
{
	uint64_t bytes = spool_packet_bytes(packet);

	if (spool_bytes(spool) + bytes > spool->most_bytes ||
		(spool->tail.n >= BLOCK_BYTES && !spool_flush(spool)))
		return false;
	block_put(&spool->tail, packet);
	return true;
}

/* ---- reading ---- */

void
spool_rewind(struct spool *spool)
{
	spool->view.n = spool->taken = spool->tail_taken = 0;
	spool->view_at = 0;
}

static struct slice
view_of(const struct spool *spool)
{
	return slice_of(spool->view.octets + spool->taken, spool->view.n - spool->taken);
}

/* Brings `n` octets of the file into view, and more; false at its end. */
static bool
view_fill(struct spool *spool, size_t n)
{
	struct block *view = &spool->view;
	uint64_t left = spool->file_bytes - spool->view_at;
	size_t more = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;

	view->n -= spool->taken;
	if (view->n)
		memmove(view->octets, view->octets + spool->taken, view->n);
	spool->taken = 0;
	if (view->n + more < n)
		more = left < n - view->n ? (size_t)left : n - view->n;
	while (more) {
		ssize_t got = pread(
			spool->fd, block_add(view, more), more, (off_t)spool->view_at);

		view->n -= more - (got > 0 ? (size_t)got : 0);
		if (got == 0 || (got < 0 && errno != EINTR)) {
			spool->failed = got ? errno : EIO;
			break;
		}
		spool->view_at += got > 0 ? (uint64_t)got : 0;
		more -= got > 0 ? (size_t)got : 0;
	}
	return view->n >= n;
}

static bool
file_next(struct spool *spool, struct packet *packet)
{
	size_t n;

	while ((n = packet_at(view_of(spool), packet)) > view_of(spool).n)
		if (!view_fill(spool, n))
			return false;
	spool->taken += n;
	return true;
}

bool
spool_next(struct spool *spool, struct packet *packet)
{
	struct slice rest;

	if (file_next(spool, packet))
		return true;
	rest = slice_of(spool->tail.octets + spool->tail_taken,
		spool->tail.n - spool->tail_taken);
	if (!rest.n)
		return false;
	spool->tail_taken += packet_at(rest, packet);
	return true;
}

int
spool_failed(const struct spool *spool)
{
	return spool->failed;
}

/* ---- letting go ---- */

/* What is kept of the file goes where was read already, and what waited to be written
 * behind it. */
void
spool_thin(struct spool *spool, bool (*keep)(void *context, const struct packet *packet),
	void *context)
{
	struct block kept = {0};
	struct packet packet;
	uint64_t bytes = 0;
	bool is_written = true;

	spool_rewind(spool);
	while (is_written && file_next(spool, &packet)) {
		if (!keep(context, &packet))
			continue;
		block_put(&kept, &packet);
		if (kept.n < BLOCK_BYTES)
			continue;
		is_written = write_block(spool->fd, &kept, bytes);
		bytes += is_written ? kept.n : 0;
		kept.n = 0;
	}
	is_written = is_written && write_block(spool->fd, &kept, bytes);
	bytes += is_written ? kept.n : 0;
	if (!is_written)
		spool->failed = errno;
	mem_free(kept.octets);
	spool->file_bytes = bytes;
	if (ftruncate(spool->fd, (off_t)bytes) == 0)
		spool_flush(spool);
}
