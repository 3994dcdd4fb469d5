#include "analyzer/capture/source.h"

#include "analyzer/base/mem.h"
#include "analyzer/capture/filter.h"
#include "analyzer/capture/follow.h"
#include "analyzer/capture/merge.h"
#include "analyzer/capture/source_file.h"
#include "analyzer/capture/source_live.h"
#include "analyzer/capture/stop.h"
#include "analyzer/config.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct source {
	struct filter *filter;
	struct source_live *live;  /* NULL: files */
	struct source_file *files; /* in the order of the operands */
	size_t count, room;
	struct merge merge;
	bool has_begun;
	int stop_fd;  /* of files */
	bool is_pipe; /* one file, and somebody writes it */
	struct follow follow;
	bool is_following;
	struct source_file *followed; /* NULL: the next one is to be taken */
	const char **names;	      /* of the files; where they never move */
	size_t names_room;
	const char *folder; /* if that is what the operands are, or NULL */
	struct arena paths;
	struct idle idle;
};

static const char *
path_copy(struct source *source, const char *folder, const char *name)
{
	size_t bytes = (folder ? strlen(folder) + 1 : 0) + strlen(name) + 1;
	char *path = arena_alloc(&source->paths, bytes);

	snprintf(path, bytes, "%s%s%s", folder ? folder : "",
		folder && folder[strlen(folder) - 1] != '/' ? "/" : "", name);
	return path;
}

/* Many rotated files are open at once: as many as the system lets us have. */
static bool
descriptors_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static void
source_add_file(struct source *source, const char *path)
{
	struct source_file *file;

	if (source->count == source->room) {
		source->room = source->room ? source->room * 2 : 8;
		source->files = mem_grow(
			source->files, source->room * sizeof *source->files);
	}
	file = &source->files[source->count++];
	if (source_file_open(file, path) == EMFILE && descriptors_raise())
		source_file_open(file, path);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
is_regular(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static void
source_fail_folder(struct source *source, const char *path, const char *why)
{
	struct source_file *file;

	source_add_file(source, path);
	file = &source->files[source->count - 1];
	file->info.failed = true;
	err_set(&file->info.err, EXIT_INPUT, "%s: %s", path, why);
	source_file_close(file);
	file->state = SOURCE_FILE_ENDED;
}

/* A folder stands for its files, without the hidden ones, in the order of their names. */
static void
source_add_folder(struct source *source, const char *folder)
{
	DIR *directory = opendir(folder);
	const char **paths = NULL;
	size_t count = 0, room = 0;
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		const char *path = path_copy(source, folder, entry->d_name);

		if (entry->d_name[0] == '.' || !is_regular(path))
			continue;
		if (count == room) {
			room = room ? room * 2 : 16;
			paths = mem_grow(paths, room * sizeof *paths);
		}
		paths[count++] = path;
	}
	if (!count)
		source_fail_folder(
			source, folder, directory ? "no files in it" : strerror(errno));
	else
		qsort(paths, count, sizeof *paths, compare_names);
	for (size_t i = 0; i < count; i++)
		source_add_file(source, paths[i]);
	mem_free(paths);
	if (directory)
		closedir(directory);
}

static void
source_add(struct source *source, const char *path)
{
	struct stat status;

	path = path_copy(source, NULL, path);
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		source_add_folder(source, path);
		source->folder = path;
	} else {
		source_add_file(source, path);
	}
}

static bool
source_has_open_file(const struct source *source)
{
	for (size_t i = 0; i < source->count; i++)
		if (!source->files[i].info.failed)
			return true;
	return false;
}

int
source_open_files(struct source **source, char *const *paths, size_t count,
	const char *filter, struct err *err)
{
	struct source *new = mem_alloc(sizeof *new);

	*source = NULL;
	new->stop_fd = stop_open();
	if (filter && filter_new(&new->filter, filter, err)) {
		source_close(&new);
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		source_add(new, paths[i]);
	if (!source_has_open_file(new)) {
		if (new->count)
			*err = new->files[0].info.err;
		else
			err_set(err, EXIT_USAGE, "no capture file given");
		source_close(&new);
		return -1;
	}
	merge_init(&new->merge, new->count);
	new->names = mem_alloc(new->count * sizeof *new->names);
	new->names_room = new->count;
	for (size_t i = 0; i < new->count; i++)
		new->names[i] = new->files[i].info.path;
	new->is_pipe = new->count == 1 && !is_regular(new->names[0]);
	*source = new;
	return 0;
}

/* ---- following ---- */

/* The folder that a path is in; *name is what is left of the path. */
static const char *
path_split(struct source *source, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	char *folder;

	*name = slash ? slash + 1 : path;
	if (!n)
		return slash ? "/" : ".";
	folder = arena_alloc(&source->paths, n + 1);
	return memcpy(folder, path, n);
}

/* All operands are one folder, or files of one family in it; else NULL. */
static const char *
source_common_folder(struct source *source, const char **model)
{
	const char *folder = path_split(source, source->files[0].info.path, model);

	for (size_t i = 1; i < source->count; i++) {
		const char *name;

		if (strcmp(path_split(source, source->files[i].info.path, &name),
			    folder) != 0 ||
			(!source->folder && !ring_is_family(name, *model)))
			return NULL;
	}
	if (source->folder)
		*model = NULL;
	return folder;
}

static void
source_begin_following(struct source *source)
{
	const char **names = mem_alloc(CONFIG_FOLLOW_FILES * sizeof *names);

	for (size_t i = 0; i < source->count; i++) {
		const struct source_file *file = &source->files[i];
		const char *name;

		names[i] = file->info.path;
		path_split(source, file->info.path, &name);
		ring_add_operand(source->follow.ring, name, (int)i, file->window.fd);
	}
	mem_free(source->names);
	source->names = names;
	source->names_room = CONFIG_FOLLOW_FILES;
	source->follow.is_folder = source->folder != NULL;
	source->follow.is_many = source->folder || source->count > 1;
	ring_look(source->follow.ring); /* what is there is opened as long as it can be */
}

int
source_follow(struct source *source, int64_t duration_ns, struct err *err)
{
	const char *path = source->files[0].info.path, *folder, *model;
	struct ring *ring;

	if (source->count == 1 && !is_regular(path))
		return 0; /* a pipe ends when its writer does */
	folder = source_common_folder(source, &model);
	if (!folder || source->count > CONFIG_FOLLOW_FILES / 2) {
		err_set(err, EXIT_USAGE,
			"--follow wants one file, the files of a ring, or a folder");
		err_hint(err, "a ring's names differ in their digits alone");
		return -1;
	}
	ring = ring_open(folder, model);
	if (!ring)
		return err_set(err, EXIT_INPUT, "%s: cannot be followed (%s)", path,
			strerror(errno));
	follow_init(&source->follow, ring, source->stop_fd, duration_ns);
	source->is_following = true;
	source_begin_following(source);
	return 0;
}

int
source_open_live(struct source **source, const struct source_live_options *options,
	const char *filter, struct err *err)
{
	struct source *new = mem_alloc(sizeof *new);

	*source = NULL;
	new->stop_fd = -1;
	if (source_live_open(&new->live, options, filter, err)) {
		source_close(&new);
		return -1;
	}
	new->names = mem_alloc(sizeof *new->names);
	new->names[0] = source_live_info(new->live)->path;
	new->names_room = 1;
	*source = new;
	return 0;
}

void
source_close(struct source **source)
{
	struct source *old = *source;

	if (!old)
		return;
	for (size_t i = 0; i < old->count; i++)
		source_file_close(&old->files[i]);
	source_live_close(&old->live);
	if (old->is_following)
		follow_fini(&old->follow);
	if (old->stop_fd >= 0)
		stop_close(old->stop_fd);
	filter_free(&old->filter);
	mem_free(old->files);
	merge_fini(&old->merge);
	mem_free(old->names);
	arena_fini(&old->paths);
	mem_free(old);
	*source = NULL;
}

/* A link type for which the filter has no meaning is worth a word. */
static void
file_note_filtered(struct source_file *file, struct filter *filter, unsigned link_type)
{
	if (!file->info.trouble[0] && !filter_applies(filter, link_type))
		snprintf(file->info.trouble, sizeof file->info.trouble,
			"the filter has no meaning for link type %u: its packets are "
			"left out",
			link_type);
}

/* The next packet that the filter lets pass; the others only count as frames. */
static int
file_next(struct source *source, struct source_file *file, struct packet *packet)
{
	while (source_file_next(file, packet)) {
		if (!source->filter || filter_matches(source->filter, packet)) {
			packet->source = (uint32_t)(file - source->files);
			return 1;
		}
		file_note_filtered(file, source->filter, packet->link_type);
	}
	return 0;
}

static void
source_begin(struct source *source)
{
	for (size_t i = 0; i < source->count; i++)
		if (file_next(source, &source->files[i], &source->files[i].next))
			merge_add(&source->merge, &source->files[i]);
	merge_begin(&source->merge);
	source->has_begun = true;
}

/* The file whose packet was given last looks for its next one only now. */
static void
source_advance(struct source *source)
{
	struct source_file *file = merge_first(&source->merge);

	if (!file)
		return;
	file->given_octets = window_offset(&file->window);
	if (file_next(source, file, &file->next))
		merge_advance(&source->merge);
	else
		merge_end(&source->merge);
}

static int
merged_next(struct source *source, struct packet *packet)
{
	const struct source_file *first;

	if (source->has_begun)
		source_advance(source);
	else
		source_begin(source);
	first = merge_first(&source->merge);
	if (!first)
		return 0;
	*packet = first->next;
	return 1;
}

/* A file that came later. */
static struct source_file *
source_add_later(struct source *source, const struct ring_file *later)
{
	const char *slash = strrchr(source->files[0].info.path, '/');
	size_t folder_n = slash ? (size_t)(slash - source->files[0].info.path) + 1 : 0;
	size_t bytes = folder_n + strlen(later->name) + 1;
	char *path = arena_alloc(&source->paths, bytes);
	struct source_file *file;

	memcpy(path, source->files[0].info.path, folder_n);
	memcpy(path + folder_n, later->name, bytes - folder_n);
	if (source->count == source->room) {
		source->room *= 2;
		source->files = mem_grow(
			source->files, source->room * sizeof *source->files);
	}
	source->names[source->count] = path;
	file = &source->files[source->count++];
	source_file_init(file, path, later->fd);
	if (later->fd < 0)
		source_file_fail(file, strerror(later->error),
			"-Z USER: one who may read the files that come later");
	return file;
}

/* Its number, if growing would be noticed: not if it is no capture, or was packed. */
static int
followed_index(const struct source *source)
{
	const struct source_file *file = source->followed;

	return file->info.failed || !file->window.follow || source->follow.ended
		       ? RING_NEW_FILE
		       : (int)(file - source->files);
}

/* Takes the next file of the ring; false at the end. */
static bool
follow_take(struct source *source)
{
	struct follow *follow = &source->follow;
	struct ring_file later;
	struct source_file *file;

	if (source->count == source->names_room || !follow_wait_next(follow) ||
		!ring_take(follow->ring, &later))
		return false;
	file = later.index == RING_NEW_FILE ? source_add_later(source, &later)
					    : &source->files[later.index];
	mem_free(later.name);
	if (later.is_rest)
		source_file_return(file, later.fd);
	if (later.was_lost)
		snprintf(file->info.trouble, sizeof file->info.trouble,
			"written anew before it was read: packets are missing");
	if (file->window.fd >= 0) {
		file->window.follow = follow;
		follow_begin(follow, file->window.fd);
	} else {
		follow->edition = later.edition;
	}
	source->followed = file;
	return true;
}

/* One file after the other, as they were written. */
static int
follow_next(struct source *source, struct packet *packet)
{
	struct follow *follow = &source->follow;

	while (source->followed || follow_take(source)) {
		if (file_next(source, source->followed, packet))
			return 1;
		ring_done(follow->ring, &follow->edition, followed_index(source));
		follow->goes_on |= !source->followed->info.failed;
		source->followed = NULL;
	}
	return 0;
}

/* The rest of files that are there is left unread; of a pipe the writer may end first. */
static bool
source_is_stopped(struct source *source)
{
	struct source_file *file = merge_first(&source->merge);

	if (source->is_following || source->is_pipe || !stop_is_asked())
		return false;
	if (!file)
		file = source->files;
	if (file->state != SOURCE_FILE_ENDED && !file->info.trouble[0])
		snprintf(file->info.trouble, sizeof file->info.trouble,
			"stopped by a signal after packet %" PRIu64, file->frame);
	return true;
}

int
source_next(struct source *source, struct packet *packet, struct err *err)
{
	struct source_info *info;
	int got;

	if (source->live)
		got = source_live_next(source->live, packet, err);
	else if (source_is_stopped(source))
		got = 0;
	else if (source->is_following)
		got = follow_next(source, packet);
	else if (source->count == 1)
		got = file_next(source, &source->files[0], packet);
	else
		got = merged_next(source, packet);
	if (got <= 0)
		return got;
	idle_packet(&source->idle, packet->ts_ns);
	info = source->live ? source_live_info(source->live)
			    : &source->files[packet->source].info;
	info->packets++;
	info->octets += packet->wire_bytes;
	return 1;
}

void
source_on_idle(
	struct source *source, void (*tell)(void *context, int64_t ts_ns), void *context)
{
	source->idle.tell = tell;
	source->idle.context = context;
	source->follow.idle = &source->idle;
	if (source->live)
		source_live_on_idle(source->live, &source->idle);
	if (source->is_pipe)
		source->files[0].window.idle = &source->idle;
}

size_t
source_count(const struct source *source)
{
	return source->live ? 1 : source->count;
}

const char *const *
source_paths(const struct source *source, size_t *room)
{
	*room = source->names_room;
	return source->names;
}

const struct source_info *
source_info(const struct source *source, size_t index)
{
	return source->live ? source_live_info(source->live) : &source->files[index].info;
}

const char *
source_trouble(struct source *source, size_t index)
{
	struct source_info *info = source->live ? source_live_info(source->live)
						: &source->files[index].info;

	if (info->failed || info->is_told || !info->trouble[0])
		return "";
	info->is_told = true;
	return info->trouble;
}

bool
source_progress(const struct source *source, uint64_t *read, uint64_t *all)
{
	bool is_known = !source->live && !source->is_following;

	*read = *all = 0;
	for (size_t i = 0; i < source->count; i++) {
		const struct window *window = &source->files[i].window;
		struct stat status;

		if (window->fd < 0)
			continue;
		if (fstat(window->fd, &status) == 0 && S_ISREG(status.st_mode)) {
			*read += (uint64_t)lseek(window->fd, 0, SEEK_CUR);
			*all += (uint64_t)status.st_size;
		} else {
			*read += window_read_octets(window);
			is_known = false;
		}
	}
	return is_known && *read <= *all;
}

static const char *
file_check(const struct source_file *file)
{
	const struct source_info *info = &file->info;
	bool is_ended = file->state == SOURCE_FILE_ENDED;
	uint64_t octets = is_ended ? info->file_octets
				   : window_read_octets(&file->window);
	uint64_t unread = is_ended ? 0 : window_view(&file->window).n;

	return info->failed || octets == info->header_octets + info->record_octets +
						 info->skipped_octets +
						 info->tail_octets + unread
		       ? NULL
		       : "octets of a file are not those of its parts";
}

const char *
source_check(const struct source *source)
{
	const char *broken = NULL;

	for (size_t i = 0; i < source->count && !broken; i++)
		broken = file_check(&source->files[i]);
	return broken;
}

int64_t
source_kernel_dropped(struct source *source)
{
	return source->live ? source_live_dropped(source->live) : -1;
}

int64_t
source_interface_dropped(struct source *source)
{
	return source->live ? source_live_interface_dropped(source->live) : -1;
}
