/// The processors that a process may run on, and which of them share a core.
struct ProcessorTopology {
    /// Numbers of the logical processors.
    let processors: [Int]
    /// One processor of each core.
    let cores: [Int]
    /// Those of ``cores`` that are not of a slower kind.
    let fastCores: [Int]
    /// Nodes of memory that they belong to.
    let memoryNodes: Int

    private static let folder = "sys/devices/system/cpu"

    /// - Parameters:
    ///   - allowed: numbers of processors; `nil` for all that are there.
    ///   - count: how many there are, where no file tells.
    init(_ files: SystemFiles, allowed: [Int]?, count: Int) {
        let online = files.numbers("\(Self.folder)/online")
        let present = (online ?? []).isEmpty ? Array(0..<max(1, count)) : online ?? []
        let wanted = allowed.map(Set.init)
        let kept = present.filter { wanted?.contains($0) ?? true }
        processors = kept.isEmpty ? (allowed ?? []).isEmpty ? present : allowed ?? present : kept
        var seen: Set<Int> = []
        var cores: [Int] = []
        for processor in processors where !seen.contains(processor) {
            cores.append(processor)
            let siblings =
                files.numbers("\(Self.folder)/cpu\(processor)/topology/thread_siblings_list")
                ?? []
            seen.formUnion(siblings + [processor])
        }
        self.cores = cores
        let slow = Self.slow(cores, files)
        fastCores = slow.count < cores.count ? cores.filter { !slow.contains($0) } : cores
        let own = Set(processors)
        let nodes = files.entries(of: "sys/devices/system/node", "node").filter { node in
            let members = files.numbers("sys/devices/system/node/node\(node)/cpulist") ?? []
            return !own.isDisjoint(with: members)
        }
        memoryNodes = max(1, nodes.count)
    }

    /// Of processors with fast and slow cores, the slow ones: Intel lists them, Arm tells what each can do.
    private static func slow(_ cores: [Int], _ files: SystemFiles) -> Set<Int> {
        if let slow = files.numbers("sys/devices/cpu_atom/cpus") { return Set(slow) }
        let capacities = cores.map { files.number("\(folder)/cpu\($0)/cpu_capacity") ?? 0 }
        let largest = capacities.max() ?? 0
        // Cores of one kind differ a little by what they are clocked at.
        return Set(zip(cores, capacities).filter { $1 * 4 < largest * 3 }.map(\.0))
    }
}
