#include "analyzer/capture/ring.h"

#include "analyzer/base/mem.h"
#include "analyzer/capture/source_file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* What is known of a name. */
struct name {
	char *text;
	struct edition edition;
	bool is_done; /* else it waits or is being read */
	bool is_ignored;
	int index;     /* of what was read and may go on, or RING_NEW_FILE */
	uint64_t look; /* the last one that saw it */
};

struct waiting {
	struct ring_file file;
	uint64_t look;
	int64_t first_ns; /* INT64_MAX: there is no packet yet */
};

struct ring {
	DIR *directory;
	char *model;
	struct name *names; /* sorted */
	size_t count, room;
	struct waiting *queue; /* sorted, if nothing was added since */
	size_t first, end, queue_room;
	bool is_sorted, has_begun;
	char *reading;
	uint64_t looks;
};

static char *
text_copy(const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(mem_alloc(n), text, n);
}

/* ---- families ---- */

/* Runs of digits become one character; one at the end, which may be missing, none. */
static void
family_of(char family[NAME_MAX + 1], const char *name)
{
	size_t n = 0;

	for (const char *at = name; *at && n < NAME_MAX; at++) {
		bool is_digit = *at >= '0' && *at <= '9';

		if (!is_digit)
			family[n++] = *at;
		else if (!n || family[n - 1] != '/')
			family[n++] = '/';
	}
	if (n && family[n - 1] == '/')
		n--;
	family[n] = '\0';
}

bool
ring_is_family(const char *a, const char *b)
{
	char families[2][NAME_MAX + 1];

	family_of(families[0], a);
	family_of(families[1], b);
	return strcmp(families[0], families[1]) == 0;
}

/* ---- names ---- */

/* Where the name is, or where it belongs. */
static size_t
name_place(const struct ring *ring, const char *text)
{
	size_t low = 0, high = ring->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(ring->names[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct name *
name_find(struct ring *ring, const char *text)
{
	size_t at = name_place(ring, text);

	return at < ring->count && strcmp(ring->names[at].text, text) == 0
		       ? &ring->names[at]
		       : NULL;
}

static struct name *
name_add(struct ring *ring, const char *text)
{
	size_t at = name_place(ring, text);

	if (ring->count == ring->room) {
		ring->room = ring->room ? ring->room * 2 : 16;
		ring->names = mem_grow(ring->names, ring->room * sizeof *ring->names);
	}
	memmove(ring->names + at + 1, ring->names + at,
		(ring->count++ - at) * sizeof *ring->names);
	ring->names[at] = (struct name){
		.text = text_copy(text), .look = ring->looks, .index = RING_NEW_FILE};
	return &ring->names[at];
}

/* Names of files that are gone and were read. */
static void
names_forget(struct ring *ring)
{
	size_t kept = 0;

	for (size_t i = 0; i < ring->count; i++) {
		struct name *name = &ring->names[i];

		if (name->is_done && name->look != ring->looks)
			mem_free(name->text);
		else
			ring->names[kept++] = *name;
	}
	ring->count = kept;
}

/* A file that was given another name, and not one in the place of one that is gone. */
static bool
is_renamed(const struct ring *ring, const char *text, const struct stat *status)
{
	for (size_t i = 0; i < ring->count; i++) {
		struct edition edition = ring->names[i].edition;
		int fd;
		bool goes_on;

		if (edition.device != status->st_dev || edition.inode != status->st_ino ||
			edition_is_blank(&edition))
			continue;
		fd = openat(dirfd(ring->directory), text, O_RDONLY | O_CLOEXEC);
		goes_on = fd >= 0 && edition_goes_on(&edition, fd);
		if (fd >= 0)
			close(fd);
		return goes_on;
	}
	return false;
}

static bool
is_packed_copy(struct ring *ring, const char *text)
{
	static const char *const ends[] = {".gz", ".zst", ".xz", ".bz2", ".lz4"};
	size_t n = strlen(text);

	for (size_t i = 0; ring->has_begun && i < sizeof ends / sizeof *ends; i++) {
		char plain[NAME_MAX + 1];
		size_t end = strlen(ends[i]);

		if (n <= end || n > NAME_MAX || strcmp(text + n - end, ends[i]) != 0)
			continue;
		memcpy(plain, text, n - end);
		plain[n - end] = '\0';
		return name_find(ring, plain) != NULL;
	}
	return false;
}

/* ---- those that wait ---- */

static void
queue_add(struct ring *ring, struct waiting waiting)
{
	if (ring->end == ring->queue_room) {
		ring->queue_room = ring->queue_room ? ring->queue_room * 2 : 8;
		ring->queue = mem_grow(
			ring->queue, ring->queue_room * sizeof *ring->queue);
	}
	waiting.look = ring->looks;
	waiting.first_ns = INT64_MAX;
	ring->queue[ring->end++] = waiting;
	ring->is_sorted = false;
}

static int
name_open(const struct ring *ring, const struct name *name)
{
	return openat(dirfd(ring->directory), name->text,
		O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);
}

/* One that was read has grown. */
static void
queue_add_rest(struct ring *ring, struct name *name)
{
	struct waiting waiting = {.file = {.fd = name_open(ring, name),
					  .index = name->index,
					  .is_rest = true}};

	if (waiting.file.fd < 0)
		return;
	name->is_done = false;
	waiting.file.name = text_copy(name->text);
	waiting.file.edition = name->edition;
	queue_add(ring, waiting);
}

static void
queue_add_new(
	struct ring *ring, struct name *name, const struct stat *status, bool was_lost)
{
	int fd = name_open(ring, name);
	struct waiting waiting = {.file = {.name = text_copy(name->text),
					  .fd = fd,
					  .error = fd < 0 ? errno : 0,
					  .index = RING_NEW_FILE,
					  .was_lost = was_lost}};

	edition_begin(&name->edition, status, -1);
	name->is_done = false;
	name->index = RING_NEW_FILE;
	waiting.file.edition = name->edition;
	queue_add(ring, waiting);
}

/* One that waits was written anew: what it held is lost. */
static void
queue_overwritten(struct ring *ring, const struct name *name)
{
	for (size_t i = ring->first; i < ring->end; i++) {
		struct waiting *waiting = &ring->queue[i];

		if (strcmp(waiting->file.name, name->text) != 0 ||
			waiting->file.edition.inode != name->edition.inode)
			continue;
		waiting->file.was_lost = true;
		if (waiting->file.is_rest)
			waiting->file.index = RING_NEW_FILE;
		waiting->file.is_rest = false;
		waiting->file.edition = name->edition;
		waiting->look = ring->looks;
		waiting->first_ns = INT64_MAX;
		ring->is_sorted = false;
	}
}

/* The time of the first packet, if there is one; reading begins at the start again. */
static int64_t
first_packet_ns(int fd)
{
	struct source_file file;
	struct packet packet;
	int64_t first_ns = INT64_MAX;
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (copy < 0)
		return first_ns;
	source_file_init(&file, "", copy);
	if (source_file_next(&file, &packet))
		first_ns = packet.ts_ns;
	source_file_close(&file);
	lseek(fd, 0, SEEK_SET);
	return first_ns;
}

static int
compare_waiting(const void *one, const void *other)
{
	const struct waiting *a = one, *b = other;
	size_t n[2] = {strlen(a->file.name), strlen(b->file.name)};

	if (a->look != b->look)
		return a->look < b->look ? -1 : 1;
	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	if (a->file.edition.mtime_ns != b->file.edition.mtime_ns)
		return a->file.edition.mtime_ns < b->file.edition.mtime_ns ? -1 : 1;
	if (n[0] != n[1]) /* 9 before 10 */
		return n[0] < n[1] ? -1 : 1;
	return strcmp(a->file.name, b->file.name);
}

static void
waiting_read(struct ring *ring, struct waiting *waiting)
{
	struct name *name = name_find(ring, waiting->file.name);

	if (waiting->first_ns != INT64_MAX || waiting->file.fd < 0)
		return;
	waiting->first_ns = first_packet_ns(waiting->file.fd);
	if (name && name->edition.inode == waiting->file.edition.inode)
		edition_goes_on(&name->edition, waiting->file.fd);
}

static void
queue_sort(struct ring *ring)
{
	size_t n = ring->end - ring->first;

	for (size_t i = ring->first; i < ring->end; i++)
		waiting_read(ring, &ring->queue[i]);
	memmove(ring->queue, ring->queue + ring->first, n * sizeof *ring->queue);
	ring->first = 0;
	ring->end = n;
	qsort(ring->queue, n, sizeof *ring->queue, compare_waiting);
	ring->is_sorted = true;
}

static void
waiting_free(struct waiting *waiting)
{
	if (waiting->file.fd >= 0 &&
		(waiting->file.is_rest || waiting->file.index == RING_NEW_FILE))
		close(waiting->file.fd);
	mem_free(waiting->file.name);
}

/* Of the family's other files only those go on where the operands end. */
static void
queue_drop_older(struct ring *ring)
{
	size_t operands_end = ring->end, kept = 0;

	while (operands_end && ring->queue[operands_end - 1].file.index == RING_NEW_FILE)
		operands_end--;
	for (size_t i = 0; i < ring->end; i++) {
		struct waiting *waiting = &ring->queue[i];

		if (waiting->file.index == RING_NEW_FILE && i < operands_end) {
			name_find(ring, waiting->file.name)->is_done = true;
			waiting_free(waiting);
		} else {
			ring->queue[kept++] = *waiting;
		}
	}
	ring->end = kept;
}

/* ---- looking ---- */

/* Whether the octets under a name are others than were read, or are being read. */
static bool
is_rewritten(struct ring *ring, struct name *name, const struct stat *status)
{
	int fd;
	bool goes_on;

	if (name->edition.inode != status->st_ino ||
		name->edition.device != status->st_dev)
		return true;
	fd = openat(dirfd(ring->directory), name->text, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	goes_on = edition_goes_on(&name->edition, fd) &&
		  !(name->is_done && edition_is_blank(&name->edition));
	edition_look(&name->edition, status);
	close(fd);
	return !goes_on;
}

static void
name_ignore(struct ring *ring, const char *text)
{
	struct name *name = name_add(ring, text);

	name->is_done = name->is_ignored = true;
}

static void
look_at(struct ring *ring, const char *text)
{
	struct name *name = name_find(ring, text);
	struct stat status = {0};
	bool is_reading = ring->reading && strcmp(text, ring->reading) == 0;
	bool has_grown;

	if (!fstatat(dirfd(ring->directory), text, &status, AT_SYMLINK_NOFOLLOW) &&
		!S_ISREG(status.st_mode))
		return;
	if (!name) {
		if (is_packed_copy(ring, text))
			name_ignore(ring, text);
		else if (!is_renamed(ring, text, &status))
			queue_add_new(ring, name_add(ring, text), &status, false);
		return;
	}
	name->look = ring->looks;
	if (name->is_ignored || edition_looks_same(&name->edition, &status))
		return;
	if (name->edition.inode == status.st_ino && is_reading)
		return; /* who reads it looks at it */
	has_grown = (uint64_t)status.st_size > name->edition.octets;
	if (!is_rewritten(ring, name, &status)) {
		if (has_grown && name->is_done && name->index != RING_NEW_FILE)
			queue_add_rest(ring, name);
		return;
	}
	if (name->is_done || is_reading || name->edition.inode != status.st_ino)
		queue_add_new(ring, name, &status, false);
	else
		queue_overwritten(ring, name);
}

bool
ring_look(struct ring *ring)
{
	const struct dirent *entry;
	size_t before = ring->end - ring->first;

	ring->looks++;
	rewinddir(ring->directory);
	while ((entry = readdir(ring->directory)))
		if (entry->d_name[0] != '.' &&
			(!ring->model || ring_is_family(entry->d_name, ring->model)))
			look_at(ring, entry->d_name);
	names_forget(ring);
	return ring->end - ring->first > before;
}

bool
ring_has_waiting(const struct ring *ring)
{
	return ring->end > ring->first;
}

bool
ring_has_same(const struct ring *ring)
{
	for (size_t i = ring->first; ring->reading && i < ring->end; i++)
		if (strcmp(ring->queue[i].file.name, ring->reading) == 0)
			return true;
	return false;
}

bool
ring_take(struct ring *ring, struct ring_file *file)
{
	if (!ring_has_waiting(ring))
		return false;
	if (!ring->is_sorted)
		queue_sort(ring);
	if (!ring->has_begun)
		queue_drop_older(ring);
	ring->has_begun = true;
	*file = ring->queue[ring->first++].file;
	mem_free(ring->reading);
	ring->reading = text_copy(file->name);
	return true;
}

void
ring_done(struct ring *ring, const struct edition *edition, int index)
{
	struct name *name = ring->reading ? name_find(ring, ring->reading) : NULL;

	/* Another one of that name may wait already. */
	if (name && name->edition.inode == edition->inode) {
		name->edition = *edition;
		name->is_done = true;
		name->index = index;
	}
	mem_free(ring->reading);
	ring->reading = NULL;
}

/* ---- the whole ---- */

struct ring *
ring_open(const char *folder, const char *model)
{
	DIR *directory = opendir(folder);
	struct ring *ring;

	if (!directory)
		return NULL;
	ring = mem_alloc(sizeof *ring);
	ring->directory = directory;
	ring->model = model ? text_copy(model) : NULL;
	return ring;
}

void
ring_add_operand(struct ring *ring, const char *name, int index, int fd)
{
	struct waiting waiting = {
		.file = {.name = text_copy(name), .fd = fd, .index = index}};
	struct stat status = {0};

	if (fd >= 0)
		fstat(fd, &status);
	assert(!ring->has_begun);
	edition_begin(&waiting.file.edition, &status, -1);
	if (!name_find(ring, name))
		name_add(ring, name)->edition = waiting.file.edition;
	queue_add(ring, waiting);
}

void
ring_close(struct ring **ring)
{
	struct ring *old = *ring;

	if (!old)
		return;
	for (size_t i = old->first; i < old->end; i++)
		waiting_free(&old->queue[i]);
	for (size_t i = 0; i < old->count; i++)
		mem_free(old->names[i].text);
	mem_free(old->queue);
	mem_free(old->names);
	mem_free(old->model);
	mem_free(old->reading);
	closedir(old->directory);
	mem_free(old);
	*ring = NULL;
}
