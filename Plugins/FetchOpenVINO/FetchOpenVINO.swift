import Foundation
import PackagePlugin

/// `swift package fetch-openvino`: the runtime into `.openvino/` of the package that it is called in, where programs and
/// tests of the package find it.
@main
struct FetchOpenVINO: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Tools/fetch-openvino").standardizedFileURL
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [script.path, context.package.directoryURL.path + "/.openvino"]
        try process.run()
        process.waitUntilExit()
        // The script said why.
        guard process.terminationStatus == 0 else { exit(process.terminationStatus) }
    }
}
