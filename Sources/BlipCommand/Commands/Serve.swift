import ArgumentParser
import BLIP
import BlipCommandSupport
public import BlipServer
import BlipPictures
import Foundation
import Logging
import PhotoLibrary
import ServiceLifecycle

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve captions, answers and matches over HTTP, with a page to try them on.",
        discussion: """
            Has its own protocol (/v1/captions, /v1/answers, /v1/matches), OpenAI's \
            (/v1/chat/completions, /v1/responses, /v1/embeddings), Ollama's (/api/generate, \
            /api/chat, /api/embed) and the Open Inference Protocol (/v2); /openapi.json describes \
            them. For browsers there is a page at /. Listens only on this machine, unless you give \
            --host. SIGHUP reads keys and certificate again.

            EXAMPLES
              blip serve
              blip serve --watch house.yaml
              blip serve --host 0.0.0.0 --api-key-file keys.txt --model Salesforce/blip-vqa-base
              curl -F image=@photo.jpg -F 'question=how many dogs?' localhost:8080/v1/answers
            """)

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The port to listen on; 0 takes any free port.", valueName: "n"))
    var port = 8080

    @Option(
        help: ArgumentHelp(
            "Serve only requests with a key from this file, one key a line.", valueName: "file"),
        completion: .file())
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "Serve HTTPS with this certificate and its chain (PEM).",
            valueName: "file"), completion: .file())
    var tlsCertificate: String?

    @Option(
        help: ArgumentHelp("The certificate's private key (PEM).", valueName: "file"),
        completion: .file())
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "An origin whose pages may use the server, such as https://example.org, or '*'; may be "
                + "given several times.", valueName: "origin"))
    var corsOrigin: [String] = []

    @Option(
        help: ArgumentHelp(
            "A host from which pictures may be fetched by URL; may be given several times. Without it "
                + "no URL is fetched.", valueName: "host"))
    var allowImageHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "A host name that the server answers to besides this machine's, if it listens only on this "
                + "machine; may be given several times.", valueName: "name"))
    var serverName: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most open connections; beyond it idle ones are closed, and new ones wait.",
            valueName: "n"))
    var maxConnections = 512

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most requests that run or wait; more are refused with status 429.", valueName: "n")
    )
    var maxQueue = 64

    @Option(
        help: ArgumentHelp(
            "What to do if a chat's question is longer than the model reads: caption, or refuse.",
            valueName: "way"))
    var longPrompts = LongPrompts.caption

    @Option(
        help: ArgumentHelp(
            "The words for labelling pictures, one a line, instead of the built-in list.",
            valueName: "file"), completion: .file())
    var labels: String?

    @Option(
        help: ArgumentHelp(
            "Search a library that blip index made, on the page and at /v1/search. Its model is served, "
                + "with the --image-size and --weights of the index, unless you give them.",
            valueName: "file"), completion: .file())
    var library: String?

    @Flag(
        help: ArgumentHelp(
            "Also read HEIC, AVIF, JPEG XL, BMP and raw photos.",
            discussion: "Their decoders are less well examined than the others."))
    var moreFormats = false

    @Option(
        help: ArgumentHelp(
            "Also watch the cameras of this configuration, as blip watch does, with a page at /cameras.",
            valueName: "config.yaml"), completion: .file(extensions: ["yaml", "yml"]))
    var watch: String?

    @OptionGroup(title: "Operation") var operation: OperationArguments

    @OptionGroup(title: "Model") var model: ModelArguments

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most pictures, questions or beams that run together; chosen by cores and memory if not "
                + "given.", valueName: "n"))
    var batch: Int?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A picture size that requests may choose (image_size) besides the model's own; may be given "
                + "several times.", valueName: "n"))
    var offerImageSize: [Int] = []

    func validate() throws {
        if !(0...65_535).contains(port) {
            throw ValidationError("--port wants a number from 0 to 65535, not \(port).")
        }
        if !(1...100_000).contains(maxQueue) {
            throw ValidationError("--max-queue wants a number from 1 to 100000, not \(maxQueue).")
        }
        if !(1...100_000).contains(maxConnections) {
            throw ValidationError(
                "--max-connections wants a number from 1 to 100000, not \(maxConnections).")
        }
        if (tlsCertificate == nil) != (tlsKey == nil) {
            throw ValidationError("--tls-certificate and --tls-key go together; give both.")
        }
        if let batch, !(1...1024).contains(batch) {
            throw ValidationError("--batch wants a number from 1 to 1024, not \(batch).")
        }
    }

    func run() async throws {
        try await reportingFailures {
            var configuration = ServiceConfiguration(
                host: host, port: port, maximumQueue: maxQueue, batchRows: batch)
            configuration.certificate = try readCertificate()
            configuration.names = Set(serverName)
            configuration.origins = Set(corsOrigin)
            configuration.imageHosts = Set(allowImageHost)
            configuration.maximumConnections = maxConnections
            configuration.apiKeys = try readKeys()
            configuration.longPrompts = longPrompts
            configuration.imageSizes = Set(offerImageSize)
            if let labels {
                configuration.labelWords = try LabelWords.words(of: URL(filePath: labels))
            }
            if moreFormats {
                configuration.acceptsMoreFormats = true
                warnOfOldDecoders()
            }
            operation.apply(to: &configuration)
            if configuration.apiKeys == nil, !configuration.isLoopback {
                Terminal.note(
                    "Whoever reaches \(host) may use this server; --api-key-file asks for a key.")
            }
            let (blip, name) = try await openModel(&configuration)
            for size in offerImageSize { try await blip.prepare(imageSize: size) }
            let logger = operation.log.logger()
            var served: ServedWatch?
            if let watch {
                served = try await ServedWatch(
                    watch, model: blip, metrics: configuration.metrics, logger: logger)
            }
            configuration.cameras = served.map { WatchMonitor(watch: $0.watch) }
            let service = BlipService(
                model: blip, name: name, configuration: configuration,
                logger: logger, version: programVersion
            ) { port in
                // Scripts wait for this line.
                let scheme = tlsCertificate == nil ? "http" : "https"
                let host = host.contains(":") ? "[\(host)]" : host
                try? Terminal.print("\(scheme)://\(host):\(port)/")
                ServiceNotice.send("READY=1\nSTATUS=\(name) at \(scheme)://\(host):\(port)/")
            }
            let hangupSignal = HangupSignal { [served] in
                do {
                    service.replace(apiKeys: try readKeys(), certificate: try readCertificate())
                    logger.info("read keys and certificate again")
                } catch {
                    logger.error("went on with the old keys and certificate: \(error)")
                }
                Task {
                    do {
                        try await served?.reload()
                    } catch {
                        logger.error(
                            "went on with the old cameras: \(Failure(error).description)")
                    }
                }
            }
            defer { withExtendedLifetime(hangupSignal) {} }
            let secondSignal = SecondSignal()
            defer { withExtendedLifetime(secondSignal) {} }
            try await ServiceGroup(
                services: ([ServiceManager(), served, service] as [(any Service)?]).compactMap(
                    \.self),
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "blip") { _ in SwiftLogNoOpLogHandler() }
            ).run()
        }
    }

    /// The model, and what clients call it; with a library the one that it was indexed with.
    private func openModel(
        _ configuration: inout ServiceConfiguration
    ) async throws -> (BlipModel, name: String) {
        guard let library else {
            let chosen = try await model.choose(for: nil)
            return (try await model.open(chosen, for: nil).model, chosen.name)
        }
        try OutputFiles.checkName(library, option: "--library")
        let opened = try Library(at: URL(filePath: library).absoluteURL)
        let libraryModel = try await LibraryModel(model, used: try opened.usedModels().vectors)
        try opened.check(libraryModel, looks: false)
        try await libraryModel.model.prepare(for: libraryModel.model.tasks)
        configuration.library = LibrarySearch(
            library: opened, model: libraryModel, acceptsMoreFormats: moreFormats)
        configuration.thumbnailFolder = UserFolder.cache.appending(path: "swift-blip/thumbnails")
        return (libraryModel.model, libraryModel.name)
    }

    /// libheif 1.19 mended overflows that a picture can cause.
    private func warnOfOldDecoders() {
        guard let version = LibVips.heifVersion else { return }
        let numbers = version.split(separator: ".").compactMap { Int($0) }
        if numbers.lexicographicallyPrecedes([1, 19]) {
            Terminal.note(
                "HEIC and AVIF are read by libheif \(version), and before 1.19 crafted pictures may take it over "
                    + "or end the server; serve only people you trust, or get a newer one.")
        }
    }

    private func readKeys() throws -> APIKeys? {
        try apiKeyFile.map { try APIKeys(file: URL(filePath: $0)) }
    }

    private func readCertificate() throws -> ServerCertificate? {
        guard let tlsCertificate, let tlsKey else { return nil }
        let certificate = try ServerCertificate(
            file: URL(filePath: tlsCertificate), key: URL(filePath: tlsKey))
        if let end = certificate.expired {
            Terminal.note(
                "The certificate \(tlsCertificate) ended on \(end.formatted(.iso8601)), and "
                    + "clients will refuse it; get a new one.")
        }
        return certificate
    }
}

extension LongPrompts: ExpressibleByArgument {}
