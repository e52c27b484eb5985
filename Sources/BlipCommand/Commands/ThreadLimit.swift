import BLIP
import BlipCommandSupport
import Foundation

/// What a container's or user's limit of threads leaves. Where it is low, OpenVINO fails and Dispatch, which
/// tries to make a thread again and again, waits for ever.
enum ThreadLimit {
    /// Makes sure that anything can run.
    ///
    /// - Throws: ``Failure`` where nothing can.
    static func check() throws(Failure) {
        try require(least, of: allowed(upTo: least))
    }

    /// Makes sure that a model can run. Starts the program anew on fewer processors where its threads for all
    /// of them may not run.
    ///
    /// - Throws: ``Failure`` where those for one may not.
    static func adapt() throws(Failure) {
        #if os(Linux)
            guard let processors = ProcessorSet.ofThisProcess else { return }
            let allowed = allowed(upTo: need(processors.count))
            guard allowed < need(processors.count) else { return }
            try require(need(1), of: allowed)
            let fewer = (1..<processors.count).last { need($0) <= allowed } ?? 1
            guard processors.keep(fewer) else { return }
            // What counts processors has counted them already; a new start counts anew.
            execv("/proc/self/exe", CommandLine.unsafeArgv)
        #endif
    }

    private static func require(_ count: Int, of allowed: Int) throws(Failure) {
        guard allowed < count else { return }
        throw Failure(.missingRuntime, sentence("Only \(allowed) threads may run here"))
    }

    /// - Parameter finding: what was found.
    static func sentence(_ finding: String) -> String {
        "\(finding), and this program needs \(need(1)); raise the limit (docker's --pids-limit, "
            + "systemd's TasksMax, a cgroup's pids.max, or ulimit -u)."
    }

    /// Measured: 17 on one processor, 22 on two; a server has two more for each.
    private static func need(_ processors: Int) -> Int { 13 + 7 * processors }
    /// Of whatever is asynchronous; measured: 4.
    private static let least = 5

    /// How many threads can run, those that do included: tried, since limits stand in many places.
    private static func allowed(upTo most: Int) -> Int {
        #if os(Linux)
            let tasks = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
            let running = tasks?.count ?? 1
            let gate = NSLock()
            gate.lock()
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            pthread_attr_setstacksize(&attributes, 1 << 18)
            defer { pthread_attr_destroy(&attributes) }
            var threads: [pthread_t] = []
            while running + threads.count < most {
                var thread = pthread_t()
                // The gate outlives the threads, which are joined below.
                let status = pthread_create(
                    &thread, &attributes,
                    { gate in
                        gate.map { Unmanaged<NSLock>.fromOpaque($0).takeUnretainedValue() }?
                            .withLock {}
                        return nil
                    }, Unmanaged.passUnretained(gate).toOpaque())
                guard status == 0 else { break }
                threads.append(thread)
            }
            gate.unlock()
            for thread in threads { pthread_join(thread, nil) }
            withExtendedLifetime(gate) {}
            return running + threads.count
        #else
            return most
        #endif
    }
}
