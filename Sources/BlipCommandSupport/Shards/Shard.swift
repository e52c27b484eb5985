import Foundation

/// One of the parts that work is divided into.
package struct Shard: Sendable, Hashable {
    /// From 0.
    package let index: Int
    package let count: Int

    /// - Throws: ``Failure`` for an index that no part has.
    package init(index: Int, count: Int) throws {
        guard (1...Self.maximum).contains(count), (0..<count).contains(index) else {
            throw Failure(
                .usage,
                "There is no part \(index) of \(count): parts are counted from 0 to one less than their "
                    + "number, which is 1 to \(Self.maximum).")
        }
        self.index = index
        self.count = count
    }

    private static let maximum = 1_000_000

    /// The part that an argument names.
    ///
    /// - Parameters:
    ///   - argument: `I/N`; `auto`, or `auto/N` where the environment does not tell the number.
    ///   - environment: of a job of Kubernetes, Slurm or AWS Batch.
    package init(
        argument: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("auto", 1): self = try Self.ofJob(environment, count: nil)
        case ("auto", 2):
            guard let count = Int(parts[1]) else { throw Self.unreadable(argument) }
            self = try Self.ofJob(environment, count: count)
        case (let index?, 2):
            guard let index = Int(index), let count = Int(parts[1]) else {
                throw Self.unreadable(argument)
            }
            try self.init(index: index, count: count)
        default: throw Self.unreadable(argument)
        }
    }

    private static func ofJob(_ environment: [String: String], count: Int?) throws -> Shard {
        let variables = JobVariables(environment)
        let found =
            try variables.kubernetes() ?? variables.slurm(hasCount: count != nil)
            ?? variables.awsBatch()
        guard let found else {
            throw Failure(
                .usage,
                "--shard auto found no job: neither JOB_COMPLETION_INDEX (Kubernetes), SLURM_ARRAY_TASK_ID "
                    + "(Slurm) nor AWS_BATCH_JOB_ARRAY_INDEX (AWS Batch) is set; write --shard I/N."
            )
        }
        guard let count = count ?? found.count else {
            throw Failure(
                .usage,
                "--shard auto: \(found.unknownCount) is not set, and so it is not known how many parts there "
                    + "are; set it, or write --shard auto/N.")
        }
        return try Shard(index: found.index, count: count)
    }

    private static func unreadable(_ argument: String) -> Failure {
        Failure(
            .usage,
            "--shard \(argument): write I/N, such as 0/4 for the first of four parts, or auto in a job of "
                + "Kubernetes, Slurm or AWS Batch.")
    }

    /// Every so many-th element.
    package func share<Element>(of elements: [Element]) -> [Element] {
        stride(from: index, to: elements.count, by: count).map { elements[$0] }
    }

    /// Of its files: part-007-of-100.
    package var name: String { "part-\(number)-of-\(count)" }

    /// With zeros, so that numbers sort as texts: 007.
    var number: String {
        let zeros = max(0, String(count).count - String(index).count)
        return String(repeating: "0", count: zeros) + String(index)
    }
}

/// What job managers tell a task of an array.
private struct JobVariables {
    struct Found {
        let index: Int
        let count: Int?
        /// What would tell the number.
        let unknownCount: String
    }

    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    /// An Indexed Job; nothing but its manifest knows the number.
    func kubernetes() throws -> Found? {
        try number("JOB_COMPLETION_INDEX").map {
            Found(index: $0, count: try number("JOB_COMPLETIONS"), unknownCount: "JOB_COMPLETIONS")
        }
    }

    /// - Parameter hasCount: then the task's own number is the part's, so that some tasks can be run again.
    func slurm(hasCount: Bool) throws -> Found? {
        guard let task = try number("SLURM_ARRAY_TASK_ID") else { return nil }
        let count = try number("SLURM_ARRAY_TASK_COUNT")
        let first = try number("SLURM_ARRAY_TASK_MIN") ?? 0
        let step = max(1, try number("SLURM_ARRAY_TASK_STEP") ?? 1)
        return Found(
            index: hasCount ? task : (task - first) / step, count: count,
            unknownCount: "SLURM_ARRAY_TASK_COUNT")
    }

    func awsBatch() throws -> Found? {
        try number("AWS_BATCH_JOB_ARRAY_INDEX").map {
            Found(
                index: $0, count: try number("AWS_BATCH_JOB_ARRAY_SIZE"),
                unknownCount: "AWS_BATCH_JOB_ARRAY_SIZE")
        }
    }

    private func number(_ name: String) throws -> Int? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw Failure(
                .usage, "\(name) is \"\(text.prefix(40))\", and is to be a number; set it so.")
        }
        return number
    }
}
