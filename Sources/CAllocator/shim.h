// glibc's settings of malloc, which Swift's Glibc module leaves out.
#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>

static inline void allocator_keep_freed_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
}

static inline void allocator_release_freed_memory(void) { malloc_trim(0); }
#else
static inline void allocator_keep_freed_memory(void) {}
static inline void allocator_release_freed_memory(void) {}
#endif
