import BLIP
import BlipDemoModel
import Foundation

/// Captions every picture of a folder, shows how far it is, and ends at Ctrl-C with what it has.
///
///     swift run CaptionFolder ../Samples
@main
struct CaptionFolder {
    static func main() async throws {
        guard let path = CommandLine.arguments.dropFirst().first else {
            print("usage: CaptionFolder FOLDER")
            return
        }
        let files = try FileManager.default
            .contentsOfDirectory(at: URL(filePath: path), includingPropertiesForKeys: nil)
            .filter { ["jpg", "jpeg", "png", "webp"].contains($0.pathExtension.lowercased()) }
            .sorted { $0.path < $1.path }

        let work = Task { try await caption(files) }
        let interruption = cancelling(work)
        defer { interruption.cancel() }
        do {
            try await work.value
        } catch is CancellationError {
            print("Ended; what is above is done.")
        }
    }

    static func caption(_ files: [URL]) async throws {
        // The demo model knows drawn scenes only; give a checkpoint's folder for photographs.
        let model = try BlipModel(folder: DemoModel.folder)
        try await model.prepare(for: [.caption]) { done, parts in
            print("Loading: \(done) of \(parts)")
        }
        var done = 0
        // In the order of the files; several are read and run at a time.
        for try await found in model.captions(of: files) {
            done += 1
            let text: String
            switch found.result {
            case .success(let caption): text = caption.text
            case .failure(let error): text = "\(error)"
            }
            print("[\(done)/\(files.count)] \(found.file.lastPathComponent): \(text)")
        }
        try Task.checkCancellation()
    }

    /// Cancels a task at Ctrl-C, for as long as the source is kept.
    static func cancelling(_ task: Task<Void, any Error>) -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT)
        source.setEventHandler { task.cancel() }
        source.resume()
        return source
    }
}
