import Foundation

/// Memory of this process.
enum Memory {
    /// Megabytes (10^6 bytes) that are resident now; 0 where the system does not tell.
    static var resident: Double {
        #if os(Linux)
            // Pages: the program's size, then what is resident of it.
            let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
                .split(separator: " ")
            guard let pages = fields?.dropFirst().first.flatMap({ Double($0) }) else { return 0 }
            return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
        #else
            var info = mach_task_basic_info()
            var count = mach_msg_type_number_t(
                MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
            let status = withUnsafeMutablePointer(to: &info) {
                // The kernel writes the structure as so many integers.
                $0.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
                    task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
                }
            }
            return status == KERN_SUCCESS ? Double(info.resident_size) / 1e6 : 0
        #endif
    }

    /// Forgets the peak until now, where the system lets it (Linux does).
    static func resetPeak() {
        // 5: the peak is again what is resident now.
        try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// Megabytes that were resident at most since the program began, or since ``resetPeak()``.
    static var peak: Double {
        #if os(Linux)
            // Not getrusage's: that begins with what the program had that started this one.
            let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
            return kilobytes.flatMap { Double($0) }.map { $0 * 1024 / 1e6 } ?? 0
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss) / 1e6
        #endif
    }
}
