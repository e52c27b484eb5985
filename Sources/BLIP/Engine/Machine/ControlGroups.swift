/// What the control groups of a process leave it: a container's `--cpus` and `--memory`, a service's
/// `CPUQuota` and `MemoryMax`. Of a group and those above it the narrowest counts.
struct ControlGroups {
    /// Processors' worth of time; `nil` for as much as there is.
    let processorQuota: Double?
    /// Bytes that may still be taken; `nil` where there is no limit.
    let availableMemory: Int?

    /// Reads version 2 and version 1, and the two side by side.
    init(_ files: SystemFiles) {
        var quotas: [Double] = []
        var memory: [Int] = []
        for line in (files.text("proc/self/cgroup") ?? "").split(separator: "\n") {
            // number:controllers:path
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let (controllers, path) = (fields[1].split(separator: ","), String(fields[2]))
            if controllers.isEmpty {
                for group in Self.groups("sys/fs/cgroup", path) {
                    quotas += Self.unifiedQuota(files.text("\(group)/cpu.max"))
                    memory += Self.available(
                        files.number("\(group)/memory.max"),
                        files.number("\(group)/memory.current"),
                        files.field("inactive_file", in: "\(group)/memory.stat"))
                }
            }
            if controllers.contains("cpu") {
                for group in Self.folders(fields[1]).flatMap({ Self.groups($0, path) }) {
                    quotas += Self.quota(
                        files.number("\(group)/cpu.cfs_quota_us"),
                        files.number("\(group)/cpu.cfs_period_us"))
                }
            }
            if controllers.contains("memory") {
                for group in Self.groups("sys/fs/cgroup/memory", path) {
                    memory += Self.available(
                        files.number("\(group)/memory.limit_in_bytes"),
                        files.number("\(group)/memory.usage_in_bytes"),
                        files.field("total_inactive_file", in: "\(group)/memory.stat"))
                }
            }
        }
        processorQuota = quotas.min()
        availableMemory = memory.min()
    }

    /// Where controllers of version 1 are mounted: together, or each by its name.
    private static func folders(_ controllers: Substring) -> [String] {
        Set([String(controllers), "cpu"]).map { "sys/fs/cgroup/\($0)" }.sorted()
    }

    /// A group and those above it. In a container the mounted one may be the group itself, whatever its path
    /// is outside.
    private static func groups(_ mount: String, _ path: String) -> [String] {
        var parts = path.split(separator: "/")
        guard !parts.contains("..") else { return [mount] }
        var groups = [mount]
        while !parts.isEmpty {
            groups.append("\(mount)/\(parts.joined(separator: "/"))")
            parts.removeLast()
        }
        return groups
    }

    /// Of `200000 100000`, 2; of `max 100000`, none.
    private static func unifiedQuota(_ text: String?) -> [Double] {
        let fields = (text ?? "").split(separator: " ").map { Int($0) }
        guard fields.count == 2 else { return [] }
        return quota(fields[0], fields[1])
    }

    private static func quota(_ quota: Int?, _ period: Int?) -> [Double] {
        guard let quota, let period, quota > 0, period > 0 else { return [] }
        return [Double(quota) / Double(period)]
    }

    /// - Parameter cached: of what is used, contents of files, which give way.
    private static func available(_ limit: Int?, _ used: Int?, _ cached: Int?) -> [Int] {
        // Version 1 writes the largest number for no limit.
        guard let limit, limit > 0, limit < 1 << 60 else { return [] }
        return [max(0, limit - max(0, (used ?? 0) - (cached ?? 0)))]
    }
}
