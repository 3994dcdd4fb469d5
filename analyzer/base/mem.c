#include "analyzer/base/mem.h"

#include "analyzer/base/err.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	ARENA_BLOCK_BYTES = 2048 - 32
};

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	bool borrowed;
	uint64_t data[];
};

static void
mem_exhausted(size_t bytes)
{
	fprintf(stderr,
		"cachetap: out of memory (%zu octets)\n"
		"  try: a smaller --max-memory, or a capture filter with -f\n",
		bytes);
	exit(EXIT_INTERNAL);
}

void *
mem_alloc(size_t bytes)
{
	void *memory = calloc(1, bytes ? bytes : 1);

	if (!memory)
		mem_exhausted(bytes);
	return memory;
}

void *
mem_alloc_aligned(size_t alignment, size_t bytes)
{
	void *memory;

	bytes = (bytes + alignment - 1) / alignment * alignment;
	memory = aligned_alloc(alignment, bytes);
	if (!memory)
		mem_exhausted(bytes);
	return memset(memory, 0, bytes);
}

void *
mem_grow(void *old, size_t bytes)
{
	void *memory = realloc(old, bytes ? bytes : 1);

	if (!memory)
		mem_exhausted(bytes);
	return memory;
}

void
mem_free(void *memory)
{
	free(memory);
}

void
arena_leave_account(struct arena *arena)
{
	if (arena->account)
		*arena->account -= arena->bytes;
	arena->account = NULL;
}

void
arena_fini(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	arena_leave_account(arena);
	while (block) {
		struct arena_block *next = block->next;

		if (!block->borrowed)
			mem_free(block);
		block = next;
	}
	*arena = (struct arena){0};
}

static struct arena_block *
arena_add_block(struct arena *arena, struct arena_block *block, size_t size)
{
	*block = (struct arena_block){.next = arena->blocks, .size = size};
	arena->blocks = block;
	arena->bytes += sizeof *block + size;
	if (arena->account)
		*arena->account += sizeof *block + size;
	return block;
}

static struct arena_block *
arena_block_new(struct arena *arena, size_t bytes)
{
	size_t size = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;

	return arena_add_block(
		arena, mem_grow(NULL, sizeof(struct arena_block) + size), size);
}

void
arena_borrow(struct arena *arena, void *memory, size_t bytes)
{
	arena_add_block(arena, memory, bytes - sizeof(struct arena_block))
		->borrowed = true;
}

static void *
arena_take(struct arena *arena, size_t bytes)
{
	struct arena_block *block = arena->blocks;
	void *at;

	bytes = (bytes + 7) & ~(size_t)7;
	if (!block || block->size - block->used < bytes)
		block = arena_block_new(arena, bytes);
	at = (uint8_t *)block->data + block->used;
	block->used += bytes;
	return at;
}

void *
arena_alloc(struct arena *arena, size_t bytes)
{
	return memset(arena_take(arena, bytes), 0, bytes);
}

struct slice
arena_copy(struct arena *arena, struct slice s)
{
	uint8_t *at;

	if (!s.at)
		return s;
	at = arena_take(arena, s.n ? s.n : 1);
	memcpy(at, s.at, s.n);
	return slice_of(at, s.n);
}
