// Of the C library, what Swift's Glibc module leaves out.
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

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>

// sched_getaffinity stands behind _GNU_SOURCE. Returns the bytes that the kernel's mask has.
static inline long processors_of_process(void *mask, size_t size) {
    return syscall(SYS_sched_getaffinity, 0, size, mask);
}
static inline long processors_keep_process(const void *mask, size_t size) {
    return syscall(SYS_sched_setaffinity, 0, size, mask);
}
#endif
