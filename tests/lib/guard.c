#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "tests/lib/guard.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t
page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static void
guard_init(struct guard *guard, size_t n)
{
	size_t page = page_bytes();
	size_t readable = (n / page + 1) * page;
	uint8_t *pages = mmap(NULL, readable + page, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || mprotect(pages + readable, page, PROT_NONE) != 0)
		abort();
	*guard = (struct guard){pages, readable};
}

struct slice
guard_slice(struct guard *guard, const void *octets, size_t n)
{
	uint8_t *at;

	if (n > guard->readable_bytes)
		guard_fini(guard);
	if (!guard->pages)
		guard_init(guard, n);
	at = guard->pages + guard->readable_bytes - n;
	if (n)
		memcpy(at, octets, n);
	return slice_of(at, n);
}

void
guard_fini(struct guard *guard)
{
	if (guard->pages &&
		munmap(guard->pages, guard->readable_bytes + page_bytes()) != 0)
		abort();
	*guard = (struct guard){0};
}
