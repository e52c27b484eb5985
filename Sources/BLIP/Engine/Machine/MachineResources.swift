package import Foundation

/// What of the machine this process may use: its processors and memory, by the system's files and the control
/// groups that a container or a service sets.
package struct MachineResources: Sendable, Hashable {
    /// Logical processors that the process may run on.
    package let logicalProcessors: Int
    /// Cores among them: of two threads of one core, one counts.
    package let cores: Int
    /// Cores among them that are not of a slower kind, where the system has several kinds.
    package let fastCores: Int
    /// Groups of them, each with memory of its own.
    package let memoryNodes: Int
    /// Processors' worth of time that control groups allow; `nil` for as much as there is.
    package let quota: Double?
    /// Bytes that may still be taken; `nil` where the system does not tell.
    package let availableMemory: Int?

    /// - Parameters:
    ///   - root: the folder that stands for `/`.
    ///   - allowed: the numbers of the processors that the process may run on; `nil` for all that there are.
    ///   - count: how many there are, where the files do not tell.
    package init(root: URL, allowed: [Int]?, count: Int) {
        let files = SystemFiles(root: root)
        let topology = ProcessorTopology(files, allowed: allowed, count: count)
        let groups = ControlGroups(files)
        logicalProcessors = topology.processors.count
        cores = topology.cores.count
        fastCores = topology.fastCores.count
        memoryNodes = topology.memoryNodes
        quota = groups.processorQuota
        availableMemory = [files.availableMemory, groups.availableMemory].compactMap(\.self).min()
    }

    /// This process's, as they are now.
    package static var current: MachineResources {
        #if os(Linux)
            let allowed = ProcessorSet.ofThisProcess?.numbers
        #else
            let allowed: [Int]? = nil
        #endif
        return MachineResources(
            root: URL(filePath: "/"), allowed: allowed,
            count: ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Threads that can run at the same time.
    package var processors: Int {
        // What a quota has beyond whole processors is worth a thread.
        let allowed = min(quota ?? .infinity, Double(logicalProcessors))
        return max(1, Int(allowed.rounded(.up)))
    }

    /// Whether control groups allow less time than there are processors: libraries that count those would
    /// start threads that are held back in turn.
    package var isLimited: Bool { processors < logicalProcessors }
}
