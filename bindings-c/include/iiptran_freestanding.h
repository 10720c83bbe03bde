/*
 * What the embedder of the freestanding library defines: its only undefined symbols.
 *
 * The library allocates while it makes handles and documents, and where a comment in iiptran.h says so; the
 * data path allocates nothing. It never unwinds.
 */
#ifndef IIPTRAN_FREESTANDING_H
#define IIPTRAN_FREESTANDING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** `size` bytes of memory at a multiple of `alignment`, a power of two; NULL if there are none. */
void *iiptran_alloc(size_t size, size_t alignment);

/** Takes memory back; size and alignment are those with which it was asked for. */
void iiptran_free(void *memory, size_t size, size_t alignment);

/** Halts: the library found a fault in itself, or had no memory. It must not return. */
void iiptran_abort(void);

#ifdef __cplusplus
}
#endif

#endif
