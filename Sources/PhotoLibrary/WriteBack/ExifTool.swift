import BlipCommandSupport
import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// exiftool as a child that stays open: starting it takes a fifth of a second, a command some milliseconds.
///
/// It starts with the first command, and again after it ended unexpectedly. Commands may be given from
/// several tasks. Whoever makes one calls ``close()`` at the end, or uses ``withTool(_:)``.
package actor ExifTool {
    /// What a command printed.
    package struct Reply: Sendable {
        package let output: [UInt8]
        /// Its warnings and errors, a line each.
        package let messages: [String]
    }

    private struct Waiter {
        let continuation: CheckedContinuation<Reply, any Error>
        var output: [UInt8]?
        var messages: [UInt8]?
    }

    private typealias Child = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    private let program: String
    private let timeout: Duration
    private var run: Task<Void, Never>?
    private var child: Child?
    private var isEnding = false
    private var awaitingChild: [CheckedContinuation<Void, Never>] = []
    private var waiters: [Int: Waiter] = [:]
    private var count = 0
    private var output: [UInt8] = []
    private var messages: [UInt8] = []

    /// - Parameters:
    ///   - program: the program's name, which is looked for in PATH, or its path.
    ///   - timeout: for one command; the child is ended when it takes longer.
    package init(program: String = "exiftool", timeout: Duration = .seconds(120)) {
        self.program = program
        self.timeout = timeout
    }

    /// Runs `body` with a tool that is closed afterwards.
    package static func withTool<Result: Sendable>(
        _ body: (ExifTool) async throws -> Result
    ) async throws -> Result {
        let tool = ExifTool()
        do {
            let result = try await body(tool)
            await tool.close()
            return result
        } catch {
            await tool.close()
            throw error
        }
    }

    /// Whether there is such a program.
    package static var isInstalled: Bool {
        get async { (try? await path(of: "exiftool")) != nil }
    }

    /// Runs one command.
    ///
    /// - Parameter arguments: a line each; what options do with the last file comes before it, so that a
    ///   command that is cut off when this program is killed names no file.
    /// - Throws: ``ExifToolError``.
    package func execute(_ arguments: [String]) async throws -> Reply {
        guard !arguments.contains(where: { $0.contains("\n") || $0.contains("\r") }) else {
            throw ExifToolError(.failed, "An argument of exiftool has two lines; give it as one.")
        }
        try await start()
        guard let child else { throw ExifToolError.ended }
        count += 1
        let number = count
        let lines = ["-echo4", Self.mark(number)] + arguments + ["-execute\(number)", ""]
        let watchdog = Task { [timeout] in
            try await Task.sleep(for: timeout)
            self.kill()
        }
        defer { watchdog.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            waiters[number] = Waiter(continuation: continuation)
            Task {
                do {
                    _ = try await child.standardInputWriter.write(
                        Array(lines.joined(separator: "\n").utf8))
                } catch {
                    self.fail(number)
                }
            }
        }
    }

    /// Ends the child, once it has done what it was told.
    package func close() async {
        guard let run else { return }
        try? await child?.standardInputWriter.finish()
        await run.value
    }

    private func kill() {
        // The shell, what feeds it, and the tool.
        try? child?.send(signal: .kill, toProcessGroup: true)
        child = nil
        isEnding = true
    }

    private func fail(_ number: Int) {
        waiters.removeValue(forKey: number)?.continuation.resume(throwing: ExifToolError.ended)
    }

    private static func path(of program: String) async throws -> FilePath {
        if program.contains("/") { return FilePath(program) }
        do {
            return try await Executable.name(program).resolveExecutablePath(in: .inherit)
        } catch {
            throw ExifToolError.missing
        }
    }

    private func start() async throws {
        if child != nil { return }
        if run == nil {
            let path = try await Self.path(of: program)
            if run == nil { run = Task { await keepOpen(path) } }
        }
        // One that was killed has to be gone first.
        if child == nil, isEnding, let run {
            await run.value
            return try await start()
        }
        if child == nil { await withCheckedContinuation { awaitingChild.append($0) } }
    }

    /// Runs the child until it ends. The shell is there because exiftool itself would wait for ever for a
    /// program that was killed: when what feeds it ends, it is told to end; and the other way round.
    private func keepOpen(_ path: FilePath) async {
        let script = #"""
            { trap '' TERM; cat; printf '\n-stay_open\nFalse\n'; } 2>/dev/null |
                { "$0" -config '' -stay_open True -@ -; kill 0; }
            """#
        var options = PlatformOptions()
        // Not ended with this program by a terminal's interrupt, but after what it is at.
        options.processGroupID = 0
        BrokenPipes.areErrors()
        _ = try? await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", script, path.string],
            environment: .inherit.updating(["LC_ALL": "C.UTF-8"]), platformOptions: options,
            input: .inputWriter, output: .sequence, error: .sequence
        ) { execution in
            attach(execution)
            async let errors: Void = receive(execution.standardError, isOutput: false)
            await receive(execution.standardOutput, isOutput: true)
            await errors
        }
        detach()
    }

    private func attach(_ execution: Child) {
        child = execution
        resumeAwaiting()
    }

    private func detach() {
        child = nil
        run = nil
        isEnding = false
        output = []
        messages = []
        resumeAwaiting()
        for number in waiters.keys { fail(number) }
    }

    private func resumeAwaiting() {
        for continuation in awaitingChild { continuation.resume() }
        awaitingChild = []
    }

    private func receive(_ sequence: SubprocessOutputSequence, isOutput: Bool) async {
        do {
            for try await chunk in sequence {
                let bytes = chunk.withUnsafeBytes { Array($0) }
                if isOutput { output += bytes } else { messages += bytes }
                settle()
            }
        } catch {
            // The child is gone, and whoever waits is told so.
        }
    }

    private static func mark(_ number: Int) -> String { "{ready\(number)}" }

    /// Gives whole replies to who waits for them. Commands run in the order in which they were written.
    private func settle() {
        while let (number, bytes) = Self.takeReply(from: &output) {
            waiters[number]?.output = bytes
        }
        while let (number, bytes) = Self.takeReply(from: &messages) {
            waiters[number]?.messages = bytes
        }
        for (number, waiter) in waiters {
            guard let output = waiter.output, let messages = waiter.messages else { continue }
            waiters[number] = nil
            let lines = String(decoding: messages, as: UTF8.self).split(separator: "\n")
            waiter.continuation.resume(
                returning: Reply(output: output, messages: lines.map(String.init)))
        }
    }

    /// What stands before a line `{readyN}`, and N.
    private static func takeReply(from stream: inout [UInt8]) -> (Int, [UInt8])? {
        let opening = Array("{ready".utf8)
        var start = stream.startIndex
        while let brace = stream[start...].firstIndex(of: opening[0]) {
            let rest = stream[brace...]
            start = brace + 1
            let isLineStart = brace == 0 || stream[brace - 1] == UInt8(ascii: "\n")
            guard isLineStart, rest.starts(with: opening) else { continue }
            let digits = rest.dropFirst(opening.count).prefix { (48...57).contains($0) }
            let end = rest.dropFirst(opening.count + digits.count)
            guard end.starts(with: "}\n".utf8),
                let number = Int(String(decoding: digits, as: UTF8.self))
            else { continue }
            let bytes = Array(stream[..<brace])
            stream.removeFirst(brace + opening.count + digits.count + 2)
            return (number, bytes)
        }
        return nil
    }
}
