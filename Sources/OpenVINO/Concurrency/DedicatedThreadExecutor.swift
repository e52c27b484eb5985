internal import Foundation

/// Runs an actor on one thread of its own, for as long as the executor lives.
///
/// Inference blocks its thread. On Swift's shared pool, which has one thread a core, that would stop
/// unrelated tasks; and OpenVINO keeps memory for every thread that ever ran an inference, so the
/// thread has to be a lasting one.
///
/// ```swift
/// actor Captioner {
///     private let executor = DedicatedThreadExecutor(name: "captioner")
///     nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
/// }
/// ```
public final class DedicatedThreadExecutor: SerialExecutor {
    private let queue = JobQueue()

    /// - Parameters:
    ///   - name: of the thread, for debuggers; Linux shows the first 15 bytes.
    ///   - stackSize: in bytes.
    public init(name: String, stackSize: Int = 8 << 20) {
        // The thread holds on to the queue only, so that the executor can go and end it.
        let thread = Thread { [queue] in
            while let (job, executor) = queue.next() {
                job.runSynchronously(on: executor.asUnownedSerialExecutor())
            }
        }
        thread.name = name
        thread.stackSize = stackSize
        thread.start()
    }

    deinit {
        queue.close()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        // The executor travels with the job, and so outlives it even if its actor does not.
        queue.append(UnownedJob(job), self)
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}

/// Jobs on their way to the thread.
/// Unchecked: the condition's lock guards both variables.
private final class JobQueue: @unchecked Sendable {
    typealias Entry = (job: UnownedJob, executor: DedicatedThreadExecutor)

    private let condition = NSCondition()
    private var entries: [Entry] = []
    private var isClosed = false

    func append(_ job: UnownedJob, _ executor: DedicatedThreadExecutor) {
        condition.withLock {
            entries.append((job, executor))
            condition.signal()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.signal()
        }
    }

    /// The next job; waits for one. Nil when the queue is closed and empty.
    func next() -> Entry? {
        condition.withLock {
            while entries.isEmpty, !isClosed { condition.wait() }
            return entries.isEmpty ? nil : entries.removeFirst()
        }
    }
}
