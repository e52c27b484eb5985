import Foundation

/// What Prometheus' client libraries tell of their process; only where `/proc` does.
package enum ProcessMetrics {
    package static var now: [Metrics.Gauge] {
        [
            ("process_resident_memory_bytes", residentBytes), ("process_open_fds", openFiles),
            ("process_start_time_seconds", startTime),
        ].compactMap { name, value in value.map { Metrics.Gauge(name: name, value: $0) } }
    }

    /// See proc_pid_statm(5): pages, the program's size, then what is resident of it.
    private static var residentBytes: Double? {
        fields("/proc/self/statm").dropFirst().first.flatMap(Double.init)
            .map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
    }

    private static var openFiles: Double? {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))
            .map { Double($0.count) }
    }

    /// See proc_pid_stat(5): ticks since the system began.
    private static let startTime: Double? = {
        let boot = fields("/proc/stat").drop { $0 != "btime" }.dropFirst().first
        // The name of the program may have spaces; the 22nd field is the 20th after it.
        let stat = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? ""
        let ticks = stat.split(separator: ")").last?.split(separator: " ").dropFirst(19).first
        guard let boot = boot.flatMap(Double.init), let ticks = ticks.flatMap({ Double($0) })
        else { return nil }
        return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }()

    private static func fields(_ file: String) -> [String] {
        ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
            .split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
