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
///
public final class DedicatedThreadExecutor: SerialExecutor {
    private let queue = JobQueue()

    /// - Parameters:
    ///   - name: of the thread, for debuggers; Linux shows the first 15 bytes.
    ///   - stackSize: in bytes.
    public init(name: String, stackSize: Int = 8 << 20) {
        // The thread holds on to the queue only, so that the executor can go and end it.
        let thread = Thread { [queue] in
            while let (job, executor, preferred) = queue.next() {
                if let preferred {
                    // As both, so that the task need not queue for the actor, too.
                    job.runSynchronously(
                        isolatedTo: executor.asUnownedSerialExecutor(),
                        taskExecutor: preferred.asUnownedTaskExecutor())
                } else {
                    job.runSynchronously(on: executor.asUnownedSerialExecutor())
                }
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
        queue.append((UnownedJob(job), self, nil))
    }

    /// For tasks that wait in the actor (`withTaskExecutorPreference`): they come back on the thread at once,
    /// where others come by way of the shared pool, and late if that is busy.
    package var forTasks: some TaskExecutor { TasksOfThread(executor: self) }

    fileprivate func enqueue(_ job: UnownedJob, for preferred: TasksOfThread) {
        queue.append((job, self, preferred))
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}

/// Runs tasks that prefer a thread there, between the jobs of its actor.
private final class TasksOfThread: TaskExecutor {
    private let executor: DedicatedThreadExecutor

    init(executor: DedicatedThreadExecutor) { self.executor = executor }

    func enqueue(_ job: consuming ExecutorJob) { executor.enqueue(UnownedJob(job), for: self) }
}

/// Jobs on their way to the thread.
/// Unchecked: the condition's lock guards both variables.
private final class JobQueue: @unchecked Sendable {
    typealias Entry = (
        job: UnownedJob, executor: DedicatedThreadExecutor, preferred: TasksOfThread?
    )

    private let condition = NSCondition()
    private var entries: [Entry] = []
    private var isClosed = false

    func append(_ entry: Entry) {
        condition.withLock {
            entries.append(entry)
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
