/*
 * tests/lib/guard.h - input that ends where memory ends
 *
 * A slice whose last octet is the last one before an unreadable page: reading one
 * octet too many ends the test.  A guard starts zeroed and holds one slice at a
 * time; the next guard_slice() makes the one before invalid.
 */
#ifndef TESTS_LIB_GUARD_H
#define TESTS_LIB_GUARD_H

#include "parsers/slice.h"

struct guard {
	uint8_t *pages;
	size_t readable_bytes; /* the unreadable page follows them */
};

/* A copy of the octets.  Of none it is a pointer that must not be read. */
struct slice guard_slice(struct guard *guard, const void *octets, size_t n);

void guard_fini(struct guard *guard);

#endif
