import ArgumentParser
import BlipCommandSupport
import BlipHub
import Foundation

struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch a checkpoint from the Hugging Face hub.",
        discussion: """
            Fetches the needed files into the cache of huggingface_hub. An interrupted pull resumes. Then \
            give --model the same name, or NAME@REVISION for a revision.

            Respects the environment variables of huggingface_hub, such as HF_ENDPOINT, HF_TOKEN, HF_HOME, \
            HF_HUB_CACHE and HF_HUB_OFFLINE; also HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, \
            SSL_CERT_FILE, SSL_CERT_DIR and REQUESTS_CA_BUNDLE.

            EXAMPLES
              blip pull Salesforce/blip-vqa-base
              blip ask photo.jpg "what is this?" --model Salesforce/blip-vqa-base
            """)

    @Argument(help: "The repository, OWNER/NAME.")
    var name: String

    @Option(help: ArgumentHelp("A branch, a tag or a commit.", valueName: "r"))
    var revision = "main"

    @Flag(help: "Print one JSON object, and nothing else, on standard output.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let pulled = try await Self.fetch(RepositoryName(name), revision: revision)
            let record = PullRecord(
                name: name, path: pulled.snapshot.path, bytes: pulled.bytes)
            try Terminal.print(json ? try jsonLine(record) : pulled.snapshot.path)
        }
    }

    /// Fetches a checkpoint, with a progress bar.
    static func fetch(_ name: RepositoryName, revision: String) async throws -> Hub.Pulled {
        let bar = DownloadBar()
        defer { bar.clear() }
        let configuration = try HubConfiguration()
        bar.show("Asking \(configuration.endpoint.host ?? "the hub") for \(name) …")
        let pulled = try await Hub(configuration).pull(name, revision: revision) { bar.show($0) }
        bar.clear()
        if let problem = pulled.problem {
            Terminal.note("\(problem). What an earlier pull fetched is used.")
        }
        return pulled
    }
}

private struct PullRecord: Encodable {
    let name: String
    let path: String
    let bytes: Int
}

/// Bytes, share and time left of a download, on a terminal's standard error.
private struct DownloadBar: Sendable {
    private let start = ContinuousClock.now

    func show(_ progress: Hub.Progress) {
        switch progress {
        case .fetched(let file, let done, let total): show(file, done, total)
        case .waiting(let reason):
            clear()
            Terminal.note(reason)
        }
    }

    private func show(_ file: String, _ done: Int, _ total: Int) {
        guard Terminal.showsProgress, total > 0 else { return }
        let share = Double(done) / Double(total)
        let filled = Int(share * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let seconds = max((ContinuousClock.now - start).milliseconds / 1_000, 0.001)
        let speed = Double(done) / 1e6 / seconds
        // The first small files tell nothing of the time that the large one takes.
        let left = share < 0.01 ? "" : String(format: "%.0f s left  ", seconds * (1 / share - 1))
        Terminal.overwriteLine(
            "\(bar) \(done / 1_000_000)/\(total / 1_000_000) MB  "
                + String(format: "%.1f MB/s  ", speed) + left + file)
    }

    func show(_ text: String) {
        if Terminal.showsProgress { Terminal.overwriteLine(text) }
    }

    func clear() {
        if Terminal.showsProgress { Terminal.overwriteLine("") }
    }
}
