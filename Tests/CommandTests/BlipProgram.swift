import Foundation
import Subprocess
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The built program, run as a user runs it: a process of its own, in an empty environment.
enum BlipProgram {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String

        /// Each line of standard output as a JSON object.
        func objects() throws -> [[String: any Sendable]] {
            try output.split(separator: "\n").map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                guard let object = object as? [String: any Sendable] else {
                    throw CocoaError(.propertyListReadCorrupt)
                }
                return object
            }
        }
    }

    /// Beside the test bundle, where the package manager puts what the tests depend on.
    static let path: String = {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let tests = bundle ?? URL(filePath: CommandLine.arguments[0])
        return tests.deletingLastPathComponent().appending(path: "blip").path
    }()

    /// An empty home, so that the tests' compiled models are not the developer's; gone at the end.
    private static let home: URL = {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "blip-tests-home-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: BlipProgram.home) }
        return folder
    }()

    /// Runs a program that may write no byte into a file, as on a full disk.
    static let fullDisk = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]

    static func run(_ arguments: String..., input: [UInt8] = []) async throws -> Result {
        try await run(arguments, input: input)
    }

    /// - Parameters:
    ///   - folder: the working directory; `nil` for that of the tests.
    ///   - launcher: a command that runs the command line that it is given; empty for none.
    static func run(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
        in folder: String? = nil, under launcher: [String] = []
    ) async throws -> Result {
        let command = launcher + [path] + arguments
        return try await run(
            .path(FilePath(command[0])), Array(command.dropFirst()), input, environment, in: folder)
    }

    /// Runs a command that runs the program.
    static func runElsewhere(_ command: [String], input: [UInt8] = []) async throws -> Result {
        try await run(.path(FilePath(command[0])), Array(command.dropFirst()), input, [:])
    }

    /// Runs a script of bash, in which the program is `$BLIP`, for what only a shell can give it.
    static func shell(
        _ script: String, _ arguments: String..., input: [UInt8] = []
    ) async throws -> Result {
        try await run(
            .name("bash"), ["-c", script, "bash"] + arguments, input,
            ["BLIP": path, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"])
    }

    /// No PATH, no LD_LIBRARY_PATH: the program finds its runtime by itself.
    private static func run(
        _ program: Executable, _ arguments: [String], _ input: [UInt8],
        _ environment: [String: String], in folder: String? = nil
    ) async throws -> Result {
        // Named, the demo model is not told of on standard error.
        var variables: [Environment.Key: String] = ["HOME": home.path, "BLIP_MODEL": "demo"]
        for (name, value) in environment { variables[.init(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            program, arguments: Arguments(arguments), environment: .custom(variables),
            workingDirectory: folder.map { FilePath($0) },
            input: .array(input), output: .string(limit: 1 << 22), error: .string(limit: 1 << 20))
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): -signal
            }
        return Result(
            status: status, output: result.standardOutput, errors: result.standardError)
    }
}

/// Expects docs/cli.md to name every field of the objects.
func expectDocumented(
    _ objects: [[String: any Sendable]], sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let page = try String(
        contentsOf: Repository.root.appending(path: "docs/cli.md"), encoding: .utf8)
    for field in Set(objects.flatMap(\.keys)) {
        #expect(page.contains("`\(field)`"), "\(field)", sourceLocation: sourceLocation)
    }
}

/// Files of the repository that the tests use.
enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let fixtures = root.appending(path: "Tests/BLIPTests/Fixtures")

    static func photo(_ name: String) -> String {
        fixtures.appending(path: "photos/\(name)").path
    }

    static func checkpoint(_ name: String) -> String {
        fixtures.appending(path: "checkpoints/\(name)").path
    }
}

/// A folder that is gone after the test.
struct TemporaryFolder: ~Copyable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "blip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: url.appending(path: name))
        return path(name)
    }

    func copy(_ path: String, as name: String) throws -> String {
        try FileManager.default.copyItem(atPath: path, toPath: self.path(name))
        return self.path(name)
    }
}
