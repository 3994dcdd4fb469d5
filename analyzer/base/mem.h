/*
 * analyzer/base/mem.h - memory that is there, and arenas
 *
 * The allocator never returns NULL: without memory the run ends with a message
 * and exit code 5.  Budgets are enforced before allocation, by eviction.
 *
 * An arena hands out pieces that live and die together: an exchange's heads,
 * its fields, its strings.  arena_fini() frees all of them.
 */
#ifndef ANALYZER_BASE_MEM_H
#define ANALYZER_BASE_MEM_H

#include "parsers/slice.h"

void *mem_alloc(size_t bytes);		 /* zeroed */
void *mem_grow(void *old, size_t bytes); /* realloc; new octets are undefined */
void *mem_alloc_aligned(size_t alignment, size_t bytes); /* zeroed; for mem_free() */
void mem_free(void *memory);				 /* takes NULL */

enum {
	MEM_LINE_BYTES = 64 /* of a cache, on nearly all machines */
};

/* Has the octets fetched while something else is done; they need not be there. */
static inline void
mem_expect(const void *at, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += MEM_LINE_BYTES)
		__builtin_prefetch((const char *)at + i);
}

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t bytes;	   /* allocated so far, for budgets */
	uint64_t *account; /* counts them with those of others; NULL: nobody does */
};

/* An all-zero arena is an empty one; no init is needed. */
void arena_fini(struct arena *arena);

/* Pieces first come from memory that whoever lends it frees, after arena_fini(); it is
 * aligned to 8, and counts. */
void arena_borrow(struct arena *arena, void *memory, size_t bytes);
void arena_leave_account(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t bytes); /* zeroed, aligned to 8 */
struct slice arena_copy(struct arena *arena, struct slice s);

#endif
