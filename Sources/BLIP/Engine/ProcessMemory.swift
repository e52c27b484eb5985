internal import CAllocator

/// How this process deals with memory that was freed; of effect with glibc only.
package enum ProcessMemory {
    /// Lets the allocator keep what is freed for the next inference instead of giving it back to
    /// the system: without it every inference pays anew for each page that it writes (a fifth of
    /// the time of computing a picture's keys and values).
    ///
    /// It is a setting of the whole process, so it is the program's to make, before its first
    /// model is compiled. What compiling freed is given back all the same.
    package static func keepFreed() { allocator_keep_freed_memory() }

    /// Gives back to the system now what was freed.
    package static func releaseFreed() { allocator_release_freed_memory() }
}
