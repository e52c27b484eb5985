import Foundation
import Testing

/// COpenVINO's types and functions are written down there: a slip would be read as garbage at run time.
struct ABITests {
    @Test func areThoseOfTheRuntimesHeaders() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../..").standardizedFileURL
        let headers = package.appending(path: ".openvino/include")
        try #require(
            FileManager.default.fileExists(atPath: headers.path), "Tools/fetch-openvino .openvino")
        let own = try table(package, [])
        #expect(own.contains("UNKNOW_EXCEPTION -17\n"))
        #expect(try table(package, ["-DHEADERS", "-I", headers.path]) == own)
    }

    /// What abi.c prints. It does not compile where a function's parameters differ.
    private func table(_ package: URL, _ options: [String]) throws -> String {
        let program = URL.temporaryDirectory.appending(path: "abi-\(UUID())")
        defer { try? FileManager.default.removeItem(at: program) }
        let source = package.appending(path: "Tests/OpenVINOTests/ABI/abi.c").path
        let include = package.appending(path: "Sources/COpenVINO/include").path
        _ = try run(
            "clang", options + ["-Wno-everything", "-I", include, source, "-o", program.path])
        return try run(program.path, [])
    }

    private func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) \(arguments)")
        return String(decoding: output, as: UTF8.self)
    }
}
