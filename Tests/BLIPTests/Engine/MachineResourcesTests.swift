@testable import BLIP
import Foundation
import Testing

/// Over made-up files of Linux.
@Suite("What of a machine a process may use")
struct MachineResourcesTests {
    private static let system = "sys/devices/system"

    /// Processors of which each `threads` share a core, numbered as Linux does: first one of each core.
    private func processors(_ count: Int, threads: Int = 1) -> [String: String] {
        var files = ["\(Self.system)/cpu/online": count > 1 ? "0-\(count - 1)" : "0"]
        let cores = count / threads
        for number in 0..<count {
            let siblings = (0..<threads).map { "\(number % cores + $0 * cores)" }
            files["\(Self.system)/cpu/cpu\(number)/topology/thread_siblings_list"] =
                siblings.joined(separator: ",")
        }
        return files
    }

    private func resources(
        _ files: [String: String], allowed: [Int]? = nil, count: Int = 4
    ) throws -> MachineResources {
        let root = try SystemRoot(files)
        defer { withExtendedLifetime(root) {} }
        return MachineResources(root: root.url, allowed: allowed, count: count)
    }

    @Test func withoutFiles() throws {
        let found = try resources([:])
        #expect(found.logicalProcessors == 4 && found.processors == 4)
        #expect(found.cores == 4 && found.fastCores == 4 && found.memoryNodes == 1)
        #expect(found.quota == nil && found.availableMemory == nil)
    }

    @Test func threadsOfOneCore() throws {
        let found = try resources(processors(16, threads: 2))
        #expect(found.logicalProcessors == 16 && found.cores == 8 && found.fastCores == 8)
        #expect(found.processors == 16 && !found.isLimited)
        // Both threads of two cores, and one of another.
        let few = try resources(processors(16, threads: 2), allowed: [0, 8, 1, 9, 2])
        #expect(few.logicalProcessors == 5 && few.cores == 3)
    }

    @Test func fastAndSlowCores() throws {
        var intel = processors(8, threads: 2)
        for number in 8..<12 {
            intel["\(Self.system)/cpu/cpu\(number)/topology/thread_siblings_list"] = "\(number)"
        }
        intel["\(Self.system)/cpu/online"] = "0-11"
        intel["sys/devices/cpu_core/cpus"] = "0-7"
        intel["sys/devices/cpu_atom/cpus"] = "8-11"
        let hybrid = try resources(intel)
        #expect(hybrid.logicalProcessors == 12 && hybrid.cores == 8 && hybrid.fastCores == 4)
        // Where only slow ones may be used, none of them is slower than the others.
        #expect(try resources(intel, allowed: [8, 9]).fastCores == 2)

        var arm = processors(8)
        for (number, capacity) in [1024, 1024, 1000, 1000, 400, 400, 400, 400].enumerated() {
            arm["\(Self.system)/cpu/cpu\(number)/cpu_capacity"] = "\(capacity)"
        }
        #expect(try resources(arm).fastCores == 4)
    }

    @Test func memoryNodes() throws {
        var files = processors(64)
        files["\(Self.system)/node/node0/cpulist"] = "0-31"
        files["\(Self.system)/node/node1/cpulist"] = "32-63"
        files["\(Self.system)/node/possible"] = "0-1"
        #expect(try resources(files).memoryNodes == 2)
        #expect(try resources(files, allowed: Array(0..<8)).memoryNodes == 1)
    }

    /// A container with two processors on a large machine.
    @Test(arguments: [
        // Version 2, seen from within and from without.
        ["proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "200000 100000"],
        [
            "proc/self/cgroup": "0::/system.slice/docker-1.scope",
            "sys/fs/cgroup/system.slice/docker-1.scope/cpu.max": "200000 100000",
        ],
        // A limit of the group above.
        [
            "proc/self/cgroup": "0::/user.slice/job/step",
            "sys/fs/cgroup/user.slice/cpu.max": "max 100000",
            "sys/fs/cgroup/user.slice/job/cpu.max": "100000 50000",
            "sys/fs/cgroup/user.slice/job/step/cpu.max": "max 100000",
        ],
        // Version 1, whose group is mounted where its path does not tell, or alone, or with another.
        [
            "proc/self/cgroup": "5:memory:/docker/1\n4:cpu,cpuacct:/docker/1",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
        ],
        [
            "proc/self/cgroup": "4:cpu:/a/b\n0::/",
            "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "50000",
            "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "25000",
            "sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us": "-1",
            "sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us": "100000",
        ],
    ])
    func quotaOfTwo(_ groups: [String: String]) throws {
        let found = try resources(processors(64, threads: 2).merging(groups) { $1 })
        #expect(found.quota == 2)
        #expect(found.processors == 2 && found.isLimited)
        #expect(BatchSize.chosen(on: found) == 8)
    }

    @Test func quotasThatAreNone() throws {
        for text in ["max 100000", "", "nonsense", "0 0", "-5 100000", "100000"] {
            let groups = ["proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": text]
            let found = try resources(processors(4).merging(groups) { $1 })
            #expect(found.quota == nil && found.processors == 4, "\(text)")
        }
        // More than there is, and less than one.
        for (text, processors) in [("800000 100000", 4), ("10000 100000", 1), ("250000 100000", 3)]
        {
            let groups = ["proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": text]
            let found = try resources(self.processors(4).merging(groups) { $1 })
            #expect(found.processors == processors, "\(text)")
        }
    }

    @Test func memory() throws {
        let machine = ["proc/meminfo": "MemTotal: 9000000 kB\nMemAvailable:    8000000 kB"]
        #expect(try resources(machine).availableMemory == 8_000_000 * 1024)
        let unified = machine.merging([
            "proc/self/cgroup": "0::/box", "sys/fs/cgroup/box/memory.max": "1000000000",
            "sys/fs/cgroup/box/memory.current": "700000000",
            // Contents of files give way.
            "sys/fs/cgroup/box/memory.stat": "anon 500000000\ninactive_file 200000000",
        ]) { $1 }
        #expect(try resources(unified).availableMemory == 500_000_000)
        let older = machine.merging([
            "proc/self/cgroup": "5:memory:/docker/1",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000000",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "500000000",
        ]) { $1 }
        #expect(try resources(older).availableMemory == 1_500_000_000)
        let unlimited = machine.merging([
            "proc/self/cgroup": "5:memory:/",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
        ]) { $1 }
        #expect(try resources(unlimited).availableMemory == 8_000_000 * 1024)
    }

    @Test func damagedFiles() throws {
        let found = try resources([
            "\(Self.system)/cpu/online": "9-2,x,-,99999999",
            "proc/self/cgroup": "::\nnonsense\n1:cpu:/../../etc\n0::/../..",
            "proc/meminfo": "MemAvailable: 9223372036854775807 kB",
        ])
        #expect(found.logicalProcessors == 4)
        #expect(found.quota == nil && found.availableMemory == nil)
    }

    @Test(arguments: [(1, 8), (2, 8), (4, 8), (8, 16), (12, 24), (16, 32), (64, 64)])
    func batchesGrowWithThreads(_ threads: Int, _ batch: Int) throws {
        let machine = try resources(processors(64))
        #expect(BatchSize.chosen(threads: threads, on: machine) == batch)
    }

    @Test func batchesFitIntoMemory() throws {
        let machine = try resources(
            processors(16).merging(["proc/meminfo": "MemAvailable: 2000000 kB"]) { $1 })
        #expect(BatchSize.chosen(bytesPerPicture: 100e6, on: machine) == 10)
        #expect(BatchSize.chosen(bytesPerPicture: 1e6, on: machine) == 64)
        #expect(BatchSize.chosen(bytesPerPicture: 1e12, on: machine) == 1)
    }

    /// Twice as many take no more memory than those of a base-size model at 384 x 384; here at 384, 320, 256, and of
    /// the demo model.
    @Test(arguments: [(96e6, 8), (60e6, 8), (35e6, 16), (2e6, 16)])
    func batchesOfSmallPictures(_ bytes: Double, _ batch: Int) throws {
        let machine = try resources(processors(64))
        #expect(BatchSize.chosen(threads: 2, bytesPerPicture: bytes, on: machine) == batch)
    }

    /// Threads that were asked for are no more than there are.
    @Test func thisMachine() {
        let found = MachineResources.current
        #expect(found.processors >= 1 && found.processors <= found.logicalProcessors)
        #expect((1...found.logicalProcessors).contains(found.cores))
        #expect((1...64).contains(BatchSize.chosen(threads: 4096)))
    }
}
